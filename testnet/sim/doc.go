// Package sim is a network of JIO nodes in one goroutine and in virtual time.
//
// Each node is what a real one is made of: the chain on a disk or in memory, the
// pool, and the protocol core of net/syncer; only the transport is played. A
// World draws everything that can happen from one seed: latency, loss, gossip that
// comes twice, clocks that are off and jump, partitions, crashes with power loss,
// payments, mining as a Poisson process at a block a second or as asked, and
// Byzantine nodes with up to 45 % of the work. Two runs of one seed take the same
// steps, which the hash of the trace shows.
//
//	go test ./testnet/sim -run '^TestSeeds$' -seeds 16 -nodes 8 -minutes 10 -twice
//
// runs sixteen worlds twice; -seeds 2000 without -twice is for a night. TestLong
// with -hours 72 lets one world live for three days, TestPartition with -partition
// 30 cuts one in two halves for half an hour, and TestPlantedBugsShow with
// -planted proves that the promises below can be seen to break.
//
// After every step it is held that
//
//   - nodes that know the same DAG have the same order, coins and supply;
//   - what was final for a node stays on its chain;
//   - what a node had told others outlives a loss of its power;
//   - no honest node bans another;
//   - no chain has stopped, and what peers can fill stays within its bounds;
//
// and at rest that
//
//   - all honest nodes come to one sink within a minute after the last trouble;
//   - the state of each is what a replay of its blocks in another order gives,
//     and what a full verification of its database gives;
//   - no block merges more, or from deeper, than it may, and what honest nodes
//     found is merged;
//   - the balance of each wallet is the sum of its coins.
//
// Randomness, map order and goroutines of the storage engine below do not show:
// they decide what a power loss leaves of writes that nobody acknowledged, and
// there are none at the moments at which the power goes.
package sim
