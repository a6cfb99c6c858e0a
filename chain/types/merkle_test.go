package types

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// twinMerkleTop is the definition by recursion: the left part is the largest
// power of two below the count, which is where carrying odd nodes up leads.
func twinMerkleTop(first int, leaves []Hash) []byte {
	if len(leaves) == 1 {
		return twinHash("JioMerkleLeaf", twin{}.num(uint64(first), 4).raw(leaves[0][:]))
	}
	left := 1
	for 2*left < len(leaves) {
		left *= 2
	}
	l, r := twinMerkleTop(first, leaves[:left]), twinMerkleTop(first+left, leaves[left:])
	return twinHash("JioMerkleNode", twin{}.raw(l, r))
}

func leavesOf(n int) []Hash {
	leaves := make([]Hash, n)
	for i := range leaves {
		leaves[i] = Hash{byte(i), byte(i >> 8), 1}
	}
	return leaves
}

func TestMerkleRootAgainstTwin(t *testing.T) {
	for n := 1; n <= 130; n++ {
		leaves := leavesOf(n)
		kept := slices.Clone(leaves)
		root := MerkleRoot(leaves)
		want := twinHash("JioMerkleNode", twin{}.num(uint64(n), 4).raw(twinMerkleTop(0, leaves)))
		sameBytes(t, "root", root[:], want)
		if !slices.Equal(leaves, kept) {
			t.Fatalf("the root of %d leaves wrote to them", n)
		}
	}
}

// No two lists share a root, tried on those that fooled other trees: the last
// leaves doubled, and inner nodes given as leaves.
func TestNoTwoListsShareARoot(t *testing.T) {
	lists := make(map[Hash]string)
	add := func(what string, leaves []Hash) {
		root := MerkleRoot(leaves)
		if other, twice := lists[root]; twice {
			t.Errorf("%s and %s have one root", what, other)
		}
		lists[root] = what
	}
	for n := 1; n <= 17; n++ {
		leaves := leavesOf(n)
		add(fmt.Sprintf("%d leaves", n), leaves)
		for k := 1; k <= n; k++ {
			add(fmt.Sprintf("%d leaves, the last %d doubled", n, k), slices.Concat(leaves, leaves[n-k:]))
		}
		if n > 1 {
			add(fmt.Sprintf("the nodes above %d leaves", n), merkleLevelAbove(merkleLeaves(leaves)))
		}
	}
}

// Every leaf of every small list is proved, at its position only, by a proof
// that survives its codec.
func TestMerkleProofs(t *testing.T) {
	for n := 1; n <= 33; n++ {
		leaves := leavesOf(n)
		root := MerkleRoot(leaves)
		for i := range leaves {
			p := MerkleProof(leaves, i)
			var decoded Proof
			if err := Decode(Encode(p), &decoded); err != nil {
				t.Fatalf("leaf %d of %d: %v", i, n, err)
			}
			for j, leaf := range leaves {
				if decoded.Verify(root, leaf) != (i == j) {
					t.Errorf("proof %d of %d with leaf %d: %v", i, n, j, i != j)
				}
			}
		}
	}
}

// A proof with any one thing changed proves nothing.
func TestMerkleProofForgeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := append(anyLeaves(t), anyHash(t))
		i := rapid.IntRange(0, len(leaves)-1).Draw(t, "i")
		root, good := MerkleRoot(leaves), MerkleProof(leaves, i)
		refuse := func(what string, p Proof, root, leaf Hash) {
			if p.Verify(root, leaf) {
				t.Fatalf("%s: leaf %d of %d is proved by %+v", what, i, len(leaves), p)
			}
		}
		other := anyHash(t)
		if other != leaves[i] {
			refuse("another leaf", good, root, other)
		}
		refuse("another root", good, other, leaves[i])
		refuse("no root", good, Hash{}, leaves[i])

		p := good
		if p.Index = rapid.Uint32Range(0, 40).Draw(t, "index"); p.Index != good.Index {
			refuse("index", p, root, leaves[i])
		}
		p = good
		if p.Count = rapid.Uint32Range(0, 40).Draw(t, "count"); p.Count != good.Count {
			refuse("count", p, root, leaves[i])
		}
		p = good
		p.Siblings = append(slices.Clone(good.Siblings), other)
		refuse("a sibling more", p, root, leaves[i])
		if k := len(good.Siblings); k > 0 {
			p.Siblings = good.Siblings[:k-1]
			refuse("a sibling less", p, root, leaves[i])
			p.Siblings = slices.Clone(good.Siblings)
			p.Siblings[rapid.IntRange(0, k-1).Draw(t, "sibling")][7] ^= 1
			refuse("another sibling", p, root, leaves[i])
		}
	})
}

func TestMerkleProofForms(t *testing.T) {
	for _, c := range []struct {
		name     string
		proof    Proof
		siblings int // the number that makes the form valid, -1 when none does
	}{
		{"empty list", Proof{0, 0, nil}, -1},
		{"past the end", Proof{5, 5, nil}, -1},
		{"far past the end", Proof{1<<32 - 1, 5, nil}, -1},
		{"one leaf", Proof{0, 1, nil}, 0},
		{"first of five", Proof{0, 5, nil}, 3},
		{"last of five", Proof{4, 5, nil}, 1},
		{"first of the longest list", Proof{0, 1<<32 - 1, nil}, 32},
		{"last of the longest list", Proof{1<<32 - 2, 1<<32 - 1, nil}, 31},
	} {
		for n := range 40 {
			c.proof.Siblings = make([]Hash, n)
			if err := Decode(Encode(c.proof), new(Proof)); (err == nil) != (n == c.siblings) {
				t.Errorf("%s with %d siblings: %v", c.name, n, err)
			}
			c.proof.Verify(Hash{}, Hash{}) // must end and not panic
		}
	}
}

func TestMerkleProofPanicsOutside(t *testing.T) {
	for _, i := range []int{-1, 3} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a proof of leaf %d of 3 was made", i)
				}
			}()
			MerkleProof(leavesOf(3), i)
		}()
	}
}
