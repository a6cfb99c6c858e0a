package storetest

import (
	"bytes"
	"maps"
	"slices"

	"github.com/syndtr/goleveldb/leveldb/storage"
)

// A file is known by the entries of directories. It only grows, so that copies
// may share its bytes.
type file struct {
	fd     storage.FileDesc // zero for notes and the entry file
	data   []byte
	synced int // how many bytes outlive a power loss
}

// whole returns a file that was synced before it got its name.
func whole(data []byte) *file { return &file{data: bytes.Clone(data), synced: len(data)} }

// A directory is files by name.
type directory map[string]*file

func (d directory) names() []string { return slices.Sorted(maps.Keys(d)) }

// clone returns a directory of the same files.
func (d directory) clone() directory { return maps.Clone(d) }

// copy returns a directory of files of its own; twins has the copies made so
// far, by their originals.
func (d directory) copy(twins map[*file]*file) directory {
	copied := make(directory, len(d))
	for name, f := range d {
		if twins[f] == nil {
			twins[f] = &file{f.fd, slices.Clip(f.data), f.synced}
		}
		copied[name] = twins[f]
	}
	return copied
}

// Same reports whether two disks show the same entries and the same bytes.
func Same(a, b *Disk) bool {
	x, y := a.Clone().now, b.Clone().now
	return maps.EqualFunc(x, y, func(f, g *file) bool { return f.fd == g.fd && bytes.Equal(f.data, g.data) })
}
