// Package syncer will bring a node to the network's DAG: negotiation, headers,
// bodies, several peers at once, resumable at every stage. It takes time and
// network from its host.
package syncer
