// Package utxo holds the state of a block: which outputs are unspent, how a
// chain block changes that, and the short commitment to it. The state of a
// chain block is that of its selected parent plus the block's Diff, which
// Accept computes from the merge set.
//
// Most of a commitment is the expansion of its elements by BLAKE3. On amd64 there
// is assembly for it, sixteen blocks at a time in AVX-512, which runs where the
// machine has that; the build tag purego leaves it out. What Go computes is the
// definition, and tests hold the assembly against it.
//
// It is pure: it reads coins through a View and returns values. It never
// stores, logs, waits or verifies a signature; and what it returns does not
// depend on the order in which its caller worked.
//
// # An outpoint is created once
//
// No chain ever makes the same outpoint twice, so a coin is never overwritten
// and the set commitment never counts an element twice. A transaction ID
// commits to the inputs, so accepting a transaction again would need its inputs
// to be created again; following them back ends at a coinbase. A coinbase ID
// commits to the payload, the payload repeats the block's blue score, only
// coinbases of chain blocks are accepted, and blue scores grow strictly along a
// chain.
package utxo
