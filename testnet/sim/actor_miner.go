package sim

import (
	"time"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// Byzantine miners: what they do with a block's worth of work.

// announce spreads a block that the node's own chain need not hold.
func (n *node) announce(b *types.Block) {
	n.spread(wire.KindCompactBlock, wire.Encode(wire.NewCompactBlock(b, func(int) bool { return true })), nil)
}

// spoilt returns a solved block that was changed, nil when there is none.
func (n *node) spoilt(change func(b *types.Block)) *types.Block {
	b, err := n.make(change)
	if err != nil {
		return nil
	}
	return &b
}

// keep adds a block to the node's own chain without a word.
func (n *node) keep() (b types.Block, ok bool) {
	b, err := n.make(nil)
	if err != nil {
		return b, false
	}
	_, _, err = n.chain.AddBlocks([]types.Block{b})
	n.changed = false
	return b, err == nil && n.pool.Follow() == nil
}

// selfish keeps its blocks until it has some, and then shows all of them.
func selfish(n *node) {
	b, ok := n.keep()
	if !ok {
		return
	}
	n.secret = append(n.secret, b)
	if len(n.secret) < 3+n.w.rng.IntN(12) {
		return
	}
	for i := range n.secret {
		n.announce(&n.secret[i])
	}
	n.w.record("%s shows %d blocks", n.id, len(n.secret))
	n.secret = nil
}

// withhold announces blocks and keeps what is needed to have them: only one peer
// gets the announcement, late.
func withhold(n *node) {
	b, ok := n.keep()
	if !ok {
		return
	}
	n.w.after(n.w.between(0, 40*time.Second), func() { n.tell(&b) })
}

// secretive does not answer while it has secrets.
func secretive(n *node, _ *link, request wire.Message) ([]byte, error) {
	if len(n.secret) > 0 {
		return nil, errRefused
	}
	return n.answer(request)
}

// tell announces a block to one peer only.
func (n *node) tell(b *types.Block) {
	if len(n.links) == 0 || !n.up {
		return
	}
	if l := n.links[n.w.rng.IntN(len(n.links))]; l.up {
		n.whisper(l, wire.KindCompactBlock, wire.Encode(wire.NewCompactBlock(b, nil)))
	}
}

// split makes another block for every peer, out of one: the work is done once
// for each, as a richer miner would.
func split(n *node) {
	for range 2 {
		if b, ok := n.keep(); ok {
			n.tell(&b)
		}
	}
}

func badHeader(n *node) {
	ways := []func(*types.Block){
		func(b *types.Block) { b.Header.BlueScore++ },
		func(b *types.Block) { b.Header.BlueWork[3] = 1 },
		func(b *types.Block) { b.Header.DAAScore += 7 },
		func(b *types.Block) { b.Header.HistoryRoot[0]++ },
		func(b *types.Block) { b.Header.Version = 9 },
		func(b *types.Block) { b.Header.Timestamp = 1 },
		func(b *types.Block) { b.Header.Parents = append(b.Header.Parents, n.w.params.GenesisHash) },
	}
	if b := n.spoilt(ways[n.w.rng.IntN(len(ways))]); b != nil {
		n.w.outlaw(b, false)
		n.announce(b)
	}
}

func badBody(n *node) {
	ways := []func(*types.Block){
		func(b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[0]) },
		func(b *types.Block) { b.Transactions[0].Gas = 1 },
		func(b *types.Block) { b.Transactions[0].Payload = nil },
		func(b *types.Block) {
			b.Transactions = append(b.Transactions, types.Transaction{Version: 1, Outputs: b.Transactions[0].Outputs})
		},
	}
	way := ways[n.w.rng.IntN(len(ways))]
	b := n.spoilt(func(b *types.Block) {
		way(b)
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	})
	if b != nil {
		n.w.outlaw(b, false)
		n.announce(b)
	}
}

// badCoinbase breaks a rule that costs who forwards it nothing, and is invalid all
// the same.
func badCoinbase(n *node) {
	b := n.spoilt(func(b *types.Block) {
		b.Transactions[0].Payload[8]++
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	})
	if b != nil {
		n.w.outlaw(b, false)
		n.announce(b)
	}
}

