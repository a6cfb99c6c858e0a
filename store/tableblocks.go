package store

import (
	"encoding/binary"
	"io"

	"github.com/golang/snappy"
	"github.com/syndtr/goleveldb/leveldb/storage"
	"github.com/syndtr/goleveldb/leveldb/util"
)

// A span is where a block stands in a table, its trailer not counted.
type span struct{ offset, length uint64 }

// readSpan reads a span as a table writes it: two varints. ok is false when rest
// does not begin with one.
func readSpan(rest []byte) (s span, left []byte, ok bool) {
	offset, n := binary.Uvarint(rest)
	if n <= 0 {
		return span{}, nil, false
	}
	length, m := binary.Uvarint(rest[n:])
	if m <= 0 {
		return span{}, nil, false
	}
	return span{offset, length}, rest[n+m:], true
}

// checkAside verifies the blocks of a table that hold no records and that
// goleveldb does without when they are damaged: the index of meta blocks and the
// filters it names. The footer makes sense already.
func checkAside(r storage.Reader, fd storage.FileDesc, size int64) error {
	footer := make([]byte, footerSize)
	if _, err := r.ReadAt(footer, size-footerSize); err != nil && err != io.EOF {
		return err
	}
	meta, _, _ := readSpan(footer)
	index, err := readBlock(r, fd, meta)
	if err != nil {
		return err
	}
	for entries := entriesOf(index); len(entries) > 0; {
		value, rest, ok := nextValue(entries)
		filter, _, isSpan := readSpan(value)
		if !ok || !isSpan || filter.offset+filter.length+blockTrailer > uint64(size) {
			return damaged(fd, "the index of meta blocks makes no sense")
		}
		if _, err := readBlock(r, fd, filter); err != nil {
			return err
		}
		entries = rest
	}
	return nil
}

// readBlock reads a block, verifies its checksum and unpacks it.
func readBlock(r storage.Reader, fd storage.FileDesc, s span) ([]byte, error) {
	raw := make([]byte, s.length+blockTrailer)
	if _, err := r.ReadAt(raw, int64(s.offset)); err != nil && err != io.EOF {
		return nil, err
	}
	packed, sum := raw[:s.length+1], binary.LittleEndian.Uint32(raw[s.length+1:])
	if util.NewCRC(packed).Value() != sum {
		return nil, damaged(fd, "the checksum of the block at %d does not match", s.offset)
	}
	const plain, compressed = 0, 1
	switch packed[s.length] {
	case plain:
		return packed[:s.length], nil
	case compressed:
		block, err := snappy.Decode(nil, packed[:s.length])
		if err != nil {
			return nil, damaged(fd, "the block at %d does not unpack: %v", s.offset, err)
		}
		return block, nil
	}
	return nil, damaged(fd, "the block at %d is packed in an unknown way", s.offset)
}

// entriesOf returns the entries of a block without the restart points behind
// them, nil when there is no room for those.
func entriesOf(block []byte) []byte {
	if len(block) < 4 {
		return nil
	}
	behind := 4 + 4*uint64(binary.LittleEndian.Uint32(block[len(block)-4:]))
	if behind > uint64(len(block)) {
		return nil
	}
	return block[:uint64(len(block))-behind]
}

// nextValue returns the value of the first entry: shared and own length of the
// key, length of the value, key, value.
func nextValue(entries []byte) (value, rest []byte, ok bool) {
	var lengths [3]uint64
	for i := range lengths {
		n := 0
		if lengths[i], n = binary.Uvarint(entries); n <= 0 {
			return nil, nil, false
		}
		entries = entries[n:]
	}
	key, length := lengths[1], lengths[2]
	if key > uint64(len(entries)) || length > uint64(len(entries))-key {
		return nil, nil, false
	}
	return entries[key : key+length], entries[key+length:], true
}
