package moment

import (
	"encoding/binary"
	"time"
)

// Size is that of a written moment, in bytes.
const Size = 8

// last bounds what can be told from nonsense: the year 10889.
const last = 1 << 48

// Last is the latest moment that Read takes.
func Last() time.Time { return time.UnixMilli(last).UTC() }

// Append writes a moment behind b.
func Append(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, make([]byte, Size)...)
	}
	return binary.LittleEndian.AppendUint64(b, uint64(t.UnixMilli()))
}

// Read reads what Append wrote at the beginning of b, which has Size bytes or
// more. One after limit, from a clock that was wrong, is moved to limit; ok
// reports whether it makes sense.
func Read(b []byte, limit time.Time) (t time.Time, ok bool) {
	ms := binary.LittleEndian.Uint64(b)
	if ms == 0 {
		return time.Time{}, true
	}
	if ms > last {
		return time.Time{}, false
	}
	t = time.UnixMilli(int64(ms)).UTC()
	if t.After(limit) {
		t = limit
	}
	return t, true
}
