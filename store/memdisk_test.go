package store

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

// A memDisk is a disk in memory, one call of which may be made to fail. Files
// only grow, so that copies may share their bytes.
type memDisk struct {
	mu     sync.Mutex
	files  map[storage.FileDesc][]byte
	synced map[storage.FileDesc]int // how much of a file survives a power loss
	meta   storage.FileDesc
	notes  map[string][]byte
	locked bool
	broken string // the call that fails
	cause  error
	watch  func(*memDisk) // sees the disk before each call that changes it
}

func newMemDisk() *memDisk {
	return &memDisk{
		files: make(map[storage.FileDesc][]byte), synced: make(map[storage.FileDesc]int), notes: make(map[string][]byte),
	}
}

// failOn makes call fail with err from now on; a nil err heals the disk.
func (d *memDisk) failOn(call string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken, d.cause = call, err
}

// do runs step under the lock unless call is the broken one.
func (d *memDisk) do(call string, step func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if call == d.broken {
		return d.cause
	}
	if d.watch != nil {
		d.watch(d.copy())
	}
	step()
	return nil
}

// clone returns what a process killed now leaves behind.
func (d *memDisk) clone() *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.copy()
}

func (d *memDisk) copy() *memDisk {
	copied := newMemDisk()
	copied.meta = d.meta
	maps.Copy(copied.notes, d.notes)
	maps.Copy(copied.synced, d.synced)
	for fd, data := range d.files {
		copied.files[fd] = slices.Clip(data)
	}
	return copied
}

func (d *memDisk) Lock() (storage.Locker, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.locked {
		return nil, storage.ErrLocked
	}
	d.locked = true
	return (*memLock)(d), nil
}

type memLock memDisk

func (l *memLock) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.locked = false
}

func (d *memDisk) Log(string)   {}
func (d *memDisk) Close() error { return nil }

func (d *memDisk) SetMeta(fd storage.FileDesc) error {
	return d.do("set meta", func() { d.meta = fd })
}

func (d *memDisk) GetMeta() (storage.FileDesc, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.files[d.meta]; !ok || d.meta.Zero() {
		return storage.FileDesc{}, os.ErrNotExist
	}
	return d.meta, nil
}

func (d *memDisk) List(types storage.FileType) ([]storage.FileDesc, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Collect(maps.Keys(d.files)), func(fd storage.FileDesc) bool { return fd.Type&types == 0 }), nil
}

func (d *memDisk) Open(fd storage.FileDesc) (storage.Reader, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, ok := d.files[fd]
	if !ok {
		return nil, os.ErrNotExist
	}
	return memReader{bytes.NewReader(data)}, nil
}

func (d *memDisk) Create(fd storage.FileDesc) (storage.Writer, error) {
	err := d.do("create "+fd.Type.String(), func() { d.files[fd], d.synced[fd] = []byte{}, 0 })
	return &memWriter{d, fd}, err
}

func (d *memDisk) Remove(fd storage.FileDesc) error {
	return d.do("remove "+fd.Type.String(), func() { delete(d.files, fd) })
}

func (d *memDisk) Rename(from, to storage.FileDesc) error {
	return d.do("rename", func() { d.files[to] = d.files[from]; delete(d.files, from) })
}

type memReader struct{ *bytes.Reader }

func (memReader) Close() error { return nil }

type memWriter struct {
	d  *memDisk
	fd storage.FileDesc
}

func (w *memWriter) Write(p []byte) (int, error) {
	err := w.d.do("write "+w.fd.Type.String(), func() { w.d.files[w.fd] = append(w.d.files[w.fd], p...) })
	return len(p), err
}

func (w *memWriter) Sync() error {
	return w.d.do("sync "+w.fd.Type.String(), func() { w.d.synced[w.fd] = len(w.d.files[w.fd]) })
}

func (w *memWriter) Close() error { return nil }

func (d *memDisk) note(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.notes[name], nil
}

func (d *memDisk) setNote(name string, text []byte) error {
	return d.do("note "+name, func() { d.notes[name] = bytes.Clone(text) })
}

func (d *memDisk) removeNote(name string) error {
	return d.do("remove "+name, func() { delete(d.notes, name) })
}

func (d *memDisk) empty() (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.files) == 0, nil
}

func (d *memDisk) wipe() error {
	return d.do("wipe", func() { clear(d.files); d.meta = storage.FileDesc{} })
}
