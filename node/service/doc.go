// Package service answers every method and every topic of node/api from the
// parts of a running node: chain, pool, index, wallets, miner and peers.
//
// It translates: parameters are judged before anything is asked, with errors
// that say which of them is wrong and why; ranges and lists have limits, and
// what passes one is refused by name instead of cut short in silence; what the
// parts answer becomes the values of node/api, and their errors become its
// codes. It decides nothing about blocks, coins or keys, owns no goroutine and
// no file, and does not know how a call reached it.
//
// What only the process around it can do (mining, stopping, its own log) comes
// in as functions of a Host, and the network as those of a Peers. Both may be
// incomplete: what is missing answers that it is unavailable.
package service
