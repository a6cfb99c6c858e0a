package reputation

import (
	"errors"
	"iter"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/jio-dag/jio/net/p2p/moment"
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
const scoreSize = 1 + 2*moment.Size

func (l *Ledger) loadScore(now time.Time, text string, value []byte) error {
	id, err := peer.Decode(text)
	if err != nil || id.String() != text || len(value) != scoreSize {
		return errRecord
	}
	at, ok := moment.Read(value[1:], now)
	rewarded, ok2 := moment.Read(value[1+moment.Size:], now)
	points := int(int8(value[0]))
	if !ok || !ok2 || points < Worst || points > Best || len(l.scores) >= maxScores {
		return errRecord
	}
	l.scores[id] = score{points: points, at: at, rewarded: rewarded}
	return nil
}

func (l *Ledger) loadBan(text string, value []byte) error {
	t, err := ParseTarget(text)
	if err != nil || t.String() != text || len(value) < moment.Size || len(value) > moment.Size+maxReason || len(l.bans) >= maxBans {
		return errRecord
	}
	until, ok := moment.Read(value, moment.Last())
	if !ok {
		return errRecord
	}
	l.bans[t] = Ban{Target: t, Until: until, Reason: string(value[moment.Size:])}
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
	value = moment.Append(value, s.at)
	return moment.Append(value, s.rewarded)
}

func (b Ban) record() []byte {
	return append(moment.Append([]byte{recordVersion}, b.Until), b.Reason...)
}
