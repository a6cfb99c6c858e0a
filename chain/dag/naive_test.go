package dag

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// A naiveBlock is GHOSTDAG straight from its definition: whole sets, searched
// from scratch for each block, nothing inherited but the blue set.
type naiveBlock struct {
	hash           types.Hash
	parents        []*naiveBlock
	work           *big.Int
	past           map[*naiveBlock]bool
	selectedParent *naiveBlock
	blueSet        map[*naiveBlock]bool // the blues of the whole past
	blues, reds    []*naiveBlock
	blueScore      int
	blueWork       *big.Int
}

// newNaiveBlock colours the past of a block.
func newNaiveBlock(k int, hash types.Hash, parents []*naiveBlock, work *big.Int) *naiveBlock {
	b := &naiveBlock{hash: hash, parents: parents, work: work, past: naivePast(parents)}
	b.blueSet = make(map[*naiveBlock]bool)
	b.blueWork = new(big.Int)
	if len(parents) == 0 {
		return b
	}
	b.selectedParent = slices.MaxFunc(parents, naiveOrder)
	maps.Copy(b.blueSet, b.selectedParent.blueSet)
	b.blueSet[b.selectedParent] = true
	b.blues = []*naiveBlock{b.selectedParent}
	for _, c := range b.candidates() {
		b.blueSet[c] = true
		if isCluster(k, b.blueSet) {
			b.blues = append(b.blues, c)
		} else {
			delete(b.blueSet, c)
			b.reds = append(b.reds, c)
		}
	}
	b.blueScore = len(b.blueSet)
	for blue := range b.blueSet {
		b.blueWork.Add(b.blueWork, blue.work)
	}
	return b
}

// naivePast searches downwards from the parents.
func naivePast(parents []*naiveBlock) map[*naiveBlock]bool {
	past := make(map[*naiveBlock]bool)
	var visit func(b *naiveBlock)
	visit = func(b *naiveBlock) {
		if past[b] {
			return
		}
		past[b] = true
		for _, p := range b.parents {
			visit(p)
		}
	}
	for _, p := range parents {
		visit(p)
	}
	return past
}

func naiveOrder(a, b *naiveBlock) int {
	return cmp.Or(a.blueWork.Cmp(b.blueWork), slices.Compare(a.hash[:], b.hash[:]))
}

// candidates returns the past without the selected parent and its past, sorted.
func (b *naiveBlock) candidates() (candidates []*naiveBlock) {
	for c := range b.past {
		if c != b.selectedParent && !b.selectedParent.past[c] {
			candidates = append(candidates, c)
		}
	}
	slices.SortFunc(candidates, naiveOrder)
	return candidates
}

// anticoneIn counts the members of a set that are neither in the past nor in
// the future of b, nor b.
func (b *naiveBlock) anticoneIn(set map[*naiveBlock]bool) (n int) {
	for c := range set {
		if c != b && !b.past[c] && !c.past[b] {
			n++
		}
	}
	return n
}

// isCluster reports whether no member has more than k others in its anticone.
func isCluster(k int, set map[*naiveBlock]bool) bool {
	for b := range set {
		if b.anticoneIn(set) > k {
			return false
		}
	}
	return true
}

// anticoneSizes returns the sizes that b is the first to know: of its own blues
// and of those that its blue set changed.
func (b *naiveBlock) anticoneSizes() map[types.Hash]uint32 {
	sizes := make(map[types.Hash]uint32)
	for blue := range b.blueSet {
		size := blue.anticoneIn(b.blueSet)
		if slices.Contains(b.blues, blue) || size != blue.anticoneIn(b.selectedParent.blueSet) {
			sizes[blue.hash] = uint32(size)
		}
	}
	return sizes
}

// compare checks every field of the fast data against the definition.
func (b *naiveBlock) compare(t testing.TB, d *testDAG, got *Data) {
	t.Helper()
	sizes := make(map[types.Hash]uint32)
	for _, s := range got.AnticoneSizes {
		sizes[s.Block] = s.Size
	}
	work := new(big.Int)
	if _, ok := work.SetString(got.BlueWork.String(), 16); !ok {
		t.Fatalf("blue work %v", got.BlueWork)
	}
	order := append(slices.Clone(b.blues[1:]), b.reds...)
	slices.SortFunc(order, naiveOrder)
	order = append([]*naiveBlock{b.selectedParent}, order...)
	same := got.SelectedParent == b.selectedParent.hash &&
		slices.Equal(got.Blues, naiveHashes(b.blues)) &&
		slices.Equal(got.Reds, naiveHashes(b.reds)) &&
		slices.Equal(MergeSet(d, got), naiveHashes(order)) &&
		got.BlueScore == uint64(b.blueScore) && work.Cmp(b.blueWork) == 0 &&
		maps.Equal(sizes, b.anticoneSizes()) && len(sizes) == len(got.AnticoneSizes)
	if !same {
		t.Fatalf("block %v: %+v\nwant SP %v blues %v reds %v score %d work %v sizes %v", b.hash, got,
			b.selectedParent.hash, naiveHashes(b.blues), naiveHashes(b.reds), b.blueScore, b.blueWork, b.anticoneSizes())
	}
}

func naiveHashes(blocks []*naiveBlock) (hashes []types.Hash) {
	for _, b := range blocks {
		hashes = append(hashes, b.hash)
	}
	return hashes
}
