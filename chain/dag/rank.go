package dag

import "github.com/jio-dag/jio/chain/types"

// A Rank is a block's place in consensus order: by blue work, then by hash. The
// order agrees with that of the DAG, in which blue work grows along every edge:
// ancestors come first.
type Rank struct {
	Work types.Uint256 // blue work
	Hash types.Hash
}

// Compare returns -1 when a comes before b in consensus order, 1 when it comes
// after it, 0 for one and the same block.
func (a Rank) Compare(b Rank) int {
	if c := a.Work.Cmp(b.Work); c != 0 {
		return c
	}
	return a.Hash.Compare(b.Hash)
}

func rank(v View, h types.Hash) Rank { return Rank{v.Data(h).BlueWork, h} }

// Less reports whether a comes before b in consensus order.
func Less(v View, a, b types.Hash) bool { return rank(v, a).Compare(rank(v, b)) < 0 }
