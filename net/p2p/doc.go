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
// A peer behind NAT is named by a relay that leads to it, as
// /ip4/192.0.2.1/tcp/16110/p2p/RELAY/p2p-circuit/p2p/PEER. The relayed connection
// arranges a direct one and is given up; nothing of ours is spoken over it.
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
// Two things are otherwise than one might expect:
//   - Gossip is not signed by who sends it first. A block proves itself by its
//     work and a transaction by its signatures; one more by peer id would cost its
//     bytes and a verification for each message, prove nothing that is needed, and
//     tell everybody who mined and who paid. Who forwards is known from the
//     connection, and pays for what is wrong. Addresses are what peers sign.
//   - Requests are counted not one by one but by the size of their answers, as
//     wire.Price has it: 100 of them a minute with full answers, more with small
//     ones. A flat hundred would stop a newcomer's sync of a history of small
//     blocks, and honest nodes would wait for each other.
//
// The package never decides what a valid block or transaction is and never
// reads one: it asks.
package p2p
