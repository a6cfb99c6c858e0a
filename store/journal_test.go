package store

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/journal"
	"github.com/syndtr/goleveldb/leveldb/storage"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/store/storetest"
)

// frame writes records as goleveldb does.
func frame(t rapid.TB, recs [][]byte) []byte {
	var file bytes.Buffer
	w := journal.NewWriter(&file)
	for _, rec := range recs {
		r, err := w.Next()
		if err == nil {
			_, err = r.Write(rec)
		}
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

// drops counts what goleveldb's reader leaves out.
type drops int

func (d *drops) Drop(error) { *d++ }

// theirs is goleveldb's own lenient reading.
func theirs(data []byte) (recs [][]byte, dropped drops) {
	r := journal.NewReader(bytes.NewReader(data), &dropped, false, true)
	for {
		next, err := r.Next()
		if err != nil {
			return recs, dropped
		}
		if rec, err := io.ReadAll(next); err == nil {
			recs = append(recs, rec)
		}
	}
}

// lengths cross the block's end in every way.
var lengths = rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(logBlock-40, logBlock+40), rapid.IntRange(0, 3*logBlock))

func drawRecords(t *rapid.T) [][]byte {
	var recs [][]byte
	for i, n := range rapid.SliceOfN(lengths, 0, 8).Draw(t, "lengths") {
		recs = append(recs, bytes.Repeat([]byte{byte(i + 1)}, n))
	}
	return recs
}

func TestRecordsMatchGoleveldb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		recs := drawRecords(t)
		data := frame(t, recs)
		ours, stop := records(data, 0)
		if stop != len(data) || !slices.EqualFunc(ours, recs, bytes.Equal) {
			t.Fatalf("%d records up to %d of %d, want %d", len(ours), stop, len(data), len(recs))
		}
	})
}

// TestDamagedRecords damages a byte: we stop where the damage is, what we read
// is what goleveldb reads first, and we see a later record whenever there is
// one, also where goleveldb skips it with the rest of the block.
func TestDamagedRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		recs := drawRecords(t)
		data := frame(t, recs)
		if len(data) == 0 {
			return
		}
		at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
		data[at] ^= rapid.Byte().Filter(func(b byte) bool { return b != 0 }).Draw(t, "flip")
		ours, stop := records(data, 0)
		if stop == len(data) {
			if len(ours) != len(recs) || at%logBlock <= logBlock-chunkHeader {
				t.Fatalf("a flip at %d is not seen", at)
			}
			return // between the last chunk of a block and its end
		}
		if stop > at {
			t.Fatalf("a flip at %d stops the reading at %d", at, stop)
		}
		read, dropped := theirs(data)
		if dropped == 0 && stop+chunkHeader < len(data) {
			t.Fatalf("a flip at %d stops us at %d and not goleveldb", at, stop)
		}
		if len(read) < len(ours) || !slices.EqualFunc(ours, read[:len(ours)], bytes.Equal) {
			t.Fatalf("a flip at %d: %d records against goleveldb's %d", at, len(ours), len(read))
		}
		bad := len(ours)
		later := resumes(data, stop, func([]byte) bool { return true })
		if want := bad+1 < len(recs); later != want {
			t.Fatalf("a flip at %d in record %d of %d: seen later ones: %v", at, bad, len(recs), later)
		}
	})
}

// TestTornTail: an end cut anywhere, or overwritten from anywhere on, is never
// taken for damage.
func TestTornTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := frame(t, drawRecords(t))
		cut := rapid.IntRange(0, len(data)).Draw(t, "cut")
		torn := bytes.Clone(data[:cut])
		switch rapid.IntRange(0, 2).Draw(t, "tail") {
		case 1:
			torn = append(torn, make([]byte, len(data)-cut)...)
		case 2:
			torn = append(torn, rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "garbage")...)
		}
		if _, stop := records(torn, 0); resumes(torn, stop, func([]byte) bool { return true }) {
			t.Fatalf("a tail torn at %d of %d is taken for damage", cut, len(data))
		}
	})
}

// TestForgedRecordInTornBatch: bytes of a user that look like a record do not
// make a torn write look like damage.
func TestForgedRecordInTornBatch(t *testing.T) {
	forged := frame(t, [][]byte{[]byte("looks like the next record")})
	batch := append(append(bytes.Repeat([]byte{1}, 5000), forged...), bytes.Repeat([]byte{2}, 5000)...)
	data := frame(t, [][]byte{[]byte("sound"), batch})
	data[4096] ^= 1 // the page did not reach the disk, the next one did
	whole, stop := records(data, 0)
	if len(whole) != 1 {
		t.Fatalf("%d records are whole", len(whole))
	}
	if resumes(data, stop, func([]byte) bool { return true }) {
		t.Error("taken for damage")
	}
}

