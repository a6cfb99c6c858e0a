package syncer

import (
	"errors"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

const (
	orphanAge   = time.Minute            // how long a block waits for its parents
	orphanGrace = 300 * time.Millisecond // parents are not asked for before: they are on their way
)

// An arrival is a block on its way into the chain: a compact announcement whose
// body must be rebuilt, or a whole block.
type arrival struct {
	hash    types.Hash
	header  types.Header
	compact *ScreenedBlock // nil for a whole block
	body    []types.Transaction
	size    int    // bytes
	from    PeerID // who brought it
	token   Token  // 0 when nobody waits for a verdict
	lacked  int    // transactions of the body that had to be asked for
	sought  bool   // it was asked for, as an ancestor of an orphan
	since   time.Time
}

func announced(e BlockGossip) *arrival {
	b := e.Block
	return &arrival{hash: b.hash, header: b.compact.Header, compact: b, size: b.size, from: e.Peer, token: e.Token}
}

// consider takes the blocks that are ready as far as they get; what they set
// free follows.
func (c *Core) consider() {
	for len(c.ready) > 0 {
		a := c.ready[0]
		c.ready = c.ready[1:]
		if a.since.IsZero() {
			a.since = c.now
		}
		if err := c.place(a); err != nil {
			c.settle(a, err)
		} else if a.compact != nil {
			c.rebuild(a)
		} else {
			c.add(a)
		}
	}
}

// place runs the checks before a block's body is looked at, the cheap ones first.
// It is nil for a block whose header can be judged now.
func (c *Core) place(a *arrival) error {
	if c.has(a.hash) || c.building[a.hash] != nil {
		return chain.ErrKnown
	}
	if err := c.wanted(&a.header); err != nil {
		return err
	}
	if !c.isDue(&a.header) {
		if rules.AheadOfClock(&a.header, uint64(c.now.UnixMilli())) <= rules.FutureHorizon {
			c.early.add(a.resting())
		}
		return errEarly
	}
	if len(c.missingParents(a)) > 0 {
		c.orphans.add(a.resting())
		if p := c.find(a.from); p != nil {
			p.claims(a.hash, a.header.BlueWork, c.now)
		}
		return errOrphan
	}
	return c.burst(&a.header)
}

// resting returns the arrival as it waits on a shelf: nobody waits for it.
func (a *arrival) resting() *arrival {
	resting := *a
	resting.token = 0
	return &resting
}

// wanted is the relay filter: a block of no more work than virtual's merge-depth
// root can be merged by nobody, and one whose target is four times virtual's is
// too cheap to be carried. Both say nothing in the middle of a sync.
func (c *Core) wanted(h *types.Header) error {
	if !c.synced {
		return nil
	}
	s := c.cfg.Chain.Snapshot()
	ours, _ := pow.DecodeCompact(s.Bits)
	theirs, _ := pow.DecodeCompact(h.Bits)
	if h.BlueWork.Cmp(s.MergeRootWork) <= 0 || theirs.Rsh(2).Cmp(ours) > 0 {
		return errUnwanted
	}
	return nil
}

// isDue reports whether the clock has reached a header's timestamp, but for the
// network's allowance.
func (c *Core) isDue(h *types.Header) bool {
	return rules.FutureTime(c.cfg.Params, h, uint64(c.now.UnixMilli())) == nil
}

// missingParents returns the parents whose bodies are not here.
func (c *Core) missingParents(a *arrival) (missing []types.Hash) {
	for _, p := range a.header.Parents {
		if !c.has(p) {
			missing = append(missing, p)
		}
	}
	return missing
}

// burst holds the claimed target against the selected parent's: between the two
// it eases and hardens by no more than the difficulty adjustment can in one step.
// It spares GHOSTDAG for headers that cannot be right.
func (c *Core) burst(h *types.Header) error {
	p := c.cfg.Params
	parent, err := c.cfg.Chain.Header(h.SelectedParent())
	if err != nil {
		return err
	}
	if p.NoRetarget || p.EngineAt(h.DAAScore).ID != p.EngineAt(parent.DAAScore).ID {
		return nil
	}
	before, _ := pow.DecodeCompact(parent.Bits)
	after, _ := pow.DecodeCompact(h.Bits)
	hardest := 2 + uint(uint64(p.MergeSetLimit)*p.Spacing/p.HalfLife)
	if after.Rsh(1).Cmp(before) > 0 || before.Rsh(hardest).Cmp(after) > 0 {
		return broken(rules.ErrDifficulty, "bits %08x after %08x: difficulty cannot move as far in one step", h.Bits, parent.Bits)
	}
	return nil
}

// add puts a whole block into the chain.
func (c *Core) add(a *arrival) {
	_, _, err := c.cfg.Chain.AddBlocks([]types.Block{{Header: a.header, Transactions: a.body}})
	if err == nil {
		c.rate(c.find(a.from), PointsUseful, nil)
		c.relay.count(a)
		c.adopt(a.hash)
	}
	c.settle(a, err)
}

// settle ends an arrival: whoever waits for a verdict gets it, and whoever
// brought what could not be right pays.
func (c *Core) settle(a *arrival, err error) {
	if c.building[a.hash] == a {
		delete(c.building, a.hash)
	}
	if a.token != 0 {
		c.emit(Validated{a.token, Judge(err)})
	}
	if errors.Is(err, rules.ErrFutureTime) || errors.Is(err, chain.ErrFailed) {
		return
	}
	c.rate(c.find(a.from), Points(err), err)
}

// adopt makes ready the blocks that waited for a block.
func (c *Core) adopt(parent types.Hash) {
	c.ready = append(c.ready, c.orphans.take(func(a *arrival) bool {
		return slices.Contains(a.header.Parents, parent) && len(c.missingParents(a)) == 0
	})...)
}

// adoptAll makes ready every block whose parents are here, after a sync.
func (c *Core) adoptAll() {
	c.ready = append(c.ready, c.orphans.take(func(a *arrival) bool { return len(c.missingParents(a)) == 0 })...)
}
