package types

import "fmt"

// MerkleRoot returns the root over a list of leaves. Leaves carry their
// position and the root carries the count, so no two lists share a root; an odd
// node is carried up unchanged; no leaves give the zero hash.
func MerkleRoot(leaves []Hash) Hash {
	if len(leaves) == 0 {
		return Hash{}
	}
	level := merkleLeaves(leaves)
	for len(level) > 1 {
		level = merkleLevelAbove(level)
	}
	return merkleTop(uint32(len(leaves)), level[0])
}

// A Proof shows that a leaf stands at a position of the list under a Merkle
// root. Position and count fix how many siblings there are: one for each level
// at which the leaf's ancestor is not carried up alone, at most 32.
type Proof struct {
	Index    uint32
	Count    uint32
	Siblings []Hash // from the leaves upward
}

// MerkleProof returns the proof for leaves[i] against MerkleRoot(leaves). It
// panics when there is no such leaf.
func MerkleProof(leaves []Hash, i int) Proof {
	if i < 0 || i >= len(leaves) {
		panic(fmt.Sprintf("types: Merkle proof of leaf %d of %d", i, len(leaves)))
	}
	p := Proof{Index: uint32(i), Count: uint32(len(leaves))}
	for level := merkleLeaves(leaves); len(level) > 1; i /= 2 {
		if sibling := i ^ 1; sibling < len(level) {
			p.Siblings = append(p.Siblings, level[sibling])
		}
		level = merkleLevelAbove(level)
	}
	return p
}

// Verify reports whether leaf stands at p.Index in the list of p.Count leaves
// under root. Siblings that the position does not call for make it false.
func (p Proof) Verify(root, leaf Hash) bool {
	if !p.wellFormed() {
		return false
	}
	node, siblings := merkleLeaf(p.Index, leaf), p.Siblings
	for i, width := p.Index, p.Count; width > 1; i, width = i/2, halfUp(width) {
		switch {
		case i^1 >= width:
			continue // carried up
		case i%2 == 0:
			node = merkleNode(node, siblings[0])
		default:
			node = merkleNode(siblings[0], node)
		}
		siblings = siblings[1:]
	}
	return merkleTop(p.Count, node) == root
}

// wellFormed reports whether the position lies in the list and the number of
// siblings is the one that position and count call for.
func (p Proof) wellFormed() bool {
	siblings := 0
	for i, width := p.Index, p.Count; width > 1; i, width = i/2, halfUp(width) {
		if i^1 < width {
			siblings++
		}
	}
	return p.Index < p.Count && len(p.Siblings) == siblings
}

// halfUp returns ⌈n/2⌉, the width of the level above.
func halfUp(n uint32) uint32 { return n/2 + n%2 }

// EncodeTo appends index, count and the list of siblings.
func (p Proof) EncodeTo(e *Encoder) {
	e.Uint32(p.Index)
	e.Uint32(p.Count)
	e.Hashes(p.Siblings)
}

// DecodeFrom reads a proof and refuses one whose number of siblings does not
// follow from its index and count.
func (p *Proof) DecodeFrom(d *Decoder) {
	p.Index = d.Uint32()
	p.Count = d.Uint32()
	p.Siblings = d.Hashes()
	if !p.wellFormed() {
		d.Fail(fmt.Errorf("merkle proof of leaf %d of %d with %d siblings", p.Index, p.Count, len(p.Siblings)))
	}
}

func merkleLeaves(leaves []Hash) []Hash {
	level := make([]Hash, len(leaves))
	for i, leaf := range leaves {
		level[i] = merkleLeaf(uint32(i), leaf)
	}
	return level
}

// merkleLevelAbove pairs the nodes of a level, reusing its memory.
func merkleLevelAbove(level []Hash) []Hash {
	above := level[:0]
	for i := 0; i+1 < len(level); i += 2 {
		above = append(above, merkleNode(level[i], level[i+1]))
	}
	if len(level)%2 == 1 {
		above = append(above, level[len(level)-1])
	}
	return above
}

func merkleNode(left, right Hash) Hash {
	e := getEncoder()
	defer putEncoder(e)
	left.EncodeTo(e)
	right.EncodeTo(e)
	return MerkleNodeDomain.Sum(e.buf)
}

func merkleLeaf(i uint32, leaf Hash) Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Uint32(i)
	leaf.EncodeTo(e)
	return MerkleLeafDomain.Sum(e.buf)
}

func merkleTop(count uint32, top Hash) Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Uint32(count)
	top.EncodeTo(e)
	return MerkleNodeDomain.Sum(e.buf)
}
