// Package rpc serves a node's registry of methods and topics to other
// processes: JSON-RPC 2.0 over HTTP at /rpc, the same with subscriptions over
// WebSocket at /ws, and beside them /metrics, /healthz and /readyz.
//
// Nothing but /healthz and /readyz answers without credentials: the cookie, a
// file that only the user running the node can read, or a named token with a
// scope. The server listens on this machine alone unless it is given a
// certificate. A page in a browser reaches nothing: a request that carries an
// Origin, or that calls the node by a name not its own, is turned away before
// its credentials are looked at.
//
// Everything a client can make the server hold is bounded: bytes, depth, batch,
// rate, time, connections, subscriptions. A subscriber that does not keep up is
// dropped; it comes back with its cursor and misses nothing. There is no HTTP/2,
// no compression and no profiler.
//
// The package decides nothing about the chain, and no error it sends shows a
// path, a stack or a secret.
package rpc
