package chain_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// A judge tells from the text of the rules what a chain must think of a block
// that takes the place of a specimen's valid one. What the parents decide it has
// from the Oracle; forms, locks, weights, coins and unlocks it judges by itself,
// with plain loops and big integers. It uses nothing of chain/rules. The
// specimen's network has one rule set, a flat subsidy and no merge limit within
// reach.
type judge struct {
	*specimen
	due    types.Block              // what the parents make of a block whose miner is nobody
	nobody types.Address            // who that is
	median uint64                   // past median time
	proven map[provenSignature]bool // the signatures of the valid block
}

// A verdict is how far a block gets.
type verdict uint8

const (
	refused verdict = iota
	disqualified
	qualified
)

func (v verdict) String() string { return [...]string{"refused", "disqualified", "qualified"}[v] }

type provenSignature struct {
	key       [32]byte
	message   types.Hash
	signature types.Signature
}

func newJudge(s *specimen) *judge {
	j := &judge{specimen: s, nobody: types.Address{Hash: types.Hash{0xee, 0xee}}, median: s.median(), proven: make(map[provenSignature]bool)}
	j.due = s.builder.Oracle.Make(s.valid.Header.Parents, chaintest.Content{Miner: j.nobody})
	for i := range s.valid.Transactions[1:] {
		j.unlocksHold(&s.valid.Transactions[i+1], func(p provenSignature) bool {
			j.proven[p] = verifies(p)
			return true
		})
	}
	return j
}

func (j *judge) judge(b *types.Block) verdict {
	if !j.headerHolds(&b.Header) || !j.bodyHolds(b) || !j.mined(&b.Header) {
		return refused
	}
	if !j.stateHolds(b) {
		return disqualified
	}
	return qualified
}

func (j *judge) headerHolds(h *types.Header) bool {
	due := j.dueOn(h.Parents)
	return due != nil && h.Version == 1 && h.StateRoot.IsZero() && h.FinalityRef.IsZero() &&
		slices.Equal(h.Parents, due.Parents) && h.DAAScore == due.DAAScore && h.Bits == due.Bits &&
		h.BlueScore == due.BlueScore && h.BlueWork == due.BlueWork && h.HistoryRoot == due.HistoryRoot &&
		h.Timestamp >= due.Timestamp && h.Timestamp <= uint64(j.now().UnixMilli())+j.params.FutureAllowance
}

// dueOn returns what parents make of a header, with the least timestamp; nil for
// parents that no block may have. Merge limits are out of reach of all of them.
func (j *judge) dueOn(parents []types.Hash) *types.Header {
	if slices.Equal(parents, j.due.Header.Parents) {
		return &j.due.Header
	}
	var known []*chaintest.Block
	for _, b := range j.builder.Oracle.Blocks() {
		if slices.Contains(parents, b.Hash) && b.Hash != j.valid.Hash() {
			known = append(known, b)
		}
	}
	if len(parents) == 0 || len(parents) > j.params.MaxParents || len(known) != len(parents) {
		return nil
	}
	for _, a := range known {
		for _, b := range known {
			if j.builder.Oracle.Ancestor(a, b) {
				return nil
			}
		}
	}
	due := j.builder.Oracle.Make(parents, chaintest.Content{})
	return &due.Header
}

// mined reports whether the proof of work reaches the target of the bits, which
// are known to be the right ones.
func (j *judge) mined(h *types.Header) bool {
	engine, _ := pow.ByID(j.params.Engines[0].ID)
	value := engine.Prepare(h.PrePoWHash()).Value(h.Timestamp, h.Nonce)
	target := new(big.Int).Lsh(big.NewInt(int64(h.Bits&0x7fffff)), 8*uint(h.Bits>>24-3))
	sum := new(big.Int)
	for i, word := range value {
		sum.Add(sum, new(big.Int).Lsh(new(big.Int).SetUint64(word), uint(64*i)))
	}
	return sum.Cmp(target) <= 0
}

func (j *judge) bodyHolds(b *types.Block) bool {
	if types.MerkleRootOf(b.Transactions) != b.Header.MerkleRoot || len(b.Transactions) == 0 || !j.coinbaseHolds(b) {
		return false
	}
	weight, mass := new(big.Int), new(big.Int)
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		weight.Add(weight, new(big.Int).SetUint64(weightOf(tx)))
		mass.Add(mass, new(big.Int).SetUint64(tx.Mass))
		if i > 0 && !j.formHolds(tx) || !j.lockHolds(tx) {
			return false
		}
	}
	limit := new(big.Int).SetUint64(j.params.BlockWeight)
	return weight.Cmp(limit) <= 0 && mass.Cmp(limit) <= 0 && independent(b.Transactions)
}

