// Package local is a network of real nodes on one machine: each a process of this
// program with a directory and ports of its own, joined through relays that this
// package holds in its hand.
//
//	node 0 ──▶ relay 0→1 ──▶ node 1        a relay delays both directions by the
//	   └─────▶ relay 0→2 ──▶ node 2        latency, keeps the order, and can be shut
//
// Every relay stands before one node's door for one other node, and a node dials
// nothing but its relays, so what is shut is a partition. Some nodes mine: not
// by their own threads, but by a Poisson process at the network's block rate, on
// templates fetched at the moment of the event, with simnet's proof of work. That
// gives the DAG the width that the latency makes, on two processors as on twenty.
//
// A Net is steered by a Command, from another process through a socket in its
// directory; what it sees is a View, once a second, and a Summary at the end.
//
// The package decides nothing about consensus and changes nothing in a node: all
// it does goes through the command line, the API and the relays. It is for
// developers and operators; nothing a node needs in production lives here.
package local
