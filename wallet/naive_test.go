package wallet_test

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet"
)

// A naiveHistory is the twin of a wallet's: all accepted transactions, read one
// after the other from genesis, with no coin, cursor or diff.
type naiveHistory struct {
	own     func(types.Address) bool
	outputs map[types.Outpoint]types.Output
	spender map[types.Outpoint]types.Hash
	txs     map[types.Hash]wallet.Entry // accepted; those of the wallet have amounts
}

func (n *node) naive(own func(types.Address) bool) *naiveHistory {
	n.t.Helper()
	h := &naiveHistory{
		own:     own,
		outputs: make(map[types.Outpoint]types.Output),
		spender: make(map[types.Outpoint]types.Hash),
		txs:     make(map[types.Hash]wallet.Entry),
	}
	updates, err := n.chain.UpdatesSince(types.Hash{}, 1<<30)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, u := range updates {
		for _, accepted := range u.Acceptance.Blocks {
			b, err := n.chain.Block(accepted.Hash)
			if err != nil {
				n.t.Fatal(err)
			}
			h.read(&b, accepted, wallet.Entry{Block: accepted.Hash, AcceptedBy: u.Hash, BlueScore: u.BlueScore})
		}
	}
	return h
}

func (h *naiveHistory) read(b *types.Block, accepted utxo.AcceptedBlock, e wallet.Entry) {
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		e.ID, e.Received, e.Spent = tx.ID(), types.Amount{}, types.Amount{}
		if !slices.Contains(accepted.TxIDs, e.ID) {
			continue
		}
		for j, out := range tx.Outputs {
			h.outputs[types.Outpoint{TxID: e.ID, Index: uint32(j)}] = out
			if h.own(out.Address) {
				e.Received, _ = e.Received.Add(out.Value)
			}
		}
		for _, in := range tx.Inputs {
			h.spender[in.Outpoint] = e.ID
			if from := h.outputs[in.Outpoint]; h.own(from.Address) {
				e.Spent, _ = e.Spent.Add(from.Value)
			}
		}
		h.txs[e.ID] = e
	}
}

// holdHistory compares the history of a wallet with the naive one: what was
// accepted, and what became of all that it sent.
func (n *node) holdHistory(w *wallet.Wallet, sent map[types.Hash]wallet.Status) {
	n.t.Helper()
	want := n.naive(func(a types.Address) bool { _, err := w.Address(a); return err == nil })
	entries, total, err := w.History(wallet.Query{})
	if err != nil || total != len(entries) {
		n.t.Fatalf("%d entries of %d: %v", len(entries), total, err)
	}
	seen := make(map[types.Hash]bool)
	for i := range entries {
		e := &entries[i]
		if seen[e.ID] {
			n.t.Fatalf("%v is shown twice", e.ID)
		}
		seen[e.ID] = true
		have := wallet.Entry{
			ID: e.ID, Received: e.Received, Spent: e.Spent,
			Block: e.Block, AcceptedBy: e.AcceptedBy, BlueScore: e.BlueScore,
		}
		if twin := want.txs[e.ID]; e.Status == wallet.StatusAccepted && e.Kind != wallet.KindUnpaid && !sameEntry(&have, &twin) {
			n.t.Fatalf("the history has\n%+v, the chain\n%+v", have, twin)
		}
	}
	for id, e := range want.txs {
		if !seen[id] && !(e.Received.IsZero() && e.Spent.IsZero()) {
			n.t.Fatalf("the history lacks %+v", e)
		}
	}
	for id, open := range sent {
		n.holdSent(w, id, open, want)
	}
}

func sameEntry(a, b *wallet.Entry) bool {
	return a.ID == b.ID && a.Received == b.Received && a.Spent == b.Spent && a.Block == b.Block &&
		a.AcceptedBy == b.AcceptedBy && a.BlueScore == b.BlueScore
}

// holdSent asks for the status that the chain gives a transaction of the wallet,
// or where it gives none, the one that its owner did.
func (n *node) holdSent(w *wallet.Wallet, id types.Hash, open wallet.Status, h *naiveHistory) {
	n.t.Helper()
	e, err := w.Entry(id)
	if err != nil {
		n.t.Fatal(err)
	}
	tx, err := w.Transaction(id)
	if err != nil {
		n.t.Fatal(err)
	}
	want := []wallet.Status{open}
	if _, accepted := h.txs[id]; accepted {
		want = []wallet.Status{wallet.StatusAccepted}
	} else if slices.ContainsFunc(tx.Inputs, func(in types.Input) bool {
		maker, err := w.Entry(in.Outpoint.TxID)
		return !h.spender[in.Outpoint].IsZero() || err == nil && maker.Status == wallet.StatusConflicted
	}) {
		want = []wallet.Status{wallet.StatusConflicted}
		if open != wallet.StatusPending {
			want = append(want, open) // it had no coins to lose
		}
	}
	if !slices.Contains(want, e.Status) {
		n.t.Fatalf("%v, which the wallet sent, is %v, want %v", id, e.Status, want)
	}
}
