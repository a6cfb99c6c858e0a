// Package net is the room of everything that speaks to peers:
//
//	net/wire    messages, their limits and their codec; pure
//	net/p2p     the libp2p host: gossip, streams, scoring, bans, address book
//	net/syncer  negotiation, headers, bodies; several peers at once
//
// The package itself stays empty: a package of this name with code in it would
// shadow the standard library's.
package net
