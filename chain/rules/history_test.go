package rules

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// chainLeaf returns a leaf whose block, merge set and work follow from i.
func chainLeaf(i int) HistoryNode {
	merged := make([]types.Hash, i%4)
	for j := range merged {
		merged[j] = types.Hash{byte(i), byte(i >> 8), byte(j), 1}
	}
	return HistoryLeaf(types.Hash{byte(i), byte(i >> 8)}, merged, types.Uint256{uint64(3 * i), 0, 0, 1})
}

func chainLeaves(n int) []HistoryNode {
	leaves := make([]HistoryNode, n)
	for i := range leaves {
		leaves[i] = chainLeaf(i)
	}
	return leaves
}

func grown(leaves []HistoryNode) (p Peaks) {
	for _, leaf := range leaves {
		p = p.Append(leaf)
	}
	return p
}

// naiveNode joins two nodes byte by byte.
func naiveNode(left, right HistoryNode) HistoryNode {
	lw, rw := left.Work.BigEndian(), right.Work.BigEndian()
	return HistoryNode{types.HistoryNodeDomain.Sum(slices.Concat(left.Hash[:], lw[:], right.Hash[:], rw[:])), right.Work}
}

// naivePeaks cuts the leaves into the largest perfect trees from the left and
// builds each from scratch.
func naivePeaks(leaves []HistoryNode) []HistoryNode {
	if len(leaves) == 0 {
		return nil
	}
	size := 1 << (bits.Len(uint(len(leaves))) - 1)
	return append([]HistoryNode{perfectTree(leaves[:size])}, naivePeaks(leaves[size:])...)
}

func perfectTree(leaves []HistoryNode) HistoryNode {
	if len(leaves) == 1 {
		return leaves[0]
	}
	half := len(leaves) / 2
	return naiveNode(perfectTree(leaves[:half]), perfectTree(leaves[half:]))
}

func naiveRoot(leaves []HistoryNode) types.Hash {
	if len(leaves) == 0 {
		return types.Hash{}
	}
	peaks := naivePeaks(leaves)
	top := peaks[0]
	for _, peak := range peaks[1:] {
		top = naiveNode(top, peak)
	}
	work := top.Work.BigEndian()
	count := make([]byte, 8)
	for i := range count {
		count[i] = byte(len(leaves) >> (8 * i))
	}
	return types.HistoryRootDomain.Sum(slices.Concat(count, top.Hash[:], work[:]))
}

// TestHistoryRebuilt holds the grown peaks against the rebuilt ones after each
// of 300 leaves, and that no root comes twice.
func TestHistoryRebuilt(t *testing.T) {
	leaves := chainLeaves(300)
	seen := map[types.Hash]bool{}
	var p Peaks
	for n := range leaves {
		if want := naivePeaks(leaves[:n]); p.Leaves != uint64(n) || !slices.Equal(p.nodes(), want) {
			t.Fatalf("%d leaves: %+v, want nodes %+v", n, p.nodes(), want)
		}
		root := p.Root()
		if want := naiveRoot(leaves[:n]); root != want {
			t.Fatalf("%d leaves: root %v, want %v", n, root, want)
		}
		if seen[root] {
			t.Fatalf("%d leaves: the root of fewer", n)
		}
		seen[root] = true
		p = p.Append(leaves[n])
	}
}

// TestHistoryKnownRoots freezes some roots.
func TestHistoryKnownRoots(t *testing.T) {
	want := map[int]string{
		0:   "0000000000000000000000000000000000000000000000000000000000000000",
		1:   "91f410820c33007032657adf3ffd60c0e227e14e676034002235701dd62737ea",
		2:   "672934bcaede84bf42cf412f3db57ec0ae3953fa60b115ac264cec33b5f495fe",
		7:   "4c42c040be13798a8b7b0f257ed7391b7baeaeb387842eec60e015402ccc4577",
		100: "5473c23cab982ec97474f92e302230de80154e80fb82f183306ee56fdc96f51c",
	}
	for n, root := range want {
		if got := grown(chainLeaves(n)).Root().String(); got != root {
			t.Errorf("root of %d leaves %s, want %s", n, got, root)
		}
	}
}

func TestHistoryLeafCommits(t *testing.T) {
	block, merged, work := types.Hash{1}, []types.Hash{{2}, {3}}, types.NewUint256(9)
	root := types.MerkleRoot(merged)
	leaf := HistoryLeaf(block, merged, work)
	if want := types.HistoryLeafDomain.Sum(append(block[:], root[:]...)); leaf.Hash != want || leaf.Work != work {
		t.Errorf("leaf %+v, want hash %v", leaf, want)
	}
	others := []HistoryNode{
		HistoryLeaf(types.Hash{4}, merged, work),
		HistoryLeaf(types.Hash{1}, []types.Hash{{3}, {2}}, work),
		HistoryLeaf(types.Hash{1}, nil, work),
	}
	for i, other := range others {
		if other.Hash == leaf.Hash {
			t.Errorf("leaf %d has the same hash", i)
		}
	}
	if more := HistoryLeaf(types.Hash{1}, merged, types.NewUint256(10)); grown([]HistoryNode{more}).Root() == grown([]HistoryNode{leaf}).Root() {
		t.Error("the root does not commit to the work")
	}
}

// TestHistoryBranches grows two branches from the same peaks.
func TestHistoryBranches(t *testing.T) {
	for n := range 40 {
		base := grown(chainLeaves(n))
		before := base.nodes()
		a, b := chainLeaf(1000), chainLeaf(2000)
		left, right := base.Append(a), base.Append(b)
		left, right = left.Append(b), right.Append(a)
		if !slices.Equal(base.nodes(), before) {
			t.Fatalf("%d leaves: appending changed the peaks appended to", n)
		}
		if want := naiveRoot(append(chainLeaves(n), a, b)); left.Root() != want {
			t.Fatalf("%d leaves: the first branch is wrong", n)
		}
		if want := naiveRoot(append(chainLeaves(n), b, a)); right.Root() != want {
			t.Fatalf("%d leaves: the second branch is wrong", n)
		}
	}
}

// TestHistoryCompletes restores every Peaks from its newest node and the peaks
// before that.
func TestHistoryCompletes(t *testing.T) {
	leaves := chainLeaves(130)
	restored := []Peaks{{}}
	for n := 1; n <= len(leaves); n++ {
		want := grown(leaves[:n])
		older := restored[LeavesBeforeNewest(uint64(n))]
		got := older.Complete(uint64(n), want.Newest())
		if !reflect.DeepEqual(got, want) || got.Root() != naiveRoot(leaves[:n]) {
			t.Fatalf("%d leaves: %+v, want %+v", n, got.nodes(), want.nodes())
		}
		restored = append(restored, got)
	}
	for _, leaves := range []uint64{0, 5, 7, 9, 12} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the peaks of %d leaves grew from those of 2", leaves)
				}
			}()
			restored[2].Complete(leaves, HistoryNode{})
		}()
	}
}

// nodes returns the peaks, the oldest first.
func (p Peaks) nodes() (nodes []HistoryNode) {
	for x := p.newest; x != nil; x = x.older {
		nodes = append(nodes, x.node)
	}
	slices.Reverse(nodes)
	return nodes
}

func BenchmarkHistoryAppend(b *testing.B) {
	for _, n := range []int{1<<10 - 1, 1 << 10} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, leaf := grown(chainLeaves(n)), chainLeaf(n)
			b.ReportAllocs()
			for b.Loop() {
				p.Append(leaf).Root()
			}
		})
	}
}
