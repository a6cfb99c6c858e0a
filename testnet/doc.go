// Package testnet will hold the multi-process test network behind
// `jio testnet`; the deterministic in-process network is testnet/sim. Nothing a
// node needs in production lives here.
package testnet
