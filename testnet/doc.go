// Package testnet will hold the deterministic in-process network (virtual time,
// latency, adversaries) and the multi-process test network behind
// `jio testnet`. Nothing a node needs in production lives here.
package testnet
