// Package metrics gives out figures of a running node in the format of
// Prometheus: the fields of its status, the calls of its interface, and what the
// Go runtime and the operating system say of the process.
//
// Every label takes its values from a closed set, so that no client and no peer
// can make the page grow. The package measures nothing of the node itself; it is
// told.
package metrics
