package store

import "encoding/binary"

// A manifest is what the inspection needs of goleveldb's: the first journal
// that is not yet in tables, and the number of the last record that is.
type manifest struct {
	journal int64
	seq     uint64
}

// The fields of a manifest record; LevelDB's version edit.
const (
	editComparer    = 1
	editJournal     = 2
	editNextFile    = 3
	editSeq         = 4
	editPointer     = 5
	editDeleteTable = 6
	editAddTable    = 7
	editOldJournal  = 9
)

// apply takes over what rec changes and reports whether rec makes sense.
func (m *manifest) apply(rec []byte) bool {
	e := &edit{rest: rec}
	for len(e.rest) > 0 && !e.bad {
		switch e.number() {
		case editComparer:
			e.skip()
		case editJournal:
			m.journal = int64(e.number())
		case editNextFile, editOldJournal:
			e.number()
		case editSeq:
			m.seq = e.number()
		case editPointer:
			e.number()
			e.skip()
		case editDeleteTable:
			e.number()
			e.number()
		case editAddTable:
			e.number()
			e.number()
			e.number()
			e.skip()
			e.skip()
		default:
			e.bad = true
		}
	}
	return !e.bad && len(rec) > 0
}

// An edit is read field by field; bad sticks.
type edit struct {
	rest []byte
	bad  bool
}

func (e *edit) number() uint64 {
	v, n := binary.Uvarint(e.rest)
	if n <= 0 {
		e.bad, e.rest = true, nil
		return 0
	}
	e.rest = e.rest[n:]
	return v
}

// skip passes over a counted string.
func (e *edit) skip() {
	n := e.number()
	if n > uint64(len(e.rest)) {
		e.bad, e.rest = true, nil
		return
	}
	e.rest = e.rest[n:]
}
