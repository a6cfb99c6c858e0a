package utxo_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

const score = 500 // blue score of the accepting block in these tests

// verify judges real unlocks, one candidate at a time.
func verify(candidates []utxo.Candidate) []bool {
	holds := make([]bool, len(candidates))
	for i := range candidates {
		checks, err := candidates[i].Unlocks(types.Hash{})
		holds[i] = err == nil && types.VerifyBatch(checks)
	}
	return holds
}

func context(base utxo.View) *utxo.Context {
	p := params.SimNet()
	return &utxo.Context{
		Params:  p,
		RuleSet: p.RuleSetAt(0),
		Place:   rules.Place{BlueScore: score, MedianTime: 1_800_000_000_000},
		Base:    base,
		Verify:  verify,
	}
}

func seed(n byte) [32]byte { return [32]byte{n, 1} }

func owner(n byte) types.Policy { return types.KeyPolicy(types.PublicKey(seed(n))) }

// paidTo is a coin of the n-th key.
func paidTo(n byte, jots uint64) types.Coin {
	return types.Coin{Output: types.Output{Value: types.Jots(jots), Address: owner(n).Address()}, BlueScore: 100}
}

// pay spends a coin of the n-th key to itself, less a fee, and signs.
func pay(o types.Outpoint, n byte, coin types.Coin, fee uint64) types.Transaction {
	tx := types.Transaction{
		Version: 1,
		Inputs:  []types.Input{{Outpoint: o, Sequence: rules.SequenceDisabled, Unlock: types.Unlock{Policy: owner(n)}}},
		Outputs: []types.Output{{Value: types.Jots(coin.Value.Jots() - fee), Address: coin.Address}},
		Mass:    100,
	}
	message := tx.SigningHash(types.Hash{}, []types.Output{coin.Output})
	tx.Inputs[0].Unlock.Signatures = []types.Signature{types.Sign(seed(n), message)}
	return tx
}

// coinbase has outputs only where value says so.
func coinbase(blueScore, value uint64) types.Transaction {
	own := rules.CoinbasePayload{BlueScore: blueScore, Miner: owner(9).Address()}
	return rules.Coinbase(own, nil, types.Jots(value))
}

func merged(id byte, txs ...types.Transaction) utxo.MergedBlock {
	return utxo.MergedBlock{Hash: types.Hash{id}, Transactions: txs, Digests: types.Digests(txs)}
}

func outpoint(tx types.Transaction) types.Outpoint { return types.Outpoint{TxID: tx.ID()} }

// coinOf is the coin of a transaction's first output as these tests accept it.
func coinOf(tx types.Transaction) types.Coin {
	return types.Coin{Output: tx.Outputs[0], BlueScore: score, Coinbase: tx.IsCoinbase()}
}

