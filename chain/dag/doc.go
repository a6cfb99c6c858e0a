// Package dag orders the block DAG: which blocks a block merges, which of them
// are blue and which red (GHOSTDAG), and who is an ancestor of whom
// (reachability).
//
// It is pure: it reads blocks through the small View, keeps reachability in
// whatever the caller gives it as Nodes, and holds no clock, lock, context,
// logger, goroutine or I/O. It never judges a block. A View or Nodes that is
// asked for a block it does not know has met corruption and panics; the same
// goes for this package when what it reads contradicts itself.
//
// # Words
//
//	      ┌── B ◄──┐
//	G ◄───┤        ├── D     parents of D: B and C; tips: D and E
//	      └── C ◄──┤         past of D: G, B, C
//	               └── E     anticone of D: E (neither past nor future)
//
// The selected parent of a block is the greatest of its parents by (blue work,
// hash). Selected parents form a tree; the way from a block down to genesis is
// its selected chain. The merge set of a block is what its past has beyond the
// past of its selected parent: here, when B is D's selected parent, B and C.
//
// # GHOSTDAG
//
// A set of blocks is a k-cluster when each of its members has at most k others
// of them in its anticone. Each block inherits the blue set of its selected
// parent, adds the selected parent, and then offers the rest of its merge set,
// ascending by (blue work, hash): a block is blue if the set stays a k-cluster
// with it, red otherwise. (Sompolinsky, Wyborski, Zohar: PHANTOM and GHOSTDAG,
// 2021, https://eprint.iacr.org/2018/104, algorithm 1, seen from each block and
// weighing work where the paper counts blocks.)
//
// # Reachability
//
// Each block owns an interval of numbers inside that of its selected parent, so
// that ancestry in the tree is containment. For the other edges each block keeps
// its future covering set: the blocks that have it in their merge set, which
// are disjoint subtrees that together with its own cover its whole future.
// When a block has no numbers left for a child, the intervals around it are
// dealt anew. To keep that cheap near the tips, almost all numbers belong to
// the subtree of one block some way below the tip, the reindex root, which
// follows the selected chain upwards and leaves a little slack on each block
// that it passes. None of that is consensus: intervals may differ between nodes
// and only the answers count.
package dag
