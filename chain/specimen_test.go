package chain_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A specimen is a chain, and on top of it one valid block to be changed. Those
// of newSpecimen and specimenOn merge blues and reds and spend coins, one under
// each of their policies:
//
//	                                     ┌───── D ──────┐
//	A1 ── … ── An ── F ── B1 ── … ── B4 ─┴─ B5 ─────────┼── V
//	                       └─ C1 ── C2 ─────────────────┘
type specimen struct {
	params   *params.Params
	builder  *chaintest.Builder
	now      func() time.Time // the clock of its Managers
	policies []types.Policy
	before   []types.Block
	valid    types.Block
	beyond   []types.Hash                  // parents of a block beyond a limit
	coins    map[types.Outpoint]types.Coin // after the valid block, but for its own transactions
	seeds    map[[32]byte][32]byte         // public key to seed

	once   sync.Once
	stored *store.Memory // the blocks before
}

func emptySpecimen(p *params.Params) *specimen {
	return &specimen{params: p, builder: chaintest.NewBuilder(p), now: chaintest.FarFuture, seeds: make(map[[32]byte][32]byte)}
}

// newSpecimen returns the usual one: its block spends under every kind of policy.
func newSpecimen() *specimen {
	p := smallNet(2)
	p.MergeDepth = 500
	return specimenOn(p, (*specimen).everyKind)
}

// specimenOn grows a specimen whose block spends a coin under each policy.
func specimenOn(p *params.Params, policies func(s *specimen) []types.Policy) *specimen {
	s := emptySpecimen(p)
	s.policies = policies(s)
	b := s.builder
	s.before = row(b, 'a', p.GenesisHash, len(s.policies)+7)
	funding := s.fund(s.before[len(s.before)-1].Hash())
	main := row(b, 'b', funding.Hash(), 5)
	reds := row(b, 'c', main[0].Hash(), 2)
	blue := row(b, 'd', main[3].Hash(), 1)
	s.before = slices.Concat(s.before, []types.Block{funding}, main, reds, blue)
	sp, other := main[4].Hash(), blue[0].Hash()
	if other.Compare(sp) > 0 {
		sp, other = other, sp
	}
	s.seal([]types.Hash{sp, reds[1].Hash(), other}, s.spends(&funding, sp))
	return s
}

// seal makes the valid block.
func (s *specimen) seal(parents []types.Hash, txs []types.Transaction) {
	s.valid = s.builder.Oracle.Make(parents, chaintest.Content{
		Miner:        s.builder.Wallet("mia").Address,
		Extra:        []byte("specimen"),
		Transactions: txs,
	})
	s.coins = s.builder.Oracle.Coins(s.builder.Oracle.Add(s.valid))
}

// key returns the policy of a name's key, which is also that of the name's
// wallet.
func (s *specimen) key(name string) types.Policy {
	seed := sha256.Sum256([]byte(name))
	key := types.PublicKey(seed)
	s.seeds[key] = seed
	return types.KeyPolicy(key)
}

var preimage = types.Preimage{7, 7, 7}

func image() [32]byte { return sha256.Sum256(preimage[:]) }

// hidden returns an opaque branch.
func hidden(i byte) types.Policy {
	return types.OpaquePolicy(types.KeyPolicy(types.PublicKey([32]byte{99, i})).Address())
}

// everyKind are policies of each kind, as revealed by a spend.
func (s *specimen) everyKind() []types.Policy {
	return []types.Policy{
		s.key("plain"),
		types.ThresholdPolicy(2, s.key("one"), hidden(0), s.key("two")),
		types.ThresholdPolicy(2, types.HashPolicy(image()), s.key("hash")),
		types.ThresholdPolicy(2, types.AfterPolicy(10), s.key("after")),
		types.ThresholdPolicy(2, types.OlderPolicy(3), s.key("older")),
	}
}

// fund makes a block that pays a coin to each policy: all of what alice mined in
// one block, but for some jots of fee in every other.
func (s *specimen) fund(on types.Hash) types.Block {
	alice, oracle := s.builder.Wallet("alice"), s.builder.Oracle
	var txs []types.Transaction
	coins := oracle.SpendableOn([]types.Hash{on}, alice)
	for i, policy := range s.policies {
		value := types.Jots(coins[i].Coin.Value.Jots() - uint64(i%2))
		txs = append(txs, alice.Pay(s.params, []types.Output{{Value: value, Address: policy.Address()}}, coins[i]))
	}
	made := oracle.Make([]types.Hash{on}, chaintest.Content{Transactions: txs})
	oracle.Add(made)
	return made
}

