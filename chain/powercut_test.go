package chain_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/jio-dag/jio/store/storetest"
)

var everyCut = flag.Bool("every", false, "cut the power before every change of the disk in every way, and fail every one, not a sample")

// A moment is the disk as one change found it, how many steps were acknowledged
// by then, and what the node was about: "creation", "running", "closing" or
// "recovery".
type moment struct {
	disk  *storetest.Disk
	done  int
	phase string
}

// A life is a node on one disk and the moments of it that were kept.
type life struct {
	c       *chronicle
	t       *testing.T
	disk    *storetest.Disk
	sitting *sitting
	keep    func(number int, phase string) bool // of the change
	done    atomic.Int64
	phase   atomic.Value
	moments []moment // written under the lock of the disk
	changes int
}

// begin puts a node that has taken some steps on a disk.
func (s *siege) begin(d *storetest.Disk, done int, keep func(number int, phase string) bool) *life {
	l := &life{c: s.c, t: s.t, keep: keep, disk: d}
	l.done.Store(int64(done))
	return l
}

func (l *life) hook(_ storetest.Change, copied func() *storetest.Disk) error {
	phase := l.phase.Load().(string)
	if l.changes++; l.keep(l.changes, phase) {
		l.moments = append(l.moments, moment{copied(), int(l.done.Load()), phase})
	}
	return nil
}

// open starts the node, takes its steps up to a number and leaves it running.
func (l *life) open(phase string, steps int) {
	l.t.Helper()
	l.phase.Store(phase)
	l.disk.Before(l.hook)
	var err error
	if l.sitting, err = l.c.sit(l.disk); err != nil {
		l.t.Fatal(err)
	}
	l.phase.Store("running")
	for _, do := range l.c.steps[l.done.Load():steps] {
		if err := do(l.sitting.Manager); err != nil {
			l.t.Fatal(err)
		}
		l.done.Add(1)
	}
}

// close ends the node cleanly.
func (l *life) close() {
	l.t.Helper()
	l.phase.Store("closing")
	if err := l.sitting.db.Close(); err != nil {
		l.t.Fatal(err)
	}
}

// kill ends the node as a signal does; what it wrote stays.
func (l *life) kill() {
	killed := l.disk.Clone()
	l.disk.Before(nil)
	_ = l.sitting.db.Close()
	l.disk = killed
}

// whole lives the chronicle from an empty disk: it is closed once and killed
// twice on the way.
func (l *life) whole() {
	l.t.Helper()
	n := len(l.c.steps)
	l.open("creation", n/4)
	l.close()
	l.open("recovery", n/2)
	l.kill()
	l.open("recovery", 3*n/4)
	l.kill()
	l.open("recovery", n)
	l.close()
}

// A siege cuts the power again and again and counts.
type siege struct {
	c      *chronicle
	t      *testing.T
	rng    *rand.Rand
	cuts   int
	phases map[string]int
	losses map[storetest.Loss]int
	deep   map[int]int // by how many power losses in a row
}

func lay(t *testing.T) *siege {
	c := chronicles()
	c.record(t)
	return &siege{
		c: c, t: t, rng: rand.New(rand.NewPCG(1, 7)),
		phases: make(map[string]int), losses: make(map[storetest.Loss]int), deep: make(map[int]int),
	}
}

// cut takes the power at a moment and demands that the node stands where it was
// acknowledged to be, or one step further, and goes on. depth counts the power
// losses in a row.
func (s *siege) cut(m moment, l storetest.Loss, depth int) (d *storetest.Disk, done int) {
	s.t.Helper()
	s.cuts++
	s.phases[m.phase]++
	s.losses[l]++
	s.deep[depth]++
	d = m.disk.After(l, s.rng)
	where := fmt.Sprintf("cut %d, in %s after %d steps, %v", s.cuts, m.phase, m.done, l)
	done = s.resume(where, d.Clone(), m.done, s.cuts%thorough == 0)
	if s.t.Failed() {
		s.t.FailNow()
	}
	return d, done
}

// thorough is how seldom a node that came back takes all steps that are left,
// and is verified.
const thorough = 50

