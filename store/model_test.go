package store

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/store/storetest"
)

// twin is what DB and Memory have in common.
type twin interface {
	Get(key []byte) ([]byte, error)
	Scan(prefix []byte, fn func(key, value []byte) error) error
	ScanFrom(prefix, from []byte, fn func(key, value []byte) error) error
	Write(batch iter.Seq2[[]byte, []byte]) error
	Close() error
}

// record is one pair as Scan shows it; it tells nil from empty.
type record struct {
	key, value string
	empty      bool
}

func scan(t *rapid.T, s twin, prefix []byte) []record {
	var all []record
	err := s.Scan(prefix, func(k, v []byte) error {
		all = append(all, record{string(k), string(v), v != nil && len(v) == 0})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// naiveScan is Scan over a map.
func naiveScan(m map[string][]byte, prefix []byte) []record {
	var all []record
	for k, v := range m {
		if strings.HasPrefix(k, string(prefix)) {
			all = append(all, record{k, string(v), len(v) == 0})
		}
	}
	slices.SortFunc(all, func(a, b record) int { return strings.Compare(a.key, b.key) })
	return all
}

// A model drives a DB, a Memory and a map through the same calls.
type model struct {
	disk   *storetest.Disk
	db     *DB
	memory *Memory
	naive  map[string][]byte
}

// Few short keys, so that they collide, are prefixes of each other, are empty
// and touch the store's own.
var (
	keys     = rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xFE, 0xFF}), 0, 4), dropReserved)
	prefixes = rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xFE, 0xFF}), 0, 3)
	values   = rapid.OneOf(rapid.Just([]byte(nil)), rapid.Just([]byte{}), rapid.SliceOfN(rapid.Byte(), 1, 300))
)

func dropReserved(key []byte) []byte {
	if isReserved(key) {
		return key[:0]
	}
	return key
}

func (m *model) write(t *rapid.T) {
	n := rapid.IntRange(0, 12).Draw(t, "entries")
	ks := rapid.SliceOfN(keys, n, n).Draw(t, "keys")
	vs := rapid.SliceOfN(values, n, n).Draw(t, "values")
	batch := func(yield func([]byte, []byte) bool) {
		// The same memory over and over: a store must not keep it.
		var key, value []byte
		for i := range ks {
			key = append(key[:0], ks[i]...)
			value = append(value[:0], vs[i]...)
			if vs[i] == nil && !yield(key, nil) || vs[i] != nil && !yield(key, append([]byte{}, value...)) {
				return
			}
		}
	}
	for _, s := range []twin{m.db, m.memory} {
		if err := s.Write(batch); err != nil {
			t.Fatal(err)
		}
	}
	for i := range ks {
		if vs[i] == nil {
			delete(m.naive, string(ks[i]))
			continue
		}
		m.naive[string(ks[i])] = vs[i]
	}
}

func (m *model) get(t *rapid.T) {
	key := keys.Draw(t, "key")
	want := m.naive[string(key)]
	for _, s := range []twin{m.db, m.memory} {
		got, err := s.Get(key)
		if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
			t.Fatalf("%T: %x is %x (nil: %v), %v; want %x", s, key, got, got == nil, err, want)
		}
		clear(got) // its caller's own
	}
}

func (m *model) scan(t *rapid.T) {
	prefix := prefixes.Draw(t, "prefix")
	want := naiveScan(m.naive, prefix)
	for _, s := range []twin{m.db, m.memory} {
		if got := scan(t, s, prefix); !slices.Equal(got, want) {
			t.Fatalf("%T: %x begins %v\nwant %v", s, prefix, got, want)
		}
	}
}

func (m *model) scanFrom(t *rapid.T) {
	prefix, from := prefixes.Draw(t, "prefix"), prefixes.Draw(t, "from")
	want := slices.DeleteFunc(naiveScan(m.naive, prefix), func(r record) bool { return r.key < string(from) })
	for _, s := range []twin{m.db, m.memory} {
		var got []record
		err := s.ScanFrom(prefix, from, func(k, v []byte) error {
			got = append(got, record{string(k), string(v), v != nil && len(v) == 0})
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%T: %x from %x begins %v, %v\nwant %v", s, prefix, from, got, err, want)
		}
	}
}

func (m *model) reopen(t *rapid.T) {
	if err := m.db.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if m.db, err = OpenDisk(m.disk, "memory", testOptions); err != nil {
		t.Fatal(err)
	}
	if !m.db.Clean() {
		t.Fatal("not clean after Close")
	}
}

// scanWhileWriting changes both stores from inside a scan: the scan goes on in
// the state from when it began.
func (m *model) scanWhileWriting(t *rapid.T) {
	want := naiveScan(m.naive, nil)
	for _, s := range []twin{m.db, m.memory} {
		var got []record
		err := s.Scan(nil, func(k, v []byte) error {
			got = append(got, record{string(k), string(v), v != nil && len(v) == 0})
			return s.Write(pairs("a", "during", string(k), "-", "\xfe\xfe", fmt.Sprint(len(got))))
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%T: %v, %v\nwant %v", s, got, err, want)
		}
	}
	if len(want) > 0 {
		m.naive = make(map[string][]byte)
		for _, r := range scan(t, m.memory, nil) {
			m.naive[r.key] = append([]byte{}, r.value...)
		}
	}
}

func (m *model) check(t *rapid.T) {
	want := naiveScan(m.naive, nil)
	for _, s := range []twin{m.db, m.memory} {
		if got := scan(t, s, nil); !slices.Equal(got, want) {
			t.Fatalf("%T holds %v\nwant %v", s, got, want)
		}
	}
}

func TestTwins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{disk: storetest.New(), memory: NewMemory(), naive: make(map[string][]byte)}
		var err error
		if m.db, err = OpenDisk(m.disk, "memory", testOptions); err != nil {
			t.Fatal(err)
		}
		defer func() { m.db.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"write": m.write, "write more": m.write, "get": m.get, "scan": m.scan, "scan from": m.scanFrom,
			"scan while writing": m.scanWhileWriting, "reopen": m.reopen, "": m.check,
		})
	})
}
