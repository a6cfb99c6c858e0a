package sim

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/store/storetest"
)

const (
	minute = time.Minute
	// settling is how long the network has to agree after a trouble ends.
	settling = time.Minute
	// shallow is how many seconds' worth of blocks below the lowest sink the honest
	// nodes agree at any time but in a partition.
	shallow = 60
	// maxJump is how far a clock jumps at once, and maxSkew how far off it may be by
	// then. Where somebody mines as far ahead of time as others allow, a node lags
	// behind another by as much as their clocks differ: less than they have to settle.
	maxJump, maxSkew = 30 * time.Second, 20 * time.Second
)

// begin makes the nodes and sets all that will happen to them going.
func (w *World) begin() {
	for i := range w.scenario.nodes {
		w.nodes = append(w.nodes, w.newNode(i))
	}
	w.ring()
	for i, n := range w.nodes {
		if w.scenario.late && i == w.scenario.nodes-1 {
			w.after(w.scenario.duration/2, n.begin)
		} else {
			n.begin()
		}
	}
	w.mend()
	w.every(steady(2*time.Second), w.mend)
	w.every(w.around(time.Duration(w.params.Spacing)*time.Millisecond/time.Duration(w.scenario.hash)), w.mineSomewhere)
	w.every(steady(time.Second), w.act)
	if w.scenario.payments {
		w.every(w.around(3*time.Second), w.pay)
	}
	if w.scenario.partition {
		w.after(w.between(20*time.Second, minute), w.partition)
	}
	if w.cfg.Halves > 0 {
		w.after(minute, w.halve)
	}
	if w.scenario.crash {
		w.every(w.around(40*time.Second), w.crashSomebody)
	}
	if w.scenario.jumps {
		w.every(w.around(minute), w.jump)
	}
	w.every(steady(minute), w.turnMinute)
	if w.cfg.Watch != nil {
		w.every(steady(time.Hour), func() { w.cfg.Watch(w.report) })
	}
}

// newNode makes a node that was not started yet. Byzantine ones come first; every
// third node keeps its chain on a disk.
func (w *World) newNode(i int) *node {
	n := &node{w: w, index: i, id: syncer.PeerID(fmt.Sprintf("n%d", i)), bans: make(map[syncer.PeerID]bool)}
	n.purse = newPurse(string(n.id))
	n.skew = w.between(-w.scenario.skew, w.scenario.skew)
	if i < len(w.scenario.actors) {
		actor := w.scenario.actors[i]
		n.actor = &actor
		w.report.Actors = append(w.report.Actors, actor.name)
	}
	if n.medium = w.scratch(); w.cfg.Dir == "" && i%3 == 2 {
		n.medium = &disk{played: storetest.New()}
	}
	return n
}

// scratch returns a new medium that outlives the node's lives.
func (w *World) scratch() medium {
	if w.cfg.Dir == "" {
		return memory{store.NewMemory()}
	}
	w.media++
	return &files{dir: filepath.Join(w.cfg.Dir, fmt.Sprint(w.media))}
}

// mineSomewhere gives the easiest block's worth of work to a node, Byzantine ones
// getting their share of all. It finds a block with the chance that the difficulty
// on its own virtual leaves.
func (w *World) mineSomewhere() {
	evil, who, luck := w.chance(w.scenario.byzantine), w.rng.Uint64(), w.rng.Float64()
	var miners []*node
	for _, n := range w.nodes {
		if n.honest() != evil && n.up {
			miners = append(miners, n)
		}
	}
	if len(miners) == 0 || w.stopped {
		return
	}
	n := miners[who%uint64(len(miners))]
	switch {
	case luck > n.ease():
	case !n.honest() && !w.quiet && n.actor.mine != nil:
		n.actor.mine(n)
	case n.honest() && n.core.Status().Synced:
		n.mine()
	}
}

// ease returns how the target on the node's virtual compares with the easiest.
func (n *node) ease() float64 {
	easiest, _ := pow.DecodeCompact(n.w.params.MaxBits)
	now, _ := pow.DecodeCompact(n.chain.Snapshot().Bits)
	return float64(now.Rsh(192)[0]) / float64(easiest.Rsh(192)[0])
}

// act lets every Byzantine node do its work.
func (w *World) act() {
	for _, n := range w.nodes {
		if !n.honest() && n.up && !w.quiet && n.actor.act != nil {
			n.actor.act(n)
		}
	}
}

// turnMinute does what keeps the World small however long it lasts.
func (w *World) turnMinute() {
	for _, n := range w.nodes {
		n.seen.turn()
	}
	w.checker.judgeOld()
	w.catch(w.now - 2*minute)
}

