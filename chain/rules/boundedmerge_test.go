package rules

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// graph is a DAG of numbered blocks; the first parent is the selected one.
type graph struct{ parents [][]int }

func numbered(i int) types.Hash { return types.Hash{byte(i), byte(i >> 8)} }

func numberOf(h types.Hash) int { return int(h[0]) | int(h[1])<<8 }

func hashesOf(numbers []int) []types.Hash {
	hashes := make([]types.Hash, len(numbers))
	for i, n := range numbers {
		hashes[i] = numbered(n)
	}
	return hashes
}

func (g graph) IsAncestor(a, b types.Hash) bool {
	if a == b {
		return true
	}
	for _, parent := range g.parents[numberOf(b)] {
		if g.IsAncestor(a, numbered(parent)) {
			return true
		}
	}
	return false
}

func (g graph) IsTreeAncestor(a, b types.Hash) bool {
	for a != b {
		parents := g.parents[numberOf(b)]
		if len(parents) == 0 {
			return false
		}
		b = numbered(parents[0])
	}
	return true
}

func TestParentsUnrelated(t *testing.T) {
	//  0 ── 1 ── 2
	//   \         \
	//    3 ── 4 ── 5
	g := graph{[][]int{nil, {0}, {1}, {0}, {3}, {4, 2}}}
	tests := []struct {
		parents []int
		want    error
	}{
		{[]int{0}, nil},
		{[]int{2, 4}, nil},
		{[]int{4, 2}, nil},
		{[]int{1, 3}, nil},
		{[]int{1, 2}, ErrRelatedParents},
		{[]int{2, 1}, ErrRelatedParents},
		{[]int{4, 1, 0}, ErrRelatedParents},
		{[]int{3, 5}, ErrRelatedParents},
	}
	for _, tt := range tests {
		if err := ParentsUnrelated(g, hashesOf(tt.parents)); !errors.Is(err, tt.want) {
			t.Errorf("parents %v: %v, want %v", tt.parents, err, tt.want)
		}
	}
}

func TestBoundedMerge(t *testing.T) {
	// 1 is the merge-depth root, 3 the selected parent of 9.
	//
	//	0 ── 1 ── 2 ── 3 ── 9
	//	|\    \── 4 ──────/      in the future of 1
	//	| \─ 5 ───────────/      not
	//	|  \  \           |
	//	|   \  7 ─────────/      builds on 2 and holds 5 in its past
	//	 \── 6 ── 8 ──────/      8 holds 1 in its past, not on its chain
	g := graph{[][]int{nil, {0}, {1}, {2}, {1}, {0}, {0}, {2, 5}, {6, 1}, {3, 4, 7, 8}}}
	tests := []struct {
		name        string
		blues, reds []int
		want        error
	}{
		{"no reds", []int{3}, nil, nil},
		{"a red above the root", []int{3}, []int{4}, nil},
		{"a red beside the root", []int{3}, []int{5}, ErrBoundedMerge},
		{"the same, vouched for by a blue", []int{3, 7}, []int{5}, nil},
		{"vouched for by a red only", []int{3}, []int{5, 7}, ErrBoundedMerge},
		{"a blue that does not build on the root", []int{3, 8}, []int{6}, ErrBoundedMerge},
		{"a red that merged the root", []int{3}, []int{8}, nil},
		{"the last of many", []int{3, 7}, []int{4, 5, 6}, ErrBoundedMerge},
	}
	for _, tt := range tests {
		data := &dag.Data{SelectedParent: numbered(3), Blues: hashesOf(tt.blues), Reds: hashesOf(tt.reds)}
		if err := BoundedMerge(g, numbered(1), data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if err := BoundedMerge(g, numbered(0), &dag.Data{Reds: hashesOf([]int{4, 5, 6, 7, 8})}); err != nil {
		t.Errorf("the root is genesis: %v", err)
	}
}

// closure returns all blocks reached from the start by repeating next, the
// start included.
func closure(start []int, next func(int) []int) map[int]bool {
	seen := map[int]bool{}
	for len(start) > 0 {
		n := start[0]
		start = start[1:]
		if !seen[n] {
			seen[n] = true
			start = append(start, next(n)...)
		}
	}
	return seen
}

// TestBoundedMergeDefinition holds the rule against the words of its
// definition, as sets, on random DAGs with random colours.
func TestBoundedMergeDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph{[][]int{nil}}
		children := map[int][]int{}
		for n := 1; n < 14; n++ {
			parents := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, min(n, 3), rapid.ID).Draw(t, fmt.Sprint("parents of ", n))
			g.parents = append(g.parents, parents)
			for _, parent := range parents {
				children[parent] = append(children[parent], n)
			}
		}
		root := rapid.IntRange(0, 13).Draw(t, "root")
		blues := rapid.SliceOfNDistinct(rapid.IntRange(0, 13), 1, 6, rapid.ID).Draw(t, "blues")
		reds := rapid.SliceOfNDistinct(rapid.IntRange(0, 13), 0, 3, rapid.ID).Draw(t, "reds")

		allowed := closure([]int{root}, func(n int) []int { return children[n] })
		for _, blue := range blues {
			chain := closure([]int{blue}, func(n int) []int { return g.parents[n][:min(1, n)] })
			if chain[root] {
				for n := range closure([]int{blue}, func(n int) []int { return g.parents[n] }) {
					allowed[n] = true
				}
			}
		}
		var want error
		for _, red := range reds {
			if !allowed[red] {
				want = ErrBoundedMerge
			}
		}
		data := &dag.Data{Blues: hashesOf(blues), Reds: hashesOf(reds)}
		if err := BoundedMerge(g, numbered(root), data); !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
	})
}
