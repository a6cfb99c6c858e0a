package rules_test

import (
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// body is a block that touches every rule of bodies: a coinbase and two
// payments.
func body() *types.Block {
	own := rules.CoinbasePayload{BlueScore: 200, Subsidy: types.Jots(50e8), Miner: miner(1)}
	other := pay(pk(7))
	other.tx.Inputs[0].Outpoint.TxID = types.Hash{0xc1}
	b := &types.Block{
		Header: types.Header{BlueScore: 200, DAAScore: 300},
		Transactions: []types.Transaction{
			rules.Coinbase(own, nil, types.Jots(5)),
			valid().tx,
			other.sign().tx,
		},
	}
	return sealed(b)
}

// sealed commits the header to the body.
func sealed(b *types.Block) *types.Block {
	b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	return b
}

func TestBodySanity(t *testing.T) {
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(b *types.Block)
	}{
		{"valid", "", func(b *types.Block) {}},
		{"coinbase alone", "", func(b *types.Block) { b.Transactions = b.Transactions[:1] }},
		{"empty", rules.ErrNoCoinbase, func(b *types.Block) { b.Transactions = nil }},
		{"no coinbase", rules.ErrNoCoinbase, func(b *types.Block) { b.Transactions = b.Transactions[1:] }},
		{"coinbase second", rules.ErrNoCoinbase, func(b *types.Block) {
			b.Transactions[0], b.Transactions[1] = b.Transactions[1], b.Transactions[0]
		}},
		{"two coinbases", rules.ErrExtraCoinbase, func(b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[0]) }},
		{"coinbase version", rules.ErrCoinbaseVersion, func(b *types.Block) { b.Transactions[0].Version = 2 }},
		{"coinbase inputs", rules.ErrCoinbaseInputs, func(b *types.Block) { b.Transactions[0].Inputs = valid().tx.Inputs }},
		{"coinbase lock time", rules.ErrCoinbaseLockTime, func(b *types.Block) { b.Transactions[0].LockTime = 1 }},
		{"coinbase gas", rules.ErrCoinbaseGas, func(b *types.Block) { b.Transactions[0].Gas = 1 }},
		{"coinbase mass", rules.ErrCoinbaseMass, func(b *types.Block) { b.Transactions[0].Mass = 1 }},
		{"coinbase payload of 48 bytes", rules.ErrCoinbasePayload, func(b *types.Block) { b.Transactions[0].Payload = make([]byte, 48) }},
		{"coinbase payload of 49 bytes", "", func(b *types.Block) { b.Transactions[0].Payload = make([]byte, 49) }},
		{"coinbase payload of 113 bytes", "", func(b *types.Block) { b.Transactions[0].Payload = make([]byte, 113) }},
		{"coinbase payload of 114 bytes", rules.ErrCoinbasePayload, func(b *types.Block) { b.Transactions[0].Payload = make([]byte, 114) }},
		{"coinbase address", rules.ErrCoinbaseAddress, func(b *types.Block) { b.Transactions[0].Payload[16] = 1 }},
		{"coinbase outputs are not judged here", "", func(b *types.Block) { b.Transactions[0].Outputs[0].Value = types.Jots(^uint64(0)) }},
		{"transaction form", rules.ErrGas, func(b *types.Block) { b.Transactions[2].Gas = 1 }},
		{"transaction version", rules.ErrTransactionVersion, func(b *types.Block) { b.Transactions[2].Version = 2 }},
		{"policy shape", rules.ErrPreimageCount, func(b *types.Block) { b.Transactions[1].Inputs[1].Unlock.Preimages = nil }},
		{"what an unlock asserts is not judged here", "", func(b *types.Block) { b.Transactions[1].Inputs[0].Unlock.Signatures[0][0]++ }},
		{"same transaction", rules.ErrDuplicateTransaction, func(b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[1]) }},
		{"same ID, other signature", rules.ErrDuplicateTransaction, func(b *types.Block) {
			twin := valid().tx
			twin.Inputs[0].Unlock.Signatures[0][0]++
			b.Transactions = append(b.Transactions, twin)
		}},
		{"double spend", rules.ErrDoubleSpend, func(b *types.Block) {
			b.Transactions[2].Inputs[0].Outpoint = b.Transactions[1].Inputs[1].Outpoint
		}},
		{"chained spend", rules.ErrChainedSpend, func(b *types.Block) {
			b.Transactions[2].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[1].ID(), Index: 1}
		}},
		{"chained backwards", rules.ErrChainedSpend, func(b *types.Block) {
			b.Transactions[1].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[2].ID()}
		}},
		{"own coinbase spent", rules.ErrChainedSpend, func(b *types.Block) {
			b.Transactions[2].Inputs[0].Outpoint = types.Outpoint{TxID: b.Transactions[0].ID()}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := body()
			test.corrupt(b)
			wantKind(t, rules.BodySanity(network(), sealed(b)), test.want)
		})
	}
}

// Whatever else is wrong with a body that does not match its header, only that
// is reported: anybody can attach such a body to an honest header.
func TestForeignBodySaysNothingOfTheHeader(t *testing.T) {
	for name, corrupt := range map[string]func(b *types.Block){
		"nothing else":   func(b *types.Block) { b.Header.MerkleRoot[0]++ },
		"empty":          func(b *types.Block) { b.Transactions = nil },
		"no coinbase":    func(b *types.Block) { b.Transactions = b.Transactions[1:] },
		"malformed":      func(b *types.Block) { b.Transactions[1].Gas = 1 },
		"bad policy":     func(b *types.Block) { b.Transactions[1].Inputs[0].Unlock.Signatures = nil },
		"a spoilt proof": func(b *types.Block) { b.Transactions[1].Inputs[0].Unlock.Signatures[0][5]++ },
		"a longer body":  func(b *types.Block) { b.Transactions = append(b.Transactions, b.Transactions[1]) },
		"another order": func(b *types.Block) {
			b.Transactions[1], b.Transactions[2] = b.Transactions[2], b.Transactions[1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := body()
			corrupt(b)
			wantKind(t, rules.BodySanity(network(), b), rules.ErrBadMerkleRoot)
		})
	}
}

