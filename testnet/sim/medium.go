package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/store/storetest"
)

// A medium is what a node keeps its chain on, in one life after the other.
type medium interface {
	// open returns the chain's store, and whether it was closed in an orderly way.
	open() (s chain.Store, clean bool, err error)
	// crash ends a life by a loss of power: what was not safe may be lost.
	crash(rng *rand.Rand) error
	// close ends a life in an orderly way.
	close() error
}

var schema = store.Options{Schema: store.Schema{Name: "chain", Version: 1}}

// A memory forgets nothing, whatever happens to the node.
type memory struct{ store *store.Memory }

func (m memory) open() (chain.Store, bool, error) { return m.store, true, nil }
func (m memory) crash(*rand.Rand) error           { return nil }
func (m memory) close() error                     { return nil }

// A disk is played and loses what was not synced.
type disk struct {
	played *storetest.Disk
	db     *store.DB
}

func (d *disk) open() (s chain.Store, clean bool, err error) {
	if d.db, err = store.OpenDisk(d.played, "played", schema); err != nil {
		return nil, false, err
	}
	return d.db, d.db.Clean(), nil
}

func (d *disk) crash(rng *rand.Rand) error {
	losses := storetest.Losses()
	after := d.played.After(losses[rng.IntN(len(losses))], rand.New(rand.NewPCG(rng.Uint64(), 0)))
	_ = d.db.Close()
	d.played = after
	return nil
}

func (d *disk) close() error { return d.db.Close() }

var errPower = errors.New("the power is gone")

// failSoon takes the power away in the middle of the node's next write: the write
// was made, but not made safe, and nobody was told that it succeeded. It is false
// where there is no played disk.
func (n *node) failSoon() bool {
	d, ok := n.medium.(*disk)
	if !ok {
		return false
	}
	n.failing = true
	d.played.Before(func(c storetest.Change, _ func() *storetest.Disk) error {
		if c.Call == "sync journal" {
			return errPower
		}
		return nil
	})
	return true
}

// Files are a directory, for chains that memory should not hold. A crash leaves
// what a killed process leaves.
type files struct {
	dir   string
	lives int
	db    *store.DB
}

func (f *files) path() string { return fmt.Sprintf("%s.%d", f.dir, f.lives) }

func (f *files) open() (s chain.Store, clean bool, err error) {
	if f.db, err = store.Open(f.path(), schema); err != nil {
		return nil, false, err
	}
	return f.db, f.db.Clean(), nil
}

// crash goes on in a copy of the directory. One during which the files changed is
// none that was there at any moment.
func (f *files) crash(*rand.Rand) error {
	old := f.path()
	f.lives++
	for whole := false; !whole; {
		before, err := listing(old)
		if err != nil {
			return err
		}
		if err := errors.Join(os.RemoveAll(f.path()), os.Mkdir(f.path(), 0o700)); err != nil {
			return err
		}
		failed := copyFiles(old, f.path(), before)
		after, err := listing(old)
		if err != nil {
			return err
		}
		whole = failed == nil && slices.Equal(before, after)
	}
	_ = f.db.Close()
	return os.RemoveAll(old)
}

func (f *files) close() error { return f.db.Close() }

// listing returns the names and sizes of a directory's files.
func listing(dir string) (list []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			list = append(list, fmt.Sprintf("%s %d", e.Name(), info.Size()))
		}
	}
	return list, nil
}

// copyFiles copies the files of a listing. Tables never change once there is
// more than nothing in them, so that they may be shared.
func copyFiles(from, to string, list []string) error {
	for _, line := range list {
		var name string
		var size int64
		if _, err := fmt.Sscan(line, &name, &size); err != nil {
			return err
		}
		source, target := filepath.Join(from, name), filepath.Join(to, name)
		if filepath.Ext(name) == ".ldb" {
			if err := os.Link(source, target); err != nil {
				return err
			}
			continue
		}
		data, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