// TestHoleIsReported is the case goleveldb passes over in silence: a batch lost
// in the midst of a journal while later ones are read.
func TestHoleIsReported(t *testing.T) {
	d := storetest.New()
	db, err := OpenDisk(d, "memory", Options{Schema: testSchema}) // one journal, no tables
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		mustWrite(t, db, string(rune('a'+i)), string(bytes.Repeat([]byte{'x'}, logBlock)))
	}
	killed := d.Clone()
	mustClose(t, db)
	fd := onlyJournal(t, killed)
	data := killed.Data(fd)
	data[logBlock+logBlock/2] ^= 1 // in the second batch
	if read, dropped := theirs(data); len(read) != 3 || dropped == 0 {
		t.Fatalf("goleveldb reads %d batches of 4 and drops %d", len(read), dropped)
	}
	killed.Put(fd, data)
	if _, err := OpenDisk(killed, "memory", testOptions); err == nil {
		t.Fatal("the hole is not reported")
	}
	// A whole batch taken out leaves no bad record, only a gap in the numbers.
	whole, _ := records(d.Data(fd), 0)
	gap := d.Clone()
	gap.Put(fd, frame(t, [][]byte{whole[0], whole[2], whole[3]}))
	if _, err := inspect(gap); err == nil {
		t.Fatal("the gap is not reported")
	}
}

// oneJournal is a database without tables: the stamp and two batches in one
// journal, closed.
func oneJournal(t *testing.T) (*storetest.Disk, storage.FileDesc) {
	t.Helper()
	d := storetest.New()
	db, err := OpenDisk(d, "memory", Options{Schema: testSchema})
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, db, "a", "1")
	mustWrite(t, db, "b", "2")
	mustClose(t, db)
	return d, onlyJournal(t, d)
}

func TestMissingJournal(t *testing.T) {
	d, fd := oneJournal(t)
	if err := d.RemoveNote(cleanNote); err != nil {
		t.Fatal(err)
	}
	d.Put(fd, nil)
	var corrupt *CorruptError
	if _, err := OpenDisk(d, "memory", testOptions); !errors.As(err, &corrupt) || corrupt.File != fd.String() {
		t.Errorf("opened with %v", err)
	}
}

// TestEvidenceStays: what the inspection refuses, it leaves byte for byte.
func TestEvidenceStays(t *testing.T) {
	flip := func(data []byte, at int) []byte {
		data[at] ^= 1
		return data
	}
	for name, damage := range map[string]func(whole [][]byte) []byte{
		"only record":  func(whole [][]byte) []byte { return flip(frame(t, whole[:1]), chunkHeader+20) },
		"last record":  func(whole [][]byte) []byte { all := frame(t, whole); return flip(all, len(all)-1) },
		"first is out": func(whole [][]byte) []byte { return frame(t, whole[1:]) },
		"last is out":  func(whole [][]byte) []byte { return frame(t, whole[:2]) },
	} {
		d, fd := oneJournal(t)
		whole, _ := records(d.Data(fd), 0)
		d.Put(fd, damage(whole))
		before := d.Clone()
		var corrupt *CorruptError
		if _, err := OpenDisk(d, "memory", testOptions); !errors.As(err, &corrupt) {
			t.Errorf("%s: opened with %v", name, err)
		}
		if !storetest.Same(d, before) {
			t.Errorf("%s: the files were changed", name)
		}
	}
}

func onlyJournal(t *testing.T, d *storetest.Disk) storage.FileDesc {
	t.Helper()
	fds, err := d.List(storage.TypeJournal)
	if err != nil || len(fds) != 1 {
		t.Fatal(fds, err)
	}
	return fds[0]
}

func FuzzJournal(f *testing.F) {
	f.Add(frame(f, [][]byte{[]byte("one"), {}, []byte("three")}))
	f.Add(append(make([]byte, logBlock-10), frame(f, [][]byte{[]byte("one")})...))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, stop := records(data, 0)
		if stop < 0 || stop > len(data) {
			t.Fatal(stop)
		}
		read, _ := theirs(data)
		if len(read) < len(whole) || !slices.EqualFunc(whole, read[:len(whole)], bytes.Equal) {
			t.Fatalf("%d records against goleveldb's %d", len(whole), len(read))
		}
		resumes(data, stop, func(rec []byte) bool { _, ok := parseBatch(rec); return ok })
	})
}
