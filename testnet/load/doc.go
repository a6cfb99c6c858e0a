// Package load pays at a rate: it opens some wallets, spreads over them what miners
// pay the first, and lets them pay each other, through nodes in turn. It measures
// how many payments are accepted and confirmed, how long acceptance takes, and why
// any is refused.
//
// The wallets are accounts of one set of words, each with an address for others
// and one for change; the words' entropy is for tests and stands in a file in the
// clear. All the load knows of coins comes through the API, like any client's. It
// signs by itself: a daemon's own wallet saves its state to the disk for every
// payment, and what is measured here is the network.
package load
