package rules_test

import (
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// genesis stands for the network in signing hashes.
var genesis = types.Hash{0x9e}

// secret is the preimage behind hash policies.
var secret = types.Preimage{0x5e, 0xc2, 0xe7}

func seed(n byte) [32]byte { return [32]byte{0: n, 31: 1} }

// pk is the policy of the n-th test key, for n below 32.
func pk(n byte) types.Policy { return types.KeyPolicy(types.PublicKey(seed(n))) }

func image() types.Policy { return types.HashPolicy(sha256.Sum256(secret[:])) }

func hidden(p types.Policy) types.Policy { return types.OpaquePolicy(p.Address()) }

// A payment is a transaction with the coins behind its inputs.
type payment struct {
	tx    types.Transaction
	coins []types.Coin
}

// pay builds a payment with one input for each policy, of coins of 100 JIO each
// accepted at blue score 100, to two outputs of 10 JIO, and signs it.
func pay(policies ...types.Policy) *payment {
	p := &payment{tx: types.Transaction{
		Version: 1,
		Outputs: []types.Output{{Value: types.Jots(10e8)}, {Value: types.Jots(10e8)}},
		Mass:    1000,
	}}
	for i, policy := range policies {
		p.tx.Inputs = append(p.tx.Inputs, types.Input{
			Outpoint: types.Outpoint{TxID: types.Hash{0xc0}, Index: uint32(i)},
			Sequence: rules.SequenceDisabled,
			Unlock:   types.Unlock{Policy: policy},
		})
		p.coins = append(p.coins, types.Coin{
			Output:    types.Output{Value: types.Jots(100e8), Address: policy.Address()},
			BlueScore: 100,
		})
	}
	return p.sign()
}

// sign fills in the signatures and preimages that the policies ask for.
func (p *payment) sign() *payment {
	message := p.tx.SigningHash(genesis, p.spent())
	for i := range p.tx.Inputs {
		u := &p.tx.Inputs[i].Unlock
		u.Signatures, u.Preimages = nil, nil
		for _, leaf := range leaves(&u.Policy) {
			switch leaf.Kind {
			case types.PolicyKey:
				u.Signatures = append(u.Signatures, types.Sign(seedOf(leaf.Key), message))
			case types.PolicyHash:
				u.Preimages = append(u.Preimages, secret)
			}
		}
	}
	return p
}

func (p *payment) spent() []types.Output {
	var spent []types.Output
	for _, c := range p.coins {
		spent = append(spent, c.Output)
	}
	return spent
}

// leaves lists the nodes of a policy that are no threshold, left to right.
func leaves(p *types.Policy) []*types.Policy {
	if p.Kind != types.PolicyThreshold {
		return []*types.Policy{p}
	}
	var all []*types.Policy
	for i := range p.Children {
		all = append(all, leaves(&p.Children[i])...)
	}
	return all
}

// seedsByKey finds the seed of a test key.
var seedsByKey = func() map[[32]byte][32]byte {
	seeds := make(map[[32]byte][32]byte)
	for n := range byte(32) {
		seeds[types.PublicKey(seed(n))] = seed(n)
	}
	return seeds
}()

func seedOf(key [32]byte) [32]byte { return seedsByKey[key] }

// valid is a payment that touches every rule: two inputs, one of them of a young
// coinbase behind a policy with a branch of every kind, and an absolute lock.
func valid() *payment {
	locks := types.ThresholdPolicy(3, image(), types.OlderPolicy(10), types.AfterPolicy(150))
	p := pay(pk(1), types.ThresholdPolicy(2, pk(2), hidden(pk(3)), locks))
	p.tx.Inputs[1].Sequence = 20
	p.tx.LockTime = 150
	p.coins[1].Coinbase = true
	return p.sign()
}

// here is a place where valid holds: 20 + 100 and the maturity of 100 at 1 bps
// have passed, and so has its lock time.
var here = rules.Place{BlueScore: 200, MedianTime: 1_800_000_000_000}

func network() *params.Params { return params.SimNet() }

// wantKind fails unless err is of a kind; the empty kind stands for no error.
func wantKind(t *testing.T, err error, kind rules.ErrorKind) {
	t.Helper()
	if kind == "" && err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	if kind != "" && !errors.Is(err, kind) {
		t.Fatalf("got %v, want %q", err, kind)
	}
}
