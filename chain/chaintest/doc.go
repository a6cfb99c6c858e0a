// Package chaintest helps to test the chain and everything that follows it.
//
// Its heart is the Oracle: consensus written a second time, straight from the
// definitions, with sets, maps, big integers and no caches. The blocks of a test
// are made by the Oracle and judged by the chain under test, so every block that
// is accepted is a point on which two implementations agree: the DAG's colours
// and scores, the clock and the difficulty, the coins, the coinbase and all
// commitments. A Builder gives its blocks names; a Script is a text of commands
// with the answers below them.
//
// Nothing here is used outside tests. It is slow on purpose: a few hundred
// blocks are fine, a hundred thousand are not. Where many are needed and how they
// are made does not matter, a Historian has the chain make them.
package chaintest
