package addrbook

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/net/p2p/moment"
)

// disk is what a store makes of changes.
type disk map[string][]byte

func (d disk) write(b *Book) {
	for key, value := range b.Changes() {
		if value == nil {
			delete(d, string(key))
		} else {
			d[string(key)] = value
		}
	}
}

func (d disk) load(now time.Time) (*Book, error) {
	b := New(false)
	for _, prefix := range Prefixes() {
		for _, key := range slices.Sorted(maps.Keys(d)) {
			if bytes.HasPrefix([]byte(key), []byte(prefix)) {
				if err := b.Load(now, []byte(key), d[key]); err != nil {
					return nil, err
				}
			}
		}
	}
	return b, nil
}

// A book rebuilt from all it ever asked to write is the book itself.
func TestChangesRebuildTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, d := newScript(t), disk{}
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			s.step()
			if rapid.Bool().Draw(t, "flush") {
				d.write(s.book)
			}
		}
		d.write(s.book)
		again, err := d.load(s.now)
		if err != nil {
			t.Fatal(err)
		}
		recount(t, again)
		if len(again.entries) != len(s.book.entries) || len(again.signed) != len(s.book.signed) {
			t.Fatalf("%d entries and %d records read back as %d and %d",
				len(s.book.entries), len(s.book.signed), len(again.entries), len(again.signed))
		}
		for k, e := range s.book.entries {
			e.Next = e.Next.Truncate(time.Millisecond)
			if got := again.entries[k]; got == nil || *got != *e {
				t.Fatalf("%v reads back as %v", e, got)
			}
		}
		for id, want := range s.book.signed {
			if got := again.signed[id]; got.seq != want.seq || !bytes.Equal(got.bytes, want.bytes) {
				t.Fatalf("%v reads back as %v", want, got)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	b := New(false)
	b.Learn(epoch, spread(1, 1).Addr(), Record{ID: testID(1), Addrs: []Address{spread(1, 1)}, Seq: 1, Envelope: []byte("signed")})
	b.Worked(epoch, testID(1), spread(1, 1))
	b.SetAnchors([]Entry{{ID: testID(1), Addr: spread(1, 1)}})
	for key, value := range b.Changes() {
		f.Add(key, value)
	}
	f.Add([]byte(entryPrefix), []byte{recordVersion})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		b := New(true)
		b.Learn(epoch, spread(1, 1).Addr(), Record{ID: testID(1), Addrs: []Address{spread(1, 1)}})
		b.Changes()
		if b.Load(moment.Last(), key, value) != nil {
			return
		}
		recount(t, b)
		b.dirty[string(key)] = true
		for k, v := range b.Changes() {
			if !bytes.Equal(k, key) || !bytes.Equal(v, value) {
				t.Fatalf("%q %x is written as %q %x", key, value, k, v)
			}
		}
	})
}
