package sim

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
)

// limits holds that no block of the node's chain merges more blocks than it may,
// or from deeper.
func (c *checker) limits(n *node) error {
	return n.eachChainBlock(func(u chain.Update) error {
		info, err := n.chain.Info(u.Hash)
		if err != nil {
			return err
		}
		if len(info.MergeSet) > c.w.params.MergeSetLimit {
			return fmt.Errorf("block %v merges %d blocks", u.Hash, len(info.MergeSet))
		}
		if info.Header.BlueScore <= c.w.params.MergeDepth+1 || len(info.MergeSet) == 1 {
			return nil
		}
		root, err := n.chain.ChainBlock(info.Header.BlueScore - c.w.params.MergeDepth - 1)
		if err != nil {
			return err
		}
		return n.notBelow(root, &info)
	})
}

// notBelow holds that what a block merges has more work than its merge-depth root,
// or is in the past of a blue that has.
func (n *node) notBelow(root types.Hash, b *chain.BlockInfo) error {
	least, err := n.chain.Header(root)
	if err != nil {
		return err
	}
	vouched := make(map[types.Hash]bool)
	for _, h := range slices.Backward(b.MergeSet) {
		header, err := n.chain.Header(h)
		if err != nil {
			return err
		}
		above := header.BlueWork.Cmp(least.BlueWork) > 0
		if !above && !vouched[h] {
			return fmt.Errorf("block %v merges %v, which is below its merge-depth root %v", b.Hash, h, root)
		}
		if vouched[h] || above && slices.Contains(b.Blues, h) {
			for _, parent := range header.Parents {
				vouched[parent] = true
			}
		}
	}
	return nil
}
