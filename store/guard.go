package store

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"sync/atomic"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

// A guard stands between goleveldb and its files. It checks what goleveldb
// trusts unseen, the footer of a table; it makes the entry of every new file
// durable; and it lets nothing be written or removed after the first failed
// write or sync: what the system dropped then does not come back by trying
// again.
type guard struct {
	Disk
	failed atomic.Pointer[error]
}

// failure returns the first failure, nil while there is none.
func (g *guard) failure() error {
	if err := g.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// fail records err unless an earlier one is, and returns the one that counts.
func (g *guard) fail(err error) error {
	g.failed.CompareAndSwap(nil, &err)
	return g.failure()
}

// attempt does write unless something failed before.
func (g *guard) attempt(write func() error) error {
	if err := g.failure(); err != nil {
		return err
	}
	if err := write(); err != nil {
		return g.fail(err)
	}
	return nil
}

// Create opens a new file for writing under guard. goleveldb syncs what it writes
// into a journal but not its entry, and the entry of a table only after the
// record of the manifest that names it.
func (g *guard) Create(fd storage.FileDesc) (w storage.Writer, err error) {
	err = g.attempt(func() error {
		w, err = g.Disk.Create(fd)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := g.attempt(g.SyncDir); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return &guardedWriter{w, g}, nil
}

// Remove removes a file unless something failed before: what failed may have
// made it one that is needed.
func (g *guard) Remove(fd storage.FileDesc) error {
	if err := g.failure(); err != nil {
		return err
	}
	return g.Disk.Remove(fd)
}

// SetMeta points the entry file at a new manifest.
func (g *guard) SetMeta(fd storage.FileDesc) error {
	return g.attempt(func() error { return g.Disk.SetMeta(fd) })
}

// Open opens a file for reading; a table that is missing or whose footer makes
// no sense is reported as damage.
func (g *guard) Open(fd storage.FileDesc) (storage.Reader, error) {
	r, err := g.Disk.Open(fd)
	if fd.Type != storage.TypeTable {
		return r, err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damaged(fd, "the file is missing")
	}
	if err != nil {
		return nil, err
	}
	if err := checkFooter(r, fd); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// A guardedWriter passes on writes and syncs until the first failure.
type guardedWriter struct {
	storage.Writer
	g *guard
}

func (w *guardedWriter) Write(p []byte) (n int, err error) {
	err = w.g.attempt(func() error {
		n, err = w.Writer.Write(p)
		return err
	})
	return n, err
}

func (w *guardedWriter) Sync() error { return w.g.attempt(w.Writer.Sync) }

const (
	footerSize   = 48
	tableMagic   = "\x57\xfb\x80\x8b\x24\x75\x47\xdb"
	blockTrailer = 5 // a byte of compression and a checksum
)

// checkFooter reads the end of a table: two blocks, each an offset and a
// length, and a magic. goleveldb allocates those lengths as they come.
func checkFooter(r storage.Reader, fd storage.FileDesc) error {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size < footerSize {
		return damaged(fd, "the table has only %d bytes", size)
	}
	footer := make([]byte, footerSize)
	if _, err := r.ReadAt(footer, size-footerSize); err != nil && err != io.EOF {
		return err
	}
	if !footerMakesSense(footer, uint64(size)-footerSize) {
		return damaged(fd, "the footer of the table makes no sense")
	}
	return nil
}

// footerMakesSense reports whether both blocks lie within the first end bytes
// and nothing but zeros fills the rest.
func footerMakesSense(footer []byte, end uint64) bool {
	rest, magic := footer[:footerSize-len(tableMagic)], footer[footerSize-len(tableMagic):]
	for range 2 {
		s, left, ok := readSpan(rest)
		if !ok || s.length > end || s.offset > end || s.offset+s.length+blockTrailer > end {
			return false
		}
		rest = left
	}
	return len(bytes.Trim(rest, "\x00")) == 0 && string(magic) == tableMagic
}
