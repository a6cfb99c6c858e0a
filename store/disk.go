package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

// entryFile is the file that points goleveldb at its manifest.
const entryFile = "CURRENT"

// A dirDisk is a disk in a directory. Its storage holds goleveldb's lock on
// that directory until it is closed.
type dirDisk struct {
	storage.Storage
	dir string
}

func openDir(dir string) (*dirDisk, error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	files, err := storage.OpenFile(dir, false)
	if err != nil {
		return nil, err
	}
	return &dirDisk{files, dir}, nil
}

func (d *dirDisk) SyncDir() error { return syncDir(d.dir) }

func (d *dirDisk) Note(name string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if text == nil && err == nil {
		text = []byte{}
	}
	return text, err
}

func (d *dirDisk) SetNote(name string, text []byte) error {
	path := filepath.Join(d.dir, name)
	if err := writeSynced(path+".new", text); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(d.dir)
}

func (d *dirDisk) RemoveNote(name string) error {
	if err := os.Remove(filepath.Join(d.dir, name)); err != nil {
		return err
	}
	return syncDir(d.dir)
}

func (d *dirDisk) Empty() (bool, error) {
	names, err := d.names()
	return len(names) == 0, err
}

func (d *dirDisk) Wipe() error {
	names, err := d.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(d.dir, name)); err != nil {
			return err
		}
	}
	return syncDir(d.dir)
}

// names lists the files that hold the database: not its lock, not its log.
func (d *dirDisk) names() ([]string, error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && holdsData(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func holdsData(name string) bool {
	if strings.HasPrefix(name, entryFile) || strings.HasPrefix(name, "MANIFEST-") {
		return true
	}
	switch filepath.Ext(name) {
	case ".ldb", ".sst", ".log", ".tmp":
		return true
	}
	return false
}

// makeDir makes dir and its missing parents with mode 0700, each durable in the
// one above: a database is worth no more than the entry that leads to it.
func makeDir(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes the entries of dir durable. Windows has no such call and keeps
// its directories in a journal; a file system that has no use for it answers
// EINVAL.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
