package types

// MerkleRoot returns the root over a list of leaves. Leaves carry their
// position and the root carries the count, so no two lists share a root; an odd
// node is carried up unchanged; no leaves give the zero hash.
func MerkleRoot(leaves []Hash) Hash {
	if len(leaves) == 0 {
		return Hash{}
	}
	level := make([]Hash, len(leaves))
	for i, leaf := range leaves {
		level[i] = merkleLeaf(i, leaf)
	}
	for len(level) > 1 {
		level = merkleLevelAbove(level)
	}
	return merkleTop(len(leaves), level[0])
}

// merkleLevelAbove pairs the nodes of a level, reusing its memory.
func merkleLevelAbove(level []Hash) []Hash {
	above := level[:0]
	for i := 0; i+1 < len(level); i += 2 {
		above = append(above, MerkleNodeDomain.SumOf(level[i], level[i+1]))
	}
	if len(level)%2 == 1 {
		above = append(above, level[len(level)-1])
	}
	return above
}

func merkleLeaf(i int, leaf Hash) Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Count(i)
	leaf.EncodeTo(e)
	return MerkleLeafDomain.Sum(e.buf)
}

func merkleTop(count int, top Hash) Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Count(count)
	top.EncodeTo(e)
	return MerkleNodeDomain.Sum(e.buf)
}
