// Package rules says what a valid header, transaction and block is.
//
// Every rule is a pure function of values: the caller loads what a rule speaks
// of and hands it over; the rule answers with nil or a RuleError. Rules never
// load, store, wait, log or look at a clock (the time is an argument), and
// they use no floating point. Checks come in layers, each assuming that the
// ones before it passed:
//
//	sanity       the header or body alone: form, limits, proof of work
//	positional   the header against its past: who its selected parent is,
//	             what score, difficulty and median time that past gives it
//	contextual   the body against its place: coinbase payload, absolute locks
//	acceptance   a transaction against the coins it spends
//
// A broken rule is an ErrorKind, declared beside its kin with the rule it
// states and found by errors.Is. Not every kind condemns a block for ever: each
// one that does not says so.
package rules
