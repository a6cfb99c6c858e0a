package chain_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/store/storetest"
)

// faults are the ways for a disk to refuse a change.
var faults = []error{
	syscall.ENOSPC,
	fmt.Errorf("%w: %w", io.ErrShortWrite, syscall.ENOSPC),
	syscall.EIO,
}

// A faultyDisk refuses one change that writes or syncs, and then works again: a
// node that tried a second time would be seen.
type faultyDisk struct {
	*storetest.Disk
	refuse int   // the number of the change, among those that write or sync
	fault  error // what it fails with

	mu      sync.Mutex
	seen    int
	refused string   // the change
	after   []string // those that came all the same
	told    int      // how many of them came before the node said that it had failed; -1 before that
}

// refusing returns a copy of a disk that refuses one change.
func refusing(d *storetest.Disk, number int, fault error) *faultyDisk {
	f := &faultyDisk{Disk: d.Clone(), refuse: number, fault: fault, told: -1}
	f.Before(func(c storetest.Change, _ func() *storetest.Disk) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.seen >= f.refuse {
			f.after = append(f.after, c.Call)
			return nil
		}
		if strings.HasPrefix(c.Call, "remove") || strings.HasPrefix(c.Call, "wipe") {
			return nil
		}
		if f.seen++; f.seen < f.refuse {
			return nil
		}
		f.refused = c.Call
		return f.fault
	})
	return f
}

// tell marks the moment at which the node says that it has failed.
func (f *faultyDisk) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told < 0 {
		f.told = len(f.after)
	}
}

// hit reports whether the fault has happened.
func (f *faultyDisk) hit() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen >= f.refuse
}

// TestDiskFault refuses every write and every sync once, for want of space or
// for a defect: the node stops for good, nothing more reaches the disk, and what
// was acknowledged is there when the disk works again.
func TestDiskFault(t *testing.T) {
	s := lay(t)
	between, leap := len(s.c.steps)/2, 80
	if *everyCut {
		between, leap = 10, 1
	}
	d, tried := storetest.New(), 0
	for done := 0; done < len(s.c.steps); done += between {
		for _, fault := range faults {
			n := 1 + s.rng.IntN(leap)
			for ; s.fault(refusing(d, n, fault), done, done+min(between, 12)); n += 1 + s.rng.IntN(leap) {
				tried++
			}
		}
		l := s.begin(d, done, func(int, string) bool { return false })
		l.open("", min(done+between, len(s.c.steps)))
		l.kill()
		d = l.disk
	}
	t.Logf("%d faults", tried)
	if tried < 8 {
		t.Errorf("only %d faults", tried)
	}
}

// fault runs the node on a faulty disk until the fault stops it, or up to a step
// and its clean end when there is none, and reports whether there was one. Then
// it opens the node on the mended disk, and also after a power loss.
func (s *siege) fault(f *faultyDisk, done, last int) bool {
	s.t.Helper()
	where := fmt.Sprintf("change %d after %d steps fails with %v", f.refuse, done, f.fault)
	node, err := s.c.sit(f.Disk)
	if err == nil {
		done = s.run(where, node, f, done, last)
		err = node.db.Close()
	}
	f.tell()
	if f.hit() != (err != nil) || f.hit() && !errors.Is(err, f.fault) {
		s.t.Fatalf("%s: the end is %v, the fault was met: %v", where, err, f.hit())
	}
	s.quiet(where, f)
	f.Before(nil)
	if !f.hit() {
		return false
	}
	s.resume(where+", mended", f.Clone(), done, false)
	l := s.anyLoss()
	s.resume(fmt.Sprintf("%s, %v", where, l), f.After(l, s.rng), done, false)
	return true
}

// soon is how many steps may succeed between a fault in the background and the
// goroutine that met it saying so. As a rule it is none.
const soon = 50

// run takes steps until one fails, as one soon after the fault must, and returns
// how many were acknowledged.
func (s *siege) run(where string, node *sitting, f *faultyDisk, done, last int) int {
	s.t.Helper()
	late := 0 // steps begun after the fault
	for ; done < len(s.c.steps) && (done < last || f.hit()); done++ {
		if f.hit() {
			late++
		}
		err := s.c.steps[done](node.Manager)
		if err == nil && late < soon {
			continue
		}
		f.tell()
		if !errors.Is(err, chain.ErrFailed) || !errors.Is(err, f.fault) {
			s.t.Fatalf("%s: step %d: %v", where, done, err)
		}
		s.stopped(where, node.Manager, f.fault)
		return done
	}
	return done
}

// stopped demands that a chain has stopped for good.
func (s *siege) stopped(where string, m *chain.Manager, fault error) {
	s.t.Helper()
	<-m.Done()
	_, template := m.Template(chain.TemplateRequest{})
	_, _, group := m.AddBlocks(nil)
	for _, err := range []error{template, group, s.c.steps[0](m), s.c.steps[len(s.c.steps)-1](m)} {
		if !errors.Is(err, chain.ErrFailed) || !errors.Is(err, fault) || !errors.Is(m.Err(), fault) {
			s.t.Fatalf("%s: after the stop %v, %v", where, err, m.Err())
		}
	}
}

// quiet demands that nothing was changed once the node had said that it failed.
// Of the three goroutines that write, one for batches and two for tables, two
// may still have had a change under way, the first none that follows the fault.
func (s *siege) quiet(where string, f *faultyDisk) {
	s.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	late := strings.Join(f.after[f.told:], ", ")
	again := strings.HasSuffix(f.refused, "journal") && slices.ContainsFunc(f.after, func(call string) bool {
		return call == "write journal" || call == "sync journal"
	})
	if len(f.after)-f.told > 2 || again || strings.Contains(late, "CLEAN") {
		s.t.Fatalf("%s: after a refused %s, and yet %s", where, f.refused, strings.Join(f.after, ", "))
	}
}
