package keystore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var errBroken = errors.New("the disk is broken")

// An inode is a file or a directory, whatever its name.
type inode struct {
	dir    bool
	data   []byte
	synced int // how much of data is durable
}

// A moment is what a disk holds and what of it is durable, by path.
type moment struct{ now, durable map[string]inode }

// A lossyDisk carries each call but syncs out on the disk of the machine and
// notes, before each, what a power loss at that moment may leave. One call can
// be made to fail, and every later one too.
type lossyDisk struct {
	osDisk
	now, durable map[string]*inode
	moments      []moment
	written      bytes.Buffer
	calls        int
	breaks       int  // the call that fails, counted from 0; -1 for none
	forGood      bool // and all after it
	late         bool // it fails after its work is done
}

// newLossyDisk holds what is below root, all of it durable.
func newLossyDisk(t *testing.T, root string) *lossyDisk {
	d := &lossyDisk{breaks: -1, now: make(map[string]*inode)}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			d.now[path] = &inode{dir: true}
		} else if err == nil {
			data := mustRead(t, path)
			d.now[path] = &inode{data: data, synced: len(data)}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.durable = maps.Clone(d.now)
	return d
}

func (d *lossyDisk) snapshot() moment {
	frozen := func(names map[string]*inode) map[string]inode {
		copied := make(map[string]inode)
		for path, node := range names {
			copied[path] = *node
		}
		return copied
	}
	return moment{frozen(d.now), frozen(d.durable)}
}

// do carries out work unless it is the turn of the broken call.
func (d *lossyDisk) do(work func() error) error {
	d.moments = append(d.moments, d.snapshot())
	turn := d.calls
	d.calls++
	broken := d.breaks >= 0 && (turn == d.breaks || d.forGood && turn > d.breaks)
	if broken && !d.late {
		return errBroken
	}
	err := work()
	if broken {
		err = errBroken
	}
	return err
}

func (d *lossyDisk) create(path string) (out output, err error) {
	err = d.do(func() error {
		file, err := d.osDisk.create(path)
		if err != nil {
			return err
		}
		d.now[path] = new(inode)
		out = &lossyOutput{d, file, d.now[path]}
		return nil
	})
	if err != nil && out != nil {
		out.(*lossyOutput).output.Close()
	}
	return out, err
}

func (d *lossyDisk) rename(from, to string) error {
	return d.do(func() error {
		err := d.osDisk.rename(from, to)
		if err == nil {
			d.now[to] = d.now[from]
			delete(d.now, from)
		}
		return err
	})
}

func (d *lossyDisk) remove(path string) error {
	return d.do(func() error {
		err := d.osDisk.remove(path)
		if err == nil {
			delete(d.now, path)
		}
		return err
	})
}

func (d *lossyDisk) mkdir(path string) error {
	return d.do(func() error {
		err := d.osDisk.mkdir(path)
		if err == nil {
			d.now[path] = &inode{dir: true}
		}
		return err
	})
}

// syncDir makes the names in a directory durable, not what they stand for.
func (d *lossyDisk) syncDir(dir string) error {
	return d.do(func() error {
		for path, node := range d.now {
			if filepath.Dir(path) == dir {
				d.durable[path] = node
			}
		}
		maps.DeleteFunc(d.durable, func(path string, _ *inode) bool { return filepath.Dir(path) == dir && d.now[path] == nil })
		return nil
	})
}

type lossyOutput struct {
	d      *lossyDisk
	output output
	node   *inode
}

func (o *lossyOutput) append(data []byte) error {
	o.node.data = append(slices.Clip(o.node.data), data...)
	_, err := o.output.Write(data)
	return err
}

// Write leaves half of the data where it fails, as a full disk does.
func (o *lossyOutput) Write(data []byte) (int, error) {
	o.d.written.Write(data)
	err := o.d.do(func() error { return o.append(data) })
	if errors.Is(err, errBroken) && !o.d.late {
		return len(data) / 2, errors.Join(err, o.append(data[:len(data)/2]))
	}
	return len(data), err
}

func (o *lossyOutput) Sync() error {
	return o.d.do(func() error {
		o.node.synced = len(o.node.data)
		return nil
	})
}

// Close closes in any case.
func (o *lossyOutput) Close() error {
	err := o.output.Close()
	return errors.Join(o.d.do(func() error { return nil }), err)
}

