// Package chain keeps the block DAG: it is the single writer of the consensus
// database and the place where the pure rules meet stored data.
//
// A Manager takes headers and bodies, loads what they refer to, asks chain/rules
// whether they are valid, chain/dag where they stand, and chain/utxo what they
// do to the coins; then it writes one batch and wakes its followers. All checks
// come before the first change, so a block that is refused leaves nothing
// behind, in memory or on disk. Once changes begin, only a failing store can
// stop them, and then the Manager stops for good: the process must exit and
// start again from what the store acknowledged.
//
// # Blocks and states
//
//	header-only   the header is valid, the body is not here yet
//	body-valid    the body is valid too; the block may be merged as data
//	chain-valid   the state it commits to was computed and found right
//	disqualified  it was not: the block may be merged, never extended as chain
//
// Chain qualification is lazy: it is asked only of blocks that would otherwise
// become the sink, so a cheap block that claims nonsense costs nothing.
//
// The unspent coins are stored once. Every chain-valid block keeps its diff, and
// a reorganisation undoes and redoes diffs in a layer above the coins at the sink
// until the new sink is proven; only then is the batch written.
// Virtual, the block that would be mined next, is a function of the tips; it is
// computed anew after every change and its diff is an overlay on the sink's
// state.
//
// # Checkpoints
//
// Links, reachability, coins, the index of the selected chain and the totals
// change with every block, some of them many times over, and each can be made
// again from the blocks. So they wait in memory for a checkpoint, which brings all
// of them in the store to one moment. In between, a commit writes the new blocks,
// what they accepted, the state, and an entry of the journal that names what to
// repeat:
//
//	checkpoint ── entry 0 ── entry 1 ── … ── entry n−1      state: n, tips, sink
//	 sink          joined     joined          joined
//	 totals        judged     judged          judged
//
// Opening the chain loads the checkpoint, repeats the entries and moves the coins
// along the diffs from the checkpoint's sink to the state's.
//
// # Stages
//
// A group of blocks is added in parts. While the single writer adds one part, block
// by block, workers judge of the next what takes no past: hashes, proof of work,
// digests, forms, keys and signatures. Their verdicts are the same in any order, so
// nothing that is stored depends on how many of them there are.
//
//	workers  part 1 │ part 2 │ part 3 │
//	writer          │ part 1 │ part 2 │ part 3 │ one write
//
// Of an empty block of some 100 µs the workers take 18 off the writer, which keeps
// 55; tables being merged and the collector of garbage take the rest of a second
// core. The write takes 10 of the writer's: to overlap it with the next group would
// only make the fuller of two cores fuller, and it stays where it is. So do Merkle
// roots, 2 of 100 with a body full of payments.
//
// The lock is let go between two blocks and while the store writes. Readers then see
// blocks that are not on the disk yet; all of what is not is in memory. Followers,
// who keep a cursor of their own on a disk, see them only once they are.
//
// # Followers
//
// A follower registers a wake function with OnChange and pulls with
// UpdatesSince: reverts first, then applies, one update per selected-chain
// block. Its cursor is the hash of the last chain block it saw.
//
// The package never speaks to the network, never picks transactions and never
// deletes history.
package chain
