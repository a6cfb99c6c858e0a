package chain

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A state is what the store says about the whole DAG: its tips, its sink and
// the totals of the coins at the sink.
type state struct {
	sink       types.Hash
	bestHeader types.Hash
	tips       []types.Hash // blocks with bodies that no block with a body extends and that see the finality point, ascending
	headers    uint64       // stored headers
	blocks     uint64       // of them with bodies
	totals
}

// totals sum up the unspent coins after a chain block.
type totals struct {
	commitment utxo.LtHash
	coins      uint64 // their number
	unspent    uint64 // their value in jots
	issued     uint64 // jots of subsidy that the coinbases of the chain, this block's included, pay
}

// apply moves the totals over a diff; false means that the sums do not fit,
// which no valid diff can cause.
func (t *totals) apply(d utxo.Diff) (ok bool) {
	t.commitment.AddDiff(d)
	t.coins = t.coins + uint64(len(d.Created)) - uint64(len(d.Spent))
	unspent := types.Jots(t.unspent)
	for i := range d.Created {
		if unspent, ok = unspent.Add(d.Created[i].Coin.Value); !ok {
			return false
		}
	}
	for i := range d.Spent {
		if unspent, ok = unspent.Sub(d.Spent[i].Coin.Value); !ok {
			return false
		}
	}
	t.unspent = unspent.Jots()
	return true
}

// addTip makes a block that just got its body a tip in place of its parents.
func (s *state) addTip(b *block) {
	s.blocks++
	s.tips = slices.DeleteFunc(s.tips, func(t types.Hash) bool { return slices.Contains(b.header.Parents, t) })
	at, _ := slices.BinarySearchFunc(s.tips, b.hash, types.Hash.Compare)
	s.tips = slices.Insert(s.tips, at, b.hash)
}

// dropBuried forgets the tips that do not see the finality point: they can be
// neither sink nor merged any more, and must not cost time for ever.
func (m *Manager) dropBuried() {
	m.state.tips = slices.DeleteFunc(m.state.tips, func(t types.Hash) bool {
		return !m.index.IsAncestor(m.virtual.finality, t)
	})
}

// encode appends the record that every commit writes: what cannot be made again
// from the checkpoint, and what to hold the outcome against.
func (s *state) encode(e *types.Encoder, entries uint64) {
	e.Uint64(entries)
	s.sink.EncodeTo(e)
	s.bestHeader.EncodeTo(e)
	e.Hashes(s.tips)
	e.Uint64(s.headers)
	e.Uint64(s.blocks)
}

func (s *state) decode(raw []byte) (entries uint64) {
	decodeRecord("the state", raw, func(d *types.Decoder) {
		entries = d.Uint64()
		s.sink.DecodeFrom(d)
		s.bestHeader.DecodeFrom(d)
		s.tips = d.Hashes()
		s.headers = d.Uint64()
		s.blocks = d.Uint64()
	})
	return entries
}

// encodeCheckpoint appends the record of a checkpoint: where links, reachability
// and coins stand.
func (s *state) encodeCheckpoint(e *types.Encoder, reindexRoot types.Hash) {
	reindexRoot.EncodeTo(e)
	s.sink.EncodeTo(e)
	s.bestHeader.EncodeTo(e)
	e.Uint64(s.headers)
	e.Uint64(s.coins)
	e.Uint64(s.unspent)
	e.Uint64(s.issued)
	s.commitment.EncodeTo(e)
}

func (s *state) decodeCheckpoint(raw []byte) (reindexRoot types.Hash) {
	decodeRecord("the checkpoint", raw, func(d *types.Decoder) {
		reindexRoot.DecodeFrom(d)
		s.sink.DecodeFrom(d)
		s.bestHeader.DecodeFrom(d)
		s.headers = d.Uint64()
		s.coins = d.Uint64()
		s.unspent = d.Uint64()
		s.issued = d.Uint64()
		s.commitment.DecodeFrom(d)
	})
	return reindexRoot
}

// An acceptance is what a chain-valid block accepted and the subsidies that its
// chain had paid by then.
type acceptance struct {
	utxo.Acceptance
	issued uint64 // jots; see totals
}

func (a *acceptance) encodeTo(e *types.Encoder) {
	e.Uint64(a.issued)
	a.Acceptance.EncodeTo(e)
}

func (a *acceptance) decodeFrom(d *types.Decoder) {
	a.issued = d.Uint64()
	a.Acceptance.DecodeFrom(d)
}

// share is one more for each 64 KiB that the coins take.
func (a *acceptance) share() int { return 1 + (len(a.Diff.Spent)+len(a.Diff.Created))/512 }

// acceptance returns that of a chain-valid block.
func (m *Manager) acceptance(b *block) *acceptance {
	if a, ok := m.accepted.lookup(b.hash); ok {
		return a
	}
	a := new(acceptance)
	decodeRecord("acceptance of block "+b.hash.String(), m.index.read(hashKey(keyAcceptance, b.hash)), a.decodeFrom)
	m.accepted.put(b.hash, a)
	return a
}

// storeAcceptance keeps the acceptance of a block that proved chain-valid.
func (m *Manager) storeAcceptance(b *block, a *acceptance) {
	m.accepted.put(b.hash, a)
	m.pending.put(hashKey(keyAcceptance, b.hash), a.encodeTo)
}

// A body is the transactions of a block, coinbase first, and their digests.
type body struct {
	txs     []types.Transaction
	digests []types.Digest
}

// share is one more for each 64 KiB of encoded transactions.
func (b *body) share() int {
	size := 0
	for i := range b.txs {
		size += types.EncodedLen(&b.txs[i])
	}
	return 1 + size>>16
}

// storeBody keeps the body of a block.
func (m *Manager) storeBody(b *block, content *body) {
	m.bodies.put(b.hash, content)
	m.pending.put(hashKey(keyBody, b.hash), func(e *types.Encoder) { types.EncodeTransactions(e, content.txs) })
}

// body returns the transactions of a block that has them; read only.
func (m *Manager) body(b *block) []types.Transaction { return m.content(b).txs }

// content returns the body of a block that has one; read only.
func (m *Manager) content(b *block) *body {
	if content, ok := m.bodies.lookup(b.hash); ok {
		return content
	}
	content := new(body)
	decodeRecord("body of block "+b.hash.String(), m.index.read(hashKey(keyBody, b.hash)), func(d *types.Decoder) {
		content.txs = types.DecodeTransactions(d)
	})
	if len(content.txs) == 0 {
		panic(damaged("body of block %v is empty", b.hash))
	}
	content.digests = types.Digests(content.txs)
	m.bodies.put(b.hash, content)
	return content
}

// storedCoins is the view of the coins in the store, which stand at the sink of
// the last checkpoint.
type storedCoins struct{ index *index }

// Coin implements utxo.View.
func (s storedCoins) Coin(o types.Outpoint) (coin types.Coin, ok bool) {
	raw := s.index.read(coinKey(o))
	if raw == nil {
		return types.Coin{}, false
	}
	if err := readRecord(raw, coin.DecodeFrom); err != nil { // a coin's name is long, and rarely needed
		panic(damaged("coin %v:%d: %w", o.TxID, o.Index, err))
	}
	return coin, true
}
