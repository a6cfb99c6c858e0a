package dag

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// Data is what GHOSTDAG says of one block. It is written once and read-only
// from then on. The zero Data is that of genesis.
type Data struct {
	SelectedParent types.Hash
	Blues          []types.Hash   // of the merge set: the selected parent, then ascending by (blue work, hash)
	Reds           []types.Hash   // of the merge set: ascending by (blue work, hash)
	AnticoneSizes  []AnticoneSize // of the blues whose size this block is the first to know: ascending by hash
	BlueScore      uint64         // the number of blues in the block's past
	BlueWork       types.Uint256  // the sum of their work
}

// An AnticoneSize is the number of blues in the anticone of a blue block, as
// seen from the block whose Data holds it: each of its new blues has an entry,
// and each older blue whose anticone grew.
type AnticoneSize struct {
	Block types.Hash
	Size  uint32
}

// AnticoneSize returns the size that this block wrote for a blue, and whether
// it wrote one.
func (d *Data) AnticoneSize(blue types.Hash) (size uint32, ok bool) {
	i, ok := d.searchSize(blue)
	if !ok {
		return 0, false
	}
	return d.AnticoneSizes[i].Size, true
}

func (d *Data) setAnticoneSize(blue types.Hash, size uint32) {
	i, ok := d.searchSize(blue)
	if !ok {
		d.AnticoneSizes = slices.Insert(d.AnticoneSizes, i, AnticoneSize{Block: blue})
	}
	d.AnticoneSizes[i].Size = size
}

func (d *Data) searchSize(blue types.Hash) (i int, ok bool) {
	return slices.BinarySearchFunc(d.AnticoneSizes, blue, func(s AnticoneSize, h types.Hash) int {
		return s.Block.Compare(h)
	})
}

// EncodeTo appends the canonical encoding of d: the fields in order.
func (d *Data) EncodeTo(e *types.Encoder) {
	d.SelectedParent.EncodeTo(e)
	e.Hashes(d.Blues)
	e.Hashes(d.Reds)
	e.Count(len(d.AnticoneSizes))
	for _, s := range d.AnticoneSizes {
		s.Block.EncodeTo(e)
		e.Uint32(s.Size)
	}
	e.Uint64(d.BlueScore)
	d.BlueWork.EncodeTo(e)
}

// DecodeFrom reads what EncodeTo wrote; anticone sizes out of order are an
// error.
func (d *Data) DecodeFrom(r *types.Decoder) {
	d.SelectedParent.DecodeFrom(r)
	d.Blues = r.Hashes()
	d.Reds = r.Hashes()
	d.AnticoneSizes = decodeAnticoneSizes(r)
	d.BlueScore = r.Uint64()
	d.BlueWork.DecodeFrom(r)
}

func decodeAnticoneSizes(r *types.Decoder) []AnticoneSize {
	n := r.Count(types.HashSize + 4)
	if n == 0 {
		return nil
	}
	sizes := make([]AnticoneSize, n)
	for i := range sizes {
		sizes[i].Block.DecodeFrom(r)
		sizes[i].Size = r.Uint32()
		if i > 0 && sizes[i-1].Block.Compare(sizes[i].Block) >= 0 {
			r.Fail(fmt.Errorf("anticone size %d: block %v is not above the one before", i, sizes[i].Block))
			return nil
		}
	}
	return sizes
}
