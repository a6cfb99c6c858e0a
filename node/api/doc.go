// Package api is what crosses the boundary between a node and whoever uses it:
// the methods, the values they take and return, and the events a subscriber is
// sent. The server (node/rpc), its client, the command line and the dashboard
// all speak in these types, so that a field has one name everywhere.
//
// A Method carries its parameters and its result in its type. Whoever can
// deliver a call is a Caller: the client of a remote node, or the node of this
// very process, which hands the values over without encoding them.
//
// In JSON an amount is a string in JIO, a hash or a key is hexadecimal, a time
// is in milliseconds since 1970, and a number that may pass 2⁵³ is a string.
// Everything here is a plain value; the package opens, locks and decides
// nothing.
package api
