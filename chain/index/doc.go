// Package index follows the chain into a database of its own: transactions by
// ID, and the history, the unspent coins and the balance of every address.
//
// It is derived data. Consensus never reads it, it judges nothing, and it is
// rebuilt when it is missing, of another version, damaged, or at a place that
// the chain does not know. It stands at its cursor, a block of the selected
// chain; what virtual accepts beyond the sink is not in it, only a transaction
// that is asked for by ID is looked for there too.
//
// # Records
//
// No body is kept twice: a transaction is a place, and is read from the chain.
//
//	place    height of a chain block, number of a block in its merge set,
//	         number of a transaction in that block
//
//	m                        cursor, next height, next account, number of coins
//	c height                 hash of the indexed chain block of that height
//	t id[:8] place           nothing: a merged block holds a transaction with
//	                         such an ID, accepted or not
//	a address                account: number, coins, balance, events
//	e account event          place, received, sent: one line of a history
//	u account outpoint       value, accepting blue score, is-coinbase
//
// Accounts and events are numbered in order of appearance, and a reverted block
// takes back just what it appended; so the database is a function of the cursor,
// however the chain came there. One version, in the record m, stands for all
// records, because they are only ever rebuilt together. Coinbases are indexed
// where they were accepted; the others never had an effect.
package index
