package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A checker holds the nodes against what the network promises.
type checker struct {
	w      *World
	states map[types.Hash]string // what nodes with these tips made of them
	recent []types.Hash          // tips in states, the oldest first
	final  map[*node]types.Hash  // the last finality point of each
	found  []find                // blocks of honest nodes
}

// A find is a block that an honest node mined.
type find struct {
	hash types.Hash
	by   *node
	at   time.Duration
}

var tipsDomain = types.NewDomain("JioSimTips")

func (c *checker) init(w *World) {
	*c = checker{w: w, states: make(map[types.Hash]string), final: make(map[*node]types.Hash)}
}

// check runs after every change of an honest node's virtual.
func (c *checker) check(n *node) {
	if err := n.chain.Err(); err != nil {
		c.w.fail("%s: the chain has stopped: %w", n.id, err)
		return
	}
	c.sameState(n)
	c.finality(n)
	if s := n.core.Status(); s.Orphans > 1024 || s.Early > 512 || len(n.waiting) > 1000 {
		c.w.fail("%s keeps %d orphans, %d early blocks, %d messages", n.id, s.Orphans, s.Early, len(n.waiting))
	}
}

// sameState holds that the tips, and with them the DAG, decide everything else.
func (c *checker) sameState(n *node) {
	s := n.chain.Snapshot()
	state := fmt.Sprint(s.Sink, s.VirtualParents, s.UTXOCommitment, s.Supply, s.Coins, s.BlueScore, s.DAAScore, s.Bits, s.Pending.TxIDs())
	key := dagOf(s)
	other, known := c.states[key]
	if known && other != state {
		c.w.fail("%s makes of the same DAG\n%s\nand another node\n%s", n.id, state, other)
	}
	if c.states[key] = state; !known {
		c.recent = append(c.recent, key)
	}
	if len(c.recent) > 10_000 {
		delete(c.states, c.recent[0])
		c.recent = c.recent[1:]
	}
}

// finality holds that what was final stays on the selected chain.
func (c *checker) finality(n *node) {
	point := n.chain.Snapshot().FinalityPoint
	if last, ok := c.final[n]; ok && last != point {
		h, err := n.chain.Header(last)
		if err != nil {
			c.w.fail("%s lost its finality point: %w", n.id, err)
			return
		}
		if at, err := n.chain.ChainBlock(h.BlueScore); err != nil || at != last {
			c.w.fail("%s reverted its finality point %v (%v)", n.id, last, err)
		}
	}
	c.final[n] = point
}

// agreed returns why the honest nodes do not agree on what is older than some
// blue score below the lowest sink; nil when they do.
func (c *checker) agreed(depth uint64) error {
	lowest := ^uint64(0)
	nodes := c.w.honestUp()
	for _, n := range nodes {
		lowest = min(lowest, n.chain.Snapshot().SinkBlueScore)
	}
	score := lowest - min(depth, lowest)
	var first types.Hash
	for i, n := range nodes {
		at, err := n.chain.ChainBlock(score)
		if err != nil {
			return err
		}
		if i == 0 {
			first = at
		}
		if at != first {
			return fmt.Errorf("%s and %s do not agree at blue score %d: %v, %v", nodes[0].id, n.id, score, first, at)
		}
	}
	return nil
}

// oneSink reports whether all honest nodes stand at one sink.
func (c *checker) oneSink() bool {
	nodes := c.w.honestUp()
	return !slices.ContainsFunc(nodes, func(n *node) bool {
		return n.chain.Snapshot().Sink != nodes[0].chain.Snapshot().Sink
	})
}

// atRest runs the checks that take long, when nothing happens any more.
func (c *checker) atRest() {
	replayed := make(map[types.Hash]bool)
	for _, n := range c.w.honestUp() {
		err := errors.Join(c.verify(n), c.balance(n))
		if dag := dagOf(n.chain.Snapshot()); err == nil && !replayed[dag] {
			replayed[dag] = true
			err = errors.Join(c.replay(n), c.limits(n))
		}
		if err != nil {
			c.w.fail("%s: %w", n.id, err)
			return
		}
	}
	c.merged(c.w.honestUp()[0], c.w.now-2*settling)
	c.w.catch(c.w.now)
}

// judgeOld judges the blocks of honest nodes that are too old to be merged any
// more, in runs that last.
func (c *checker) judgeOld() {
	old := 5 * time.Duration(c.w.params.MergeDepth*c.w.params.Spacing) * time.Millisecond
	if nodes := c.w.honestUp(); len(nodes) > 0 {
		highest := slices.MaxFunc(nodes, func(a, b *node) int {
			return cmp.Compare(a.chain.Snapshot().BlueScore, b.chain.Snapshot().BlueScore)
		})
		c.merged(highest, c.w.now-old)
	}
}

