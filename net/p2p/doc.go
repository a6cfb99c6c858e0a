// Package p2p is the libp2p host and everything about peers as such: who they
// are, how they are found, met, listened to, judged and shown the door.
//
//	Open(Config) ─▶ Host ─▶ Run(ctx) … Close
//
//	Request, Publish           what the sync machine asks and tells
//	Protocol, Topic, Hello     what it answers and hears, as callbacks on bytes
//	Report, Ban, Unban, Bans   reputation
//	Peers, Dial, Hangup, Stats what operators see and do
//
// Two parts are pure and take their time from outside: net/p2p/addrbook, which
// remembers addresses and picks the next one to dial, and net/p2p/reputation,
// which keeps scores and bans.
//
// Rules:
//   - Every protocol id carries the network and the first bytes of its genesis,
//     so that nodes of different networks cannot speak at all.
//   - Nothing but the hello is served before the hello of a peer was accepted;
//     gossip of such a peer is dropped unread.
//   - Every frame is bounded before it is read, every stage of a stream has a
//     deadline, and every stream is closed by who opened it.
//   - A panic in a callback of the owner is passed to Config.Go, never
//     swallowed; what Config.Go started has ended when Run returns.
//   - Whatever a peer can make the log say is rate limited, and what it says of
//     itself is stripped by Printable.
//
// The package never decides what a valid block or transaction is and never
// reads one: it asks.
package p2p
