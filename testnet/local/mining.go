package local

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/miner"
	"github.com/jio-dag/jio/node/api"
)

// mine lets the miners find blocks until ctx ends: together a Poisson process at
// the network's rate, each with an equal share of it.
func (n *Net) mine(ctx context.Context) {
	if n.opts.Miners == 0 {
		return
	}
	queues := make([]chan uint64, n.opts.Miners)
	var miners sync.WaitGroup
	defer miners.Wait()
	for i := range queues {
		queues[i] = make(chan uint64, 64)
		defer close(queues[i])
		miners.Go(func() {
			for serial := range queues[i] {
				n.find(ctx, i, serial)
			}
		})
	}
	who := n.rng(2)
	events := newArrivals(n.rng(1), float64(n.opts.BPS), time.Now())
	for serial := uint64(0); events.wait(ctx) == nil; serial++ {
		select {
		case queues[who.IntN(len(queues))] <- serial:
		default: // the node answers so slowly that its miner gives up
		}
	}
}

// find lets one miner find a block. A node that is down finds none, nor does one
// that rests.
func (n *Net) find(ctx context.Context, i int, serial uint64) {
	c, _, err := n.nodes[i].caller()
	if err != nil || n.rests(i) {
		return
	}
	err = n.findOn(ctx, c, i, serial)
	if ctx.Err() != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		n.tallies[i].Mined++
	} else {
		n.tallies[i].Refused++
		n.view.Trouble = fmt.Sprintf("node %d mines: %v", i, err)
	}
}

func (n *Net) rests(i int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.resting[i]
}

// findOn makes a block on the node's present virtual. Serial makes it different
// from every other.
func (n *Net) findOn(ctx context.Context, c api.Caller, i int, serial uint64) error {
	extra := hex.EncodeToString(binary.LittleEndian.AppendUint64(nil, serial))
	t, err := api.GetBlockTemplate.Call(ctx, c, api.TemplateParams{PayTo: n.payee(), Extra: extra})
	if err != nil {
		return err
	}
	b, err := solved(ctx, n, t.Block)
	if err != nil {
		return err
	}
	hash := b.Hash()
	n.keepBranch(i, hash)
	n.spread.submitted(hash, time.Now(), i, len(n.clients()))
	_, err = api.SubmitBlock.Call(ctx, c, api.RawBlock{Block: hex.EncodeToString(types.Encode(&b))})
	if err != nil {
		n.spread.refused(hash)
	}
	return err
}

func solved(ctx context.Context, n *Net, text string) (b types.Block, err error) {
	data, err := hex.DecodeString(text)
	if err == nil {
		err = types.Decode(data, &b)
	}
	if err == nil {
		err = miner.Solve(ctx, n.params, &b)
	}
	return b, err
}

// keepBranch notes a block of a node that withholds.
func (n *Net) keepBranch(i int, h types.Hash) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, b := range n.branches {
		if b.node == i && !b.ended {
			b.blocks = append(b.blocks, h)
		}
	}
}
