// Package node puts the rooms of the house together: it locks the data
// directory, opens the log, the store, the chain, the index, the mempool, the
// network, the wallets, the miner and the RPC server in that order, runs them until it is told
// to stop, and closes them in reverse. It is the only package that wires.
//
// What it publishes is an immutable Snapshot, refreshed four times a second, and
// a Registry that answers every method of node/api. It judges no block, keeps no
// state of its own that another package owns, and never ends the process: a
// failure is returned by Run, and main turns it into an exit code.
//
// Everything long-lived runs in a goroutine of a Guard, which turns a panic
// into a crash file and an orderly end.
package node
