// Package types holds the values every other room speaks of: hashes, amounts,
// addresses, spend policies, transactions, headers and blocks, with their one
// canonical encoding and the hashes taken over it.
//
// It judges nothing that depends on a network or on history: whether a value
// may appear in a block is the business of chain/rules. It imports nothing of
// ours and holds no clock, lock, logger, goroutine or I/O.
//
// # Encoding
//
// Integers are fixed-width and little-endian, byte strings and lists carry a
// u32 count, there are no optional fields and no padding. A decoder refuses
// trailing bytes and any count that the remaining bytes cannot hold, before it
// allocates. Decode∘encode is the identity; encode∘decode is the identity on
// every input that decodes.
package types
