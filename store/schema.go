package store

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A Schema names what a database holds and in which layout. It is compared for
// equality: a database of another name or version is refused.
type Schema struct {
	Name    string
	Version uint32
}

// String returns the schema in words.
func (s Schema) String() string { return fmt.Sprintf("%q records of version %d", s.Name, s.Version) }

// stampVersion leads the stored stamp.
const stampVersion = 1

// stamp returns the stored form: version byte, u32 schema version, name.
func (s Schema) stamp() []byte {
	return append(binary.LittleEndian.AppendUint32([]byte{stampVersion}, s.Version), s.Name...)
}

// parseStamp is the inverse of stamp; the zero Schema stands for anything that
// is not a stamp.
func parseStamp(data []byte) Schema {
	if len(data) < 5 || data[0] != stampVersion {
		return Schema{}
	}
	return Schema{Name: string(data[5:]), Version: binary.LittleEndian.Uint32(data[1:])}
}

// Options says what a database holds and how much memory it may use.
type Options struct {
	// Schema is stamped into a new database and demanded of an old one.
	Schema Schema
	// CacheBytes is the memory for cached blocks and for writes on their way
	// into tables; 0 means 16 MiB, and less than 4 MiB is raised to 4 MiB.
	CacheBytes int
	// TableBytes is the size of the write buffer and of a table; 0 takes the
	// first from CacheBytes and the second from goleveldb. Tests want it small.
	TableBytes int
}

const (
	defaultCache = 16 << 20
	leastCache   = 4 << 20
	mostBuffer   = 64 << 20
)

// buffers divides CacheBytes: an eighth to the write buffer, of which goleveldb
// may hold two, and the rest to the block cache.
func (o Options) buffers() (blocks, writes int) {
	total := o.CacheBytes
	if total == 0 {
		total = defaultCache
	}
	total = min(max(total, leastCache), math.MaxInt32)
	writes = min(total/8, mostBuffer)
	blocks = total - 2*writes
	return blocks, writes
}
