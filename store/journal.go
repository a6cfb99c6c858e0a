package store

import (
	"bytes"
	"encoding/binary"

	"github.com/syndtr/goleveldb/leveldb/util"
)

// Journals and manifests share one framing, LevelDB's log format: blocks of
// 32 KiB hold chunks, a record is one full chunk or a first, any number of
// middle and a last one.
//
//	chunk  checksum u32 │ length u16 │ kind u8 │ payload
const (
	logBlock    = 32 << 10
	chunkHeader = 7
)

const (
	fullChunk = iota + 1
	firstChunk
	middleChunk
	lastChunk
)

// chunkAt returns the chunk at pos, and whether there is a sound one.
func chunkAt(data []byte, pos int) (kind byte, payload []byte, ok bool) {
	block := data[pos:min(len(data), pos-pos%logBlock+logBlock)]
	if len(block) < chunkHeader {
		return 0, nil, false
	}
	kind = block[6]
	end := chunkHeader + int(binary.LittleEndian.Uint16(block[4:]))
	if kind < fullChunk || kind > lastChunk || end > len(block) {
		return 0, nil, false
	}
	if util.NewCRC(block[6:end]).Value() != binary.LittleEndian.Uint32(block) {
		return 0, nil, false
	}
	return kind, block[chunkHeader:end], true
}

// records returns the whole records from pos on, and where they stop: len(data)
// when all of it is sound, else the start of the first record that is not.
func records(data []byte, pos int) (whole [][]byte, stop int) {
	var part []byte
	inside := false
	for stop = pos; ; {
		if room := logBlock - pos%logBlock; room < chunkHeader {
			pos += room
		}
		if pos >= len(data) && !inside {
			return whole, len(data)
		}
		if pos >= len(data) {
			return whole, stop
		}
		kind, payload, ok := chunkAt(data, pos)
		if starts := kind == fullChunk || kind == firstChunk; !ok || starts == inside {
			return whole, stop
		}
		part = append(part, payload...)
		pos += chunkHeader + len(payload)
		if inside = kind == firstChunk || kind == middleChunk; !inside {
			whole, part, stop = append(whole, part), nil, pos
		}
	}
}

// resumes reports whether sound records that satisfy is begin behind the bad
// one at stop and reach the end of the file. Records are synced one by one, so
// then the bad one had been whole. Reaching the end matters: bytes inside a
// torn record may be made to look like a record, but not all that follows them.
func resumes(data []byte, stop int, is func([]byte) bool) bool {
	for pos := stop + 1; pos+chunkHeader <= len(data); pos++ {
		if kind := data[pos+6]; kind != fullChunk && kind != firstChunk {
			continue
		}
		whole, end := records(data, pos)
		if len(whole) == 0 {
			continue
		}
		if end == len(data) && is(whole[0]) {
			return true
		}
		pos = end - 1
	}
	return false
}

// A loggedBatch is what the inspection needs of a batch in a journal.
type loggedBatch struct {
	seq    uint64 // goleveldb's number of its first record
	count  uint64 // of records
	number uint64 // ours
}

// numberRecord is how goleveldb writes the record of numberKey, up to the value:
// a put, the counted key, the count of the value.
var numberRecord = append(append([]byte{1, byte(len(numberKey))}, numberKey...), 8)

// parseBatch reads goleveldb's header, seq u64 and count u32, and our number at
// the end.
func parseBatch(rec []byte) (loggedBatch, bool) {
	const header = 12
	if len(rec) < header+len(numberRecord)+8 {
		return loggedBatch{}, false
	}
	body, number := rec[header:len(rec)-8], rec[len(rec)-8:]
	b := loggedBatch{
		seq:    binary.LittleEndian.Uint64(rec),
		count:  uint64(binary.LittleEndian.Uint32(rec[8:])),
		number: binary.BigEndian.Uint64(number),
	}
	return b, bytes.HasSuffix(body, numberRecord)
}
