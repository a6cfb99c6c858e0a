package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/storage"
	"github.com/syndtr/goleveldb/leveldb/util"

	"github.com/jio-dag/jio/store/storetest"
)

const imageBatches = 50

// makeImage runs the script to its end in one go and closes, so that there are
// tables side by side, a few over them, a manifest of many records and a journal
// with several batches in it, and nothing for goleveldb to tidy up at Open.
func makeImage(t testing.TB) *storetest.Disk {
	t.Helper()
	d := storetest.New()
	db, err := OpenDisk(d, "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	for i := range imageBatches {
		if i == imageBatches-12 {
			if err := db.level.CompactRange(util.Range{}); err != nil {
				t.Fatal(err)
			}
		}
		mustWrite(t, db, script(i)...)
	}
	mustClose(t, db)
	return d
}

// with returns a copy of the disk with one file changed, or gone for nil.
func with(d *storetest.Disk, fd storage.FileDesc, data []byte) *storetest.Disk {
	changed := d.Clone()
	changed.Put(fd, data)
	return changed
}

// filesOf returns the manifests, journals and tables on a disk.
func filesOf(t *testing.T, d *storetest.Disk) map[storage.FileDesc][]byte {
	t.Helper()
	all, err := d.List(storage.TypeAll)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[storage.FileDesc][]byte)
	for _, fd := range all {
		files[fd] = d.Data(fd)
	}
	return files
}

// read opens the disk and reads all there is, as `jio verify` would.
func read(d Disk) (state map[string]string, err error) {
	db, err := OpenDisk(d, "memory", testOptions)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := db.CheckFiles(nil); err != nil {
		return nil, err
	}
	return content(db)
}

// states are all the states the script passes through, the last one last.
func states() []map[string]string {
	var all []map[string]string
	for n := range imageBatches + 1 {
		all = append(all, scriptState(n))
	}
	return all
}

// judge says what became of a damaged image: "reported", "harmless", or
// "shortened" to an earlier state without holes; anything else fails. A report
// must name the file.
func judge(t *testing.T, im *storetest.Disk, fd storage.FileDesc, what string, all []map[string]string) string {
	t.Helper()
	state, err := read(im)
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		if fd.Type == storage.TypeTable && corrupt.File != fd.String() || corrupt.File == "" {
			t.Errorf("%v %s: the report names %q", fd, what, corrupt.File)
		}
		return "reported"
	}
	if err != nil {
		t.Fatalf("%v %s: not a CorruptError: %v", fd, what, err)
	}
	for n := len(all) - 1; n >= 0; n-- {
		if !maps.Equal(state, all[n]) {
			continue
		}
		if n == len(all)-1 {
			return "harmless"
		}
		return "shortened"
	}
	t.Fatalf("%v %s: a state that never was: %v", fd, what, state)
	return ""
}

// damages returns every kind of damage to one file: flipped bytes, truncations,
// a page of zeros, deletion.
func damages(data []byte) map[string][]byte {
	all := map[string][]byte{"deleted": nil}
	for i := 0; i < len(data); i += 1 + len(data)/150 {
		flipped := bytes.Clone(data)
		flipped[i] ^= []byte{0x01, 0x80, 0xFF}[i%3]
		all[fmt.Sprintf("flipped at %d", i)] = flipped
	}
	for i := max(0, len(data)-footerSize-8); i < len(data); i++ {
		flipped := bytes.Clone(data)
		flipped[i] ^= 0x80
		all[fmt.Sprintf("end flipped at %d", i)] = flipped
	}
	for i := 0; i < len(data); i += 1 + len(data)/40 {
		all[fmt.Sprintf("cut at %d", i)] = data[:i:i]
		zeroed := bytes.Clone(data)
		clear(zeroed[i:min(len(data), i+512)])
		all[fmt.Sprintf("zeroed at %d", i)] = zeroed
	}
	return all
}

