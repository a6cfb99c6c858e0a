package wallet

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A step is one update of the selected chain on its way into the ledger.
type step struct {
	*ledger
	chain  Chain
	batch  *batch
	now    uint64 // local clock, milliseconds since 1970
	update *chain.Update
	time   uint64                             // of the block, once an entry asks
	made   map[types.Outpoint]types.Output    // by relevant transactions of this step
	bodies map[types.Hash][]types.Transaction // loaded
	ids    []types.Hash                       // of the entries that the step settles
}

// follow takes one update into the ledger.
func (l *ledger) follow(c Chain, b *batch, now uint64, u *chain.Update) error {
	s := &step{
		ledger: l, chain: c, batch: b, now: now, update: u,
		made:   make(map[types.Outpoint]types.Output),
		bodies: make(map[types.Hash][]types.Transaction),
	}
	if u.Reverted {
		return s.revert()
	}
	return s.apply()
}

func (s *step) apply() error {
	diff := &s.update.Acceptance.Diff
	if s.touches(diff) || busy(s.update.Acceptance) {
		if err := s.readAccepted(); err != nil {
			return err
		}
	}
	if err := s.readUnpaid(); err != nil {
		return err
	}
	s.move(diff.Spent, diff.Created)
	s.meta.place.Block, s.meta.place.BlueScore = s.update.Hash, s.update.BlueScore
	if len(s.ids) > 0 {
		s.batch.put(stepKey(s.update.Hash), func(e *types.Encoder) { e.Hashes(s.ids) })
	}
	return nil
}

// touches reports whether a diff changes the coins of the wallet.
func (s *step) touches(diff *utxo.Diff) bool {
	return slices.ContainsFunc(diff.Created, func(n utxo.Entry) bool { return s.addresses[n.Coin.Address] != nil }) ||
		slices.ContainsFunc(diff.Spent, func(n utxo.Entry) bool { return s.addresses[n.Coin.Address] != nil })
}

// busy reports whether a coin may have been made and spent within a step, and
// left no trace in its diff: no block holds both transactions, and nothing made
// by a coinbase is spent at once.
func busy(a *utxo.Acceptance) bool {
	payers := 0
	for i := range a.Blocks {
		ids := len(a.Blocks[i].TxIDs)
		if ids > 1 || i > 0 && ids > 0 {
			payers++
		}
	}
	return payers > 1
}

// move takes coins out of the ledger and into it.
func (s *step) move(gone, come []utxo.Entry) {
	for i := range gone {
		if _, ok := s.coins[gone[i].Outpoint]; ok {
			delete(s.coins, gone[i].Outpoint)
			s.batch.remove(coinKey(gone[i].Outpoint))
		}
	}
	for i := range come {
		if o := s.addresses[come[i].Coin.Address]; o != nil {
			s.coins[come[i].Outpoint] = come[i].Coin
			s.batch.put(coinKey(come[i].Outpoint), come[i].Coin.EncodeTo)
			s.use(o)
		}
	}
}

// use notes that coins have come to an address. It stays so whatever the chain
// does: somebody knows the address.
func (s *step) use(o *owned) {
	if o.used {
		return
	}
	o.used = true
	s.batch.put(ownedKey(o.address), o.encodeTo)
	if o.role > RoleChange {
		return
	}
	a := s.accounts[o.account]
	if s.unexpected(a, o) {
		s.meta.short = true // coins may have come to it before it was derived
	}
	a.hidden = false
	a.Used[o.role] = max(a.Used[o.role], o.index+1)
	fresh := o.index + 1
	if o.role == RoleReceive {
		fresh++ // the next is shown in place of this one
	}
	a.Next[o.role] = max(a.Next[o.role], min(fresh, a.Stock[o.role]))
	s.putAccount(s.batch, a)
}

// unexpected reports whether an address that this wallet did not hand out comes
// into use, and was derived on the way: in a search, or where another copy of
// the words has left a wide gap.
func (s *step) unexpected(a *account, o *owned) bool {
	if o.index < max(a.Next[o.role], a.safe[o.role]) {
		return false
	}
	return s.meta.scanning || o.index >= a.Used[o.role]+s.gap
}