// spends are the transactions of the valid block: one for each policy, each with
// a fee and two outputs.
func (s *specimen) spends(funding *types.Block, sp types.Hash) []types.Transaction {
	oracle, bob := s.builder.Oracle, s.builder.Wallet("bob")
	s.coins = oracle.Coins(oracle.Block(sp))
	var txs []types.Transaction
	for i, policy := range s.policies {
		o := types.Outpoint{TxID: funding.Transactions[i+1].ID()}
		half := types.Jots(s.coins[o].Value.Jots()/2 - 1000)
		tx := types.Transaction{
			Version:  1,
			LockTime: lockTimeFor(&policy),
			Inputs:   []types.Input{{Outpoint: o, Sequence: 4, Unlock: types.Unlock{Policy: policy}}},
			Outputs:  []types.Output{{Value: half, Address: bob.Address}, {Value: half, Address: policy.Address()}},
		}
		s.sign(&tx)
		txs = append(txs, tx)
	}
	return txs
}

// lockTimeFor returns a lock time that satisfies a policy: a blue score unless
// the policy asks for a date.
func lockTimeFor(p *types.Policy) uint64 {
	for i := range p.Children {
		if child := &p.Children[i]; child.Kind == types.PolicyAfter && child.N >= rules.LockTimeThreshold {
			return child.N
		}
	}
	return 11
}

// sign declares the mass and fills in what the policies of a transaction ask for.
func (s *specimen) sign(tx *types.Transaction) {
	coins := make([]types.Coin, len(tx.Inputs))
	for i := range tx.Inputs {
		coins[i] = s.coins[tx.Inputs[i].Outpoint]
	}
	tx.Mass = max(tx.Mass, rules.StorageWeight(tx, coins))
	s.unlockAll(tx)
}

// unlockAll fills in what the policies of a transaction ask for.
func (s *specimen) unlockAll(tx *types.Transaction) {
	message := tx.SigningHash(s.params.GenesisHash, s.spent(tx))
	for i := range tx.Inputs {
		u := &tx.Inputs[i].Unlock
		u.Signatures, u.Preimages = nil, nil
		s.unlock(u, &u.Policy, message)
	}
}

// spent returns the outputs behind the inputs of a transaction.
func (s *specimen) spent(tx *types.Transaction) []types.Output {
	spent := make([]types.Output, len(tx.Inputs))
	for i := range tx.Inputs {
		spent[i] = s.coins[tx.Inputs[i].Outpoint].Output
	}
	return spent
}

func (s *specimen) unlock(u *types.Unlock, p *types.Policy, message types.Hash) {
	switch p.Kind {
	case types.PolicyKey:
		u.Signatures = append(u.Signatures, types.Sign(s.seeds[p.Key], message))
	case types.PolicyHash:
		u.Preimages = append(u.Preimages, preimage)
	}
	for i := range p.Children {
		s.unlock(u, &p.Children[i], message)
	}
}

// coinbaseCoin returns a coin that alice mined and that is just so old at the
// valid block.
func (s *specimen) coinbaseCoin(age uint64) types.Outpoint {
	alice := s.builder.Wallet("alice").Address
	for o, coin := range s.coins {
		if coin.Coinbase && coin.Address == alice && coin.BlueScore+age == s.valid.Header.BlueScore {
			return o
		}
	}
	panic(fmt.Sprintf("no coin of alice is of age %d", age))
}

// age returns how old the coin behind the first input of the i-th spend is.
func (s *specimen) age(i int) uint64 {
	return s.valid.Header.BlueScore - s.coins[s.valid.Transactions[i+1].Inputs[0].Outpoint].BlueScore
}

// open returns a Manager that knows the blocks before the valid one, and its
// store.
func (s *specimen) open(t testing.TB) (*chain.Manager, *store.Memory) {
	t.Helper()
	s.once.Do(func() {
		s.stored = store.NewMemory()
		m := openJournal(t, s.params, s.stored, 1)
		for i := range s.before {
			if err := m.AddBlock(s.before[i]); err != nil {
				t.Fatalf("block %d: %v", i, err)
			}
		}
	})
	mem := s.stored.Clone()
	return s.openOn(t, mem), mem
}

func (s *specimen) openOn(t testing.TB, st chain.Store) *chain.Manager {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: s.params, Store: st, Now: s.now, Journal: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// copyOf returns a block that shares nothing with the given one.
func copyOf(b *types.Block) (c types.Block) {
	if err := types.Decode(types.Encode(b), &c); err != nil {
		panic(err)
	}
	return c
}