// merged holds that what honest nodes mined until then is merged by a node's
// chain, and forgets it. A few blocks may be lost: the merge depth is so small
// that a node which was cut off may come back too late.
func (c *checker) merged(n *node, until time.Duration) {
	for len(c.found) > 0 && c.found[0].at <= until {
		f := c.found[0]
		c.found = c.found[1:]
		if fate, err := n.chain.Fate(f.hash); err != nil || fate == chain.FatePending {
			c.w.report.Lost++
			c.w.record("block %v of %s, found at %v, is not merged (%v)", f.hash, f.by.id, f.at, err)
		}
	}
	if c.w.report.Lost > max(5, c.w.report.Found/20) {
		c.w.fail("%d of %d blocks of honest nodes are not merged", c.w.report.Lost, c.w.report.Found)
	}
}

// dagOf names the DAG that a node knows, which its tips tell.
func dagOf(s *chain.Snapshot) types.Hash {
	tips := make([]byte, 0, len(s.Tips)*types.HashSize)
	for _, t := range s.Tips {
		tips = append(tips, t[:]...)
	}
	return tipsDomain.Sum(tips)
}

// verify holds the node's database against the rules.
func (c *checker) verify(n *node) error {
	_, err := n.chain.Verify(context.Background(), nil)
	return err
}

// replay adds the node's blocks to an empty chain in another order, and holds the
// two states against each other.
func (c *checker) replay(n *node) error {
	scratch := c.w.scratch()
	s, _, err := scratch.open()
	if err != nil {
		return err
	}
	defer scratch.close()
	clock := func() time.Time { return n.clock().Add(time.Hour) }
	m, err := chain.Open(chain.Config{Params: c.w.params, Store: s, Now: clock})
	if err != nil {
		return err
	}
	var batch []types.Block
	add := func() error {
		_, _, err := m.AddBlocks(batch)
		batch = nil // the chain keeps the blocks
		return err
	}
	err = n.chain.Blocks(func(b types.Block) error {
		if batch = append(batch, b); len(batch) < 256 {
			return nil
		}
		return add()
	})
	if err := cmp.Or(err, add()); err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	ours, theirs := n.chain.Snapshot(), m.Snapshot()
	if ours.Sink != theirs.Sink || ours.UTXOCommitment != theirs.UTXOCommitment || ours.Supply != theirs.Supply {
		return fmt.Errorf("replay gives sink %v with %d jots, the node has %v with %d", theirs.Sink, theirs.Supply, ours.Sink, ours.Supply)
	}
	return nil
}

// eachChainBlock calls a function for every block of the node's selected chain,
// genesis first.
func (n *node) eachChainBlock(do func(chain.Update) error) error {
	for cursor := (types.Hash{}); ; {
		updates, err := n.chain.UpdatesSince(cursor, 256)
		if err != nil || len(updates) == 0 {
			return err
		}
		for _, u := range updates {
			if err := do(u); err != nil {
				return err
			}
			cursor = u.Hash
		}
	}
}

// balance holds what every purse on the node's chain followed against the coins.
func (c *checker) balance(n *node) error {
	if err := n.purse.follow(n); err != nil {
		return err
	}
	scanned := make(map[types.Outpoint]types.Coin)
	err := n.eachChainBlock(func(u chain.Update) error {
		collect(scanned, u.Acceptance.Diff)
		return nil
	})
	if err != nil {
		return err
	}
	sum, count := uint64(0), 0
	for o, coin := range scanned {
		if got, ok, err := n.chain.Coin(o); err != nil || !ok || got != coin {
			return fmt.Errorf("coin %v is %v in the database (%v), %v by the chain's diffs", o, got, err, coin)
		}
		if sum += coin.Value.Jots(); coin.Address == n.purse.Address {
			if count++; n.purse.coins[o] != coin {
				return fmt.Errorf("the purse does not know coin %v", o)
			}
		}
	}
	if s := n.chain.Snapshot(); sum != s.Supply || count != len(n.purse.coins) {
		return fmt.Errorf("%d jots in all coins, supply %d; %d coins for the purse, it has %d", sum, s.Supply, count, len(n.purse.coins))
	}
	return nil
}

func collect(coins map[types.Outpoint]types.Coin, d utxo.Diff) {
	for _, made := range d.Created {
		coins[made.Outpoint] = made.Coin
	}
	for _, spent := range d.Spent {
		delete(coins, spent.Outpoint)
	}
}

func (w *World) honestUp() (nodes []*node) {
	for _, n := range w.nodes {
		if n.honest() && n.up {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
