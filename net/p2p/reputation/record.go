package reputation

import (
	"encoding/binary"
	"errors"
	"iter"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// Keys are the kind of record and the text of what it is about.
const (
	scorePrefix = "score/"
	banPrefix   = "ban/"
)

// recordVersion is the first byte of every record.
const recordVersion = 1

var errRecord = errors.New("not a record of reputation")

func scoreKey(id peer.ID) string { return scorePrefix + id.String() }
func banKey(t Target) string     { return banPrefix + t.String() }

// Load adds a record that Changes yielded once. It fails for what is none and for
// nothing else: scores and bans of an older ledger are still true. A moment
// after now, from a clock that was wrong, counts as now.
func (l *Ledger) Load(now time.Time, key, value []byte) error {
	if len(value) == 0 || value[0] != recordVersion {
		return errRecord
	}
	if text, ok := cutPrefix(key, scorePrefix); ok {
		return l.loadScore(now, text, value[1:])
	}
	if text, ok := cutPrefix(key, banPrefix); ok {
		return l.loadBan(text, value[1:])
	}
	return errRecord
}

func cutPrefix(key []byte, prefix string) (string, bool) {
	if len(key) < len(prefix) || string(key[:len(prefix)]) != prefix {
		return "", false
	}
	return string(key[len(prefix):]), true
}

// scoreSize is that of a score: points, at, rewarded.
const scoreSize = 1 + 8 + 8

func (l *Ledger) loadScore(now time.Time, text string, value []byte) error {
	id, err := peer.Decode(text)
	if err != nil || id.String() != text || len(value) != scoreSize {
		return errRecord
	}
	at, ok := loadTime(value[1:], now)
	rewarded, ok2 := loadTime(value[9:], now)
	points := int(int8(value[0]))
	if !ok || !ok2 || points < Worst || points > Best || len(l.scores) >= maxScores {
		return errRecord
	}
	l.scores[id] = score{points: points, at: at, rewarded: rewarded}
	return nil
}

func (l *Ledger) loadBan(text string, value []byte) error {
	t, err := ParseTarget(text)
	if err != nil || t.String() != text || len(value) < 8 || len(value) > 8+maxReason || len(l.bans) >= maxBans {
		return errRecord
	}
	until, ok := loadTime(value, time.UnixMilli(maxMillis))
	if !ok {
		return errRecord
	}
	l.bans[t] = Ban{Target: t, Until: until, Reason: string(value[8:])}
	return nil
}

// Prefixes returns the beginnings of all keys that Changes yields.
func Prefixes() []string { return []string{scorePrefix, banPrefix} }

// Changes yields the records that changed since it was last called, as a batch
// to write: a nil value deletes its key.
func (l *Ledger) Changes() iter.Seq2[[]byte, []byte] {
	dirty := l.dirty
	l.dirty = map[string]bool{}
	batch := map[string][]byte{}
	for key := range dirty {
		batch[key] = nil
	}
	for id, s := range l.scores {
		if key := scoreKey(id); dirty[key] {
			batch[key] = s.record()
		}
	}
	for t, b := range l.bans {
		if key := banKey(t); dirty[key] {
			batch[key] = b.record()
		}
	}
	return func(yield func(key, value []byte) bool) {
		for key, value := range batch {
			if !yield([]byte(key), value) {
				return
			}
		}
	}
}

func (s score) record() []byte {
	value := []byte{recordVersion, byte(int8(s.points))}
	value = appendTime(value, s.at)
	return appendTime(value, s.rewarded)
}

func (b Ban) record() []byte {
	return append(appendTime([]byte{recordVersion}, b.Until), b.Reason...)
}

// appendTime writes a moment as milliseconds since 1970; the zero time is 0.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, make([]byte, 8)...)
	}
	return binary.LittleEndian.AppendUint64(b, uint64(t.UnixMilli()))
}

// maxMillis bounds a moment that can be told from nonsense: the year 10889.
const maxMillis = 1 << 48

// loadTime reads what appendTime wrote, moved to limit when it is later, and
// reports whether it makes sense.
func loadTime(b []byte, limit time.Time) (t time.Time, ok bool) {
	ms := binary.LittleEndian.Uint64(b)
	if ms == 0 {
		return time.Time{}, true
	}
	t = time.UnixMilli(int64(ms)).UTC()
	if t.After(limit) {
		t = limit
	}
	return t, ms <= maxMillis
}
