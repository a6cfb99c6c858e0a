package load

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A ledger is a node that accepts every payment of coins that it has, a while
// after it was sent.
type ledger struct {
	t       *testing.T
	params  *params.Params
	address string
	payee   types.Address // the same
	delay   time.Duration // from payment to acceptance
	thought time.Duration // from payment to answer

	mu      sync.Mutex
	coins   map[types.Outpoint]types.Coin // accepted, spent by what is pending or not
	pending map[types.Hash]types.Transaction
	score   uint64
	changes chan api.UTXOsChanged
	refuse  bool
	silent  bool   // takes payments and does not say so
	barren  bool   // makes no blocks when it is asked to
	ticks   bool   // makes them by itself
	made    uint64 // blocks
}

func newLedger(t *testing.T, p *params.Params, k *Key) *ledger {
	return &ledger{
		t: t, params: p, address: k.Address().Text(p.AddressPrefix), payee: k.Address(), delay: 300 * time.Millisecond,
		coins: make(map[types.Outpoint]types.Coin), pending: make(map[types.Hash]types.Transaction), changes: make(chan api.UTXOsChanged, 10000),
	}
}

// after changes its ways some time from now.
func (l *ledger) after(d time.Duration, change func()) {
	time.AfterFunc(d, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		change()
	})
}

func (l *ledger) Call(ctx context.Context, method string, in, out any) error {
	err := l.answer(method, in, out)
	if method == api.SubmitTransaction.Name {
		time.Sleep(l.thought)
		err = cmp.Or(ctx.Err(), err)
	}
	return err
}

func (l *ledger) answer(method string, in, out any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var answer any
	switch method {
	case api.GetStatus.Name:
		if l.ticks {
			l.score++
		}
		answer = api.Status{Dag: api.Dag{BlueScore: l.score}, System: api.System{CPUSeconds: float64(l.score)}}
	case api.GetUTXOsByAddresses.Name:
		all := api.UTXOs{UTXOs: []api.UTXO{}}
		for o, c := range l.coins {
			all.UTXOs = append(all.UTXOs, l.utxo(o, c))
		}
		answer = all
	case api.GetMempool.Name:
		var pool api.Mempool
		for id := range l.pending {
			pool.Listed = append(pool.Listed, api.MempoolEntry{ID: id})
		}
		answer = pool
	case api.GetMempoolEntry.Name:
		answer = l.entry(in.(*api.PooledParams).ID)
	case api.Generate.Name:
		if l.barren {
			return errors.New("not on this network")
		}
		p := in.(*api.GenerateParams)
		if p.PayTo != l.address || p.Blocks == 0 {
			l.t.Errorf("asked for %+v", p)
		}
		for range p.Blocks {
			l.made++
			l.score++
			l.add(types.Outpoint{TxID: types.Hash{1, byte(l.made), byte(l.made >> 8)}}, types.Coin{
				Output: types.Output{Value: types.Jots(50 * types.JotsPerJIO), Address: l.payee}, BlueScore: l.score, Coinbase: true,
			})
		}
		answer = api.Generated{Blocks: p.Blocks}
	case api.UnlockWallet.Name:
		return api.Errorf(api.CodeUnavailable, "the node keeps no wallets")
	case api.SubmitTransaction.Name:
		return l.submit(in.(*api.RawTransaction))
	default:
		l.t.Errorf("%s was called", method)
	}
	text, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	return err
}

func (l *ledger) entry(id types.Hash) (e api.MempoolEntry) {
	tx := l.pending[id]
	e.ID, e.Transaction = id, &api.Transaction{ID: id}
	for _, in := range tx.Inputs {
		e.Transaction.Inputs = append(e.Transaction.Inputs, api.Input{Outpoint: api.Outpoint{TransactionID: in.Outpoint.TxID, Index: in.Outpoint.Index}})
	}
	return e
}

func (l *ledger) utxo(o types.Outpoint, c types.Coin) api.UTXO {
	return api.UTXO{
		Outpoint: api.Outpoint{TransactionID: o.TxID, Index: o.Index}, Address: c.Address.Text(l.params.AddressPrefix),
		Amount: c.Value, BlueScore: c.BlueScore, Coinbase: c.Coinbase,
	}
}

func (l *ledger) add(o types.Outpoint, c types.Coin) {
	l.coins[o] = c
	l.changes <- api.UTXOsChanged{Added: []api.UTXO{l.utxo(o, c)}}
}

func (l *ledger) submit(raw *api.RawTransaction) error {
	if l.refuse {
		return &api.Error{Code: api.CodeRejected, Message: "no", Reason: "fee"}
	}
	data, err := hex.DecodeString(raw.Transaction)
	if err != nil {
		return err
	}
	var tx types.Transaction
	if err := types.Decode(data, &tx); err != nil {
		return err
	}
	for _, other := range l.pending {
		for _, in := range other.Inputs {
			if slices.ContainsFunc(tx.Inputs, func(x types.Input) bool { return x.Outpoint == in.Outpoint }) {
				return &api.Error{Code: api.CodeRejected, Message: "another spends it", Reason: "conflict"}
			}
		}
	}
	for _, in := range tx.Inputs {
		c, ok := l.coins[in.Outpoint]
		if !ok {
			return &api.Error{Code: api.CodeRejected, Message: "no such coin", Reason: "orphan"}
		}
		if c.Coinbase && l.score < c.BlueScore+l.params.CoinbaseMaturity {
			l.t.Errorf("a coinbase of blue score %d is spent at %d", c.BlueScore, l.score)
		}
	}
	l.pending[tx.ID()] = tx
	time.AfterFunc(l.delay, func() { l.accept(&tx) })
	if l.silent {
		return errors.New("the answer was lost")
	}
	return nil
}

func (l *ledger) accept(tx *types.Transaction) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.score++
	delete(l.pending, tx.ID())
	for _, in := range tx.Inputs {
		delete(l.coins, in.Outpoint)
		l.changes <- api.UTXOsChanged{Removed: []api.Outpoint{{TransactionID: in.Outpoint.TxID, Index: in.Outpoint.Index}}}
	}
	for i, out := range tx.Outputs {
		l.add(types.Outpoint{TxID: tx.ID(), Index: uint32(i)}, types.Coin{Output: out, BlueScore: l.score})
	}
}

func (l *ledger) Subscribe(ctx context.Context, sub api.Subscription, event any, each func() error) error {
	e := event.(*api.UTXOsChanged)
	if *e = (api.UTXOsChanged{}); each() != nil {
		return errors.New("the list failed")
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case *e = <-l.changes:
			if err := each(); err != nil {
				return err
			}
		}
	}
}
