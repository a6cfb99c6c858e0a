package types

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

// HashSize is the length of a Hash in bytes.
const HashSize = 32

// A Hash is 32 bytes, ordered lexicographically from byte 0 and shown as the
// hex of the bytes in that order. The zero Hash stands for "none".
type Hash [HashSize]byte

// ParseHash reads the 64 hex digits that String prints.
func ParseHash(s string) (h Hash, err error) {
	if len(s) != 2*HashSize {
		return Hash{}, fmt.Errorf("hash %.80q: want %d hex digits, have %d characters", s, 2*HashSize, len(s))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("hash %.80q: %w", s, err)
	}
	return h, nil
}

// Compare orders hashes lexicographically: negative when h sorts before o,
// zero when they are equal.
func (h Hash) Compare(o Hash) int { return bytes.Compare(h[:], o[:]) }

// IsZero reports whether h is the zero Hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns the 64 hex digits of h.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHash(string(text))
	return err
}

// EncodeTo appends the 32 bytes of h.
func (h Hash) EncodeTo(e *Encoder) { e.Write(h[:]) }

// DecodeFrom reads 32 bytes.
func (h *Hash) DecodeFrom(d *Decoder) { d.Read(h[:]) }
