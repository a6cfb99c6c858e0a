// Package syncer is the protocol core: it brings a node to the network's DAG and
// keeps it there. It judges what peers say, orders blocks, rebuilds bodies,
// fetches what is missing, and says what to ask, answer and forward.
//
// A Core is a state machine. It has no goroutine, clock, randomness or network:
// Step takes the time and an Event and returns Effects. The chain and the pool of
// transactions are called directly, so a Step lasts as long as the chain's work.
// The same events at the same times give the same effects.
//
// # What a host does
//
// One goroutine owns the Core and calls Step for every event, one after the
// other; what waits stays in a bounded queue. After each Step it carries out the
// effects in order and may publish Status. A few functions need no Core and run
// on any goroutine: Greeting, JudgeHello, ScreenBlock, ScreenTransaction and
// Server.Answer.
//
//	a connection is made    send Greeting, read the peer's Hello, JudgeHello; on an
//	                        error say it and disconnect; else PeerJoined, once a peer
//	the last one is gone    PeerLeft
//	gossip arrives          ScreenBlock or ScreenTransaction; on an error Judge and
//	                        Points say what becomes of it; else BlockGossip or
//	                        TransactionGossip with a Token of the host's choice
//	a request arrives       Server.Answer. CompactRequest goes to who announced the
//	                        block; TransactionsRequest asks for transactions whose
//	                        outputs an announced one spends: both are entitled
//	a response arrives      wire.Decode with the kind of the answer, then Response;
//	                        what does not decode or cannot be had is its Err
//	a block is mined        BlockFound
//	a wallet pays           TransactionAdmitted, once the pool has taken it
//	every 100 ms or so      Tick
//
//	Request       send it; answer with Response, at any time: deadlines are the
//	              Core's own, and late answers are harmless
//	Validated     the gossip of the token is forwarded, dropped or rejected
//	Publish       hand the message to gossip
//	Rate          change the peer's reputation; ban or disconnect as it demands
//	Found         what became of a block that BlockFound brought
//
// A token is settled by exactly one Validated, as a rule in the same Step and at
// the latest some seconds later. A reputation that falls to the ban makes the
// host disconnect, which comes back as PeerLeft.
//
// # Sync
//
//	peers → negotiate → headers → bodies → state → done
//
// Whoever claims more blue work than our sink has is asked for headers from where
// our histories part. They stay in memory until they prove more work than ours,
// then they are stored. The bodies below them come from all peers at once, in an
// order in which the chain takes them, and are added in groups. Everything stored
// stays: after a restart the headers are there, and the bodies that are missing
// are asked for. Which history is right is decided by work and validity alone.
//
// No least amount of work is demanded of the first history that a new node is
// shown: no network has begun yet whose past could be the measure. Who is shown
// too little by some moves on as soon as one peer shows more.
//
// # Orphans
//
// A block whose parents are not here waits for them, and soon they are asked for
// by hash. Where they lack parents as well, the headers that lead up to them tell
// all that is missing: so many generations come in three round trips.
package syncer
