package chain_test

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// Callers may use the array of their blocks again, as an import does that reads a
// file group by group.
func TestArrayOfBlocksIsTheCallers(t *testing.T) {
	p := params.SimNet()
	blocks := chaintest.NewHistorian(t, p, "historian").History(60)
	m := chaintest.Open(t, p)
	group := make([]types.Block, 20)
	for i := 0; i < len(blocks); i += len(group) {
		copy(group, blocks[i:])
		if _, _, err := m.AddBlocks(group); err != nil {
			t.Fatal(err)
		}
	}
	clear(group)
	for i := range blocks {
		hash := blocks[i].Hash()
		if h, err := m.Header(hash); err != nil || h.Hash() != hash {
			t.Fatalf("the header of block %d is now that of %v (%v)", i, h.Hash(), err)
		}
	}
}

// Callers may use the parents of a header again, too: those that were remembered
// with what they make of a block do not change.
func TestParentsAreTheCallers(t *testing.T) {
	p := smallNet(3)
	b := chaintest.NewBuilder(p)
	blocks := row(b, 'a', p.GenesisHash, 30) // so that virtual at the first is forgotten
	high := b.Oracle.Make([]types.Hash{blocks[5].Hash()}, chaintest.Content{})
	low := b.Oracle.Make([]types.Hash{blocks[2].Hash()}, chaintest.Content{})
	m := chaintest.Open(t, p)
	addRow(t, m, blocks)
	reused := high.Header
	reused.Parents = slices.Clone(reused.Parents)
	if err := m.AddHeader(reused); err != nil {
		t.Fatal(err)
	}
	copy(reused.Parents, low.Header.Parents)
	if err := m.AddHeader(low.Header); err != nil {
		t.Error(err)
	}
}
