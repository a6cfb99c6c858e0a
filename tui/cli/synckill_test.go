package cli

import (
	"bytes"
	"encoding/hex"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

var (
	syncKills      = flag.Int("sync-kills", 2, "how often to kill a daemon that syncs")
	syncKillBlocks = flag.Int("sync-kill-blocks", 600, "blocks that it syncs")
)

// A peerDaemon is a daemon of simnet among others, on a data directory.
type peerDaemon struct {
	*process
	dir  string
	door string // HOST:PORT for peers
	*client.Client
}

// joinDaemon starts a daemon that knows others, and waits until it answers.
func joinDaemon(t *testing.T, dir string, others ...string) *peerDaemon {
	t.Helper()
	p := startDaemon(t, dir, others...)
	p.reach()
	return p
}

func startDaemon(t *testing.T, dir string, others ...string) *peerDaemon {
	t.Helper()
	args := []string{
		"--daemon", "--network", "simnet", "--datadir", dir, "--no-wallet", "--discover", "off",
		"--p2p-listen", "127.0.0.1:0", "--rpc-listen", "127.0.0.1:0", "--log-level", "warn",
	}
	for _, o := range others {
		args = append(args, "--add-peer", o)
	}
	// What a daemon before left says where that one was.
	if err := os.Remove(node.LayoutOf(dir, "simnet").RPCAddress()); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return &peerDaemon{process: launch(t, args...), dir: dir}
}

// reach waits until the daemon answers calls.
func (p *peerDaemon) reach() {
	p.t.Helper()
	p.until("an answer", func() bool {
		addr, cookie, err := node.LayoutOf(p.dir, "simnet").FindRPC()
		if err != nil || addr == "" {
			return false
		}
		c, err := client.New(client.Config{Addr: addr, Cookie: cookie})
		if err != nil {
			return false
		}
		info, err := api.GetNetwork.Call(p.t.Context(), c, api.None{})
		if err != nil {
			c.Close()
			return false
		}
		p.Client, p.door = c, info.Listening[0]
		return true
	})
	p.t.Cleanup(p.Close)
}

// until waits for a condition of a daemon.
func (p *peerDaemon) until(what string, holds func() bool) {
	p.t.Helper()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case <-poll.C:
		case <-limit:
			p.t.Fatalf("waited in vain for %s: %+v", what, p.progress())
		}
	}
}

func (p *peerDaemon) dag() api.Dag {
	p.t.Helper()
	d, err := api.GetBlockDagInfo.Call(p.t.Context(), p.Client, api.None{})
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// progress is how far the daemon says it is, when it answers at all.
func (p *peerDaemon) progress() (s api.Status) {
	if p.Client != nil {
		s, _ = api.GetStatus.Call(p.t.Context(), p.Client, api.None{})
	}
	return s
}

func (p *peerDaemon) kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	p.wantKilled()
}

// wantKilled waits for the end of a daemon that was killed.
func (p *peerDaemon) wantKilled() {
	p.t.Helper()
	if code := p.end(); code != -1 {
		p.t.Fatalf("the daemon ended by itself with %d:\n%s", code, &p.seen)
	}
}

// servers runs daemons that have a history, with payments, and know each other.
func servers(t *testing.T, count int) (all []*peerDaemon, doors []string) {
	t.Helper()
	p := params.SimNet()
	blocks := append([]types.Block{p.Genesis}, chaintest.NewHistorian(t, p, "historian").History(*syncKillBlocks)...)
	var text bytes.Buffer
	for i := range blocks {
		text.WriteString(hex.EncodeToString(types.Encode(&blocks[i])) + "\n")
	}
	first, file := t.TempDir(), filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, "import", file, "--network", "simnet", "--datadir", first)
	chain := node.LayoutOf(first, "simnet").Chain()
	for range count {
		dir := t.TempDir()
		if err := os.CopyFS(node.LayoutOf(dir, "simnet").Chain(), os.DirFS(chain)); err != nil {
			t.Fatal(err)
		}
		all = append(all, joinDaemon(t, dir, doors...))
		doors = append(doors, all[len(all)-1].door)
	}
	return all, doors
}

// A learner is a data directory whose daemons sync from others and are killed.
type learner struct {
	t               *testing.T
	rng             *rand.Rand
	dir             string
	doors           []string
	headers, blocks uint64 // that the last one said it had
	starts, between int    // kills on the start, and before all headers were there
}