func TestBlockLimits(t *testing.T) {
	b := body()
	var weight uint64
	for i := range b.Transactions {
		weight += rules.Weight(&b.Transactions[i])
	}
	p := network()
	p.BlockWeight = weight
	wantKind(t, rules.BodySanity(p, b), "")
	p.BlockWeight = weight - 1
	wantKind(t, rules.BodySanity(p, b), rules.ErrBlockWeight)

	p.BlockWeight = 20_000
	b.Transactions[1].Mass, b.Transactions[2].Mass = 15_000, 5_000
	wantKind(t, rules.BodySanity(p, sealed(b)), "")
	b.Transactions[2].Mass++
	wantKind(t, rules.BodySanity(p, sealed(b)), rules.ErrBlockMass)
	b.Transactions[2].Mass = ^uint64(0)
	wantKind(t, rules.BodySanity(p, sealed(b)), rules.ErrBlockMass)
}

// The heaviest transaction fits beside a coinbase that pays every block of the
// largest merge set, and leaves no room.
func TestHeaviestTransaction(t *testing.T) {
	p := network()
	blues := make([]rules.Payout, p.MergeSetLimit)
	for i := range blues {
		blues[i] = rules.Payout{InWindow: true, Payload: rules.CoinbasePayload{Subsidy: types.Jots(1), Miner: miner(1)}}
	}
	own := rules.CoinbasePayload{Miner: miner(1), Extra: make([]byte, rules.MaxCoinbaseExtra)}
	coinbase := rules.Coinbase(own, blues, types.Jots(1))
	if got, want := rules.HeaviestTransaction(p), p.BlockWeight-rules.Weight(&coinbase); got != want {
		t.Errorf("the heaviest transaction is of %d units, want %d", got, want)
	}
	p.BlockWeight = 10
	if got := rules.HeaviestTransaction(p); got != 0 {
		t.Errorf("where a coinbase may fill a block there is room for %d", got)
	}
}

// A body follows the rule set at its own DAA score.
func TestBodyFollowsItsRuleSet(t *testing.T) {
	p := network()
	p.RuleSets = append(p.RuleSets, params.RuleSet{From: 301, HeaderVersion: 2, TransactionVersion: 2})
	b := body()
	b.Transactions[2].Version = 2
	wantKind(t, rules.BodySanity(p, sealed(b)), rules.ErrTransactionVersion)
	b.Header.DAAScore = 301
	wantKind(t, rules.BodySanity(p, b), "")
}

func TestBodyContext(t *testing.T) {
	const median = 1_800_000_000_000
	own := func(b *types.Block, change func(*rules.CoinbasePayload)) {
		payload, err := rules.PayloadOf(&b.Transactions[0])
		if err != nil {
			panic(err)
		}
		change(&payload)
		b.Transactions[0].Payload = types.Encode(&payload)
	}
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(b *types.Block)
	}{
		{"valid", "", func(b *types.Block) {}},
		{"blue score", rules.ErrCoinbaseBlueScore, func(b *types.Block) { own(b, func(c *rules.CoinbasePayload) { c.BlueScore++ }) }},
		{"subsidy too high", rules.ErrCoinbaseSubsidy, func(b *types.Block) {
			own(b, func(c *rules.CoinbasePayload) { c.Subsidy = types.Jots(50e8 + 1) })
		}},
		{"subsidy too low", rules.ErrCoinbaseSubsidy, func(b *types.Block) {
			own(b, func(c *rules.CoinbasePayload) { c.Subsidy = types.Jots(50e8 - 1) })
		}},
		{"no payload", rules.ErrCoinbasePayload, func(b *types.Block) { b.Transactions[0].Payload = nil }},
		{"any extra", "", func(b *types.Block) { own(b, func(c *rules.CoinbasePayload) { c.Extra = []byte("hello") }) }},
		{"score lock passed", "", func(b *types.Block) { b.Transactions[2].LockTime = 199 }},
		{"score lock ahead", rules.ErrAbsoluteLock, func(b *types.Block) { b.Transactions[2].LockTime = 200 }},
		{"time lock passed", "", func(b *types.Block) { b.Transactions[2].LockTime = median - 1 }},
		{"time lock ahead", rules.ErrAbsoluteLock, func(b *types.Block) { b.Transactions[2].LockTime = median }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := body()
			test.corrupt(b)
			wantKind(t, rules.BodyContext(network(), b, median), test.want)
		})
	}
}

func BenchmarkBodySanity(b *testing.B) {
	block := body()
	block.Transactions = block.Transactions[:1]
	for i := range 300 {
		p := pay(pk(byte(i % 32)))
		p.tx.Inputs[0].Outpoint.Index = uint32(i)
		block.Transactions = append(block.Transactions, p.tx)
	}
	sealed(block)
	p := network()
	b.ReportAllocs()
	for b.Loop() {
		if err := rules.BodySanity(p, block); err != nil {
			b.Fatal(err)
		}
	}
}