// Selected parent, a blue and a red, with everything that can happen to a
// transaction on the way.
//
//	p (SP)   coinbase, a spends A
//	q        coinbase, a again, b spends a's output, c spends C
//	r        coinbase, d spends C too, e with another's signature, f spends p's
//	         young coinbase, g spends nothing that exists, h spends b's output
func TestAccept(t *testing.T) {
	coinA, coinC, coinE := paidTo(1, 10e8), paidTo(2, 20e8), paidTo(3, 30e8)
	atA, atC, atE := types.Outpoint{TxID: types.Hash{0xa}}, types.Outpoint{TxID: types.Hash{0xc}}, types.Outpoint{TxID: types.Hash{0xe}}
	base := utxo.Coins{atA: coinA, atC: coinC, atE: coinE}

	parentCoinbase := coinbase(400, 50e8)
	a := pay(atA, 1, coinA, 1000)
	b := pay(outpoint(a), 1, coinOf(a), 200)
	c := pay(atC, 2, coinC, 30)
	d := pay(atC, 2, coinC, 31)
	e := pay(atE, 4, coinE, 1)
	e.Inputs[0].Unlock.Policy = owner(3)
	f := pay(outpoint(parentCoinbase), 9, coinOf(parentCoinbase), 1)
	g := pay(types.Outpoint{TxID: types.Hash{0xff}}, 1, coinA, 1)
	h := pay(outpoint(b), 1, coinOf(b), 4)

	// b is not chained within q: what it spends was made in p. Likewise h.
	blocks := []utxo.AcceptedBlock{
		{Hash: types.Hash{1}, TxIDs: []types.Hash{parentCoinbase.ID(), a.ID()}, Fees: types.Jots(1000)},
		{Hash: types.Hash{2}, TxIDs: []types.Hash{b.ID(), c.ID()}, Fees: types.Jots(230)},
		{Hash: types.Hash{3}, TxIDs: []types.Hash{h.ID()}, Fees: types.Jots(4)},
	}
	after := utxo.Coins{
		atE:                      coinE,
		outpoint(parentCoinbase): coinOf(parentCoinbase),
		outpoint(c):              coinOf(c),
		outpoint(h):              coinOf(h),
	}
	want := utxo.Acceptance{Diff: between(base, after), Blocks: blocks}

	for name, hook := range map[string]func([]utxo.Candidate) []bool{"apart": verify, "together": verifyTogether} {
		ctx := context(base)
		ctx.Verify = hook
		got := utxo.Accept(ctx, []utxo.MergedBlock{
			merged(1, parentCoinbase, a),
			merged(2, coinbase(399, 7), a, b, c),
			merged(3, coinbase(398, 8), d, e, f, g, h),
		})
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("verified %s: %+v, want %+v", name, got, want)
		}
		ids := []types.Hash{parentCoinbase.ID(), a.ID(), b.ID(), c.ID(), h.ID()}
		if !reflect.DeepEqual(got.TxIDs(), ids) {
			t.Fatalf("order %v, want %v", got.TxIDs(), ids)
		}
	}
}

// A coinbase without outputs is not part of accepted history.
func TestAcceptEmptyCoinbase(t *testing.T) {
	got := utxo.Accept(context(utxo.Coins{}), []utxo.MergedBlock{merged(1, coinbase(0, 0))})
	if len(got.TxIDs()) != 0 || len(got.Diff.Created) != 0 || len(got.Blocks) != 1 {
		t.Fatalf("an empty coinbase gives %+v", got)
	}
}

// The selected parent was judged when it qualified: its unlocks are not judged
// again, those of every other block are, once per block.
func TestAcceptAsksOncePerBlock(t *testing.T) {
	base := utxo.Coins{}
	var txs []types.Transaction
	for i := range uint32(4) {
		o := types.Outpoint{Index: i}
		base[o] = paidTo(1, 1e8)
		txs = append(txs, pay(o, 1, base[o], 1))
	}
	ctx := context(base)
	var asked []int
	ctx.Verify = func(candidates []utxo.Candidate) []bool {
		asked = append(asked, len(candidates))
		return verify(candidates)
	}
	got := utxo.Accept(ctx, []utxo.MergedBlock{
		merged(1, coinbase(400, 0), txs[0]),
		merged(2, coinbase(399, 0), txs[0], txs[1]), // the first is spent by now
		merged(3, coinbase(398, 0), txs[1]),
		merged(4, coinbase(397, 0)),
		merged(5, coinbase(396, 0), txs[2], txs[3]),
	})
	if want := []int{1, 2}; !reflect.DeepEqual(asked, want) {
		t.Fatalf("asked for %v candidates, want %v", asked, want)
	}
	if len(got.TxIDs()) != 4 {
		t.Fatalf("%d accepted, want 4", len(got.TxIDs()))
	}
}

