// Package client calls a node from another process: an api.Caller over HTTP and
// an api.Subscriber over WebSocket. The command line and a dashboard attached to
// a node that runs elsewhere stand on it.
//
// It finds its way in by the cookie of a node on this machine, or by a token. A
// subscription outlives the connection it began on: it comes back with the
// cursor of the last event that was dealt with. The package keeps nothing and
// retries no call: whether a call that was cut off had an effect, only the
// caller can find out.
package client
