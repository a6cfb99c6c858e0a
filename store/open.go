package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/storage"
)

// A Disk is what a database stands on: goleveldb's files and, beside them, two
// small notes of ours. It is a directory, except in tests.
type Disk interface {
	storage.Storage
	// SyncDir makes durable which files there are.
	SyncDir() error
	// Note returns what the note says, nil when there is none.
	Note(name string) ([]byte, error)
	// SetNote replaces the note; when it returns, the whole of it is durable.
	SetNote(name string, text []byte) error
	// RemoveNote takes the note away for good.
	RemoveNote(name string) error
	// Empty reports whether there is no file of the database, notes aside.
	Empty() (bool, error)
	// Wipe removes every file of the database, notes aside.
	Wipe() error
}

// The names of the notes.
const (
	creatingNote = "CREATING"
	cleanNote    = "CLEAN"
)

// formatClean returns the text of the clean note.
func formatClean(number uint64) []byte { return fmt.Appendf(nil, "batch %d\n", number) }

// parseClean is the inverse of formatClean and accepts nothing else.
func parseClean(text []byte) (uint64, bool) {
	var number uint64
	if n, err := fmt.Sscanf(string(text), "batch %d\n", &number); n != 1 || err != nil {
		return 0, false
	}
	return number, string(formatClean(number)) == string(text)
}

// Open opens the database in dir, or creates it there with mode 0700. It
// returns a SchemaError for a database of another schema and a CorruptError
// for a damaged one, again at every further Open. A DB is ended by Close.
func Open(dir string, o Options) (*DB, error) {
	d, err := openDir(dir)
	if err != nil {
		return nil, explain(dir, err)
	}
	db, err := OpenDisk(d, dir, o)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return db, nil
}

// OpenDisk is Open on any disk; dir only names it in errors. The disk stays the
// caller's to close when OpenDisk fails, and is the DB's when not.
func OpenDisk(d Disk, dir string, o Options) (*DB, error) {
	db := &DB{dir: dir, disk: d, guard: &guard{Disk: d}}
	fresh, err := db.fresh()
	if err != nil {
		return nil, explain(dir, err)
	}
	start := db.resume
	if fresh {
		start = db.create
	}
	if err := start(o); err != nil {
		if db.level != nil {
			db.level.Close()
		}
		// goleveldb loses the cause of some failures in its own words.
		return nil, explain(dir, cmp.Or(db.guard.failure(), err))
	}
	return db, nil
}

// fresh decides whether a database is to be created. Nothing but our own note
// allows files to be wiped: a database without its files is damage.
func (db *DB) fresh() (bool, error) {
	creating, err := db.disk.Note(creatingNote)
	if err != nil {
		return false, err
	}
	if creating != nil {
		return true, db.disk.Wipe()
	}
	clean, err := db.disk.Note(cleanNote)
	if err != nil {
		return false, err
	}
	empty, err := db.disk.Empty()
	if err != nil || !empty {
		return false, err
	}
	if clean != nil {
		return false, &CorruptError{Dir: db.dir, File: entryFile, Err: errors.New("every file of the database is missing")}
	}
	return true, nil
}

// create makes a database with nothing but its stamp.
func (db *DB) create(o Options) error {
	if err := db.disk.SetNote(creatingNote, []byte("creation has not finished\n")); err != nil {
		return err
	}
	var err error
	if db.level, err = leveldb.Open(db.guard, o.levelOptions()); err != nil {
		return err
	}
	stamp := new(leveldb.Batch)
	stamp.Put(schemaKey, o.Schema.stamp())
	db.mu.Lock()
	err = db.commit(stamp)
	db.mu.Unlock()
	if err != nil {
		return err
	}
	db.clean = true
	return db.disk.RemoveNote(creatingNote)
}

// resume opens what is there. The clean note stays until nothing is left to
// object to, so that the objection is repeated at the next Open.
func (db *DB) resume(o Options) error {
	text, err := db.disk.Note(cleanNote)
	if err != nil {
		return err
	}
	if err := db.inspect(text); err != nil {
		return err
	}
	options := o.levelOptions()
	options.ErrorIfMissing = true
	if db.level, err = leveldb.Open(db.guard, options); err != nil {
		return err
	}
	if err := db.checkSchema(o.Schema); err != nil {
		return err
	}
	if err := db.loadNumber(); err != nil {
		return err
	}
	if text == nil {
		return nil
	}
	if err := db.checkClean(text, db.number); err != nil {
		return err
	}
	db.clean = true
	return db.disk.RemoveNote(cleanNote)
}

// inspect reads the files goleveldb would skip over in silence, before it may
// replace them. After a clean stop no journal has a torn end.
func (db *DB) inspect(clean []byte) error {
	end, err := inspect(db.guard)
	if err != nil || clean == nil {
		return err
	}
	if !end.torn.Zero() {
		return damaged(end.torn, "its last record is damaged, and the last stop was a clean one")
	}
	if end.number == 0 {
		return nil
	}
	return db.checkClean(clean, end.number)
}

// checkClean holds the last batch found against the one the note names.
func (db *DB) checkClean(text []byte, found uint64) error {
	noted, ok := parseClean(text)
	if !ok {
		return &CorruptError{Dir: db.dir, File: cleanNote, Err: fmt.Errorf("the note of the last clean stop reads %s", strconv.Quote(string(text)))}
	}
	if noted != found {
		return &CorruptError{Dir: db.dir, File: cleanNote, Err: fmt.Errorf("the last clean stop was after batch %d, and the database ends at batch %d", noted, found)}
	}
	return nil
}

func (db *DB) checkSchema(want Schema) error {
	stamp, err := db.get(schemaKey)
	if err != nil {
		return err
	}
	if found := parseStamp(stamp); found != want {
		return &SchemaError{Dir: db.dir, Found: found, Want: want}
	}
	return nil
}

func (db *DB) loadNumber() error {
	value, err := db.get(numberKey)
	if err != nil {
		return err
	}
	if len(value) != 8 {
		return &CorruptError{Dir: db.dir, Err: errors.New("the number of the last batch is missing")}
	}
	db.number = binary.BigEndian.Uint64(value)
	return nil
}
