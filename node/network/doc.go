// Package network joins the protocol core (net/syncer) with the host (net/p2p):
// it carries events to the one, effects to the other, and decides nothing.
//
//	p2p callbacks, miner, wallets ──▶ events ──▶ one goroutine: Core.Step
//	                                                  │ effects
//	p2p.Request, Publish, Report  ◀───────────────────┘
//
// The core belongs to the goroutine of Run. Events wait for it in a bounded
// queue; who brings gossip waits for its verdict, so that the workers of the
// host bound what is under way. Requests run in goroutines of their own, as many
// as the core leaves open at once. What peers may ask for beyond their budget is
// what this node announced to them, which is remembered here.
package network
