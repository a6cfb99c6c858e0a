// Package p2p will hold the libp2p host: gossip, request streams, peer scoring,
// bans and the address book. It never decides what a valid block is; it asks.
package p2p
