// Package load pays at a rate: it opens some wallets, spreads over them what miners
// pay the first, and lets them pay each other, through nodes in turn. It measures
// how many payments are accepted and confirmed, how long acceptance takes, and why
// any is refused.
//
// The wallets are accounts of one set of words, each with an address for others
// and one for change; the words' entropy is for tests and stands in a file in the
// clear. All the load knows of coins comes through the API, like any client's, and
// it signs by itself, so that what is measured is the network. Or the wallets are
// the nodes' own, which pick coins and sign: then a payment costs the nodes some
// four times as much, and all that a wallet does is part of it.
package load