// resume opens the node on what is left and returns the steps found there.
func (s *siege) resume(where string, d *storetest.Disk, done int, toTheEnd bool) (found int) {
	s.t.Helper()
	node, err := s.c.sit(d)
	if err != nil {
		s.t.Fatalf("%s: the node does not open: %v", where, err)
	}
	if found = done; !s.c.reached(node.Manager, done) && s.c.reached(node.Manager, done+1) {
		found++
	}
	s.c.compare(s.t, found, node)
	end := min(found+2, len(s.c.steps))
	if toTheEnd {
		mustVerify(s.t, node.Manager)
		end = len(s.c.steps)
	}
	for i := found; i < end; i++ {
		if err := s.c.steps[i](node.Manager); err != nil {
			s.t.Fatalf("%s: step %d: %v", where, i, err)
		}
	}
	if toTheEnd {
		s.c.compare(s.t, end, node)
		mustVerify(s.t, node.Manager)
	}
	if !s.c.reached(node.Manager, end) {
		s.t.Errorf("%d steps further it is at %+v", end-found, node.Snapshot())
	}
	if err := node.db.Close(); err != nil || s.t.Failed() {
		s.t.Fatalf("%s: as above, closed with %v", where, err)
	}
	return found
}

func (s *siege) report(changes int) {
	recovery := s.phases["recovery"] * 100 / s.cuts
	s.t.Logf("%d changes of the disk, %d power losses, 0 not opened, 0 that differ; %d %% in recovery; %v; in a row: %v; %v",
		changes, s.cuts, recovery, s.phases, s.deep, s.losses)
}

// TestPowerCut cuts the power before every change of the disk.
func TestPowerCut(t *testing.T) {
	s := lay(t)
	stride := 41
	if *everyCut {
		stride = 1
	}
	l := s.begin(storetest.New(), 0, func(n int, phase string) bool { return n%stride == 0 || phase == "creation" || phase == "closing" })
	l.whole()
	ways := storetest.Losses()
	for i, m := range l.moments {
		for j := range ways {
			if *everyCut && j%3 == i%3 || i%len(ways) == j {
				s.cut(m, ways[j], 1)
			}
		}
	}
	s.report(l.changes)
	if len(s.losses) != len(ways) || !slices.Equal(slices.Sorted(maps.Keys(s.phases)), []string{"closing", "creation", "recovery", "running"}) {
		t.Errorf("not every kind of moment, or of loss, was met: %v, %v", s.phases, s.losses)
	}
}

// TestPowerCutDuringRecovery cuts the power, cuts it again during the start after
// that, and once more during the next.
func TestPowerCutDuringRecovery(t *testing.T) {
	s := lay(t)
	stride := 900
	if *everyCut {
		stride = 60
	}
	l := s.begin(storetest.New(), 0, func(n int, phase string) bool { return n%stride == 0 || phase == "creation" && (*everyCut || n == 5) })
	l.whole()
	for _, m := range l.moments {
		d, done := s.cut(m, s.anyLoss(), 1)
		s.recoveries(d, done, 2)
	}
	s.report(l.changes)
	if s.deep[3] == 0 || s.phases["recovery"]*5 < s.cuts {
		t.Errorf("too few of the cuts fell into a recovery: %v, %v", s.phases, s.deep)
	}
}

func (s *siege) anyLoss() storetest.Loss {
	ways := storetest.Losses()
	return ways[s.rng.IntN(len(ways))]
}

// recoveries starts the node on what a power loss left, lets it take a step and
// cuts the power at every change; after one of the second cuts in a row it does
// so again.
func (s *siege) recoveries(d *storetest.Disk, done, depth int) {
	s.t.Helper()
	stride := 11
	if *everyCut {
		stride = 1
	}
	l := s.begin(d.Clone(), done, func(n int, _ string) bool { return n%stride == 0 })
	l.open("recovery", min(done+1, len(s.c.steps)))
	l.close()
	deeper := s.rng.IntN(len(l.moments))
	for i, m := range l.moments {
		left, found := s.cut(m, s.anyLoss(), depth)
		if depth == 2 && i == deeper {
			s.recoveries(left, found, depth+1)
		}
	}
}