// What only the accepting block decides: rule set, locks and maturity at its
// place, on both sides of each limit.
func TestAcceptAtThePlaceOfTheAcceptingBlock(t *testing.T) {
	at := types.Outpoint{TxID: types.Hash{1}}
	tests := []struct {
		name   string
		want   bool
		change func(tx *types.Transaction, coin *types.Coin)
	}{
		{"plain", true, func(tx *types.Transaction, coin *types.Coin) {}},
		{"absolute lock passed", true, func(tx *types.Transaction, coin *types.Coin) { tx.LockTime = score - 1 }},
		{"absolute lock ahead", false, func(tx *types.Transaction, coin *types.Coin) { tx.LockTime = score }},
		{"relative lock passed", true, func(tx *types.Transaction, coin *types.Coin) { tx.Inputs[0].Sequence = score - 100 }},
		{"relative lock ahead", false, func(tx *types.Transaction, coin *types.Coin) { tx.Inputs[0].Sequence = score - 99 }},
		{"mature", true, func(tx *types.Transaction, coin *types.Coin) { coin.Coinbase, coin.BlueScore = true, score-100 }},
		{"immature", false, func(tx *types.Transaction, coin *types.Coin) { coin.Coinbase, coin.BlueScore = true, score-99 }},
		{"version of a later rule set", false, func(tx *types.Transaction, coin *types.Coin) { tx.Version = 2 }},
		{"mass too small", false, func(tx *types.Transaction, coin *types.Coin) { tx.Outputs[0].Value = types.Jots(1) }},
		{"more out than in", false, func(tx *types.Transaction, coin *types.Coin) { tx.Outputs[0].Value = types.Jots(1e8 + 1) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			coin := paidTo(1, 1e8)
			tx := pay(at, 1, coin, 1)
			test.change(&tx, &coin)
			ctx := context(utxo.Coins{at: coin})
			ctx.Verify = func(candidates []utxo.Candidate) []bool { return []bool{true} }
			for _, txs := range [][]utxo.MergedBlock{
				{merged(1, coinbase(400, 0), tx)},
				{merged(1, coinbase(400, 0)), merged(2, coinbase(399, 0), tx)},
			} {
				if got := utxo.Accept(ctx, txs); (len(got.TxIDs()) == 1) != test.want {
					t.Fatalf("accepted %d, want accepted %v", len(got.TxIDs()), test.want)
				}
			}
		})
	}
}

func TestAcceptanceRoundTrip(t *testing.T) {
	coin := paidTo(1, 1e8)
	at := types.Outpoint{Index: 1}
	a := utxo.Accept(context(utxo.Coins{at: coin}), []utxo.MergedBlock{
		merged(1, coinbase(400, 5), pay(at, 1, coin, 1)),
		merged(2, coinbase(399, 0)),
	})
	var back utxo.Acceptance
	if err := types.Decode(types.Encode(&a), &back); err != nil || !reflect.DeepEqual(a, back) {
		t.Fatalf("%+v comes back as %+v (%v)", a, back, err)
	}
}

func FuzzAcceptance(f *testing.F) {
	f.Add(types.Encode(&utxo.Acceptance{}))
	f.Add(types.Encode(&utxo.Acceptance{
		Diff:   utxo.Diff{Created: []utxo.Entry{entry(1, 0, 6)}},
		Blocks: []utxo.AcceptedBlock{{Hash: types.Hash{1}, TxIDs: []types.Hash{{2}}, Fees: types.Jots(3)}, {}},
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a utxo.Acceptance
		if types.Decode(data, &a) == nil && !bytes.Equal(types.Encode(&a), data) {
			t.Fatalf("%x is written as %x", data, types.Encode(&a))
		}
	})
}

// 300 signed transactions in one merged block, signatures verified as one
// batch.
func BenchmarkAccept(b *testing.B) {
	base := utxo.Coins{}
	txs := []types.Transaction{coinbase(399, 0)}
	for i := range uint32(300) {
		o, n := types.Outpoint{Index: i}, byte(i%200)
		base[o] = paidTo(n, 1e8)
		txs = append(txs, pay(o, n, base[o], 1))
	}
	ctx := context(base)
	ctx.Verify = verifyTogether
	blocks := []utxo.MergedBlock{merged(1, coinbase(400, 5)), merged(2, txs...)}
	b.ReportAllocs()
	for b.Loop() {
		if got := utxo.Accept(ctx, blocks); len(got.TxIDs()) != 301 {
			b.Fatalf("%d accepted", len(got.TxIDs()))
		}
	}
}

// verifyTogether tries one batch for all candidates, and one by one when it
// fails.
func verifyTogether(candidates []utxo.Candidate) []bool {
	var all []types.SignatureCheck
	holds := make([]bool, len(candidates))
	for i := range candidates {
		checks, err := candidates[i].Unlocks(types.Hash{})
		if err != nil {
			return verify(candidates)
		}
		all = append(all, checks...)
		holds[i] = true
	}
	if !types.VerifyBatch(all) {
		return verify(candidates)
	}
	return holds
}