// TestDamageAfterCleanStop: every damage is reported, or changes nothing.
func TestDamageAfterCleanStop(t *testing.T) {
	im, all := makeImage(t), states()
	seen := make(map[string]int)
	for fd, data := range filesOf(t, im) {
		for what, damaged := range damages(data) {
			got := judge(t, with(im, fd, damaged), fd, what, all)
			if got == "shortened" {
				t.Errorf("%v %s: batches are lost in silence", fd, what)
			}
			seen[fd.Type.String()+" "+got]++
		}
	}
	t.Log(seen)
	for _, want := range []string{"table reported", "journal reported", "manifest reported"} {
		if seen[want] < 50 {
			t.Errorf("%s only %d times", want, seen[want])
		}
	}
}

// TestDamageAfterUncleanStop: a damaged end may pass for a write that was never
// acknowledged, and then nothing before it is missing; the rest is reported.
func TestDamageAfterUncleanStop(t *testing.T) {
	im, all := makeImage(t), states()
	if err := im.RemoveNote(cleanNote); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for fd, data := range filesOf(t, im) {
		last := 0 // where the last record begins
		if fd.Type != storage.TypeTable {
			last = lastRecord(data)
		}
		for what, damaged := range damages(data) {
			got := judge(t, with(im, fd, damaged), fd, what, all)
			whole := len(damaged) == len(data)
			early := whole && bytes.Equal(damaged[last:], data[last:])
			if got == "shortened" && (fd.Type != storage.TypeJournal || early) {
				t.Errorf("%v %s: batches are lost in silence", fd, what)
			}
			seen[fd.Type.String()+" "+got]++
		}
	}
	t.Log(seen)
	if seen["journal shortened"] == 0 || seen["journal reported"] < 50 {
		t.Errorf("the table missed a case: %v", seen)
	}
}

func lastRecord(data []byte) int {
	for pos := len(data) - 1; pos > 0; pos-- {
		if whole, stop := records(data, pos); len(whole) == 1 && stop == len(data) {
			return pos
		}
	}
	return 0
}

// TestEveryByteOfATableCounts flips one bit in each byte of a table: all are
// reported, those of the filter and of the footer's padding too.
func TestEveryByteOfATableCounts(t *testing.T) {
	im, all := makeImage(t), states()
	fd := oldestTable(t, im)
	data := im.Data(fd)
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 0x40
		if got := judge(t, with(im, fd, flipped), fd, fmt.Sprint("flipped at ", i), all); got != "reported" {
			t.Errorf("a flip at %d of %d is %s", i, len(data), got)
		}
	}
}

// TestHugeLengthInFooter: goleveldb would allocate it, and panic.
func TestHugeLengthInFooter(t *testing.T) {
	im := makeImage(t)
	fd := oldestTable(t, im)
	data := bytes.Clone(im.Data(fd))
	footer := data[len(data)-footerSize:]
	clear(footer[:footerSize-len(tableMagic)])
	binary.PutUvarint(footer[1:], 1<<62)
	if _, err := read(with(im, fd, data)); !isDamage(err, fd.String()) {
		t.Errorf("read with %v", err)
	}
}

func isDamage(err error, file string) bool {
	var corrupt *CorruptError
	return errors.As(err, &corrupt) && corrupt.File == file
}

// oldestTable returns the live table of the least number.
func oldestTable(t *testing.T, d *storetest.Disk) storage.FileDesc {
	t.Helper()
	return slices.MinFunc(tablesOf(t, d), func(a, b liveTable) int { return int(a.fd.Num - b.fd.Num) }).fd
}

