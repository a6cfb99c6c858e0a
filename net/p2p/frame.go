package p2p

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A frame is the length of its payload (4 bytes, little-endian), its kind (1
// byte) and the payload.
const frameHeader = 5

// Kinds of frames.
const (
	kindHello       = 1
	kindGoodbye     = 2 // payload: the reason
	kindWelcome     = 3
	kindRequest     = 4
	kindResponse    = 5
	kindUnavailable = 6
	kindBusy        = 7
	kindRefused     = 8
)

// answers are the errors that travel as a frame without payload.
var answers = map[byte]error{kindUnavailable: ErrUnavailable, kindBusy: ErrBusy, kindRefused: ErrRefused}

// errFrame says that a peer sent a frame where another was due.
var errFrame = errors.New("unexpected frame")

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	frame := binary.LittleEndian.AppendUint32(make([]byte, 0, frameHeader+len(payload)), uint32(len(payload)))
	_, err := w.Write(append(append(frame, kind), payload...))
	return err
}

// readFrame reads one frame of at most limit bytes of payload. What it holds
// grows with what arrives, not with what the header claims.
func readFrame(r io.Reader, limit int) (kind byte, payload []byte, err error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	size := binary.LittleEndian.Uint32(header[:])
	if uint64(size) > uint64(limit) {
		return 0, nil, fmt.Errorf("%w: %d bytes, %d are allowed", ErrTooLarge, size, limit)
	}
	payload, err = io.ReadAll(io.LimitReader(r, int64(size)))
	if err == nil && len(payload) < int(size) {
		err = io.ErrUnexpectedEOF
	}
	return header[4], payload, err
}
