package dag

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// naiveLimit is how many blocks a naiveDAG can have.
const naiveLimit = 64

// A naiveSet is a set of blocks of a naiveDAG, by their numbers.
type naiveSet uint64

func setOf(i int) naiveSet { return 1 << i }

func (s naiveSet) has(i int) bool { return s>>i&1 == 1 }
func (s naiveSet) size() int      { return bits.OnesCount64(uint64(s)) }

// members returns the numbers in a set, ascending.
func (s naiveSet) members() (members []int) {
	for ; s != 0; s &= s - 1 {
		members = append(members, bits.TrailingZeros64(uint64(s)))
	}
	return members
}

// A naiveDAG is GHOSTDAG straight from its definition: whole sets, searched from
// scratch for each block, nothing inherited but the blue set.
type naiveDAG struct {
	k      int
	blocks []*naiveBlock
	number map[types.Hash]int
}

type naiveBlock struct {
	hash           types.Hash
	work           uint64
	past           naiveSet
	related        naiveSet // past, future and the block itself: all but its anticone
	selectedParent int
	blueSet        naiveSet // the blues of the whole past
	blues, reds    []int
	blueWork       uint64
}

func newNaiveDAG(k int, genesis types.Hash) *naiveDAG {
	d := &naiveDAG{k: k, number: make(map[types.Hash]int)}
	d.insert(&naiveBlock{hash: genesis, work: 1})
	return d
}

func (d *naiveDAG) insert(b *naiveBlock) {
	i := len(d.blocks)
	if i == naiveLimit {
		panic("dag: a naive DAG is full")
	}
	b.related = b.past | setOf(i)
	for _, below := range b.past.members() {
		d.blocks[below].related |= setOf(i)
	}
	d.number[b.hash] = i
	d.blocks = append(d.blocks, b)
}

// add colours the past of a block.
func (d *naiveDAG) add(hash types.Hash, parents []types.Hash, work uint64) *naiveBlock {
	b := &naiveBlock{hash: hash, work: work}
	var below []int
	for _, p := range parents {
		i := d.number[p]
		b.past |= d.blocks[i].past | setOf(i)
		below = append(below, i)
	}
	b.selectedParent = slices.MaxFunc(below, d.order)
	sp := d.blocks[b.selectedParent]
	b.blueSet = sp.blueSet | setOf(b.selectedParent)
	b.blues = []int{b.selectedParent}
	for _, c := range d.candidates(b) {
		if d.isCluster(b.blueSet | setOf(c)) {
			b.blueSet |= setOf(c)
			b.blues = append(b.blues, c)
		} else {
			b.reds = append(b.reds, c)
		}
	}
	for _, blue := range b.blueSet.members() {
		b.blueWork += d.blocks[blue].work
	}
	d.insert(b)
	return b
}

// order is consensus order.
func (d *naiveDAG) order(i, j int) int {
	a, b := d.blocks[i], d.blocks[j]
	return cmp.Or(cmp.Compare(a.blueWork, b.blueWork), slices.Compare(a.hash[:], b.hash[:]))
}

// candidates returns the past without the selected parent and its past, sorted.
func (d *naiveDAG) candidates(b *naiveBlock) []int {
	sp := b.selectedParent
	candidates := (b.past &^ d.blocks[sp].past &^ setOf(sp)).members()
	slices.SortFunc(candidates, d.order)
	return candidates
}

// anticoneIn counts the members of a set in the anticone of a block.
func (d *naiveDAG) anticoneIn(set naiveSet, i int) int { return (set &^ d.blocks[i].related).size() }

// isCluster reports whether no member has more than k others in its anticone.
func (d *naiveDAG) isCluster(set naiveSet) bool {
	return !slices.ContainsFunc(set.members(), func(i int) bool { return d.anticoneIn(set, i) > d.k })
}

// anticoneSizes returns the sizes that b is the first to know: of its own blues
// and of those that its blue set changed.
func (d *naiveDAG) anticoneSizes(b *naiveBlock) map[types.Hash]uint32 {
	sizes := make(map[types.Hash]uint32)
	below := d.blocks[b.selectedParent].blueSet
	for _, blue := range b.blueSet.members() {
		size := d.anticoneIn(b.blueSet, blue)
		if !below.has(blue) || size != d.anticoneIn(below, blue) {
			sizes[d.blocks[blue].hash] = uint32(size)
		}
	}
	return sizes
}

// compare checks every field of the fast data of a block against the definition.
func (d *naiveDAG) compare(t testing.TB, b *naiveBlock, v View, got *Data) {
	t.Helper()
	sizes := make(map[types.Hash]uint32)
	for _, s := range got.AnticoneSizes {
		sizes[s.Block] = s.Size
	}
	order := append([]int{b.selectedParent}, d.candidates(b)...)
	want := d.anticoneSizes(b)
	same := got.SelectedParent == d.blocks[b.selectedParent].hash &&
		slices.Equal(got.Blues, d.hashes(b.blues)) &&
		slices.Equal(got.Reds, d.hashes(b.reds)) &&
		slices.Equal(MergeSet(v, got), d.hashes(order)) &&
		got.BlueScore == uint64(b.blueSet.size()) && got.BlueWork == types.NewUint256(b.blueWork) &&
		maps.Equal(sizes, want) && len(sizes) == len(got.AnticoneSizes)
	if !same {
		t.Fatalf("block %v: %+v\nwant SP %v blues %v reds %v score %d work %v sizes %v", b.hash, got,
			d.blocks[b.selectedParent].hash, d.hashes(b.blues), d.hashes(b.reds), b.blueSet.size(), b.blueWork, want)
	}
}

func (d *naiveDAG) hashes(numbers []int) (hashes []types.Hash) {
	for _, i := range numbers {
		hashes = append(hashes, d.blocks[i].hash)
	}
	return hashes
}
