package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/storage"

	"github.com/jio-dag/jio/store/storetest"
)

func TestManifestApply(t *testing.T) {
	u := func(fields ...uint64) (rec []byte) {
		for _, f := range fields {
			rec = binary.AppendUvarint(rec, f)
		}
		return rec
	}
	text := func(s string) []byte { return append(u(uint64(len(s))), s...) }
	all := bytes.Join([][]byte{
		u(editComparer), text("leveldb.BytewiseComparator"), u(editJournal, 300), u(editNextFile, 301), u(editSeq, 1<<40),
		u(editPointer, 1), text("key"), u(editDeleteTable, 0, 7), u(editAddTable, 1, 8, 4096), text("a"), text("z"), u(editOldJournal, 0),
	}, nil)
	var m manifest
	if !m.apply(all) || m != (manifest{journal: 300, seq: 1 << 40}) {
		t.Fatalf("read %+v", m)
	}
	if !m.apply(u(editNextFile, 400)) || m.journal != 300 || m.seq != 1<<40 {
		t.Fatalf("a record that changes neither leaves %+v", m)
	}
	for name, bad := range map[string][]byte{
		"empty":            {},
		"unknown field":    u(8, 1),
		"missing number":   u(editJournal),
		"string too long":  append(u(editComparer, 5), "four"...),
		"number unending":  bytes.Repeat([]byte{0xFF}, 12),
		"ends in a string": all[:len(all)-3],
	} {
		if new(manifest).apply(bad) {
			t.Errorf("%s makes sense", name)
		}
	}
}

// TestManifestOfGoleveldb: what we read of a real one is where it continues.
func TestManifestOfGoleveldb(t *testing.T) {
	d := makeImage(t)
	m, err := readManifest(d)
	if err != nil {
		t.Fatal(err)
	}
	end, err := inspect(d)
	if err != nil {
		t.Fatal(err)
	}
	if m.journal == 0 || m.seq == 0 || end.number != imageBatches+1 || !end.torn.Zero() {
		t.Errorf("the manifest says %+v, the journals end %+v", m, end)
	}
}

// TestHoleInManifest: goleveldb passes over a bad record and all behind it in the
// same 32 KiB, and reads on in the next.
func TestHoleInManifest(t *testing.T) {
	pad := append(append([]byte{editComparer}, binary.AppendUvarint(nil, logBlock)...), make([]byte, logBlock)...)
	recs := [][]byte{{editJournal, 1, editSeq, 1}, {editJournal, 2, editSeq, 20}, pad, {editJournal, 3, editSeq, 30}}
	d := storetest.New()
	fd := storage.FileDesc{Type: storage.TypeManifest, Num: 4}
	d.Put(fd, frame(t, recs))
	if err := d.SetMeta(fd); err != nil {
		t.Fatal(err)
	}
	if m, err := readManifest(d); err != nil || m != (manifest{3, 30}) {
		t.Fatalf("%+v, %v", m, err)
	}
	data := d.Data(fd)
	data[chunkHeader+len(recs[0])+chunkHeader] ^= 1 // in the second record
	d.Put(fd, data)
	if read, _ := theirs(data); len(read) != 2 {
		t.Fatalf("goleveldb reads %d records", len(read))
	}
	var corrupt *CorruptError
	if _, err := readManifest(d); !errors.As(explain("memory", err), &corrupt) || corrupt.File != fd.String() {
		t.Errorf("read with %v", err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte{editJournal, 2, editSeq, 5})
	f.Fuzz(func(t *testing.T, rec []byte) {
		var m, again manifest
		if m.apply(rec) && (!again.apply(append(bytes.Clone(rec), rec...)) || m != again) {
			t.Fatalf("%+v, twice %+v", m, again)
		}
	})
}