// remains lists what may be left of a file: what was synced, and of the rest
// nothing, half, zeros or all.
func (n inode) remains() [][]byte {
	if n.synced == len(n.data) {
		return [][]byte{n.data}
	}
	half := (n.synced + len(n.data)) / 2
	zeros := append(slices.Clone(n.data[:n.synced]), make([]byte, len(n.data)-n.synced)...)
	return [][]byte{n.data[:n.synced], n.data[:half], zeros, n.data}
}

// A world is what is found after a power loss, by path; directories are nil.
type world map[string][]byte

// worlds are all that a power loss at this moment may leave, taking each name
// for itself: the change to it since the last sync of its directory has
// happened or has not.
func (m moment) worlds() []world {
	worlds := []world{{}}
	names := slices.Sorted(maps.Keys(m.now))
	for path := range m.durable {
		if _, ok := m.now[path]; !ok {
			names = append(names, path)
		}
	}
	for _, path := range names {
		var next []world
		for _, state := range []map[string]inode{m.durable, m.now} {
			node, ok := state[path]
			for _, w := range worlds {
				next = append(next, w.with(path, node, ok)...)
			}
		}
		worlds = next
	}
	return worlds
}

// with returns the worlds that w becomes with a name, or without it.
func (w world) with(path string, node inode, exists bool) []world {
	if !exists {
		return []world{w}
	}
	remains := [][]byte{nil}
	if !node.dir {
		remains = node.remains()
	}
	var worlds []world
	for _, data := range remains {
		next := maps.Clone(w)
		next[path] = data
		if data == nil && !node.dir {
			next[path] = []byte{}
		}
		worlds = append(worlds, next)
	}
	return worlds
}

// A change is one use of a File that writes. The world it starts from has an
// old file in root/old.
type change struct {
	name  string
	paths []string // the files it may touch, below the root
	run   func(root string, d disk) error
}

func lossyAt(d disk, path string) *File {
	f := cheapAt(path)
	f.disk = d
	return f
}

func changes(t *testing.T) []change {
	s, _, _ := canaries(t)
	more, _, _ := canaries(t)
	if _, err := more.AddSeed(About{Label: "third"}, make([]byte, 32), testRandom(9)); err != nil {
		t.Fatal(err)
	}
	return []change{
		{"Create", []string{"old", "new/deep/secrets"}, func(root string, d disk) error {
			return lossyAt(d, filepath.Join(root, "new/deep/secrets")).Create(canaryPassword, s)
		}},
		{"Save", []string{"old"}, func(root string, d disk) error {
			return lossyAt(d, filepath.Join(root, "old")).Save(canaryPassword, more)
		}},
		{"ChangePassword", []string{"old"}, func(root string, d disk) error {
			return lossyAt(d, filepath.Join(root, "old")).ChangePassword(canaryPassword, newPassword)
		}},
		{"Backup", []string{"old", "backup"}, func(root string, d disk) error {
			return lossyAt(d, filepath.Join(root, "old")).Backup(filepath.Join(root, "backup"))
		}},
		{"Restore", []string{"old", "new/secrets"}, func(root string, d disk) error {
			return lossyAt(d, filepath.Join(root, "new/secrets")).Restore(filepath.Join(root, "old"), canaryPassword)
		}},
	}
}

const leftOver = "half a file"

