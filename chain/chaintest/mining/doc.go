// Package mining simulates a network of miners on the real rules of time,
// difficulty and money.
//
// The DAG is real: headers with their true hashes, GHOSTDAG and reachability of
// chain/dag, and from chain/rules the median time, the DAA score, the required
// bits, the window, the subsidy and the limits on what a block may merge. Each
// block passes the positional checks of a header. Chance takes the place of
// three things: proof of work, bodies and signatures. Eight honest miners find
// blocks after exponential times that follow from target and hash rate, and hear
// of each other's after 0.3 to 2 s; an adversary is 0.1 s away from everybody,
// chooses its timestamps, and keeps blocks back if it likes.
//
//	        virtual time, one goroutine, one seed
//	┌────────┐  found   ┌───────┐  after a delay   ┌──────┐
//	│ miners │ ───────► │ graph │ ───────────────► │ view │ one for each miner
//	└────────┘          └───────┘                  └──────┘
//	     ▲  parents: the sink, and further tips as far as allowed  │
//	     └──────────────────────────────────────────────────────────┘
//
// A position in the DAG is a function of the past alone, so one graph serves all
// miners and a view is no more than its tips. Finality is left out: no run is
// long enough for it to matter.
//
// Nothing here is used outside tests, and nothing here looks at a real clock.
package mining
