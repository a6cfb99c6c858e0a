package cli

import (
	"encoding/hex"
	"flag"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

var kills = flag.Int("kills", 3, "how often to kill a mining daemon")

// A victim is a data directory whose daemon is killed again and again, and the
// blocks that its daemons said they had found.
type victim struct {
	t     *testing.T
	dir   string
	found []types.Hash
}

// TestKilledDaemonLosesNothing kills mining daemons at random moments of their
// start and of their work. Each goes on where the last one was, by itself, and
// has every block that was reported; ten in a row work in one directory.
func TestKilledDaemonLosesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	mining, blocks, exports := 0, 0, 0
	for killed := 0; killed < *kills; {
		v := &victim{t: t, dir: t.TempDir()}
		for range min(10, *kills-killed) {
			killed++
			delay := time.Duration(5+rng.IntN(496)) * time.Millisecond
			if v.kill(rng.IntN(2) == 0, delay) {
				mining++
			}
			if rng.IntN(3) == 0 { // else the next daemon starts after a kill
				v.check()
				exports++
			}
		}
		v.check()
		succeed(t, "verify", "--network", "simnet", "--datadir", v.dir)
		blocks += len(v.found)
	}
	t.Logf("%d kills, %d of them while mining; %d blocks reported, none lost; %d exports between", *kills, mining, blocks, exports)
}

var foundLine = regexp.MustCompile(`found block hash=([0-9a-f]{64}) `)

// kill starts a daemon and kills it some time later, counted from its start or
// from the first block it finds. It reports whether it had found one.
func (v *victim) kill(atWork bool, delay time.Duration) (mined bool) {
	v.t.Helper()
	p := launch(v.t, "--daemon", "--network", "simnet", "--mine", "--threads", "1", "--datadir", v.dir)
	strike := func() { time.AfterFunc(delay, func() { _ = p.cmd.Process.Kill() }) }
	if !atWork {
		strike()
	}
	for p.lines.Scan() {
		p.seen.WriteString(p.lines.Text() + "\n")
		said := foundLine.FindStringSubmatch(p.lines.Text())
		if said == nil {
			continue
		}
		hash, err := types.ParseHash(said[1])
		if err != nil {
			v.t.Fatal(err)
		}
		v.found = append(v.found, hash)
		if !mined && atWork {
			strike()
		}
		mined = true
	}
	if code := p.end(); code != -1 {
		v.t.Fatalf("the daemon ended by itself with %d:\n%s", code, &p.seen)
	}
	return mined
}

// check demands that every block reported is in the DAG.
func (v *victim) check() {
	v.t.Helper()
	out := succeed(v.t, "export", "-", "--network", "simnet", "--datadir", v.dir)
	there := make(map[types.Hash]bool)
	for line := range strings.Lines(out.stdout) {
		var b types.Block
		raw, err := hex.DecodeString(strings.TrimSpace(line))
		if err == nil {
			err = types.Decode(raw, &b)
		}
		if err != nil {
			v.t.Fatal(err)
		}
		there[b.Hash()] = true
	}
	for i, hash := range v.found {
		if !there[hash] {
			v.t.Fatalf("block %v, the %dth of %d that were reported, is lost; %d are there\n%s", hash, i+1, len(v.found), len(there), out.stderr)
		}
	}
}
