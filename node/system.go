package node

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jio-dag/jio/node/api"
)

// diskInterval is how often the files of the data directory are counted.
const diskInterval = 10 * time.Second

// A diskMeter knows how large a directory is. Counting takes a while, so it
// remembers.
type diskMeter struct {
	dir  string
	mu   sync.Mutex // guards what follows
	size uint64
	next time.Time
}

// bytes returns the size of all files in the directory, some seconds old at
// most.
func (d *diskMeter) bytes(now time.Time) uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Before(d.next) {
		return d.size
	}
	d.next = now.Add(diskInterval)
	d.size = 0
	_ = filepath.WalkDir(d.dir, func(_ string, file fs.DirEntry, err error) error {
		if err != nil || !file.Type().IsRegular() {
			return nil // gone meanwhile, which is everyday life in a database
		}
		if info, err := file.Info(); err == nil {
			d.size += uint64(info.Size())
		}
		return nil
	})
	return d.size
}

// system says what the process costs its machine.
func (n *Node) system() api.System {
	in, out := n.traffic()
	return api.System{
		BytesIn: in, BytesOut: out,
		MemoryBytes: residentBytes(),
		DiskBytes:   n.disk.bytes(time.Now()),
		DiskFree:    freeBytes(n.layout.Dir),
		CPUSeconds:  cpuSeconds(),
		Goroutines:  runtime.NumGoroutine(),
	}
}

// residentBytes is what Linux says is in memory; elsewhere what Go has mapped.
func residentBytes() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
		if pages, err := strconv.ParseUint(fields[1], 10, 64); err == nil {
			return pages * uint64(os.Getpagesize())
		}
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}

func freeBytes(dir string) uint64 {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0
	}
	return s.Bavail * uint64(s.Bsize)
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
