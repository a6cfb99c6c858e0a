package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/syndtr/goleveldb/leveldb/storage"
	"github.com/syndtr/goleveldb/leveldb/table"
)

// CheckFiles reads every record of every table from the disk, past all caches,
// and verifies each block's checksum, the filters' too; the journals and the manifest were read by
// Open. It may run beside reads and writes. The first damage ends it as a
// CorruptError that names the file; progress is called after each table with
// the bytes read so far and the bytes there were at the start, and may be nil.
func (db *DB) CheckFiles(progress func(done, total int64)) error {
	tables, err := db.tables()
	if err != nil {
		return err
	}
	var done, total int64
	for _, t := range tables {
		total += t.size
	}
	for _, t := range tables {
		if err := db.checkTable(t); err != nil {
			return explain(db.dir, err)
		}
		done += t.size
		if progress != nil {
			progress(done, total)
		}
	}
	return nil
}

// A liveTable is a table that the database reads from.
type liveTable struct {
	fd   storage.FileDesc
	size int64
}

// tables lists the live tables, from goleveldb's own account of them: lines
// that begin with number:size[ between lines that name the level.
func (db *DB) tables() ([]liveTable, error) {
	account, err := db.level.GetProperty("leveldb.sstables")
	if err != nil {
		return nil, explain(db.dir, err)
	}
	var tables []liveTable
	for line := range strings.Lines(account) {
		if strings.HasPrefix(line, "---") {
			continue
		}
		t := liveTable{fd: storage.FileDesc{Type: storage.TypeTable}}
		if _, err := fmt.Sscanf(line, "%d:%d[", &t.fd.Num, &t.size); err != nil {
			return nil, fmt.Errorf("listing the tables of %s: %w", db.dir, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// checkTable reads one table. One that fails and is no longer live was replaced
// while we read it, and its successor was written from sound blocks.
func (db *DB) checkTable(t liveTable) error {
	found := db.readTable(t)
	if found == nil {
		return nil
	}
	now, err := db.tables()
	if err != nil {
		return errors.Join(found, err)
	}
	for _, live := range now {
		if live.fd == t.fd {
			return found
		}
	}
	return nil
}

func (db *DB) readTable(t liveTable) error {
	file, err := db.guard.Open(t.fd)
	if err != nil {
		return err
	}
	if err := checkAside(file, t.fd, t.size); err != nil {
		return errors.Join(err, file.Close())
	}
	r, err := table.NewReader(file, t.size, t.fd, nil, nil, &opt.Options{})
	if err != nil {
		return errors.Join(err, file.Close())
	}
	defer r.Release() // closes the file
	it := r.NewIterator(nil, nil)
	defer it.Release()
	for it.Next() {
	}
	return it.Error()
}