// coinbaseHolds judges all of a coinbase but what it pays.
func (j *judge) coinbaseHolds(b *types.Block) bool {
	tx := &b.Transactions[0]
	if tx.SubnetworkID != (types.SubnetworkID{1}) || tx.Version != 1 || len(tx.Inputs) != 0 ||
		tx.LockTime != 0 || tx.Gas != 0 || tx.Mass != 0 || len(tx.Payload) < 49 || len(tx.Payload) > 113 {
		return false
	}
	le := binary.LittleEndian
	return le.Uint64(tx.Payload) == b.Header.BlueScore && le.Uint64(tx.Payload[8:]) == j.params.FlatSubsidy.Jots() && tx.Payload[16] == 0
}

// formHolds judges a transaction that is not a coinbase by itself.
func (j *judge) formHolds(tx *types.Transaction) bool {
	if tx.Version != 1 || tx.Gas != 0 || len(tx.Payload) != 0 || tx.SubnetworkID != (types.SubnetworkID{}) ||
		len(tx.Inputs) == 0 || len(tx.Outputs) == 0 || len(types.Encode(tx)) > 100_000 {
		return false
	}
	for i := range tx.Outputs {
		if tx.Outputs[i].Address.Version != 0 || tx.Outputs[i].Value.IsZero() {
			return false
		}
	}
	if sumOf(tx.Outputs).Cmp(allJots) > 0 { // and so is no single one too great
		return false
	}
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		twice := slices.ContainsFunc(tx.Inputs[:i], func(other types.Input) bool { return other.Outpoint == in.Outpoint })
		if twice || in.Sequence < 1<<63 && in.Sequence > 1<<32-1 || !unlockFormHolds(&in.Unlock) {
			return false
		}
	}
	return true
}

var allJots = big.NewInt(21_000_000 * 100_000_000)

func sumOf(outputs []types.Output) *big.Int {
	sum := new(big.Int)
	for i := range outputs {
		sum.Add(sum, new(big.Int).SetUint64(outputs[i].Value.Jots()))
	}
	return sum
}

// A policyNode is a policy and its level in a tree, the root's being 1.
type policyNode struct {
	*types.Policy
	level int
}

// flat lists a policy's nodes, depth first.
func flat(p *types.Policy, level int) []policyNode {
	nodes := []policyNode{{p, level}}
	for i := range p.Children {
		nodes = append(nodes, flat(&p.Children[i], level+1)...)
	}
	return nodes
}

func unlockFormHolds(u *types.Unlock) bool {
	nodes := flat(&u.Policy, 1)
	keys, images := 0, 0
	for _, n := range nodes {
		shown := slices.DeleteFunc(slices.Clone(n.Children), func(c types.Policy) bool { return c.Kind == types.PolicyOpaque })
		switch n.Kind {
		case types.PolicyKey:
			keys++
			if !types.ValidKey(n.Key) {
				return false
			}
		case types.PolicyHash:
			images++
		case types.PolicyThreshold:
			if n.N == 0 || n.N != uint64(len(shown)) {
				return false
			}
		case types.PolicyOpaque:
			if n.Hidden.Version != 0 || n.level == 1 {
				return false
			}
		}
		if n.level > 4 {
			return false
		}
	}
	return len(nodes) <= 64 && keys <= 20 && keys == len(u.Signatures) && images == len(u.Preimages)
}

// lockHolds judges the lock time at the block's place.
func (j *judge) lockHolds(tx *types.Transaction) bool {
	now := j.due.Header.BlueScore
	if tx.LockTime >= 500_000_000_000 {
		now = j.median
	}
	return tx.LockTime == 0 || tx.LockTime < now
}

// independent reports whether no two transactions are one, spend one coin, or
// spend from each other.
func independent(txs []types.Transaction) bool {
	for i := range txs {
		for k := range txs {
			if i != k && (txs[i].ID() == txs[k].ID() || touches(&txs[i], &txs[k])) {
				return false
			}
			if i == k && slices.ContainsFunc(txs[i].Inputs, func(in types.Input) bool { return in.Outpoint.TxID == txs[i].ID() }) {
				return false
			}
		}
	}
	return true
}

