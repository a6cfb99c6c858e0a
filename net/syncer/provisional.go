package syncer

import (
	"errors"

	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// errSlow ends a session whose headers fill the room for headers without work.
var errSlow = errors.New("the headers are not on the way to more work than ours")

// provisionalBytes bounds the headers that are kept unproven.
const provisionalBytes = 16 << 20

// A provisional keeps the headers of one session in memory until they are worth
// storing. A header claims what blue work it likes, but bears its own proof of
// work: together they must have done at least half of what leads from the block
// where they leave our DAG to our sink, and no block of their chain can merge more
// than the limit. So room on the disk costs work, in proportion.
type provisional struct {
	core    *Core
	headers []types.Header // new ones, parents first
	roots   map[types.Hash]root
	work    types.Uint256 // of all headers kept
	bytes   int
}

// A root is the stored block below the selected chain of a kept header, and how
// many kept headers the chain has.
type root struct {
	work   types.Uint256 // blue work
	score  uint64        // blue score
	height int
}

func newProvisional(c *Core) *provisional {
	return &provisional{core: c, roots: make(map[types.Hash]root)}
}

// take keeps headers and reports whether all that is kept may be stored. An error
// concerns the first header that was not kept.
func (p *provisional) take(headers []types.Header) (proven bool, err error) {
	for i := range headers {
		if err := p.keep(&headers[i]); err != nil {
			return proven, err
		}
		proven = proven || p.proves(&headers[i])
	}
	if proven || p.bytes <= provisionalBytes {
		return proven, nil
	}
	if p.isOnPace(&headers[len(headers)-1]) {
		return true, nil
	}
	return false, errSlow
}

func (p *provisional) keep(h *types.Header) error {
	c, hash := p.core, h.Hash()
	if _, kept := p.roots[hash]; kept || c.isKnown(hash) {
		return nil
	}
	if _, err := c.cfg.Chain.ScreenHeader(h); err != nil {
		return err
	}
	if !c.isDue(h) {
		return broken(rules.ErrFutureTime, "header %v is ahead of the clock", hash)
	}
	for _, parent := range h.Parents {
		if _, kept := p.roots[parent]; !kept && !c.isKnown(parent) {
			return lie("parent %v of header %v is unknown", parent, hash)
		}
	}
	below, err := p.rootAbove(h.SelectedParent())
	if err != nil {
		return err
	}
	p.roots[hash] = below
	p.headers = append(p.headers, *h)
	p.bytes += types.EncodedLen(h)
	p.work = p.work.SaturatingAdd(pow.BlockWork(c.cfg.Params, h))
	return nil
}

// rootAbove returns the root of a header on a selected parent.
func (p *provisional) rootAbove(parent types.Hash) (root, error) {
	if below, kept := p.roots[parent]; kept {
		below.height++
		return below, nil
	}
	h, err := p.core.cfg.Chain.Header(parent)
	return root{work: h.BlueWork, score: h.BlueScore, height: 1}, err
}

// proves reports whether a header says that it has more blue work than our sink
// and what is kept makes it credible.
func (p *provisional) proves(h *types.Header) bool {
	ours := p.core.cfg.Chain.Snapshot().SinkBlueWork
	below, kept := p.roots[h.Hash()]
	return kept && h.BlueWork.Cmp(ours) > 0 && p.isWorth(below, ours)
}

// isWorth reports whether what is kept did half the work from a root up to a goal.
func (p *provisional) isWorth(below root, goal types.Uint256) bool {
	if len(p.headers) > (below.height+1)*p.core.cfg.Params.MergeSetLimit {
		return false
	}
	distance, above := goal.Sub(below.work)
	return above || p.work.Cmp(distance.Rsh(1)) >= 0
}

// isOnPace is proves for a history longer than the room for it: so far it did half
// the work that our own chain did over as many blocks.
func (p *provisional) isOnPace(h *types.Header) bool {
	below, kept := p.roots[h.Hash()]
	if !kept {
		return false
	}
	at, err := p.core.cfg.Chain.ChainBlock(below.score + uint64(below.height))
	if err != nil {
		return false
	}
	ours, err := p.core.cfg.Chain.Header(at)
	return err == nil && p.isWorth(below, ours.BlueWork)
}
