// Package reputation remembers how peers behaved: a score from Worst to Best
// that decays toward zero, and who is banned until when. A Ledger is a value in
// memory that takes the time from its caller and tells which of its records
// changed; it holds no clock, lock, goroutine or I/O and is not safe for
// concurrent use.
//
// It never decides what a misdeed is and never closes a connection.
package reputation