// resume starts a daemon, which must have what the one before said it had.
func (l *learner) resume() (*peerDaemon, api.Dag) {
	l.t.Helper()
	p := joinDaemon(l.t, l.dir, l.doors...)
	now := p.dag()
	if now.Headers < l.headers || now.Blocks < l.blocks {
		l.t.Fatalf("%d headers and %d bodies after %d and %d", now.Headers, now.Blocks, l.headers, l.blocks)
	}
	return p, now
}

func (l *learner) killOnStart() {
	l.t.Helper()
	p := startDaemon(l.t, l.dir, l.doors...)
	time.AfterFunc(time.Duration(l.rng.IntN(300))*time.Millisecond, func() { _ = p.cmd.Process.Kill() })
	p.wantKilled()
	l.starts++
}

// killInSync kills a daemon that has got some headers and bodies, step at most.
func (l *learner) killInSync(step uint64) {
	l.t.Helper()
	p, now := l.resume()
	all := uint64(2 * *syncKillBlocks)
	goal := min(now.Headers+now.Blocks+1+l.rng.Uint64N(step), all)
	p.until("the sync to go on", func() bool {
		now = p.dag()
		return now.Headers+now.Blocks >= goal
	})
	p.kill()
	if l.headers, l.blocks = now.Headers, now.Blocks; l.headers < all/2 {
		l.between++
	}
	l.t.Logf("killed at %d headers and %d bodies", l.headers, l.blocks)
}

// TestKilledSyncResumes kills daemons that sync from three others, one of which
// mines, at random moments: on their start, among headers, among bodies. Each that
// follows has all headers and bodies that the one before said it had, and the last
// one gets everything.
func TestKilledSyncResumes(t *testing.T) {
	sources, doors := servers(t, 3)
	l := learner{t: t, rng: rand.New(rand.NewPCG(5, uint64(*syncKills))), dir: t.TempDir(), doors: doors}
	for kill := range *syncKills {
		if _, err := api.Generate.Call(t.Context(), sources[0].Client, api.GenerateParams{Blocks: 1}); err != nil {
			t.Fatal(err)
		}
		if kill%5 == 4 {
			l.killOnStart()
		} else {
			l.killInSync(uint64(4 * *syncKillBlocks / *syncKills))
		}
	}
	p, _ := l.resume()
	p.until("the sink of the servers", func() bool {
		ours, theirs := p.dag(), sources[0].dag()
		return ours.Sink == theirs.Sink && ours.UTXOCommitment == theirs.UTXOCommitment
	})
	for _, s := range append(sources, p) {
		if bans, err := api.GetBans.Call(t.Context(), s.Client, api.None{}); err != nil || len(bans.Bans) > 0 {
			t.Errorf("bans: %v, %v", bans, err)
		}
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &p.seen)
	}
	succeed(t, "verify", "--network", "simnet", "--datadir", l.dir)
	t.Logf("%d kills: %d on the start, %d with headers to come", *syncKills, l.starts, l.between)
}

// TestSyncPastAStoppedPeer stops one of three servers in the middle of a sync,
// which goes on with the others. It takes as long as nodes are patient.
func TestSyncPastAStoppedPeer(t *testing.T) {
	if *syncKills < 10 {
		t.Skip("it runs with -sync-kills 10 and more")
	}
	for stopped := range 3 {
		sources, doors := servers(t, 3)
		p := joinDaemon(t, t.TempDir(), doors...)
		var most uint64
		goOn := func(until func(now api.Dag) bool) func() bool {
			return func() bool {
				now := p.dag()
				if done := now.Headers + now.Blocks; done < most {
					t.Fatalf("%d headers and bodies after %d", done, most)
				} else {
					most = done
				}
				return until(now)
			}
		}
		half := uint64(*syncKillBlocks)
		p.until("half of the sync", goOn(func(now api.Dag) bool { return now.Headers+now.Blocks > half }))
		sources[stopped].signal(syscall.SIGSTOP)
		other := sources[(stopped+1)%3]
		began := time.Now()
		p.until("the sink of the servers", goOn(func(now api.Dag) bool { return now.Sink == other.dag().Sink }))
		t.Logf("server %d stopped at half the sync, which ended %v later", stopped, time.Since(began))
		for _, s := range sources {
			s.signal(syscall.SIGKILL)
			s.end()
		}
	}
}