// jump sets somebody's clock forwards or back.
func (w *World) jump() {
	n, by := w.nodes[w.rng.IntN(len(w.nodes))], w.between(-maxJump, maxJump)
	if w.quiet {
		return
	}
	n.skew = max(-maxSkew, min(maxSkew, n.skew+by))
	w.record("the clock of %s jumps to %v off", n.id, n.skew)
}

// crashSomebody stops an honest node in an orderly way, or takes its power away:
// between two writes, or in the middle of the next.
func (w *World) crashSomebody() {
	n, way := w.nodes[w.rng.IntN(len(w.nodes))], w.rng.IntN(3)
	switch {
	case w.quiet || !n.up || !n.honest() || len(w.honestUp()) < 2:
	case way == 0:
		w.report.Crashes++
		n.end()
		w.restart(n)
	case way == 1 && n.failSoon():
	default:
		w.crash(n)
	}
}

// crash takes the power from a node, which comes back after a while.
func (w *World) crash(n *node) {
	w.report.Crashes++
	n.crash()
	w.restart(n)
}

func (w *World) restart(n *node) {
	w.after(w.between(time.Second, 30*time.Second), func() {
		if !n.up {
			n.begin()
		}
	})
}

// partition cuts the network for a while in one of several ways; connections
// notice after some seconds.
func (w *World) partition() {
	if w.quiet {
		return
	}
	side := make(map[*node]bool)
	for _, n := range w.nodes {
		side[n] = w.chance(0.5)
	}
	one := w.nodes[w.rng.IntN(len(w.nodes))]
	ways := []func(from, to *node) bool{
		func(from, to *node) bool { return side[from] != side[to] },
		func(from, to *node) bool { return side[from] && !side[to] },
		func(from, to *node) bool { return from == one || to == one },
	}
	way := w.rng.IntN(len(ways))
	w.parted = ways[way]
	w.record("partition of kind %d", way)
	w.after(w.between(0, 8*time.Second), w.cut)
	w.after(w.between(10*time.Second, minute), w.heal)
}

// halve cuts the network in two halves.
func (w *World) halve() {
	half := func(n *node) bool { return n.index < len(w.nodes)/2 }
	w.parted = func(from, to *node) bool { return half(from) != half(to) }
	w.record("two halves")
	w.cut()
	w.after(w.cfg.Halves, w.heal)
}

// heal ends a partition. A minute later the honest nodes must agree, unless more
// has happened by then, and the next one may come.
func (w *World) heal() {
	w.parted = nil
	w.record("the partition heals")
	w.mend()
	crashes := w.report.Crashes
	w.after(settling, func() {
		if w.report.Crashes == crashes && !w.quiet {
			if err := w.checker.agreed(shallow * w.params.BlocksPerSecond); err != nil {
				w.fail("a minute after a partition: %w", err)
			}
		}
	})
	if w.scenario.partition {
		w.after(settling+w.between(0, minute), w.partition)
	}
}

// rest ends all trouble, lets the honest nodes mine on for a while and then
// demands that they come to one sink.
func (w *World) rest() {
	w.quiet, w.parted = true, nil
	w.record("the trouble ends")
	for _, n := range w.nodes {
		if !n.up && w.failure == nil {
			n.begin()
		}
	}
	w.mend()
	w.pass(settling / 2)
	w.stopped = true
	from := w.now
	for w.failure == nil && !w.checker.oneSink() && w.now-from < settling {
		w.pass(100 * time.Millisecond)
	}
	w.report.Converged = w.now - from
	if w.failure != nil {
		return
	}
	if !w.checker.oneSink() {
		w.fail("a minute after the last block the honest nodes stand at %v", w.sinks())
		return
	}
	w.checker.atRest()
	w.summarise()
}

// sinks says where the honest nodes stand.
func (w *World) sinks() (at []string) {
	for _, n := range w.honestUp() {
		s := n.chain.Snapshot()
		at = append(at, fmt.Sprintf("%s: %v (score %d, %+v)", n.id, s.Sink, s.BlueScore, n.core.Status()))
	}
	return at
}

// summarise fills the report from the chain of the first honest node.
func (w *World) summarise() {
	n := w.honestUp()[0]
	w.report.Blocks = n.chain.Snapshot().Blocks
	err := n.eachChainBlock(func(u chain.Update) error {
		info, err := n.chain.Info(u.Hash)
		w.report.Reds += len(info.Reds)
		w.report.Payments += uint64(payments(u.Acceptance.TxIDs(), len(u.Acceptance.Blocks)))
		return err
	})
	if err != nil {
		w.fail("%s: %w", n.id, err)
	}
}

// payments returns how many of the accepted transactions are no coinbase: all but
// the selected parent's, which is the first when it pays anything.
func payments(ids []types.Hash, blocks int) int { return max(0, len(ids)-min(blocks, 1)) }

// close lets go of the databases.
func (w *World) close() {
	for _, n := range w.nodes {
		if n.up {
			_ = n.medium.close()
		}
	}
}
