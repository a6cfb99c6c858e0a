package types

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// An Encoder appends the canonical encoding: fixed-width little-endian
// integers, and byte strings and lists led by a u32 count. The zero Encoder is
// ready to use.
type Encoder struct{ buf []byte }

// NewEncoder returns an Encoder that appends to buf.
func NewEncoder(buf []byte) *Encoder { return &Encoder{buf: buf} }

// Bytes returns what was written so far; it is valid until the next write.
func (e *Encoder) Bytes() []byte { return e.buf }

// Len returns the number of bytes written so far.
func (e *Encoder) Len() int { return len(e.buf) }

// Reset forgets what was written and keeps the memory.
func (e *Encoder) Reset() { e.buf = e.buf[:0] }

// Write appends raw bytes without a count.
func (e *Encoder) Write(p []byte) { e.buf = append(e.buf, p...) }

// Uint8 appends one byte.
func (e *Encoder) Uint8(v uint8) { e.buf = append(e.buf, v) }

// Uint16 appends v, little-endian.
func (e *Encoder) Uint16(v uint16) { e.buf = binary.LittleEndian.AppendUint16(e.buf, v) }

// Uint32 appends v, little-endian.
func (e *Encoder) Uint32(v uint32) { e.buf = binary.LittleEndian.AppendUint32(e.buf, v) }

// Uint64 appends v, little-endian.
func (e *Encoder) Uint64(v uint64) { e.buf = binary.LittleEndian.AppendUint64(e.buf, v) }

// Bool appends 1 for true and 0 for false.
func (e *Encoder) Bool(v bool) {
	if v {
		e.Uint8(1)
	} else {
		e.Uint8(0)
	}
}

// Count appends the u32 count that leads a list.
func (e *Encoder) Count(n int) { e.Uint32(uint32(n)) }

// ByteString appends a counted byte string.
func (e *Encoder) ByteString(p []byte) {
	e.Count(len(p))
	e.Write(p)
}

// Hashes appends a counted list of hashes.
func (e *Encoder) Hashes(hashes []Hash) {
	e.Count(len(hashes))
	for _, h := range hashes {
		h.EncodeTo(e)
	}
}

// encoders lets hashing reuse its scratch space.
var encoders = sync.Pool{New: func() any { return new(Encoder) }}

func getEncoder() *Encoder {
	e := encoders.Get().(*Encoder)
	e.Reset()
	return e
}

func putEncoder(e *Encoder) { encoders.Put(e) }

// ErrTrailingBytes is returned for bytes left over after a complete object.
var ErrTrailingBytes = errors.New("trailing bytes after the object")

// A Decoder reads what an Encoder wrote. Its error is sticky: after the first
// one every read yields zeros, so that decoding reads as a plain list of
// fields. Callers must look at Err (or Finish) before using any value.
type Decoder struct {
	rest []byte
	err  error
}

// NewDecoder returns a Decoder over data. Decoded byte strings are copies.
func NewDecoder(data []byte) *Decoder { return &Decoder{rest: data} }

// Err returns the first error.
func (d *Decoder) Err() error { return d.err }

// Fail records err unless an earlier error stands.
func (d *Decoder) Fail(err error) {
	if d.err == nil {
		d.err = err
		d.rest = nil
	}
}

// Remaining returns the number of bytes not yet read.
func (d *Decoder) Remaining() int { return len(d.rest) }

// Finish returns the first error, or ErrTrailingBytes when bytes are left.
func (d *Decoder) Finish() error {
	if d.err == nil && len(d.rest) > 0 {
		return fmt.Errorf("%w: %d", ErrTrailingBytes, len(d.rest))
	}
	return d.err
}

// Read fills p from the input.
func (d *Decoder) Read(p []byte) {
	if b := d.take(len(p)); b != nil {
		copy(p, b)
		return
	}
	clear(p)
}

// take returns the next n bytes of the input, or nil and an error.
func (d *Decoder) take(n int) []byte {
	if d.err != nil {
		return nil
	}
	if n > len(d.rest) {
		d.Fail(fmt.Errorf("input ends early: need %d bytes, %d are left", n, len(d.rest)))
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

// Uint8 reads one byte.
func (d *Decoder) Uint8() uint8 {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

// Uint16 reads a little-endian integer.
func (d *Decoder) Uint16() uint16 {
	if b := d.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

// Uint32 reads a little-endian integer.
func (d *Decoder) Uint32() uint32 {
	if b := d.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// Uint64 reads a little-endian integer.
func (d *Decoder) Uint64() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Bool reads a byte that must be 0 or 1.
func (d *Decoder) Bool() bool {
	v := d.Uint8()
	if v > 1 {
		d.Fail(fmt.Errorf("flag byte %d: want 0 or 1", v))
	}
	return v == 1
}

// Count reads the u32 count of a list whose elements take at least size bytes
// each, and fails when the remaining bytes cannot hold that many: nothing is
// ever allocated on the word of a count alone.
func (d *Decoder) Count(size int) int {
	n := d.Uint32()
	if uint64(n)*uint64(size) > uint64(len(d.rest)) {
		d.Fail(fmt.Errorf("count %d of at least %d bytes each: %d bytes are left", n, size, len(d.rest)))
		return 0
	}
	return int(n)
}

// ByteString reads a counted byte string into memory of its own; it is nil
// when empty.
func (d *Decoder) ByteString() []byte {
	n := d.Count(1)
	if n == 0 {
		return nil
	}
	return append([]byte(nil), d.take(n)...)
}

// Hashes reads a counted list of hashes; it is nil when empty.
func (d *Decoder) Hashes() []Hash {
	return decodeList(d, HashSize, func(h *Hash) { h.DecodeFrom(d) })
}

// decodeList reads a counted list whose elements take at least size bytes each;
// it is nil when empty. The list is made whole at once: the bytes left can hold
// the count, and a count that lies ends the decoding at its first missing
// element, so memory stays in proportion to the input.
func decodeList[T any](d *Decoder, size int, decode func(*T)) []T {
	n := d.Count(size)
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		if decode(&list[i]); d.Err() != nil {
			return nil
		}
	}
	return list
}

// Encode returns the canonical encoding of v.
func Encode(v EncoderTo) []byte {
	e := getEncoder()
	defer putEncoder(e)
	v.EncodeTo(e)
	return append([]byte(nil), e.buf...)
}

// EncodedLen returns the length of the canonical encoding of v in bytes.
func EncodedLen(v EncoderTo) int {
	e := getEncoder()
	defer putEncoder(e)
	v.EncodeTo(e)
	return e.Len()
}

// A DecoderFrom reads its canonical encoding from a Decoder.
type DecoderFrom interface{ DecodeFrom(d *Decoder) }

// Decode fills v from data, which must hold exactly one encoding of it.
func Decode(data []byte, v DecoderFrom) error {
	d := NewDecoder(data)
	v.DecodeFrom(d)
	return d.Finish()
}