// badState makes blocks that are data and can never be chain.
func badState(n *node) {
	ways := []func(*types.Block){
		func(b *types.Block) { b.Header.UTXOCommitment[0]++ },
		func(b *types.Block) { b.Header.AcceptedRoot[0]++ },
		func(b *types.Block) { b.Header.PruningPoint[0]++ },
		func(b *types.Block) {
			if outputs := b.Transactions[0].Outputs; len(outputs) > 0 {
				outputs[0].Value = types.Jots(outputs[0].Value.Jots() + 1)
			} else {
				b.Header.UTXOCommitment[0]++
			}
			b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
		},
	}
	if b := n.spoilt(ways[n.w.rng.IntN(len(ways))]); b != nil {
		n.w.outlaw(b, true)
		n.announce(b)
	}
}

// counterfeit mines payments that nobody may make: one coin twice in a payment or
// in a block, more than there is, or somebody else's. As long as it finds no coin
// it mines as others do.
func counterfeit(n *node) {
	way, other := n.w.rng.IntN(4), n.w.nodes[n.w.rng.IntN(len(n.w.nodes))]
	owner := n.purse
	if way == 3 && other != n {
		owner = other.purse
	}
	coin, ok := owner.oldest(n)
	if n.purse.follow(n) != nil || !ok || way == 3 && other == n {
		n.mine()
		return
	}
	b := n.spoilt(func(b *types.Block) {
		b.Transactions = append(b.Transactions[:1:1], n.forgeries(coin)[way]...)
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	})
	if b != nil {
		n.w.outlaw(b, way > 1)
		n.announce(b)
	}
}

// forgeries returns the wrong payments that can be made of a coin.
func (n *node) forgeries(coin utxo.Entry) [4][]types.Transaction {
	all := coin.Coin.Value.Jots()
	pay := func(jots uint64, to string, coins ...utxo.Entry) types.Transaction {
		return n.purse.Pay(n.w.params, []types.Output{{Value: types.Jots(jots), Address: chaintest.NewWallet(to).Address}}, coins...)
	}
	return [4][]types.Transaction{
		{pay(2*(all-fee), "one", coin, coin)},
		{pay(all-fee, "one", coin), pay(all-fee, "other", coin)},
		{pay(all+1, "one", coin)},
		{pay(all-fee, "one", coin)},
	}
}

// mutate announces a valid header with another body.
func mutate(n *node) {
	b, ok := n.keep()
	if !ok {
		return
	}
	b.Transactions = append(b.Transactions[:len(b.Transactions):len(b.Transactions)], b.Transactions[0])
	n.announce(&b)
}

// unfaithful announces a block under short ids of nothing.
func unfaithful(n *node) {
	b, ok := n.keep()
	if !ok {
		return
	}
	c := wire.NewCompactBlock(&b, nil)
	if len(c.ShortIDs) == 0 {
		c.ShortIDs = append(c.ShortIDs, wire.ShortID{})
	}
	c.ShortIDs[0][0]++
	n.spread(wire.KindCompactBlock, wire.Encode(c), nil)
}

// orphan makes a block whose parents nobody will ever see.
func orphan(n *node) {
	for range 8 {
		b := n.spoilt(func(b *types.Block) { b.Header.Parents[0] = types.Hash{byte(n.w.rng.Uint32()), byte(n.w.rng.Uint32())} })
		if b != nil {
			n.announce(b)
		}
	}
}

// stale mines on genesis, far below the merge depth after a while.
func stale(n *node) {
	oracle := chaintest.NewOracle(n.w.params)
	b := oracle.Make([]types.Hash{n.w.params.GenesisHash}, chaintest.Content{
		Miner: n.purse.Address, Extra: []byte{byte(n.w.rng.Uint32()), byte(n.w.rng.Uint32())},
	})
	n.announce(&b)
}

// warpTime takes every liberty with timestamps.
func warpTime(n *node) {
	b := n.spoilt(func(b *types.Block) {
		switch n.w.rng.IntN(3) {
		case 0:
			b.Header.Timestamp = n.chain.Snapshot().MedianTime + 1
		case 1:
			b.Header.Timestamp += n.w.params.FutureAllowance
		case 2:
			b.Header.Timestamp += n.w.params.FutureAllowance + uint64(n.w.rng.IntN(120_000))
		}
	})
	if b != nil {
		n.step(syncer.BlockFound{Block: *b})
		n.announce(b)
	}
}
