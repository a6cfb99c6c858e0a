// Package load pays at a rate: it keeps a purse of coins under one key, spreads
// what miners pay it into many coins, and sends each of them to itself again and
// again, to nodes in turn. It measures how many payments are accepted and how
// long that takes.
//
// It is a client like any other: all it knows of coins comes through the API, and
// it signs by itself, so that what is measured is the network and not a wallet.
// The key is for benchmarks and stands in a file in the clear.
package load
