// Package mempool is the pool of unconfirmed transactions.
//
// It admits by the very rules a block uses (chain.Manager.CheckTransactions) and
// adds only what a pool must have of its own: a minimum fee, one spender a coin,
// replacement by who pays more, bounds on bytes, orphans and age. A transaction
// may spend the outputs of another that is not confirmed yet; the two never go
// into one block, so a template takes only transactions whose coins stand in the
// state of virtual.
//
// The pool follows the chain by its cursor: what a chain block accepted leaves,
// what a reorganisation gives back returns. It never decides what is valid, and
// nothing in consensus depends on it; therefore it may use floating point and
// chance where it picks.
package mempool
