// Package mempool will hold the pool of unconfirmed transactions. It will admit
// by the very rules a block uses, follow the chain through its updates, and
// choose the transactions of a template. It never relaxes a rule.
package mempool
