package store

import (
	"cmp"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/storage"

	"github.com/jio-dag/jio/store/storetest"
)

// shown is all that can be seen of a disk.
func shown(t *testing.T, d Disk) (all []string) {
	t.Helper()
	fds, err := d.List(storage.TypeAll)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(fds, func(a, b storage.FileDesc) int { return cmp.Or(int(a.Type-b.Type), int(a.Num-b.Num)) })
	for _, fd := range fds {
		r, err := d.Open(fd)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err := cmp.Or(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		all = append(all, fd.String(), string(data))
	}
	for _, name := range []string{creatingNote, cleanNote} {
		text, err := d.Note(name)
		if err != nil {
			t.Fatal(err)
		}
		if text != nil {
			all = append(all, name, string(text))
		}
	}
	if empty, err := d.Empty(); err != nil || !empty {
		all = append(all, "not empty")
	}
	meta, err := d.GetMeta()
	if err != nil {
		return append(all, "no manifest")
	}
	return append(all, meta.String())
}

// anyAct returns something to do to a disk that shows some files.
func anyAct(there []storage.FileDesc, rng *rand.Rand) (name string, act func(d Disk) error) {
	kinds := []storage.FileType{storage.TypeJournal, storage.TypeTable, storage.TypeManifest}
	fd := storage.FileDesc{Type: kinds[rng.IntN(3)], Num: int64(rng.IntN(4))}
	data := []byte(noise(rng.IntN(1000)))
	note := []string{creatingNote, cleanNote}[rng.IntN(2)]
	switch n := rng.IntN(20); {
	case n == 0:
		return "wipe", Disk.Wipe
	case n < 4:
		return "note " + note, func(d Disk) error { return d.SetNote(note, data) }
	case n < 7:
		return "take back " + note, func(d Disk) error { return cmp.Or(d.SetNote(note, nil), d.RemoveNote(note)) }
	case n < 12 && fd.Type != storage.TypeManifest && slices.Contains(there, fd):
		return "remove " + fd.String(), func(d Disk) error { return d.Remove(fd) }
	}
	return "create " + fd.String(), func(d Disk) error {
		w, err := d.Create(fd)
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		if err = cmp.Or(err, w.Sync(), w.Close()); err != nil || fd.Type != storage.TypeManifest {
			return err
		}
		return d.SetMeta(fd)
	}
}

// TestDiskTwins: what the tests take for a disk shows what a directory shows.
func TestDiskTwins(t *testing.T) {
	files, err := openDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	twin, rng := storetest.New(), rand.New(rand.NewPCG(2, 2))
	for range 150 {
		there, err := twin.List(storage.TypeAll)
		if err != nil {
			t.Fatal(err)
		}
		name, act := anyAct(there, rng)
		if err := cmp.Or(act(files), act(twin)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if x, y := shown(t, files), shown(t, twin); !slices.Equal(x, y) {
			t.Fatalf("after %s the directory shows %q, its twin %q", name, x, y)
		}
	}
}
