package storetest

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

var (
	journal  = storage.FileDesc{Type: storage.TypeJournal, Num: 1}
	table    = storage.FileDesc{Type: storage.TypeTable, Num: 2}
	manifest = storage.FileDesc{Type: storage.TypeManifest, Num: 3}
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// create makes a file of some bytes that are synced, and some that are not.
func create(t *testing.T, d *Disk, fd storage.FileDesc, synced, loose string) storage.Writer {
	t.Helper()
	w, err := d.Create(fd)
	must(t, err)
	_, err = io.WriteString(w, synced)
	must(t, err, w.Sync())
	_, err = io.WriteString(w, loose)
	must(t, err)
	return w
}

// TestWhatIsSyncedStays tries every loss often: synced bytes under a synced entry
// stay, and of the rest each thing that may happen does.
func TestWhatIsSyncedStays(t *testing.T) {
	const synced, loose = "safe", "and this is not"
	d := New()
	create(t, d, journal, synced, loose)
	must(t, d.SyncDir())
	before := d.Clone()
	for _, l := range Losses() {
		seen := make(map[string]bool)
		for seed := range uint64(200) {
			data := d.After(l, rand.New(rand.NewPCG(seed, 0))).Data(journal)
			if !bytes.HasPrefix(data, []byte(synced)) {
				t.Fatalf("%v: left is %q", l, data)
			}
			seen[string(data[len(synced):])] = true
		}
		want := map[Tail]bool{
			Dropped: len(seen) == 1 && seen[""],
			Cut:     len(seen) == len(loose)+1 && seen[""] && seen[loose],
			Zeroed:  len(seen) == 1 && seen[string(make([]byte, len(loose)))],
			Garbage: len(seen) > 100 && !seen[""],
			Pages:   len(seen) == 2 && seen[string(make([]byte, len(loose)))] && seen[loose],
		}
		if !want[l.Tail] {
			t.Errorf("%v: left are %d ends: %v", l, len(seen), seen)
		}
	}
	if !Same(d, before) {
		t.Error("a loss changed the disk itself")
	}
}

// TestEntries makes, replaces and removes after the directory was synced.
func TestEntries(t *testing.T) {
	d := New()
	create(t, d, journal, "journal", "")
	create(t, d, manifest, "manifest", "")
	must(t, d.SetMeta(manifest), d.Remove(journal))
	create(t, d, table, "table", "")
	for e, want := range map[Entries][]string{
		Undone: {"000001.log", "CURRENT", "MANIFEST-000003"},
		Done:   {"000002.ldb", "CURRENT", "MANIFEST-000003"},
	} {
		if got := d.After(Loss{Dropped, e}, rand.New(rand.NewPCG(0, 0))).Files(); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", e, got, want)
		}
	}
	seen := make(map[int]bool)
	for seed := range uint64(100) {
		seen[len(d.After(Loss{Dropped, Scattered}, rand.New(rand.NewPCG(seed, 0))).Files())] = true
	}
	if len(seen) != 3 || !seen[2] || !seen[3] || !seen[4] {
		t.Errorf("scattered: %v files", seen)
	}
}

// TestInterruptedReplacement: the entry file and a note are the old ones or the
// new ones before the directory is synced, and the new ones after.
func TestInterruptedReplacement(t *testing.T) {
	d := New()
	create(t, d, journal, "", "")
	create(t, d, manifest, "", "")
	must(t, d.SetMeta(manifest), d.SetNote("NOTE", []byte("old")))
	second := storage.FileDesc{Type: storage.TypeManifest, Num: 9}
	create(t, d, second, "", "")
	must(t, d.SyncDir())
	var between *Disk
	d.Before(func(c Change, copied func() *Disk) error {
		if c.Call == "sync directory" {
			between = copied()
		}
		return nil
	})
	rng := rand.New(rand.NewPCG(0, 0))
	must(t, d.SetMeta(second))
	for e, want := range map[Entries]storage.FileDesc{Undone: manifest, Done: second} {
		if got, err := between.After(Loss{Dropped, e}, rng).GetMeta(); got != want || err != nil {
			t.Errorf("%v: %v, %v", e, got, err)
		}
	}
	must(t, d.SetNote("NOTE", []byte("new")))
	for e, want := range map[Entries]string{Undone: "old", Done: "new"} {
		if got, err := between.After(Loss{Dropped, e}, rng).Note("NOTE"); string(got) != want || err != nil {
			t.Errorf("%v: %q, %v", e, got, err)
		}
	}
	after := d.After(Loss{Dropped, Undone}, rng)
	if got, err := after.Note("NOTE"); string(got) != "new" || err != nil {
		t.Errorf("after all: %q, %v", got, err)
	}
	must(t, after.Remove(second))
	if _, err := after.GetMeta(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without its manifest: %v", err)
	}
}

// TestHook refuses changes: nothing happens, or half of a write does.
func TestHook(t *testing.T) {
	d := New()
	w := create(t, d, journal, "", "")
	must(t, d.SyncDir())
	refusal := errors.New("no")
	var calls []string
	d.Before(func(c Change, copied func() *Disk) error {
		calls = append(calls, c.Call)
		if c.Number != len(calls)+5 || !Same(copied(), copied()) { // five changes came before
			t.Errorf("change %d is the %dth", c.Number, len(calls))
		}
		return refusal
	})
	before := d.Clone()
	_, create := d.Create(table)
	n, write := w.Write([]byte("abc"))
	for _, err := range []error{
		create, write, w.Sync(), d.SetMeta(manifest), d.SyncDir(), d.Remove(journal), d.Rename(journal, table),
		d.SetNote("NOTE", nil), d.RemoveNote("NOTE"), d.Wipe(),
	} {
		if !errors.Is(err, refusal) {
			t.Errorf("refused with %v", err)
		}
	}
	if n != 0 || !Same(d, before) || len(calls) != 10 || d.Changes() != 15 {
		t.Errorf("%d bytes written, %v", n, calls)
	}
	refusal = io.ErrShortWrite
	if n, err := w.Write([]byte("abcd")); n != 2 || !errors.Is(err, refusal) || string(d.Data(journal)) != "ab" {
		t.Errorf("%d bytes written, %q: %v", n, d.Data(journal), err)
	}
}