// readAccepted looks through all accepted transactions for those of the wallet.
func (s *step) readAccepted() error {
	var position uint64
	for i := range s.update.Acceptance.Blocks {
		accepted := &s.update.Acceptance.Blocks[i]
		if len(accepted.TxIDs) == 0 {
			continue
		}
		txs, err := s.body(accepted.Hash)
		if err != nil {
			return err
		}
		for j := range txs {
			position++
			if err := s.read(&txs[j], accepted, position); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *step) body(block types.Hash) ([]types.Transaction, error) {
	if txs, ok := s.bodies[block]; ok {
		return txs, nil
	}
	b, err := s.chain.Block(block)
	if err != nil {
		return nil, fmt.Errorf("the body of block %v: %w", block, err)
	}
	s.bodies[block] = b.Transactions
	return b.Transactions, nil
}

// read takes one transaction into the history, when it is the wallet's and was
// accepted.
func (s *step) read(tx *types.Transaction, block *utxo.AcceptedBlock, position uint64) error {
	if !s.concerns(tx) {
		return nil
	}
	id := tx.ID()
	if !slices.Contains(block.TxIDs, id) {
		return nil
	}
	n, err := s.entryOf(tx, id)
	if err != nil {
		return err
	}
	for i := range tx.Outputs {
		s.made[types.Outpoint{TxID: id, Index: uint32(i)}] = tx.Outputs[i]
		if o := s.addresses[tx.Outputs[i].Address]; o != nil {
			s.use(o) // which move does not see when the coin is gone within the step
		}
	}
	n.Block, n.position = block.Hash, position
	n.Note = ""
	if err := s.settle(n, StatusAccepted); err != nil {
		return err
	}
	return s.outdo(tx, id)
}

// concerns reports whether a transaction makes or spends coins of the wallet.
func (s *step) concerns(tx *types.Transaction) bool {
	return slices.ContainsFunc(tx.Outputs, func(out types.Output) bool { return s.addresses[out.Address] != nil }) ||
		slices.ContainsFunc(tx.Inputs, func(in types.Input) bool {
			spent, ok := s.spent(in.Outpoint)
			return ok && s.addresses[spent.Address] != nil
		})
}

// spent returns the output behind an input as far as the wallet knows it.
func (s *step) spent(o types.Outpoint) (types.Output, bool) {
	if out, ok := s.made[o]; ok {
		return out, true
	}
	coin, ok := s.coins[o]
	return coin.Output, ok
}

// entryOf returns the entry of a transaction: the one written when it was sent,
// taken out of its old place, or a new one.
func (s *step) entryOf(tx *types.Transaction, id types.Hash) (*note, error) {
	n, err := s.note(s.batch, id)
	if err != nil {
		return nil, err
	}
	if n != nil {
		s.takeOut(n)
		return n, nil
	}
	n = s.describe(tx, id, s.spent)
	n.Seen = s.now
	return n, nil
}

// takeOut removes an entry from its place, to be put into another.
func (s *step) takeOut(n *note) {
	s.batch.removeNote(n)
	if n.Status == StatusPending {
		s.dropPending(n)
	}
}

// settle puts an entry that the step decided in its place.
func (s *step) settle(n *note, status Status) error {
	if err := s.readTime(); err != nil {
		return err
	}
	if n.Status != StatusAccepted && n.Status != StatusConflicted {
		n.before = n.Status
	}
	n.Status, n.AcceptedBy = status, s.update.Hash
	n.BlueScore, n.Time = s.update.BlueScore, s.time
	if n.Kind == KindCoinbase {
		n.Spendable = n.BlueScore + s.params.CoinbaseMaturity
	}
	s.batch.putNote(n)
	s.ids = append(s.ids, n.ID)
	return nil
}

// readTime looks the time of the chain block up.
func (s *step) readTime() error {
	if s.time != 0 {
		return nil
	}
	b, err := s.chain.Block(s.update.Hash)
	s.time = b.Header.Timestamp
	return err
}

// outdo ends the pending transactions that wanted a coin which another spent,
// and all that build on them.
func (s *step) outdo(tx *types.Transaction, id types.Hash) error {
	for _, n := range s.rivals(tx) {
		s.takeOut(n)
		n.position = 0
		n.Note = fmt.Sprintf("transaction %v spends the same coin and was accepted", id)
		if err := s.settle(n, StatusConflicted); err != nil {
			return err
		}
	}
	return nil
}

// revert takes the update's block back: its coins by its diff, its entries as
// they were before.
func (s *step) revert() error {
	diff := &s.update.Acceptance.Diff
	s.move(diff.Created, diff.Spent)
	s.meta.place.Block = s.update.Parent
	key := stepKey(s.update.Hash)
	value, err := s.db.Get(key)
	if value == nil || err != nil {
		return err
	}
	if err := decodeRecord(key, value, func(d *types.Decoder) { s.ids = d.Hashes() }); err != nil {
		return err
	}
	s.batch.remove(key)
	for _, id := range s.ids {
		if err := s.unsettle(id); err != nil {
			return err
		}
	}
	return nil
}

// unsettle makes an entry pending again where the wallet can send it again, and
// forgets it where not: it comes back with the block that accepts it then.
func (s *step) unsettle(id types.Hash) error {
	n, err := s.note(s.batch, id)
	if n == nil || err != nil {
		return err
	}
	s.batch.removeNote(n)
	if n.tx == nil {
		return nil
	}
	n.reopen()
	s.batch.putNote(n)
	if n.Status == StatusPending {
		s.addPending(n)
	}
	return nil
}

// readUnpaid finds blocks of one's own that the step merges without paying them:
// reds, whose subsidy is never issued, and those that came too late to count.
func (s *step) readUnpaid() error {
	for i := range s.update.Acceptance.Blocks {
		if i == 0 {
			continue // the selected parent is blue and in window
		}
		block := s.update.Acceptance.Blocks[i].Hash
		txs, err := s.body(block)
		if err != nil {
			return err
		}
		payload, err := rules.PayloadOf(&txs[0])
		miner := s.addresses[payload.Miner]
		if err != nil || miner == nil || payload.Subsidy.IsZero() {
			continue
		}
		s.use(miner) // no coin may ever come to it, and those of the same words count on the next
		if err := s.judgeMined(block, &payload); err != nil {
			return err
		}
	}
	return nil
}

// judgeMined enters a merged block of one's own when the chain block that merges
// it does not owe its subsidy.
func (s *step) judgeMined(block types.Hash, payload *rules.CoinbasePayload) error {
	merging, err := s.chain.Info(s.update.Hash)
	if err != nil {
		return err
	}
	parent, err := s.chain.Info(s.update.Parent)
	if err != nil {
		return err
	}
	n := &note{Entry: Entry{ID: block, Kind: KindUnpaid, Block: block, Seen: s.now}, change: -1}
	n.Outputs = []Part{s.part(types.Output{Value: payload.Subsidy, Address: payload.Miner})}
	switch {
	case slices.Contains(merging.Reds, block):
		n.Note = "merged as a red block: too many others were mined without seeing it or being seen by it, and a red earns no subsidy"
	case !rules.InWindow(s.params, payload.BlueScore, parent.Header.BlueScore):
		n.Note = "merged long after its time, out of the window in which a block earns its subsidy"
	default:
		return nil
	}
	return s.settle(n, StatusAccepted)
}

// describe makes the entry of a transaction from the outputs behind its inputs,
// as far as they are known.
func (l *ledger) describe(tx *types.Transaction, id types.Hash, spent func(types.Outpoint) (types.Output, bool)) *note {
	n := &note{Entry: Entry{ID: id}, change: -1}
	known := !tx.IsCoinbase()
	var in, out types.Amount
	for i := range tx.Inputs {
		from, ok := spent(tx.Inputs[i].Outpoint)
		if !ok {
			from.Address = tx.Inputs[i].Unlock.Policy.Address()
		}
		part := l.part(from)
		if n.Inputs = append(n.Inputs, part); part.Ours && ok {
			n.Spent = plus(n.Spent, part.Value)
		}
		known = known && part.Ours && ok
		in = plus(in, from.Value)
	}
	for _, o := range tx.Outputs {
		part := l.part(o)
		if n.Outputs = append(n.Outputs, part); part.Ours {
			n.Received = plus(n.Received, part.Value)
		}
		out = plus(out, o.Value)
	}
	if known {
		n.Fee, n.PaidFee = in.Sub(out)
	}
	n.Kind = kindOf(tx, n)
	return n
}

// kindOf says what a transaction is from what the wallet has in it.
func kindOf(tx *types.Transaction, n *note) Kind {
	foreign := func(p Part) bool { return !p.Ours }
	switch {
	case tx.IsCoinbase():
		return KindCoinbase
	case n.Spent.IsZero():
		return KindReceived
	case slices.ContainsFunc(n.Outputs, foreign):
		return KindSent
	case len(n.Inputs) > 1 && len(n.Outputs) == 1 && !slices.ContainsFunc(n.Inputs, foreign):
		return KindCompound
	}
	return KindSelf
}
