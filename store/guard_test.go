package store

import (
	"cmp"
	"errors"
	"strings"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/storage"

	"github.com/jio-dag/jio/store/storetest"
)

// TestFailedWriteIsFinal: after a failed call the same error comes back for
// ever, even when the disk works again; what was acknowledged is there.
func TestFailedWriteIsFinal(t *testing.T) {
	for _, call := range []string{"write journal", "sync journal"} {
		d := storetest.New()
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		mustWrite(t, db, "a", "1")
		failOn(d, call, errDisk)
		first := db.Write(pairs("a", "2"))
		if !errors.Is(first, errDisk) || !strings.Contains(first.Error(), "started again") {
			t.Fatalf("%s fails: %v", call, first)
		}
		d.Before(nil)
		for range 3 {
			if again := db.Write(pairs("b", "3")); again != first {
				t.Fatalf("%s healed: %v, want %v", call, again, first)
			}
		}
		wantContent(t, db, map[string]string{"a": "1"})
		if err := db.Close(); !errors.Is(err, errDisk) {
			t.Errorf("Close after a failed %s: %v", call, err)
		}
		db, err = OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		if db.Clean() {
			t.Errorf("a failed %s became a clean stop", call)
		}
		// The outcome of the failed batch is open, of the others not.
		if a, err := db.Get([]byte("a")); err != nil || string(a) != "1" && string(a) != "2" {
			t.Errorf("after a failed %s: a is %q, %v", call, a, err)
		}
		if b, err := db.Get([]byte("b")); b != nil || err != nil {
			t.Errorf("after a failed %s: b is %q, %v", call, b, err)
		}
		mustClose(t, db)
	}
}

// TestFailedBackgroundWorkIsFinal: a failure while tables are written or the
// manifest is synced reaches the writer, and goleveldb's second try does not
// reach the disk.
func TestFailedBackgroundWorkIsFinal(t *testing.T) {
	for _, call := range []string{
		"create journal", "create table", "write table", "sync table", "write manifest", "sync manifest",
	} {
		d := storetest.New()
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		failOn(d, call, errDisk)
		n := 0
		var failed error
		for ; failed == nil && n < 10000; n++ {
			failed = db.Write(pairs(script(n)...))
		}
		if !errors.Is(failed, errDisk) {
			t.Fatalf("%s fails: %v after %d batches", call, failed, n)
		}
		d.Before(nil)
		if again := db.Write(pairs("b", "3")); again != failed {
			t.Fatalf("%s healed: %v, want %v", call, again, failed)
		}
		db.Close()
		db, err = OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatalf("after a failed %s: %v", call, err)
		}
		if db.Clean() {
			t.Errorf("a failed %s became a clean stop", call)
		}
		if head, err := db.Get([]byte("head")); err != nil || string(head) == "" {
			t.Fatalf("after a failed %s: head is %q, %v", call, head, err)
		}
		got, err := content(db)
		if err != nil {
			t.Fatal(err)
		}
		if got["head"] == script(n - 1)[1] { // the batch that failed may be there
			n++
		}
		wantContent(t, db, scriptState(n-1))
		mustClose(t, db)
	}
}

// TestNoSecondTry: after one failure no call reaches the disk, though it works
// again.
func TestNoSecondTry(t *testing.T) {
	fd := storage.FileDesc{Type: storage.TypeManifest, Num: 1}
	for _, call := range []string{"create manifest", "write manifest", "sync manifest", "set meta"} {
		d := storetest.New()
		g := &guard{Disk: d}
		failOn(d, call, errDisk)
		w, first := g.Create(fd)
		if first == nil {
			_, err := w.Write([]byte("x"))
			first = cmp.Or(err, w.Sync(), g.SetMeta(fd))
		}
		d.Before(nil)
		if first != errDisk || g.failure() != errDisk {
			t.Fatalf("%s fails: %v, kept %v", call, first, g.failure())
		}
		d.Before(func(c storetest.Change, _ func() *storetest.Disk) error {
			t.Errorf("after a failed %s: %s", call, c.Call)
			return nil
		})
		if _, err := g.Create(fd); err != errDisk {
			t.Errorf("create after a failed %s: %v", call, err)
		}
		if w == nil {
			continue
		}
		_, err := w.Write([]byte("x"))
		for _, err := range []error{err, w.Sync(), g.SetMeta(fd), g.Remove(fd)} {
			if err != errDisk {
				t.Errorf("after a failed %s: %v", call, err)
			}
		}
	}
}

func TestFailedCloseLeavesNoNote(t *testing.T) {
	d := storetest.New()
	db, err := OpenDisk(d, "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	failOn(d, "note "+cleanNote, errDisk)
	if err := db.Close(); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	if db, err = OpenDisk(d, "memory", testOptions); err != nil || db.Clean() {
		t.Fatalf("clean after a failed Close: %v", err)
	}
	d.Before(nil)
	mustClose(t, db)
}

func TestFooterMakesSense(t *testing.T) {
	footer := func(fields ...byte) []byte {
		f := make([]byte, footerSize)
		copy(f, fields)
		copy(f[footerSize-len(tableMagic):], tableMagic)
		return f
	}
	for _, c := range []struct {
		name   string
		footer []byte
		end    uint64
		want   bool
	}{
		{"two blocks", footer(10, 5, 20, 75), 100, true},
		{"a byte beyond", footer(10, 5, 20, 76), 100, false},
		{"first block beyond", footer(96, 0, 20, 75), 100, false},
		{"no magic", make([]byte, footerSize), 100, false},
		{"a length that wraps", footer(20, 5, 20, 0xF6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01), 100, false},
		{"a number without end", footer(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), 100, false},
	} {
		if got := footerMakesSense(c.footer, c.end); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzFooter(f *testing.F) {
	f.Add(make([]byte, footerSize), uint64(0))
	f.Fuzz(func(t *testing.T, footer []byte, end uint64) {
		if len(footer) != footerSize {
			return
		}
		footerMakesSense(footer, end)
	})
}
