package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/storage"

	"github.com/jio-dag/jio/store/storetest"
)

var errDisk = errors.New("the disk fell out")

// TestInterruptedCreation breaks the creation at each of its calls: the next
// Open starts over, and nothing of the first attempt is left.
func TestInterruptedCreation(t *testing.T) {
	for _, call := range []string{
		"note CREATING", "create manifest", "write manifest", "sync manifest", "set meta",
		"create journal", "write journal", "sync journal", "remove CREATING", "sync directory",
	} {
		d := storetest.New()
		failOn(d, call, errDisk)
		if _, err := OpenDisk(d, "memory", Options{Schema: Schema{"first attempt", 1}}); !errors.Is(err, errDisk) {
			t.Errorf("%s fails: %v", call, err)
			continue
		}
		d.Before(nil)
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Errorf("after a failed %s: %v", call, err)
			continue
		}
		if !db.Clean() {
			t.Errorf("after a failed %s: the new database is not clean", call)
		}
		mustWrite(t, db, "a", "1")
		mustClose(t, db)
		if note, err := d.Note(creatingNote); note != nil || err != nil {
			t.Errorf("after a failed %s: the note CREATING stays", call)
		}
	}
}

// TestHalfMadeFilesAreWiped: what a power loss in the midst of creation may
// leave does not hinder a new start, and foreign files stay.
func TestHalfMadeFilesAreWiped(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		creatingNote: "", "CURRENT": "MANI", "CURRENT.0": "", "CURRENT.bak": "x", "MANIFEST-000000": "half",
		"000001.log": "half", "000002.ldb": "half", "000003.tmp": "", "letter.txt": "mine",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := mustOpen(t, dir)
	mustWrite(t, db, "a", "1")
	mustClose(t, db)
	db = mustOpen(t, dir)
	wantContent(t, db, map[string]string{"a": "1"})
	mustClose(t, db)
	if text, err := os.ReadFile(filepath.Join(dir, "letter.txt")); string(text) != "mine" {
		t.Errorf("a foreign file: %q, %v", text, err)
	}
}

// TestOnlyTheNoteAllowsWiping: the same ruins without the note are left alone.
func TestOnlyTheNoteAllowsWiping(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "000002.ldb")
	if err := os.WriteFile(path, []byte("somebody's coins"), 0o600); err != nil {
		t.Fatal(err)
	}
	var corrupt *CorruptError
	if _, err := Open(dir, testOptions); !errors.As(err, &corrupt) {
		t.Fatalf("opened with %v", err)
	}
	if text, err := os.ReadFile(path); string(text) != "somebody's coins" {
		t.Errorf("the table: %q, %v", text, err)
	}
}

// TestInterruptedOpen breaks the second Open at each of its calls: the content
// and the clean stop are still there for the third.
func TestInterruptedOpen(t *testing.T) {
	for _, call := range []string{
		"create manifest", "write manifest", "sync manifest", "set meta", "create journal",
		"create table", "write table", "sync table", "sync directory", "remove journal", "remove " + cleanNote,
	} {
		d := makeImage(t)
		failOn(d, call, errDisk)
		if db, err := OpenDisk(d, "memory", testOptions); !errors.Is(err, errDisk) {
			t.Errorf("%s fails: %v", call, err)
			if err == nil {
				db.Close()
			}
			continue
		}
		d.Before(nil)
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Errorf("after a failed %s: %v", call, err)
			continue
		}
		if !db.Clean() {
			t.Errorf("after a failed %s: the clean stop is forgotten", call)
		}
		wantContent(t, db, scriptState(imageBatches))
		mustClose(t, db)
	}
}

// TestForeignDatabase: one that goleveldb wrote for somebody else.
func TestForeignDatabase(t *testing.T) {
	dir := t.TempDir()
	files, err := storage.OpenFile(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	level, err := leveldb.Open(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, level)
	mustClose(t, files)
	var refused *SchemaError
	if _, err := Open(dir, testOptions); !errors.As(err, &refused) || refused.Found != (Schema{}) ||
		!strings.Contains(err.Error(), "jio did not write") {
		t.Fatalf("opened with %v", err)
	}
}

// TestWrongNumber: a note that disagrees with an otherwise sound database, with
// its batches in a journal and with its batches in tables.
func TestWrongNumber(t *testing.T) {
	for _, reopened := range []bool{false, true} {
		d := makeImage(t)
		if reopened {
			db, err := OpenDisk(d, "memory", testOptions)
			if err != nil {
				t.Fatal(err)
			}
			mustClose(t, db)
		}
		note, err := d.Note(cleanNote)
		right, ok := parseClean(note)
		if err != nil || !ok || right != imageBatches+1 { // and the stamp
			t.Fatalf("the note is %q, %v", note, err)
		}
		for _, wrong := range []uint64{0, right - 1, right + 1, 1 << 63} {
			if err := d.SetNote(cleanNote, formatClean(wrong)); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				_, err := OpenDisk(d, "memory", testOptions)
				var corrupt *CorruptError
				if !errors.As(err, &corrupt) || corrupt.File != cleanNote || !strings.Contains(err.Error(), fmt.Sprintf("batch %d,", wrong)) {
					t.Fatalf("with %d noted for %d: %v", wrong, right, err)
				}
			}
		}
	}
}
