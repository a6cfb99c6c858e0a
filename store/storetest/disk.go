package storetest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

// entryFile is the name under which the number of the manifest is kept.
const entryFile = "CURRENT"

// A Disk is an empty disk when made by New. It implements goleveldb's storage
// and the notes of the store; its methods may be called from any goroutine.
type Disk struct {
	mu     sync.Mutex
	now    directory // as programs see it
	synced directory // as it was when it was last synced
	number int
	hook   Hook
	locked bool
}

// A Change is a call that changes the disk: its number, from 1, and what it
// does, as "write journal", "set meta" or "remove CLEAN".
type Change struct {
	Number int
	Call   string
}

// A Hook is shown each change before it happens. An error it returns fails the
// call: nothing changes, but of a write that fails with io.ErrShortWrite the
// first half is there. It must not call the disk; copied returns what a process
// killed now would leave.
type Hook func(c Change, copied func() *Disk) error

// New returns an empty disk.
func New() *Disk { return &Disk{now: make(directory), synced: make(directory)} }

// Before sets the hook; nil takes it away.
func (d *Disk) Before(h Hook) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hook = h
}

// Changes returns how many changes were attempted, those that failed included.
func (d *Disk) Changes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.number
}

// Clone returns what a process killed now would leave: a disk with the same
// files, without a hook, unlocked.
func (d *Disk) Clone() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.copy()
}

func (d *Disk) copy() *Disk {
	twins := make(map[*file]*file)
	return &Disk{now: d.now.copy(twins), synced: d.synced.copy(twins)}
}

// change does a step under the lock unless the hook refuses it.
func (d *Disk) change(call string, step func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.number++
	if d.hook != nil {
		if err := d.hook(Change{d.number, call}, d.copy); err != nil {
			return err
		}
	}
	step()
	return nil
}

// Lock implements storage.Storage.
func (d *Disk) Lock() (storage.Locker, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.locked {
		return nil, storage.ErrLocked
	}
	d.locked = true
	return (*lock)(d), nil
}

type lock Disk

func (l *lock) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.locked = false
}

// Log implements storage.Storage.
func (d *Disk) Log(string) {}

// Close implements storage.Storage; the disk stays usable.
func (d *Disk) Close() error { return nil }

// SetMeta implements storage.Storage. The entry file is replaced as a whole, and
// the directory synced.
func (d *Disk) SetMeta(fd storage.FileDesc) error {
	err := d.change("set meta", func() { d.now[entryFile] = whole([]byte(fd.String())) })
	if err != nil {
		return err
	}
	return d.SyncDir()
}

// GetMeta implements storage.Storage.
func (d *Disk) GetMeta() (storage.FileDesc, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if entry := d.now[entryFile]; entry != nil {
		if manifest := d.now[string(entry.data)]; manifest != nil {
			return manifest.fd, nil
		}
	}
	return storage.FileDesc{}, os.ErrNotExist
}

// List implements storage.Storage.
func (d *Disk) List(types storage.FileType) ([]storage.FileDesc, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []storage.FileDesc
	for _, name := range d.now.names() {
		if f := d.now[name]; f.fd.Type&types != 0 {
			all = append(all, f.fd)
		}
	}
	return all, nil
}

// Open implements storage.Storage.
func (d *Disk) Open(fd storage.FileDesc) (storage.Reader, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.now[fd.String()]
	if f == nil {
		return nil, os.ErrNotExist
	}
	return reader{bytes.NewReader(f.data)}, nil
}

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }

// Create implements storage.Storage.
func (d *Disk) Create(fd storage.FileDesc) (storage.Writer, error) {
	f := &file{fd: fd}
	if err := d.change("create "+fd.Type.String(), func() { d.now[fd.String()] = f }); err != nil {
		return nil, err
	}
	return &writer{d, f}, nil
}

// Remove implements storage.Storage.
func (d *Disk) Remove(fd storage.FileDesc) error {
	return d.change("remove "+fd.Type.String(), func() { delete(d.now, fd.String()) })
}

// Rename implements storage.Storage.
func (d *Disk) Rename(from, to storage.FileDesc) error {
	return d.change("rename", func() {
		f := d.now[from.String()]
		d.now[to.String()] = &file{to, f.data, f.synced}
		delete(d.now, from.String())
	})
}

type writer struct {
	d *Disk
	f *file
}

func (w *writer) Write(p []byte) (int, error) {
	n := len(p)
	err := w.d.change("write "+w.f.fd.Type.String(), func() { w.f.data = append(w.f.data, p...) })
	if err == nil {
		return n, nil
	}
	if n /= 2; !errors.Is(err, io.ErrShortWrite) {
		n = 0
	}
	w.d.mu.Lock()
	defer w.d.mu.Unlock()
	w.f.data = append(w.f.data, p[:n]...)
	return n, err
}

// Sync syncs the file, and with a manifest its directory, as goleveldb does.
func (w *writer) Sync() error {
	err := w.d.change("sync "+w.f.fd.Type.String(), func() { w.f.synced = len(w.f.data) })
	if err != nil || w.f.fd.Type != storage.TypeManifest {
		return err
	}
	return w.d.SyncDir()
}

func (w *writer) Close() error { return nil }

// SyncDir makes the directory durable as it is.
func (d *Disk) SyncDir() error {
	return d.change("sync directory", func() { d.synced = d.now.clone() })
}

// Note returns the text of a note, nil when there is none.
func (d *Disk) Note(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.now[name]; f != nil {
		return bytes.Clone(f.data), nil
	}
	return nil, nil
}

// SetNote replaces a note and syncs the directory.
func (d *Disk) SetNote(name string, text []byte) error {
	if err := d.change("note "+name, func() { d.now[name] = whole(text) }); err != nil {
		return err
	}
	return d.SyncDir()
}

// RemoveNote removes a note and syncs the directory.
func (d *Disk) RemoveNote(name string) error {
	if err := d.change("remove "+name, func() { delete(d.now, name) }); err != nil {
		return err
	}
	return d.SyncDir()
}

// Empty reports whether there is no file of a database, notes aside.
func (d *Disk) Empty() (bool, error) { return len(d.Files()) == 0, nil }

// Wipe removes the files of a database one by one and syncs the directory.
func (d *Disk) Wipe() error {
	for _, name := range d.Files() {
		if err := d.change("wipe "+name, func() { delete(d.now, name) }); err != nil {
			return err
		}
	}
	return d.SyncDir()
}

// Files returns the names of the files of a database, the entry file among
// them, notes aside, in ascending order.
func (d *Disk) Files() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(d.now.names(), func(name string) bool {
		return name != entryFile && d.now[name].fd.Zero()
	})
}

// Data returns the bytes of a file, nil when there is none of that name.
func (d *Disk) Data(fd storage.FileDesc) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.now[fd.String()]; f != nil {
		return bytes.Clone(f.data)
	}
	return nil
}

// Put makes a file hold these bytes, all of them safe; nil removes it. It is no
// change that a hook sees.
func (d *Disk) Put(fd storage.FileDesc, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := fd.String()
	if data == nil {
		delete(d.now, name)
		delete(d.synced, name)
		return
	}
	f := &file{fd: fd, data: bytes.Clone(data), synced: len(data)}
	d.now[name], d.synced[name] = f, f
}
