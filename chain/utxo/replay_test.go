package utxo_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"pgregory.net/rapid"
)

// The twin of Accept: one transaction after another against a map.
func replayMerged(ctx *utxo.Context, state utxo.Coins, blocks []utxo.MergedBlock) (utxo.Coins, []utxo.AcceptedBlock) {
	state = maps.Clone(state)
	var accepted []utxo.AcceptedBlock
	for i, block := range blocks {
		out := utxo.AcceptedBlock{Hash: block.Hash}
		for j := range block.Transactions {
			tx := &block.Transactions[j]
			spent, fee, ok := judge(ctx, state, tx, i == 0)
			if !ok {
				continue
			}
			for o := range spent {
				delete(state, o)
			}
			for k, output := range tx.Outputs {
				o := types.Outpoint{TxID: tx.ID(), Index: uint32(k)}
				state[o] = types.Coin{Output: output, BlueScore: ctx.Place.BlueScore, Coinbase: j == 0}
			}
			out.TxIDs = append(out.TxIDs, tx.ID())
			out.Fees, _ = out.Fees.Add(fee)
		}
		accepted = append(accepted, out)
	}
	return state, accepted
}

func judge(ctx *utxo.Context, state utxo.Coins, tx *types.Transaction, parent bool) (utxo.Coins, types.Amount, bool) {
	if tx.IsCoinbase() {
		return nil, types.Amount{}, parent && len(tx.Outputs) > 0
	}
	spent := make(utxo.Coins)
	var coins []types.Coin
	for _, in := range tx.Inputs {
		coin, ok := state[in.Outpoint]
		if !ok {
			return nil, types.Amount{}, false
		}
		spent[in.Outpoint] = coin
		coins = append(coins, coin)
	}
	fee, err := rules.Spend(ctx.Params, tx, coins, ctx.Place)
	return spent, fee, err == nil && unlocked(tx) && tx.Version == 1
}

// unlocked stands for real unlocks in random bodies: a gas of 1 does not hold.
func unlocked(tx *types.Transaction) bool { return tx.Gas == 0 }

// A scene draws merge sets whose transactions chain across blocks, conflict
// across blocks, and fail now and then, but never within one block.
type scene struct {
	*rapid.T
	known map[types.Outpoint]types.Amount // ever made, spent or not
	order []types.Outpoint                // of known
}

func (s *scene) make(o types.Outpoint, value types.Amount) {
	if _, ok := s.known[o]; !ok {
		s.order = append(s.order, o)
	}
	s.known[o] = value
}

func (s *scene) transaction(taken map[types.Outpoint]bool, good bool) (types.Transaction, bool) {
	tx := types.Transaction{Version: 1, Mass: 1e6}
	var total uint64
	for range s.intn(1, 2) {
		o := s.order[s.intn(0, len(s.order)-1)]
		if taken[o] {
			return tx, false
		}
		taken[o] = true
		tx.Inputs = append(tx.Inputs, types.Input{Outpoint: o, Sequence: rules.SequenceDisabled})
		total += s.known[o].Jots()
	}
	fee := min(uint64(s.intn(0, 3)), total-1)
	for rest, n := total-fee, s.intn(1, 2); rest > 0 && n > 0; n-- {
		value := rest / uint64(n)
		tx.Outputs = append(tx.Outputs, types.Output{Value: types.Jots(value)})
		rest -= value
	}
	if !good {
		s.spoil(&tx)
	}
	return tx, true
}

// spoil breaks one thing, or nothing.
func (s *scene) spoil(tx *types.Transaction) {
	switch s.intn(0, 9) {
	case 0:
		tx.Gas = 1
	case 1:
		tx.LockTime = score
	case 2:
		tx.Version = 2
	case 3:
		tx.Inputs[0].Sequence = score + 1
	case 4:
		tx.Mass = 0
		tx.Outputs[0].Value = types.Jots(1)
	}
}

func (s *scene) intn(low, high int) int { return rapid.IntRange(low, high).Draw(s.T, "n") }

// block draws the body of one merged block. The selected parent's transactions
// were judged before, so they all hold in the base state, given in live.
func (s *scene) block(i int, live utxo.Coins) utxo.MergedBlock {
	reward := coinbase(uint64(400-i), uint64(s.intn(0, 1))*1e10)
	block := merged(byte(i), reward)
	taken, made := make(map[types.Outpoint]bool), []types.Transaction{reward}
	for range s.intn(0, 4) {
		tx, ok := s.transaction(taken, i == 0)
		if ok && (i > 0 || holdsIn(live, &tx)) {
			block.Transactions = append(block.Transactions, tx)
			made = append(made, tx)
		}
	}
	for _, tx := range made {
		for k, out := range tx.Outputs {
			s.make(types.Outpoint{TxID: tx.ID(), Index: uint32(k)}, out.Value)
		}
	}
	for _, tx := range block.Transactions[1:] { // which have no unlocks to hash
		block.Digests = append(block.Digests, types.Digest{ID: tx.ID()})
	}
	return block
}

func holdsIn(live utxo.Coins, tx *types.Transaction) bool {
	return !slices.ContainsFunc(tx.Inputs, func(in types.Input) bool {
		_, ok := live[in.Outpoint]
		return !ok
	})
}

func TestAcceptAgainstReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := make(utxo.Coins)
		s := &scene{T: t, known: make(map[types.Outpoint]types.Amount)}
		for i := range uint32(6) {
			o := types.Outpoint{Index: i}
			base[o] = types.Coin{Output: types.Output{Value: types.Jots(1e10)}, BlueScore: 100, Coinbase: i == 5}
			s.make(o, base[o].Value)
		}
		var blocks []utxo.MergedBlock
		for i := range s.intn(1, 5) {
			blocks = append(blocks, s.block(i, base))
		}
		ctx := context(base)
		ctx.Verify = func(candidates []utxo.Candidate) []bool {
			var holds []bool
			for _, c := range candidates {
				holds = append(holds, unlocked(c.Transaction))
			}
			return holds
		}
		got := utxo.Accept(ctx, blocks)
		after, accepted := replayMerged(ctx, base, blocks)
		if !reflect.DeepEqual(got.Blocks, accepted) {
			t.Fatalf("accepted %+v, want %+v", got.Blocks, accepted)
		}
		if want := between(base, after); !reflect.DeepEqual(got.Diff, want) {
			t.Fatalf("diff %+v, want %+v", got.Diff, want)
		}
		l := ltHashOf(base)
		l.AddDiff(got.Diff)
		if l.Hash() != hashOf(after) {
			t.Fatal("commitment along the diff is not that of the state after")
		}
		if in, out := totalOf(base), totalOf(after); in+issued(blocks[0]) != out+feesOf(accepted) {
			t.Fatalf("%d jots and %d issued became %d and %d of fees", in, issued(blocks[0]), out, feesOf(accepted))
		}
	})
}

func totalOf(state utxo.Coins) (sum uint64) {
	for _, coin := range state {
		sum += coin.Value.Jots()
	}
	return sum
}

func issued(parent utxo.MergedBlock) (sum uint64) {
	for _, out := range parent.Transactions[0].Outputs {
		sum += out.Value.Jots()
	}
	return sum
}

func feesOf(blocks []utxo.AcceptedBlock) (sum uint64) {
	for _, b := range blocks {
		sum += b.Fees.Jots()
	}
	return sum
}
