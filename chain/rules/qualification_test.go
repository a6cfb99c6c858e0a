package rules_test

import (
	"bytes"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"lukechampine.com/blake3"
)

func TestQualifies(t *testing.T) {
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(b *types.Block)
	}{
		{"valid", "", func(b *types.Block) {}},
		{"commitment", rules.ErrUTXOCommitment, func(b *types.Block) { b.Header.UTXOCommitment[0]++ }},
		{"accepted root", rules.ErrAcceptedRoot, func(b *types.Block) { b.Header.AcceptedRoot[31]++ }},
		{"pruning point", rules.ErrPruningPoint, func(b *types.Block) { b.Header.PruningPoint[7]++ }},
		{"coinbase pays more", rules.ErrCoinbase, func(b *types.Block) { b.Transactions[0].Outputs[0].Value = types.Jots(6) }},
		{"coinbase pays another", rules.ErrCoinbase, func(b *types.Block) { b.Transactions[0].Outputs[0].Address = miner(2) }},
		{"coinbase pays less", rules.ErrCoinbase, func(b *types.Block) { b.Transactions[0].Outputs = nil }},
		{"coinbase says more", rules.ErrCoinbase, func(b *types.Block) { b.Transactions[0].Payload = append(b.Transactions[0].Payload, 0) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := body()
			b.Header.UTXOCommitment, b.Header.AcceptedRoot, b.Header.PruningPoint = types.Hash{1}, types.Hash{2}, types.Hash{3}
			want := rules.Qualification{
				UTXOCommitment: types.Hash{1},
				AcceptedRoot:   types.Hash{2},
				PruningPoint:   types.Hash{3},
				Coinbase:       body().Transactions[0],
			}
			test.corrupt(b)
			wantKind(t, rules.Qualifies(b, &want), test.want)
		})
	}
}

// The accepted root from its definition, hashed here without chain/types.
func TestAcceptedRoot(t *testing.T) {
	h := func(domain string, data ...[]byte) []byte {
		key := make([]byte, 32)
		copy(key, domain)
		hasher := blake3.New(32, key)
		hasher.Write(bytes.Join(data, nil))
		return hasher.Sum(nil)
	}
	parent, a, b := types.Hash{1}, types.Hash{2}, types.Hash{3}
	top := h("JioMerkleNode",
		h("JioMerkleLeaf", []byte{0, 0, 0, 0}, a[:]),
		h("JioMerkleLeaf", []byte{1, 0, 0, 0}, b[:]))
	root := h("JioMerkleNode", []byte{2, 0, 0, 0}, top)
	want := types.Hash(h("JioAccepted", parent[:], root))
	if got := rules.AcceptedRoot(parent, []types.Hash{a, b}); got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
	none := types.Hash(h("JioAccepted", parent[:], make([]byte, 32)))
	if got := rules.AcceptedRoot(parent, nil); got != none {
		t.Fatalf("of nothing: got %v, want %v", got, none)
	}
}