// startingRoot makes a directory with an old file and what an earlier power
// loss left beside it.
func startingRoot(t *testing.T) string {
	root := privateDir(t)
	s, _, _ := canaries(t)
	if err := cheapAt(filepath.Join(root, "old")).Create(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "old.new"), []byte(leftOver), 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

// verdict tells what is in a file: "absent", or by which password it opens and
// how many secrets it gives, or why it does not open.
func verdict(path string) string {
	var failure error
	for _, password := range [][]byte{canaryPassword, newPassword} {
		secrets, err := cheapAt(path).Unlock(password)
		if err == nil {
			return fmt.Sprintf("%d secrets by %q", len(secrets.list), password)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return "absent"
		}
		failure = err
	}
	return failure.Error()
}

func (c change) verdicts(root string) string {
	var all []string
	for _, path := range c.paths {
		all = append(all, path+": "+verdict(filepath.Join(root, path)))
	}
	return strings.Join(all, ", ")
}

// A trial is a run of a change on a lossy disk, with what may be found before
// and after it.
type trial struct {
	*testing.T
	change
	root          string
	before, after string
	judged        map[string]string // worlds seen already
}

// live runs the change in a root of its own.
func (c trial) live(t *testing.T, prepare func(*lossyDisk)) (*lossyDisk, string, error) {
	root := startingRoot(t)
	d := newLossyDisk(t, root)
	prepare(d)
	err := c.run(root, d)
	d.moments = append(d.moments, d.snapshot())
	return d, root, err
}

// judge lays a world out on the disk of the machine and looks at its files.
func (c trial) judge(root string, w world) string {
	paths, key := slices.Sorted(maps.Keys(w)), ""
	for _, path := range paths {
		key += strings.TrimPrefix(path, root) + "\x00" + string(w[path]) + "\x00"
	}
	if known, ok := c.judged[key]; ok {
		return known
	}
	ruin := filepath.Join(c.TempDir(), "ruin")
	for _, path := range paths {
		to := ruin + strings.TrimPrefix(path, root)
		if w[path] == nil {
			_ = os.Mkdir(to, 0o700) // its parent may be lost
		} else {
			_ = os.WriteFile(to, w[path], 0o600)
		}
	}
	c.judged[key] = c.verdicts(ruin)
	return c.judged[key]
}

// assertWorlds checks every world that the power may fail into.
func (c trial) assertWorlds(t *testing.T, d *lossyDisk, root string) (seen map[string]int) {
	seen = make(map[string]int)
	for i, m := range d.moments {
		for _, w := range m.worlds() {
			got := c.judge(root, w)
			if seen[got]++; got != c.before && got != c.after {
				t.Errorf("power lost before call %d of %d: %s", i, d.calls, got)
			}
		}
	}
	return seen
}

// assertNoLeftOver looks for unfinished files, other than that of startingRoot.
func assertNoLeftOver(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".new") && string(mustRead(t, path)) != leftOver {
			t.Errorf("left over: %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPowerLoss cuts the power before every call that changes the disk, and
// after the last: the old or the new file opens, and once a change is
// acknowledged, the new one.
func TestPowerLoss(t *testing.T) {
	for _, c := range changes(t) {
		t.Run(c.name, func(t *testing.T) {
			trial := newTrial(t, c)
			d, root, err := trial.live(t, func(*lossyDisk) {})
			if err != nil {
				t.Fatal(err)
			}
			seen := trial.assertWorlds(t, d, root)
			if d.calls < 6 || seen[trial.before] == 0 || seen[trial.after] == 0 || trial.before == trial.after {
				t.Errorf("too little was tried: %d calls, %v", d.calls, seen)
			}
			for _, w := range d.moments[len(d.moments)-1].worlds() {
				if got := trial.judge(root, w); got != trial.after {
					t.Errorf("power lost after the end: %s", got)
				}
			}
			assertNoCanary(t, "what was written", d.written.Bytes())
			t.Logf("%d calls, %d worlds, %d of them different", d.calls, seen[trial.before]+seen[trial.after], len(trial.judged))
		})
	}
}

// TestBrokenDisk lets every call fail in turn: alone, or with all after it;
// instead of doing its work, or after it. The failure is told, the old or the
// new file opens even if the power fails on top, and nothing is left over.
func TestBrokenDisk(t *testing.T) {
	for _, c := range changes(t) {
		t.Run(c.name, func(t *testing.T) {
			trial := newTrial(t, c)
			healthy, _, _ := trial.live(t, func(*lossyDisk) {})
			for turn := range healthy.calls {
				for mode := range 4 {
					trial.assertSurvives(t, turn, mode&1 != 0, mode&2 != 0)
				}
			}
		})
	}
}

func newTrial(t *testing.T, c change) trial {
	root := startingRoot(t)
	trial := trial{T: t, change: c, root: root, judged: make(map[string]string), before: c.verdicts(root)}
	if err := c.run(root, osDisk{}); err != nil {
		t.Fatal(err)
	}
	trial.after = c.verdicts(root)
	return trial
}

func (c trial) assertSurvives(t *testing.T, turn int, forGood, late bool) {
	t.Helper()
	d, root, err := c.live(t, func(d *lossyDisk) { d.breaks, d.forGood, d.late = turn, forGood, late })
	if !errors.Is(err, errBroken) {
		t.Errorf("call %d failed and the change returned %v", turn, err)
	}
	got := c.verdicts(root)
	if got != c.before && got != c.after {
		t.Errorf("call %d failed: %s", turn, got)
	}
	if errors.Is(err, ErrUncertain) && got != c.after {
		t.Errorf("call %d failed: uncertain, yet %s", turn, got)
	}
	c.assertWorlds(t, d, root)
	if !forGood && !late {
		assertNoLeftOver(t, root)
	}
	assertNoCanary(t, "what was written", d.written.Bytes())
	assertNoCanary(t, "the error", []byte(err.Error()))
}
