package chain_test

import (
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
