package chain

import (
	"fmt"
	"maps"
	"slices"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
)

// DefaultJournal is the number of commits between two checkpoints unless Config
// says otherwise.
const DefaultJournal = 256

// Bounds on what waits for a checkpoint, so that none takes long.
const (
	maxWaitingRecords = 4096 // links and reachability
	maxWaitingCoins   = 2048
)

// An entry of the journal is what one commit did to the DAG.
type entry struct {
	joined []types.Hash // new headers, in order
	judged []judgement  // the status that blocks got
}

// A judgement is the status that a block got.
type judgement struct {
	block  types.Hash
	status Status
}

const judgementSize = types.HashSize + 1

func (n *entry) encodeTo(e *types.Encoder) {
	e.Hashes(n.joined)
	e.Count(len(n.judged))
	for _, j := range n.judged {
		j.block.EncodeTo(e)
		e.Uint8(uint8(j.status))
	}
}

func (n *entry) decodeFrom(d *types.Decoder) {
	n.joined = d.Hashes()
	n.judged = make([]judgement, d.Count(judgementSize))
	for i := range n.judged {
		j := &n.judged[i]
		j.block.DecodeFrom(d)
		if j.status = Status(d.Uint8()); j.status < StatusHeaderOnly || j.status > StatusDisqualified {
			d.Fail(fmt.Errorf("judgement %d: status %d", i, j.status))
		}
	}
}

// A journal is the commits since the last checkpoint.
type journal struct {
	limit   int                   // entries between checkpoints
	entries uint64                // written since the last one
	hole    bool                  // a header was taken out, which no entry can say
	heights map[uint64]types.Hash // of the selected chain, changed since; zero for those that it no longer has
}

// record adds to the batch what the commit under way did: an entry, or a
// checkpoint when one is due.
func (m *Manager) record() (whole bool) {
	n := m.index.flushEntry(&m.pending)
	if m.checkpointDue() {
		m.checkpoint()
		return true
	}
	m.pending.put(journalKey(m.journal.entries), n.encodeTo)
	m.journal.entries++
	return false
}

func (m *Manager) checkpointDue() bool {
	return m.journal.hole || m.journal.entries+1 >= uint64(m.journal.limit) ||
		m.index.waiting() >= maxWaitingRecords || m.coins.Len() >= maxWaitingCoins
}

// checkpoint adds all that waits to the batch. Coins and heights wait on until it is
// written.
func (m *Manager) checkpoint() {
	m.index.flush(&m.pending)
	m.flushCoins()
	m.flushHeights()
	m.pending.put(keyCheckpoint, func(e *types.Encoder) { m.state.encodeCheckpoint(e, m.index.reach.Root()) })
	for i := range m.journal.entries {
		m.pending.remove(journalKey(i))
	}
	m.journal.entries, m.journal.hole = 0, false
}

// resume brings the state from the checkpoint to the last commit.
func (m *Manager) resume() {
	point := m.index.read(keyCheckpoint)
	if point == nil {
		panic(damaged("the checkpoint is missing"))
	}
	raw := m.index.read(keyState)
	if raw == nil {
		panic(damaged("the state is missing"))
	}
	var last state
	m.journal.entries = last.decode(raw)
	m.index.reach = dag.NewReachability(m.index, m.state.decodeCheckpoint(point))
	for i := range m.journal.entries {
		m.repeat(i)
	}
	if m.state.headers != last.headers || m.state.bestHeader != last.bestHeader {
		panic(damaged("the journal leads to %d headers and the best %v, the state says %d and %v",
			m.state.headers, m.state.bestHeader, last.headers, last.bestHeader))
	}
	m.state.tips, m.state.blocks = last.tips, last.blocks
	m.follow(last.sink)
}

// repeat does what an entry says.
func (m *Manager) repeat(i uint64) {
	raw := m.index.read(journalKey(i))
	if raw == nil {
		panic(damaged("entry %d of the journal is missing", i))
	}
	var n entry
	decodeRecord(fmt.Sprintf("entry %d of the journal", i), raw, n.decodeFrom)
	for _, h := range n.joined {
		if _, twice := m.index.blocks.lookup(h); twice {
			panic(damaged("block %v joins twice", h))
		}
		b := m.index.header(h)
		if b == nil {
			panic(damaged("block %v is in the journal, but not in the store", h))
		}
		b.status = StatusHeaderOnly
		m.join(b)
	}
	for _, j := range n.judged {
		m.setStatus(m.index.block(j.block), j.status)
	}
	m.index.repeated()
}

// follow moves coins and totals along the diffs of blocks that were qualified
// before.
func (m *Manager) follow(sink types.Hash) {
	c := m.cursor()
	target := m.index.block(sink)
	for !m.index.IsTreeAncestor(c.at.hash, sink) {
		m.back(c)
	}
	for _, b := range m.chainBetween(c.at, target) {
		if b.status != StatusChainValid {
			panic(damaged("block %v below the sink is marked %v", b.hash, b.status))
		}
		a := m.acceptance(b)
		c.step(b, a.Diff, a.issued)
	}
	m.moveState(c)
}

// flushHeights moves what changed in the index of the selected chain into the
// batch.
func (m *Manager) flushHeights() {
	for _, height := range slices.Sorted(maps.Keys(m.journal.heights)) {
		if h := m.journal.heights[height]; h.IsZero() {
			m.pending.remove(chainKey(height))
		} else {
			m.pending.put(chainKey(height), h.EncodeTo)
		}
	}
}

// flushCoins moves what waits to be written to the stored coins into the batch.
func (m *Manager) flushCoins() {
	diff := m.coins.Diff()
	for i := range diff.Spent {
		m.pending.remove(coinKey(diff.Spent[i].Outpoint))
	}
	for i := range diff.Created {
		m.pending.put(coinKey(diff.Created[i].Outpoint), diff.Created[i].Coin.EncodeTo)
	}
}
