package addrbook

import (
	"encoding/binary"
	"errors"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/jio-dag/jio/net/p2p/moment"
)

// Keys are the kind of record and the text of what it is about.
const (
	entryPrefix  = "addr/"
	signedPrefix = "signed/"
)

// recordVersion is the first byte of every record.
const recordVersion = 1

var errRecord = errors.New("not a record of the address book")

func entryKey(e *Entry) string    { return entryPrefix + e.ID.String() + "/" + e.Addr.String() }
func signedKey(id peer.ID) string { return signedPrefix + id.String() }
func decodeID(text string) (peer.ID, bool) {
	id, err := peer.Decode(text)
	return id, err == nil && id.String() == text
}

// Prefixes returns the beginnings of all keys that Changes yields, in the order
// in which Load wants them.
func Prefixes() []string { return []string{entryPrefix, signedPrefix} }

// Load adds a record that Changes yielded once, all entries before all signed
// records. It fails for what is none or has no place, and for nothing else. A
// moment after now, from a clock that was wrong, counts as now.
func (b *Book) Load(now time.Time, key, value []byte) error {
	if len(value) == 0 || value[0] != recordVersion {
		return errRecord
	}
	if text, ok := strings.CutPrefix(string(key), entryPrefix); ok {
		return b.loadEntry(now, text, value[1:])
	}
	if text, ok := strings.CutPrefix(string(key), signedPrefix); ok {
		return b.loadSigned(text, value[1:])
	}
	return errRecord
}

// entrySize is that of an entry without its source: heard, worked, next,
// failures, anchor.
const entrySize = 3*moment.Size + 1 + 1

func (b *Book) loadEntry(now time.Time, text string, value []byte) error {
	name, where, _ := strings.Cut(text, "/")
	id, ok := decodeID(name)
	addr, err := ParseAddress(where)
	if !ok || err != nil || !b.acceptable(addr) || len(value) < entrySize || value[25] > 1 {
		return errRecord
	}
	e := &Entry{ID: id, Addr: addr, Failures: int(value[24]), Anchor: value[25] == 1}
	for i, t := range []*time.Time{&e.Heard, &e.Worked, &e.Next} {
		limit := now
		if t == &e.Next {
			limit = now.Add(longestPause * 5 / 4)
		}
		if *t, ok = moment.Read(value[moment.Size*i:], limit); !ok {
			return errRecord
		}
	}
	if source := string(value[entrySize:]); source != "" {
		e.Source, err = netip.ParsePrefix(source)
		if err != nil || e.Source.String() != source || e.Source != Group(e.Source.Addr()) {
			return errRecord
		}
	}
	if _, double := b.entries[key{e.ID, e.Addr}]; double || !b.hasRoom(e) {
		return errRecord
	}
	b.insert(e)
	return nil
}

// hasRoom reports whether all buckets of an entry have room.
func (b *Book) hasRoom(e *Entry) bool {
	return len(b.order) < maxEntries && len(b.peers[e.ID]) < maxPerPeer &&
		len(b.groups[Group(e.Addr.Addr())]) < maxPerGroup &&
		(e.Proven() || len(b.sources[e.Source]) < maxPerSource)
}

func (b *Book) loadSigned(text string, value []byte) error {
	id, ok := decodeID(text)
	if !ok || len(b.peers[id]) == 0 || len(value) <= 8 || len(value) > 8+MaxEnvelope {
		return errRecord
	}
	b.signed[id] = envelope{binary.LittleEndian.Uint64(value), slices.Clone(value[8:])}
	return nil
}

// Changes yields the records that changed since it was last called, as a batch
// to write: a nil value deletes its key.
func (b *Book) Changes() iter.Seq2[[]byte, []byte] {
	dirty := b.dirty
	b.dirty = map[string]bool{}
	batch := map[string][]byte{}
	for key := range dirty {
		batch[key] = nil
	}
	for _, e := range b.order {
		if key := entryKey(e); dirty[key] {
			batch[key] = e.record()
		}
	}
	for id, s := range b.signed {
		if key := signedKey(id); dirty[key] {
			value := binary.LittleEndian.AppendUint64([]byte{recordVersion}, s.seq)
			batch[key] = append(value, s.bytes...)
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

func (e *Entry) record() []byte {
	value := []byte{recordVersion}
	for _, t := range []time.Time{e.Heard, e.Worked, e.Next} {
		value = moment.Append(value, t)
	}
	anchor := byte(0)
	if e.Anchor {
		anchor = 1
	}
	value = append(value, byte(min(e.Failures, 255)), anchor)
	if e.Source.IsValid() {
		value = append(value, e.Source.String()...)
	}
	return value
}
