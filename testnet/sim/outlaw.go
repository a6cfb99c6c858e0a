package sim

import (
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
)

// An outlaw is a block that was made to break a rule.
type outlaw struct {
	hash types.Hash
	data bool // it may be merged as data all the same, but never extended
	at   time.Duration
}

// outlaw remembers a block that was made to break a rule: nodes must never hold
// it, or, when it may be data, never have it on their chain.
func (w *World) outlaw(b *types.Block, data bool) {
	w.outlaws = append(w.outlaws, outlaw{b.Hash(), data, w.now})
}

// catch holds the honest nodes against the outlaws from before some moment, and
// forgets those.
func (w *World) catch(until time.Duration) {
	for len(w.outlaws) > 0 && w.outlaws[0].at <= until {
		o := w.outlaws[0]
		w.outlaws = w.outlaws[1:]
		for _, n := range w.honestUp() {
			if o.isAtLarge(n) {
				w.fail("%s takes block %v, which breaks a rule", n.id, o.hash)
			}
		}
	}
}

func (o *outlaw) isAtLarge(n *node) bool {
	if o.data {
		fate, err := n.chain.Fate(o.hash)
		return err == nil && fate == chain.FateChain
	}
	status, err := n.chain.Status(o.hash)
	return err == nil && status.HasBody()
}
