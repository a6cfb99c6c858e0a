// Package spend is the pure part of spending: which coins pay, what the
// transaction looks like, what it weighs and costs before it is signed, who has
// to sign it, and the texts in which all this is passed around.
//
//	Request → New → Plan of Drafts   which coins, how much change, in how many steps
//	Draft → Sign                     one owner signs at once
//	Draft → PST → Sign, Combine → Finalize   several owners sign one after the other
//	Replacement → Bump, Cancel       another transaction in the place of a waiting one
//	ParsePolicy, Multisig, HTLC      what a coin asks for, in text, trees and words
//	SignMessage, VerifyMessage       proof of an address
//	URI                              a request for payment
//
// It has no clock, no source of randomness, no file, no database and no
// goroutine: coins, keys, the place in the chain and dice come in as arguments.
// What a valid transaction is, what it weighs and what it stores is asked of
// chain/rules and never worked out a second time; no transaction leaves without
// having been judged by those rules, and no signature without having been
// verified.
//
// # Costs
//
// A fee rate is in thousandths of a jot per unit of weight, as the pool's is; the
// charged weight is the greater of the weight and the declared mass, which is
// exactly the storage weight (KIP-9). Storage weight grows as outputs get
// smaller, so a small change can cost more than it is worth: it is then left to
// the fee, or avoided with another coin, whichever costs less.
//
// # Steps
//
// A transaction may spend an output of another that still waits, but the two
// never stand in one block. A payment from more coins than one transaction holds
// is a Plan of several Drafts: the first ones merge coins into one each, the last
// pays. Transaction IDs do not cover signatures, so the whole plan is known, and
// can be signed, before anything is sent.
package spend
