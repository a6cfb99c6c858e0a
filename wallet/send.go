package wallet

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/keystore"
	"github.com/jio-dag/jio/wallet/spend"
)

// Send signs all steps of a plan, writes them down with the address of the
// change, and submits them. The wallet must be unlocked. A plan that the
// wallet has outrun is ErrStale. It returns the IDs of the transactions, the
// payment last; with ErrUnsent they are kept all the same and tried again.
func (w *Wallet) Send(p *Plan) (ids []types.Hash, err error) {
	if p.Partial {
		return nil, ErrPartial
	}
	err = w.change(func(l *ledger, b *batch) error {
		if err := l.checkPlan(p); err != nil {
			return err
		}
		ids, err = w.signAndRecord(l, b, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, w.submitNow(ids...)
}

// Pay is Plan and Send in one, so that nothing comes between the two, such as
// another payment that takes the same coins.
func (w *Wallet) Pay(r Request) (p *Plan, ids []types.Hash, err error) {
	rate, wait := w.feeRate(r.Fee, r.FeeRate)
	err = w.prepare(func(l *ledger) error {
		if p, err = w.plan(l, r, rate); err != nil {
			return err
		}
		if p.Wait = wait; p.Partial {
			return ErrPartial
		}
		return w.changeLocked(func(l *ledger, b *batch) error {
			ids, err = w.signAndRecord(l, b, p)
			return err
		})
	})
	if err != nil {
		return nil, nil, err
	}
	return p, ids, w.submitNow(ids...)
}

func (w *Wallet) signAndRecord(l *ledger, b *batch, p *Plan) ([]types.Hash, error) {
	txs, err := w.sign(l, p.Steps)
	if err != nil {
		return nil, err
	}
	return w.record(l, b, p, txs), nil
}

// checkPlan holds a plan against the ledger as it is now.
func (l *ledger) checkPlan(p *Plan) error {
	made := make(map[types.Hash]bool)
	for i := range p.Steps {
		for j := range p.Steps[i].Tx.Inputs {
			o := p.Steps[i].Tx.Inputs[j].Outpoint
			_, here := l.coins[o]
			by := l.spends[o]
			if slices.Contains(by, p.replaces) || made[o.TxID] {
				continue // frozen meanwhile or not, it is spent already
			}
			if !here || len(by) > 0 || l.frozen[o] {
				return fmt.Errorf("coin %v:%d: %w", o.TxID, o.Index, ErrStale)
			}
		}
		made[p.Steps[i].Tx.ID()] = true
	}
	if !p.replaces.IsZero() && l.pending[p.replaces] == nil {
		return fmt.Errorf("transaction %v: %w", p.replaces, ErrStale)
	}
	if c := p.change; c.role == RoleChange && p.uses(c.address) && c.index < l.accounts[c.account].Next[RoleChange] && p.replaces.IsZero() {
		return fmt.Errorf("the address for the change: %w", ErrStale)
	}
	return nil
}

// uses reports whether any step pays to an address.
func (p *Plan) uses(a types.Address) bool {
	for i := range p.Steps {
		for _, out := range p.Steps[i].Tx.Outputs {
			if out.Address == a {
				return true
			}
		}
	}
	return false
}

// sign returns the signed transactions of drafts.
func (w *Wallet) sign(l *ledger, drafts []spend.Draft) (txs []types.Transaction, err error) {
	err = w.withSigner(l, func(signer spend.Signer) error {
		for i := range drafts {
			tx, err := drafts[i].Sign(w.cfg.Params, signer)
			if err != nil {
				return err
			}
			txs = append(txs, tx)
		}
		return nil
	})
	return txs, err
}

// withSigner lends a signer with all keys of the wallet. It is the owner's doing
// and moves the deadline.
func (w *Wallet) withSigner(l *ledger, fn func(signer spend.Signer) error) error {
	return w.vault.use(true, func(secrets *keystore.Secrets) error {
		ring := newKeyring(secrets, l.meta.words, w.cfg.Params.CoinType)
		defer ring.wipe()
		var failed error
		err := fn(func(key [32]byte, message types.Hash) (types.Signature, bool) {
			if !l.holds(key) {
				return types.Signature{}, false
			}
			seed, err := ring.seed(l.keys[key])
			defer clear(seed[:])
			if err != nil {
				failed = err
				return types.Signature{}, false
			}
			return types.Sign(seed, message), true
		})
		return errors.Join(failed, err)
	})
}

// record takes the signed steps of a plan into the ledger and the batch, and
// returns their IDs.
func (w *Wallet) record(l *ledger, b *batch, p *Plan, txs []types.Transaction) (ids []types.Hash) {
	now := milliseconds(w.cfg.Now())
	for i := range txs {
		id := txs[i].ID()
		n := l.describe(&txs[i], id, behind(&p.Steps[i]))
		n.Status, n.Seen, n.Time = StatusPending, now, now
		n.Step, n.Steps = i+1, len(txs)
		n.tx, n.change = &txs[i], p.Steps[i].Change
		n.max = p.max && i == len(txs)-1
		n.Replaces = p.replaces
		if old := l.pending[p.replaces]; old != nil {
			l.end(b, old, StatusReplaced, id)
		}
		l.addPending(n)
		b.putNote(n)
		ids = append(ids, id)
	}
	if label := p.request.Label; label != "" {
		l.setLabel(b, entryLabel(ids[len(ids)-1]), label)
	}
	l.reserve(b, p)
	return ids
}

// behind returns the outputs behind the inputs of a draft.
func behind(d *spend.Draft) func(o types.Outpoint) (types.Output, bool) {
	return func(o types.Outpoint) (types.Output, bool) {
		for i := range d.Coins {
			if d.Coins[i].Outpoint == o {
				return d.Coins[i].Coin.Output, true
			}
		}
		return types.Output{}, false
	}
}

// reserve marks the address of the change as handed out, if the plan pays to it.
func (l *ledger) reserve(b *batch, p *Plan) {
	if c := p.change; c.role == RoleChange && p.uses(c.address) {
		a := l.accounts[c.account]
		a.Next[RoleChange] = max(a.Next[RoleChange], c.index+1)
		l.putAccount(b, a)
	}
}

// end takes a pending transaction off the road.
func (l *ledger) end(b *batch, n *note, status Status, by types.Hash) {
	b.removeNote(n)
	l.dropPending(n)
	n.Status, n.ReplacedBy, n.ended = status, by, l.meta.place.BlueScore
	b.putNote(n)
}

// Abandon gives a pending transaction up: it is not submitted again and its coins
// are free, though a block may still accept it where it was sent before. Those
// that spend from it go with it.
func (w *Wallet) Abandon(id types.Hash) error {
	return w.change(func(l *ledger, b *batch) error {
		n := l.pending[id]
		if n == nil {
			return fmt.Errorf("transaction %v: %w", id, ErrSettled)
		}
		for _, gone := range append([]*note{n}, l.followers(id)...) {
			l.end(b, gone, StatusAbandoned, types.Hash{})
		}
		return nil
	})
}

// SignMessage signs a text with the key of an address of the wallet, which must
// be unlocked. The signature is verified by spend.VerifyMessage.
func (w *Wallet) SignMessage(a types.Address, text string) (signature string, err error) {
	err = w.read(func(l *ledger) error {
		o := l.addresses[a]
		if o == nil {
			return unknown("address %s", a.Text(w.cfg.Params.AddressPrefix))
		}
		key, single := o.key()
		if !single {
			return spend.ErrNoKey
		}
		return w.withSigner(l, func(signer spend.Signer) error {
			signature, err = spend.SignMessage(w.cfg.Params, key, []byte(text), signer)
			return err
		})
	})
	return signature, err
}
