package service

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (s *Service) getTransaction(ctx context.Context, p api.TransactionParams) (api.Transaction, error) {
	if err := given("id", p.ID); err != nil {
		return api.Transaction{}, err
	}
	tx, err := s.transactionByID(ctx, p.ID)
	if err != nil || !p.Raw {
		return tx.Transaction, err
	}
	tx.Raw = hex.EncodeToString(types.Encode(tx.of))
	return tx.Transaction, nil
}

// A translated transaction still knows what it was made from.
type translated struct {
	api.Transaction
	of *types.Transaction
}

// transactionByID asks the index, then the pool, which knows it also while there
// is no index.
func (s *Service) transactionByID(ctx context.Context, id types.Hash) (translated, error) {
	x, missing := s.index(ctx)
	if missing == nil {
		found, err := x.Transaction(id)
		if err == nil {
			return s.indexed(found), nil
		}
		if !errors.Is(err, chain.ErrNotFound) {
			return translated{}, err
		}
	}
	if e := s.Pool.Entry(id); e != nil {
		tx := s.transaction(e.Tx, e.Coins)
		tx.InMempool, tx.State = true, "pending"
		return translated{tx, e.Tx}, nil
	}
	if missing != nil {
		return translated{}, missing
	}
	return translated{}, api.Errorf(api.CodeNotFound, "neither the pool nor any merged block holds transaction %v", id)
}

func (s *Service) indexed(found *index.Transaction) translated {
	tx := s.transaction(found.Tx, found.Coins)
	tx.Blocks = list(found.Blocks)
	tx.InMempool = s.Pool.Entry(found.ID) != nil
	if tx.State = "unaccepted"; tx.InMempool {
		tx.State = "pending"
	}
	if at := found.Accepted; at != nil {
		tx.AcceptedBy, tx.AcceptedAt = at.AcceptedBy, int64(at.Time)
		tx.Confirmations = s.confirmations(at.BlueScore)
		tx.State = s.accepted(tx.Coinbase, at.BlueScore+s.Params.CoinbaseMaturity, tx.Confirmations)
	}
	return translated{tx, found.Tx}
}

// confirmations counts the blue score from an accepting block to the sink, both
// included.
func (s *Service) confirmations(blueScore uint64) uint64 {
	sink := s.Chain.Snapshot().SinkBlueScore
	if sink < blueScore {
		return 0
	}
	return sink - blueScore + 1
}

// transaction translates what a transaction says of itself; coins, those behind
// its inputs, may be missing.
func (s *Service) transaction(tx *types.Transaction, coins []types.Coin) api.Transaction {
	t := api.Transaction{
		ID:       tx.ID(),
		Hash:     tx.Hash(),
		Version:  tx.Version,
		Inputs:   make([]api.Input, len(tx.Inputs)),
		Outputs:  s.outputs(tx.Outputs),
		LockTime: tx.LockTime,
		Payload:  hex.EncodeToString(tx.Payload),
		Mass:     tx.Mass,
		Weight:   rules.Weight(tx),
		Size:     types.EncodedLen(tx),
		Coinbase: tx.IsCoinbase(),
		Blocks:   []types.Hash{},
	}
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		t.Inputs[i] = api.Input{Outpoint: outpoint(in.Outpoint), Sequence: in.Sequence}
		if len(coins) == len(tx.Inputs) {
			t.Inputs[i].Address, t.Inputs[i].Amount = s.text(coins[i].Address), &coins[i].Value
		}
	}
	if len(coins) > 0 && len(coins) == len(tx.Inputs) {
		t.Fee = fee(coins, tx.Outputs)
	}
	return t
}

// fee is what the coins are worth beyond the outputs, nil when that is nothing
// sensible.
func fee(coins []types.Coin, outputs []types.Output) *types.Amount {
	var in, out types.Amount
	for i := range coins {
		in, _ = in.Add(coins[i].Value)
	}
	for i := range outputs {
		out, _ = out.Add(outputs[i].Value)
	}
	fee, ok := in.Sub(out)
	if !ok {
		return nil
	}
	return &fee
}

func (s *Service) outputs(outputs []types.Output) []api.Output {
	translated := make([]api.Output, len(outputs))
	for i := range outputs {
		translated[i] = api.Output{Address: s.text(outputs[i].Address), Amount: outputs[i].Value}
	}
	return translated
}

func outpoint(o types.Outpoint) api.Outpoint {
	return api.Outpoint{TransactionID: o.TxID, Index: o.Index}
}

// blockTransactions translates those of one block, with what the index knows of
// them. Another block's coinbase may have the ID of this one's.
func (s *Service) blockTransactions(b *types.Block) ([]api.Transaction, error) {
	all := make([]api.Transaction, len(b.Transactions))
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		all[i] = s.transaction(tx, nil)
		all[i].Blocks = []types.Hash{b.Hash()}
		if s.Index == nil {
			continue
		}
		found, err := s.Index.Transaction(all[i].ID)
		if errors.Is(err, chain.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if tx.IsCoinbase() && (found.Accepted == nil || found.Accepted.Block != b.Hash()) {
			continue
		}
		all[i] = s.indexed(found).Transaction
	}
	return all, nil
}

func (s *Service) submitTransaction(_ context.Context, p api.RawTransaction) (api.Submitted, error) {
	var tx types.Transaction
	if err := decodeHex("transaction", p.Transaction, &tx); err != nil {
		return api.Submitted{}, err
	}
	return s.submit(tx)
}

// submit offers one transaction to the pool.
func (s *Service) submit(tx types.Transaction) (api.Submitted, error) {
	taken := api.Submitted{Hash: tx.ID()}
	reasons, err := s.Host.Submit([]types.Transaction{tx})
	if err != nil {
		return taken, err
	}
	return taken, reasons[0]
}