func touches(a, b *types.Transaction) bool {
	made := b.ID()
	return slices.ContainsFunc(a.Inputs, func(x types.Input) bool {
		return x.Outpoint.TxID == made || slices.ContainsFunc(b.Inputs, func(y types.Input) bool { return x.Outpoint == y.Outpoint })
	})
}

// stateHolds judges what only blocks of the selected chain are held to.
func (j *judge) stateHolds(b *types.Block) bool {
	h, due := &b.Header, &j.due.Header
	if h.UTXOCommitment != due.UTXOCommitment || h.AcceptedRoot != due.AcceptedRoot || h.PruningPoint != due.PruningPoint {
		return false
	}
	var miner types.Address
	miner.Hash = types.Hash(b.Transactions[0].Payload[17:49])
	payouts := slices.Clone(j.due.Transactions[0].Outputs)
	for i := range payouts {
		if payouts[i].Address == j.nobody {
			payouts[i].Address = miner
		}
	}
	if !slices.Equal(b.Transactions[0].Outputs, payouts) {
		return false
	}
	return !slices.ContainsFunc(b.Transactions[1:], func(tx types.Transaction) bool {
		return !j.spendHolds(&tx) || !j.unlocksHold(&tx, j.proves)
	})
}

// spendHolds judges a transaction against its coins.
func (j *judge) spendHolds(tx *types.Transaction) bool {
	var coins []types.Coin
	for i := range tx.Inputs {
		coin, ok := j.coins[tx.Inputs[i].Outpoint]
		age := j.due.Header.BlueScore - coin.BlueScore
		sequence := tx.Inputs[i].Sequence
		if !ok || coin.Coinbase && age < j.params.CoinbaseMaturity || sequence < 1<<63 && age < sequence {
			return false
		}
		coins = append(coins, coin)
	}
	in := sumOf(j.spent(tx))
	return in.Cmp(allJots) <= 0 && in.Cmp(sumOf(tx.Outputs)) >= 0 && storageWeight(coins, tx.Outputs).Cmp(new(big.Int).SetUint64(tx.Mass)) <= 0
}

// storageWeight is the definition of KIP-9 in big integers.
func storageWeight(coins []types.Coin, outputs []types.Output) *big.Int {
	c := big.NewInt(10_000_000_000)
	over := func(v *big.Int) *big.Int { return new(big.Int).Quo(c, v) }
	weight, inputs, harmonic := new(big.Int), new(big.Int), new(big.Int)
	for i := range outputs {
		weight.Add(weight, over(new(big.Int).SetUint64(outputs[i].Value.Jots())))
	}
	for i := range coins {
		v := new(big.Int).SetUint64(coins[i].Value.Jots())
		inputs.Add(inputs, v)
		harmonic.Add(harmonic, over(v))
	}
	n := big.NewInt(int64(len(coins)))
	released := new(big.Int).Mul(n, over(new(big.Int).Quo(inputs, n)))
	if len(coins) == 1 || len(outputs) == 1 || len(coins) == 2 && len(outputs) == 2 {
		released = harmonic
	}
	return weight.Sub(weight, released)
}

// unlocksHold judges what the unlocks assert; signatures by the given function.
func (j *judge) unlocksHold(tx *types.Transaction, proves func(provenSignature) bool) bool {
	message := tx.SigningHash(j.params.GenesisHash, j.spent(tx))
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		if in.Unlock.Policy.Address() != j.coins[in.Outpoint].Address {
			return false
		}
		keys, images := 0, 0
		for _, n := range flat(&in.Unlock.Policy, 1) {
			holds := true
			switch n.Kind {
			case types.PolicyKey:
				holds = proves(provenSignature{n.Key, message, in.Unlock.Signatures[keys]})
				keys++
			case types.PolicyHash:
				sum := sha256.Sum256(in.Unlock.Preimages[images][:])
				holds = bytes.Equal(sum[:], n.Key[:])
				images++
			case types.PolicyAfter:
				holds = tx.LockTime >= n.N && (tx.LockTime < 500_000_000_000) == (n.N < 500_000_000_000)
			case types.PolicyOlder:
				holds = in.Sequence < 1<<63 && in.Sequence >= n.N
			}
			if !holds {
				return false
			}
		}
	}
	return true
}

// proves remembers the signatures of the valid block, which come again and again.
func (j *judge) proves(p provenSignature) bool { return j.proven[p] || verifies(p) }

// verifies asks the standard library, whose stricter rules differ only on
// signatures that nobody makes by accident.
func verifies(p provenSignature) bool { return ed25519.Verify(p.key[:], p.message[:], p.signature[:]) }