// tablesOf lists the tables that a copy of the disk opens with.
func tablesOf(t *testing.T, d *storetest.Disk) []liveTable {
	t.Helper()
	db, err := OpenDisk(d.Clone(), "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.tables()
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	return tables
}

// TestDeletedFiles: whatever file is missing, the database is not mistaken for a
// new one.
func TestDeletedFiles(t *testing.T) {
	dir := t.TempDir()
	db := mustOpen(t, dir)
	for i := range imageBatches {
		mustWrite(t, db, script(i)...)
	}
	mustClose(t, db)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	reported := ""
	for _, entry := range entries {
		damaged := copyDir(t, dir)
		if err := os.Remove(filepath.Join(damaged, entry.Name())); err != nil {
			t.Fatal(err)
		}
		state, err := readDir(damaged)
		if err == nil && maps.Equal(state, scriptState(imageBatches)) {
			continue // a lock, a log, or a leftover that nothing refers to
		}
		var corrupt *CorruptError
		if !errors.As(err, &corrupt) {
			t.Errorf("without %s: %v", entry.Name(), err)
		}
		// The refusal is not forgotten.
		if _, again := readDir(damaged); !errors.As(again, &corrupt) {
			t.Errorf("without %s, the second time: %v", entry.Name(), again)
		}
		reported += entry.Name() + " "
	}
	for _, kind := range []string{"CURRENT ", "MANIFEST-", ".log ", ".ldb "} {
		if !strings.Contains(reported, kind) {
			t.Errorf("reported are only %s", reported)
		}
	}
}

func readDir(dir string) (map[string]string, error) {
	d, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	state, err := read(d)
	if err != nil {
		d.Close()
	}
	return state, err
}

// TestEverythingDeleted: with the note of a clean stop alone, the database is
// missing; with nothing at all, it is new.
func TestEverythingDeleted(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != cleanNote {
			os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
	var corrupt *CorruptError
	if _, err := Open(dir, testOptions); !errors.As(err, &corrupt) || corrupt.File != entryFile {
		t.Fatalf("opened with %v", err)
	}
	os.Remove(filepath.Join(dir, cleanNote))
	mustClose(t, mustOpen(t, dir))
}

// TestSmallFilesDamaged flips every byte of the entry file and of the note.
func TestSmallFilesDamaged(t *testing.T) {
	dir := t.TempDir()
	db := mustOpen(t, dir)
	mustWrite(t, db, "a", "1")
	mustClose(t, db)
	for _, name := range []string{entryFile, cleanNote} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := range text {
			damaged := copyDir(t, dir)
			flipped := bytes.Clone(text)
			flipped[i] ^= 1
			if err := os.WriteFile(filepath.Join(damaged, name), flipped, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readDir(damaged)
			var corrupt *CorruptError
			if !errors.As(err, &corrupt) || corrupt.File != name {
				t.Errorf("%s %q: %v", name, flipped, err)
			}
		}
	}
}

// TestDamagedTableOnRead: without a full check, the damage shows when the block
// is read, by either way of reading, and never as a wrong value.
func TestDamagedTableOnRead(t *testing.T) {
	im, want := makeImage(t), scriptState(imageBatches)
	opened, refused := 0, 0
	for _, table := range tablesOf(t, im) {
		data := im.Data(table.fd)
		if data == nil {
			continue // made by Open from the journal
		}
		flipped := bytes.Clone(data)
		flipped[5] ^= 1 // in the first data block
		damaged := with(im, table.fd, flipped)
		db, err := OpenDisk(damaged, "memory", testOptions)
		if err != nil {
			continue // already met when the stamp or the number was read
		}
		if !bytes.Equal(damaged.Data(table.fd), flipped) {
			db.Close()
			continue // a leftover of that name, made anew by Open
		}
		opened++
		for k, v := range want {
			got, err := db.Get([]byte(k))
			switch {
			case isDamage(err, table.fd.String()):
				refused++
			case err != nil || string(got) != v:
				t.Fatalf("%v: %q is %q, %v; want %q", table.fd, k, got, err, v)
			}
		}
		if _, err := content(db); !isDamage(err, table.fd.String()) {
			t.Errorf("%v: the scan ends with %v", table.fd, err)
		}
		if err := db.CheckFiles(nil); !isDamage(err, table.fd.String()) {
			t.Errorf("%v: the check ends with %v", table.fd, err)
		}
		db.Close()
	}
	if opened == 0 || refused == 0 {
		t.Errorf("%d damaged tables, %d refused reads", opened, refused)
	}
}

// TestCheckFilesReportsProgress: bytes rise to the total.
func TestCheckFilesReportsProgress(t *testing.T) {
	db, err := OpenDisk(makeImage(t), "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var last, all int64
	err = db.CheckFiles(func(done, total int64) {
		if done <= last || done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last, all = done, total
	})
	if err != nil || last != all || last == 0 {
		t.Errorf("ended at %d of %d: %v", last, all, err)
	}
}
