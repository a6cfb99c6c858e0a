package store

import (
	"errors"
	"fmt"

	"github.com/syndtr/goleveldb/leveldb"
	lerrors "github.com/syndtr/goleveldb/leveldb/errors"
	"github.com/syndtr/goleveldb/leveldb/storage"
)

// ErrClosed is returned by every method of a store that was closed.
var ErrClosed = errors.New("the store is closed")

// ErrReservedKey is returned by Write for a key that begins with 0xFF; nothing
// of its batch is written.
var ErrReservedKey = errors.New("keys that begin with 0xff belong to the store")

// A CorruptError says that the database in Dir is damaged: File is the name of
// the damaged file inside Dir, empty where it is not known. Nothing was
// repaired.
type CorruptError struct {
	Dir, File string
	Err       error
}

// Error is the sentence shown to the user: what is damaged and what to do.
func (e *CorruptError) Error() string {
	where := e.Dir
	if e.File != "" {
		where += ", file " + e.File
	}
	return fmt.Sprintf("the database in %s is damaged: %v. Nothing was repaired. Stop jio, keep a copy of %s, "+
		"then delete that directory and sync or import again; `jio verify` reads every record of a database", where, e.Err, e.Dir)
}

// Unwrap returns what was found.
func (e *CorruptError) Unwrap() error { return e.Err }

// A SchemaError says that the database in Dir holds other records than this
// program reads. A zero Found means that it carries no stamp of ours.
type SchemaError struct {
	Dir         string
	Found, Want Schema
}

// Error is the sentence shown to the user: what is on the disk, what this
// program wants and what to do.
func (e *SchemaError) Error() string {
	switch {
	case e.Found == Schema{}:
		return fmt.Sprintf("%s holds a database that jio did not write, and this program wants %v: choose another directory", e.Dir, e.Want)
	case e.Found.Name != e.Want.Name:
		return fmt.Sprintf("%s holds %v, and this program wants %v: choose another directory", e.Dir, e.Found, e.Want)
	case e.Found.Version > e.Want.Version:
		return fmt.Sprintf("%s holds %v, written by a newer jio, and this program wants %v: "+
			"run the newer jio, or delete that directory and sync or import again", e.Dir, e.Found, e.Want)
	}
	return fmt.Sprintf("%s holds %v, written by an older jio, and this program wants %v: "+
		"delete that directory and sync or import again, or run the older jio", e.Dir, e.Found, e.Want)
}

// damaged is the one form in which damage travels to explain: goleveldb's own.
func damaged(fd storage.FileDesc, format string, args ...any) error {
	return lerrors.NewErrCorrupted(fd, fmt.Errorf(format, args...))
}

// explain turns goleveldb's ways of reporting damage into a CorruptError and
// its closed errors into ErrClosed, and puts dir in front of any other error
// that does not say it already.
func explain(dir string, err error) error {
	var (
		ours    *CorruptError
		schema  *SchemaError
		corrupt *lerrors.ErrCorrupted
		entry   *storage.ErrCorrupted
	)
	switch {
	case err == nil, errors.As(err, &ours), errors.As(err, &schema):
		return err
	case errors.Is(err, leveldb.ErrClosed):
		return ErrClosed
	case errors.As(err, &corrupt):
		return &CorruptError{Dir: dir, File: fileOf(corrupt), Err: corrupt.Err}
	case errors.As(err, &entry):
		return &CorruptError{Dir: dir, File: entryFile, Err: entry.Err}
	}
	return fmt.Errorf("database %s: %w", dir, err)
}

// fileOf names the file that goleveldb blames.
func fileOf(e *lerrors.ErrCorrupted) string {
	var missing *lerrors.ErrMissingFiles
	switch {
	case !e.Fd.Zero():
		return e.Fd.String()
	case errors.As(e.Err, &missing) && len(missing.Fds) > 0:
		return missing.Fds[0].String()
	}
	return ""
}
