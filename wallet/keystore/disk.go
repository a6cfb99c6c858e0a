package keystore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// A disk is all by which files are changed.
type disk interface {
	create(path string) (output, error) // exclusively, mode 0600
	rename(from, to string) error
	remove(path string) error
	mkdir(path string) error // mode 0700
	syncDir(path string) error
}

// An output is a new file being written.
type output interface {
	io.WriteCloser
	Sync() error
}

// osDisk is the disk of the machine.
type osDisk struct{}

func (osDisk) create(path string) (output, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }
func (osDisk) remove(path string) error     { return os.Remove(path) }
func (osDisk) mkdir(path string) error      { return os.Mkdir(path, 0o700) }

// syncDir makes the entries of a directory durable. Windows has no such call
// and keeps its directories in a journal; a file system that has no use for it
// answers EINVAL.
func (osDisk) syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

// replace puts data at path, durably and all or nothing. The new file goes by
// one fixed name until it is whole, so that one left behind by a power loss is
// gone with the next write.
func replace(d disk, path string, data []byte) error {
	temp := path + ".new"
	if err := d.remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeSynced(d, temp, data); err != nil {
		return err
	}
	if err := d.rename(temp, path); err != nil {
		return errors.Join(err, d.remove(temp))
	}
	if err := d.syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%w: %w", ErrUncertain, err)
	}
	return nil
}

// writeSynced makes a new durable file, or none. A failed sync is never tried
// again: the system may have dropped the pages it could not write.
func writeSynced(d disk, path string, data []byte) error {
	file, err := d.create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, d.remove(path))
	}
	return nil
}

// makeDir makes dir and its missing parents, each durable in the one above.
func makeDir(d disk, dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(d, parent); err != nil {
		return err
	}
	if err := d.mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.syncDir(parent)
}

// readRegular returns what a regular file holds and its mode. The file that is
// read is the one that was looked at: a link put there in between is refused.
func readRegular(path string) ([]byte, fs.FileMode, error) {
	seen, err := os.Lstat(path)
	if err != nil {
		return nil, 0, err
	}
	if !seen.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: %w", path, ErrNotRegular)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !os.SameFile(seen, info) {
		return nil, 0, fmt.Errorf("%s: %w", path, ErrNotRegular)
	}
	data, err := io.ReadAll(io.LimitReader(file, int64(maxSealedSize)+1))
	return data, info.Mode(), err
}

// modesCount is false where the bits of a mode say nothing about access.
const modesCount = runtime.GOOS != "windows"

// checkFileMode refuses a file that anybody but its owner may read or write.
func checkFileMode(path string, mode fs.FileMode) error {
	if modesCount && mode.Perm()&0o077 != 0 {
		return fmt.Errorf("%w: %s has mode %#o; chmod 600 puts that right", ErrPermissions, path, mode.Perm())
	}
	return nil
}

// checkDir refuses a directory in which anybody but its owner may put another
// file in the place of the wallet.
func checkDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if modesCount && info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%w: the directory %s has mode %#o; chmod 700 puts that right", ErrPermissions, dir, info.Mode().Perm())
	}
	return nil
}
