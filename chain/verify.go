package chain

import (
	"context"
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A Report is what Verify found right.
type Report struct {
	Headers    uint64
	Blocks     uint64 // headers with bodies
	Chain      uint64 // blocks of the selected chain
	Coins      uint64 // unspent outputs
	Supply     uint64 // jots unspent
	Sink       types.Hash
	Commitment types.Hash // of the unspent outputs
}

// Verify holds what is stored against the rules again: each header with its place
// in the DAG, each body, what each block of the selected chain accepted against
// all that it commits to, every unspent coin against the sink, and the supply.
// Unlocks are not judged anew. Progress may be nil. The chain
// stands still meanwhile. Anything amiss is a CorruptError that says what; after
// one the Manager has stopped.
func (m *Manager) Verify(ctx context.Context, progress func(stage string, done, total int64)) (r Report, err error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	err = m.settled(func() error {
		v := verification{Manager: m, ctx: ctx, progress: progress}
		if err := v.run(); err != nil {
			return err
		}
		r = v.report()
		return nil
	})
	return r, err
}

// A verification is one run of Verify.
type verification struct {
	*Manager
	ctx      context.Context
	progress func(stage string, done, total int64)

	headers, blocks uint64
	tips            []types.Hash
}

func (v *verification) run() error {
	if err := v.checkCoins(); err != nil {
		return err
	}
	if err := v.checkBlocks(); err != nil {
		return err
	}
	return v.checkChain()
}

func (v *verification) report() Report {
	sink := v.index.block(v.state.sink)
	return Report{
		Headers:    v.headers,
		Blocks:     v.blocks,
		Chain:      sink.height + 1,
		Coins:      v.state.coins,
		Supply:     v.state.unspent,
		Sink:       sink.hash,
		Commitment: sink.header.UTXOCommitment,
	}
}

// step reports progress now and then and says when to stop.
func (v *verification) step(stage string, done, total uint64) error {
	if done%1024 == 0 || done == total {
		v.progress(stage, int64(done), int64(total))
		v.forget()
		return v.ctx.Err()
	}
	return nil
}

// checkCoins counts the stored coins anew.
func (v *verification) checkCoins() error {
	return v.recount(func(done, total int64) error {
		v.progress("coins", done, total)
		return v.ctx.Err()
	})
}

// compareTotals holds counted totals against the stored ones and the sink.
func (m *Manager) compareTotals(counted totals) {
	sink := m.index.block(m.state.sink)
	if got := counted.commitment.Hash(); got != sink.header.UTXOCommitment {
		panic(damaged("the stored coins hash to %v, the sink %v commits to %v", got, sink.hash, sink.header.UTXOCommitment))
	}
	if counted.coins != m.state.coins || counted.unspent != m.state.unspent {
		panic(damaged("%d coins of %d jots are stored, the state says %d of %d", counted.coins, counted.unspent, m.state.coins, m.state.unspent))
	}
}

// recount counts every coin and holds the result against the sink, as after a
// stop that was not clean.
func (m *Manager) recount(progress func(done, total int64) error) error {
	counted, err := m.countCoins(m.cursor(), progress)
	if err != nil {
		return err
	}
	m.compareTotals(counted)
	return nil
}

// countCoins sums up the coins where a cursor stands, one by one. Progress may
// be nil; an error it returns ends the count.
func (m *Manager) countCoins(c *cursor, progress func(done, total int64) error) (totals, error) {
	counted := totals{issued: c.issued}
	done, total := int64(0), int64(m.state.coins)
	err := m.index.store.Scan([]byte{keyCoin}, func(key, value []byte) error {
		entry := decodeCoinRecord(key, value)
		if !counted.apply(utxo.Diff{Created: []utxo.Entry{entry}}) {
			panic(damaged("the sum of the stored coins does not fit"))
		}
		if done++; progress != nil && (done%4096 == 0 || done == total) {
			return progress(done, total)
		}
		return nil
	})
	if err != nil {
		return totals{}, err
	}
	if !counted.apply(m.coins.Diff()) || !counted.apply(c.coins().Diff()) {
		panic(damaged("the sums of the coins do not fit"))
	}
	return counted, nil
}

func decodeCoinRecord(key, value []byte) (n utxo.Entry) {
	if err := types.Decode(outpointOf(key), &n.Outpoint); err != nil {
		panic(damaged("key %x of a coin: %w", key, err))
	}
	decodeRecord(fmt.Sprintf("coin %v:%d", n.Outpoint.TxID, n.Outpoint.Index), value, n.Coin.DecodeFrom)
	return n
}

// checkBlocks judges every header and body again, and recounts the tips.
func (v *verification) checkBlocks() error {
	var hashes []types.Hash
	if err := v.eachHash(keyHeader, func(h types.Hash) error {
		hashes = append(hashes, h)
		return nil
	}); err != nil {
		return err
	}
	for i, h := range hashes {
		b := v.index.block(h)
		v.checkBlock(b)
		v.headers++
		if b.status.HasBody() {
			v.blocks++
		}
		if b.status.HasBody() && v.index.IsAncestor(v.virtual.finality, h) && !slices.ContainsFunc(b.children, v.hasBody) {
			v.tips = append(v.tips, h)
		}
		if err := v.step("blocks", uint64(i+1), uint64(len(hashes))); err != nil {
			return err
		}
	}
	if v.headers != v.state.headers || v.blocks != v.state.blocks || !slices.Equal(v.tips, v.state.tips) {
		panic(damaged("%d headers, %d bodies and %d tips are stored, the state says %d, %d and %d",
			v.headers, v.blocks, len(v.tips), v.state.headers, v.state.blocks, len(v.state.tips)))
	}
	return nil
}

func (v *verification) hasBody(h types.Hash) bool { return v.index.block(h).status.HasBody() }

// checkBlock judges a stored block as if it came in anew.
func (v *verification) checkBlock(b *block) {
	if got := b.header.Hash(); got != b.hash {
		panic(damaged("the header stored as %v hashes to %v", b.hash, got))
	}
	if b.height == 0 {
		v.checkGenesis(b)
		return
	}
	v.checkStoredHeader(b)
	if !b.status.HasBody() {
		return
	}
	content := types.Block{Header: *b.header, Transactions: v.body(b)}
	if err := rules.BodySanity(v.params, &content); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
	if err := rules.BodyContext(v.params, &content, b.medianTime); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
}

// checkGenesis holds the block without parents against what was planted.
func (v *verification) checkGenesis(b *block) {
	planted := genesisPosition(v.params)
	switch {
	case b.hash != v.params.GenesisHash:
		panic(damaged("block %v has no parents and is not genesis", b.hash))
	case types.MerkleRootOf(v.body(b)) != b.header.MerkleRoot:
		panic(damaged("the body of genesis is not genesis's"))
	case !sameRecord(b.position.encodeTo, planted.encodeTo):
		panic(damaged("the place of genesis in the DAG is not genesis's"))
	case !sameRecord(v.acceptance(b).encodeTo, new(acceptance).encodeTo):
		panic(damaged("genesis accepted something"))
	}
}

func (v *verification) checkStoredHeader(b *block) {
	if err := rules.HeaderSanity(v.params, b.header); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
	if err := rules.ParentsUnrelated(v.index, b.header.Parents); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
	p := v.index.position(b.header.Parents)
	if err := rules.HeaderPosition(v.params, b.header, p.expected()); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
	if err := rules.BoundedMerge(v.index, p.mergeRoot, p.data); err != nil {
		panic(damaged("block %v: %w", b.hash, err))
	}
	if !sameRecord(b.position.encodeTo, p.encodeTo) {
		panic(damaged("block %v: its stored place in the DAG is not what its parents make it", b.hash))
	}
	for _, parent := range b.header.Parents {
		if !slices.Contains(v.index.block(parent).children, b.hash) {
			panic(damaged("block %v is not among the children of its parent %v", b.hash, parent))
		}
		if !v.index.IsAncestor(parent, b.hash) || v.index.IsAncestor(b.hash, parent) {
			panic(damaged("reachability does not know that %v is a parent of block %v", parent, b.hash))
		}
	}
	if !v.index.IsTreeAncestor(b.data.SelectedParent, b.hash) || v.index.Node(b.hash).Height != b.height {
		panic(damaged("reachability has block %v on another chain", b.hash))
	}
}

func sameRecord(a, b func(e *types.Encoder)) bool {
	return slices.Equal(encodeRecord(a), encodeRecord(b))
}

// checkChain rolls the diffs of the selected chain up from genesis and holds the
// result against the commitments of each block.
func (v *verification) checkChain() error {
	sink := v.index.block(v.state.sink)
	var t totals
	for height := uint64(1); height <= sink.height; height++ {
		b := v.chainAt(height)
		if b.height != height || b.data.SelectedParent != v.chainAt(height-1).hash {
			panic(damaged("the selected chain is broken at height %d", height))
		}
		v.checkChainBlock(b, &t)
		if err := v.step("chain", height, sink.height); err != nil {
			return err
		}
	}
	if t.unspent != v.state.unspent || t.coins != v.state.coins || t.issued != v.state.issued || v.chainAt(sink.height).hash != sink.hash {
		panic(damaged("the selected chain adds up to other totals than the state"))
	}
	return nil
}

func (v *verification) checkChainBlock(b *block, t *totals) {
	if b.status != StatusChainValid {
		panic(damaged("block %v of the selected chain is marked %v", b.hash, b.status))
	}
	a := v.acceptance(b)
	_, fees := feesOf(&a.Acceptance)
	issued := t.issued - fees.Jots()
	if !t.apply(a.Diff) {
		panic(damaged("block %v: the sums of the coins do not fit", b.hash))
	}
	subsidies, err := v.qualification(b, &a.Acceptance, t)
	switch {
	case err != nil:
		panic(damaged("block %v: its stored acceptance is not what it commits to: %w", b.hash, err))
	case a.issued != t.issued+subsidies:
		panic(damaged("block %v: %d jots were issued up to it, its record says %d", b.hash, t.issued+subsidies, a.issued))
	case t.unspent != issued:
		panic(storeFailure{&SupplyError{Hash: b.hash, Unspent: t.unspent, Issued: issued, Confirmed: true}})
	}
	t.issued = a.issued
}
