// Package testnet is the room of networks for developers and operators: testnet/sim
// is a deterministic one in one process and virtual time, testnet/local runs real
// nodes behind `jio testnet`, testnet/load sends payments at a rate, and
// testnet/figures keeps what they measure. Nothing a node needs in production
// lives here.
package testnet
