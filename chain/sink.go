package chain

import (
	"errors"

	"github.com/jio-dag/jio/chain/utxo"
)

// A cursor is a place on the DAG's chains together with the state there, held
// as a layer above the coins at the sink.
type cursor struct {
	at    *block
	layer *utxo.Layer // of the coins at the sink, with the first diffs of the path
	laid  int         // so many of them
	path  []utxo.Diff // that led here from the sink
	totals
}

// cursor returns one that stands at the sink. There is one at a time: it is good
// until the next call.
func (m *Manager) cursor() *cursor {
	c := &m.roaming
	c.at, c.layer, c.laid, c.totals = m.index.block(m.state.sink), utxo.NewLayer(m.coins), 0, m.state.totals
	clear(c.path)
	c.path = c.path[:0]
	return c
}

// coins returns the coins where the cursor stands. As a rule the cursor goes no
// further than where nobody asks for them.
func (c *cursor) coins() *utxo.Layer {
	for _, d := range c.path[c.laid:] {
		c.layer.Apply(d)
	}
	c.laid = len(c.path)
	return c.layer
}

// step moves the cursor over a diff of the block it leaves or enters.
func (c *cursor) step(to *block, d utxo.Diff, issued uint64) {
	after := c.totals
	if !after.apply(d) {
		panic(damaged("the sums of the coins do not fit at block %v", to.hash))
	}
	after.issued = issued
	c.enter(to, d, &after)
}

// enter is step where the totals are known.
func (c *cursor) enter(to *block, d utxo.Diff, after *totals) {
	c.path = append(c.path, d)
	c.totals = *after
	c.at = to
}

// back undoes the cursor's block.
func (m *Manager) back(c *cursor) {
	parent := m.index.selectedParent(c.at)
	c.step(parent, m.acceptance(c.at).Diff.Reverse(), m.acceptance(parent).issued)
}

// forward enters a child on the chain, which it qualifies when that was not
// done before. It returns the rule broken when the child is disqualified; the
// cursor then stays.
func (m *Manager) forward(c *cursor, child *block) error {
	if child.status == StatusDisqualified {
		return errDisqualifiedParent
	}
	if child.status == StatusBodyValid {
		accepted, after, err := m.qualify(c, child)
		if err != nil {
			return err
		}
		m.setStatus(child, StatusChainValid)
		m.storeAcceptance(child, &acceptance{*accepted, after.issued})
		c.enter(child, accepted.Diff, after)
		return nil
	}
	a := m.acceptance(child)
	c.step(child, a.Diff, a.issued)
	return nil
}

var errDisqualifiedParent = errors.New("its selected parent is disqualified")

// moveTo brings the cursor to a block, undoing diffs down to the fork and
// redoing or qualifying them up from there. When a block on the way is
// disqualified, so is the rest of the way, and the cursor stays below it.
func (m *Manager) moveTo(c *cursor, target *block) bool {
	for !m.index.IsTreeAncestor(c.at.hash, target.hash) {
		m.back(c)
	}
	path := m.chainBetween(c.at, target)
	for i, b := range path {
		err := m.forward(c, b)
		if err == nil {
			continue
		}
		m.disqualify(path[i:], err)
		return false
	}
	return true
}

// disqualify marks a block that broke a rule of the chain, the first of a path,
// and those above it.
func (m *Manager) disqualify(path []*block, reason error) {
	for _, b := range path {
		if b.status == StatusDisqualified {
			continue
		}
		m.setStatus(b, StatusDisqualified)
		m.reasons.put(b.hash, reason)
		m.log.Debug("block disqualified from chain", "block", b.hash, "reason", reason)
		reason = errDisqualifiedParent
	}
}

// chainBetween returns the chain blocks above low up to high, upwards.
func (m *Manager) chainBetween(low, high *block) []*block {
	path := make([]*block, high.height-low.height)
	for b := high; b != low; b = m.index.selectedParent(b) {
		path[b.height-low.height-1] = b
	}
	return path
}

func (m *Manager) setStatus(b *block, s Status) {
	if b.status != s {
		m.index.judge(b, s)
	}
}
