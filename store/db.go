package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"sync"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/filter"
	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/syndtr/goleveldb/leveldb/util"
)

// reserved is the first byte of the store's own keys.
const reserved = 0xFF

var (
	schemaKey = []byte("\xffschema")
	numberKey = []byte("\xffnumber")
)

func isReserved(key []byte) bool { return len(key) > 0 && key[0] == reserved }

// A DB is an open database directory. Its methods may be called from several
// goroutines at once; writes run one after the other, and reads never wait for
// them.
type DB struct {
	dir   string
	disk  Disk
	guard *guard
	level *leveldb.DB
	clean bool

	mu     sync.Mutex
	batch  *leveldb.Batch // used again: goleveldb keeps nothing of one that is written
	number uint64         // of the last batch written
	failed error          // what every further write returns
}

// levelOptions leaves Strict and the syncing at goleveldb's defaults: the first
// so that a torn tail can be opened, the second because nothing else is safe.
// Our keys are hashes: each table of the first level overlaps all of the next,
// which is rewritten when they are merged. So twice as many are gathered as
// goleveldb would, and the next level has room for as much as comes at a time.
func (o Options) levelOptions() *opt.Options {
	blocks, writes := o.buffers()
	if o.TableBytes > 0 {
		writes = o.TableBytes
	}
	return &opt.Options{
		BlockCacheCapacity:           blocks,
		WriteBuffer:                  writes,
		CompactionTableSize:          o.TableBytes,
		CompactionL0Trigger:          gathered,
		WriteL0SlowdownTrigger:       2 * gathered,
		WriteL0PauseTrigger:          3 * gathered,
		CompactionTotalSize:          gathered * writes,
		Filter:                       filter.NewBloomFilter(10),
		DisableLargeBatchTransaction: true,
		DisableSeeksCompaction:       true,
		NoWriteMerge:                 true,
		MaxManifestFileSize:          math.MaxInt64,
	}
}

// gathered is how many tables of the first level are merged at a time.
const gathered = 8

// Get returns the value of key as the caller's own copy, or nil when there is
// none; an empty value is empty and not nil.
func (db *DB) Get(key []byte) ([]byte, error) {
	if isReserved(key) {
		return nil, nil
	}
	return db.get(key)
}

func (db *DB) get(key []byte) ([]byte, error) {
	value, err := db.level.Get(key, nil)
	switch {
	case errors.Is(err, leveldb.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, explain(db.dir, err)
	case value == nil:
		return []byte{}, nil
	}
	return value, nil
}

// Scan calls fn for every key that begins with prefix, in ascending order, as
// they were when Scan began. The slices are valid during the call only and must
// not be changed. The first error of fn ends the scan and is returned.
func (db *DB) Scan(prefix []byte, fn func(key, value []byte) error) error {
	return db.ScanFrom(prefix, prefix, fn)
}

// ScanFrom is Scan without the keys below from.
func (db *DB) ScanFrom(prefix, from []byte, fn func(key, value []byte) error) error {
	if isReserved(prefix) || beyond(from, prefix) {
		return nil
	}
	span := util.BytesPrefix(prefix)
	if len(prefix) == 0 {
		span.Limit = []byte{reserved}
	}
	if bytes.Compare(from, prefix) > 0 {
		span.Start = from
	}
	it := db.level.NewIterator(span, nil)
	defer it.Release()
	for it.Next() {
		if err := fn(it.Key(), it.Value()); err != nil {
			return err
		}
	}
	return explain(db.dir, it.Error())
}

// beyond reports whether from is above every key with the prefix.
func beyond(from, prefix []byte) bool {
	return isReserved(from) || bytes.Compare(from, prefix) > 0 && !bytes.HasPrefix(from, prefix)
}

// keptBatch is how many bytes of memory are kept from one batch to the next.
const keptBatch = 8 << 20

// Write applies the batch as one: a nil value deletes its key, a later entry
// overrules an earlier one. It is on the disk when Write returns nil. After a
// failure the outcome of that batch is unknown until the next Open, and the DB
// refuses every further write with the same error: the process must end.
func (db *DB) Write(batch iter.Seq2[[]byte, []byte]) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.batch == nil || len(db.batch.Dump()) > keptBatch {
		db.batch = new(leveldb.Batch)
	}
	b := db.batch
	b.Reset()
	for key, value := range batch {
		switch {
		case isReserved(key):
			return ErrReservedKey
		case value == nil:
			b.Delete(key)
		default:
			b.Put(key, value)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return db.commit(b)
}

// commit appends the batch's number as its last record, where the inspection
// looks for it, and writes. It is called with the lock held.
func (db *DB) commit(b *leveldb.Batch) error {
	if db.failed != nil {
		return db.failed
	}
	b.Put(numberKey, binary.BigEndian.AppendUint64(nil, db.number+1))
	err := db.guard.attempt(func() error { return db.level.Write(b, &opt.WriteOptions{Sync: true}) })
	if err != nil {
		db.failed = fmt.Errorf("nothing more is written, jio must be started again: %w", explain(db.dir, err))
		return db.failed
	}
	db.number++
	return nil
}

// Clean reports whether the run before this one closed the database, or this
// one created it. When false, the last batch before the stop may be missing.
func (db *DB) Clean() bool { return db.clean }

// Close stops the database and, when every write had succeeded, leaves the note
// that makes the next Open a clean one. No Scan may be running.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if errors.Is(db.failed, ErrClosed) {
		return ErrClosed
	}
	stopped := db.level.Close()
	err := cmp.Or(db.failed, db.guard.failure(), stopped)
	db.failed = ErrClosed
	if err == nil {
		err = db.disk.SetNote(cleanNote, formatClean(db.number))
	}
	// The storage holds the lock on the directory: released last.
	return errors.Join(err, db.disk.Close())
}
