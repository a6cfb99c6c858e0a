package chain_test

import (
	"crypto/sha256"
	"errors"
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A specimen is a chain, and on top of it one valid block that touches every
// rule: it merges blues and reds, and spends coins under every kind of policy.
//
//	                                     ┌───── D ──────┐
//	A1 ── … ── A12 ── F ── B1 ── … ── B4 ┴─ B5 ─────────┼── V
//	                        └─ C1 ── C2 ────────────────┘
type specimen struct {
	params *params.Params
	before []types.Block
	valid  types.Block
	coins  map[types.Outpoint]types.Coin // that the valid block spends
	seeds  map[[32]byte][32]byte         // public key to seed
}

func newSpecimen() *specimen {
	p := smallNet(2)
	p.MergeDepth = 500
	b := chaintest.NewBuilder(p)
	s := &specimen{params: p, seeds: make(map[[32]byte][32]byte), coins: make(map[types.Outpoint]types.Coin)}
	s.before = row(b, 'a', p.GenesisHash, 12)
	funding := s.fund(b, s.before[11].Hash())
	s.before = append(s.before, funding)
	s.before = append(s.before, row(b, 'b', funding.Hash(), 5)...)
	s.before = append(s.before, row(b, 'c', s.before[13].Hash(), 2)...)
	s.before = append(s.before, row(b, 'd', s.before[16].Hash(), 1)...)
	main, red, blue := s.before[17].Hash(), s.before[19].Hash(), s.before[20].Hash()
	if blue.Compare(main) > 0 {
		main, blue = blue, main
	}
	s.valid = b.Oracle.Make([]types.Hash{main, red, blue}, chaintest.Content{
		Miner:        b.Wallet("mia").Address,
		Extra:        []byte("specimen"),
		Transactions: s.spends(b, &funding, main),
	})
	b.Oracle.Add(s.valid)
	return s
}

func (s *specimen) key(name string) types.Policy {
	seed := sha256.Sum256([]byte(name))
	key := types.PublicKey(seed)
	s.seeds[key] = seed
	return types.KeyPolicy(key)
}

var preimage = types.Preimage{7, 7, 7}

// policies are one of each kind, as revealed by a spend.
func (s *specimen) policies() []types.Policy {
	hidden := types.KeyPolicy(types.PublicKey([32]byte{99}))
	return []types.Policy{
		s.key("plain"),
		types.ThresholdPolicy(2, s.key("one"), types.OpaquePolicy(hidden.Address()), s.key("two")),
		types.ThresholdPolicy(2, types.HashPolicy(sha256.Sum256(preimage[:])), s.key("hash")),
		types.ThresholdPolicy(2, types.AfterPolicy(10), s.key("after")),
		types.ThresholdPolicy(2, types.OlderPolicy(3), s.key("older")),
	}
}

// fund makes a block that pays a coin to each policy.
func (s *specimen) fund(b *chaintest.Builder, on types.Hash) types.Block {
	alice := b.Wallet("alice")
	var txs []types.Transaction
	coins := b.Oracle.SpendableOn([]types.Hash{on}, alice)
	for i, policy := range s.policies() {
		outputs := []types.Output{{Value: coins[i].Coin.Value, Address: policy.Address()}}
		txs = append(txs, alice.Pay(b.Params, outputs, coins[i]))
	}
	made := b.Oracle.Make([]types.Hash{on}, chaintest.Content{Transactions: txs})
	b.Oracle.Add(made)
	return made
}

// spends are the transactions of the valid block: one for each policy, each with
// a fee and two outputs.
func (s *specimen) spends(b *chaintest.Builder, funding *types.Block, main types.Hash) []types.Transaction {
	coins := b.Oracle.Coins(b.Oracle.Block(main))
	var txs []types.Transaction
	for i, policy := range s.policies() {
		o := types.Outpoint{TxID: funding.Transactions[i+1].ID()}
		coin := coins[o]
		s.coins[o] = coin
		half := types.Jots(coin.Value.Jots()/2 - 1000)
		tx := types.Transaction{
			Version:  1,
			LockTime: 11,
			Inputs:   []types.Input{{Outpoint: o, Sequence: 4, Unlock: types.Unlock{Policy: policy}}},
			Outputs:  []types.Output{{Value: half, Address: b.Wallet("bob").Address}, {Value: half, Address: policy.Address()}},
		}
		s.sign(&tx)
		txs = append(txs, tx)
	}
	return txs
}

// sign declares the mass and fills in what the policies of a transaction ask for.
func (s *specimen) sign(tx *types.Transaction) {
	var coins []types.Coin
	var spent []types.Output
	for i := range tx.Inputs {
		coin := s.coins[tx.Inputs[i].Outpoint]
		coins = append(coins, coin)
		spent = append(spent, coin.Output)
	}
	tx.Mass = max(tx.Mass, rules.StorageWeight(tx, coins))
	message := tx.SigningHash(s.params.GenesisHash, spent)
	for i := range tx.Inputs {
		u := &tx.Inputs[i].Unlock
		u.Signatures, u.Preimages = nil, nil
		s.unlock(u, &u.Policy, message)
	}
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

// A corruption changes one thing in the valid block. What is signed is signed
// again unless it is the signature that is changed; merkle root and proof of work
// are made anew unless they are.
type corruption struct {
	name    string
	want    error
	corrupt func(s *specimen, b *types.Block)
	keep    keep
}

// keep says what is left as the corruption made it.
type keep uint8

const (
	keepUnlocks keep = 1 << iota
	keepRoot
	keepNonce
)

func header(change func(h *types.Header)) func(*specimen, *types.Block) {
	return func(_ *specimen, b *types.Block) { change(&b.Header) }
}

// spend changes the i-th spend.
func spend(i int, change func(tx *types.Transaction)) func(*specimen, *types.Block) {
	return func(_ *specimen, b *types.Block) { change(&b.Transactions[i+1]) }
}

func coinbase(change func(tx *types.Transaction)) func(*specimen, *types.Block) {
	return func(_ *specimen, b *types.Block) { change(&b.Transactions[0]) }
}

func (s *specimen) corrupted(t *testing.T, c corruption) types.Block {
	t.Helper()
	var b types.Block
	if err := types.Decode(types.Encode(&s.valid), &b); err != nil {
		t.Fatal(err)
	}
	c.corrupt(s, &b)
	for i := range b.Transactions {
		if c.keep&keepUnlocks == 0 && len(b.Transactions[i].Inputs) > 0 {
			s.sign(&b.Transactions[i])
		}
	}
	if c.keep&keepRoot == 0 {
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	}
	if c.keep&keepNonce == 0 {
		chaintest.Solve(s.params, &b)
	}
	return b
}

// TestCorruptOneThing corrupts the valid block in one place at a time. Each is
// refused, or disqualified, for exactly the rule it breaks and leaves nothing
// behind; the valid block is accepted afterwards.
func TestCorruptOneThing(t *testing.T) {
	s := newSpecimen()
	for _, c := range append(append(headerCorruptions, bodyCorruptions...), chainCorruptions...) {
		t.Run(c.name, func(t *testing.T) {
			mem := store.NewMemory()
			m := open(t, s.params, mem)
			for i := range s.before {
				if err := m.AddBlock(s.before[i]); err != nil {
					t.Fatal(err)
				}
			}
			before := contents(t, mem)
			bad := s.corrupted(t, c)
			err := m.AddBlock(bad)
			if err == nil {
				info, infoErr := m.Info(bad.Hash())
				if infoErr != nil || info.Status != chain.StatusDisqualified {
					t.Fatalf("accepted: %v %v", info.Status, infoErr)
				}
				err = info.Reason
			} else if !maps.Equal(before, contents(t, mem)) {
				t.Error("the store changed")
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if err := m.AddBlock(s.valid); err != nil {
				t.Fatalf("the valid block afterwards: %v", err)
			}
			if m.Snapshot().Sink != s.valid.Hash() {
				t.Error("the valid block is not the sink")
			}
		})
	}
}

// TestSpecimenTouchesEverything holds that the valid block is what it claims.
func TestSpecimenTouchesEverything(t *testing.T) {
	s := newSpecimen()
	m := open(t, s.params, store.NewMemory())
	for _, b := range append(s.before, s.valid) {
		if err := m.AddBlock(b); err != nil {
			t.Fatal(err)
		}
	}
	info, err := m.Info(s.valid.Hash())
	if err != nil || info.Status != chain.StatusChainValid || len(info.Blues) != 2 || len(info.Reds) != 2 {
		t.Fatalf("%+v %v", info, err)
	}
	if got := m.Snapshot().Pending.TxIDs(); len(got) != 6 {
		t.Errorf("virtual accepts %d transactions of the valid block, want its coinbase and 5", len(got))
	}
}
