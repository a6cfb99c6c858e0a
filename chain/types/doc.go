// Package types holds the values every other room speaks of: hashes, amounts,
// addresses, spend policies, transactions, headers and blocks, with their one
// canonical encoding and the hashes taken over it.
//
// It judges nothing that depends on a network or on history: whether a value
// may appear in a block is the business of chain/rules. It imports nothing of
// ours and holds no clock, lock, logger, goroutine or I/O. What it remembers from
// call to call, scratch memory and decoded keys, is shared without a lock and
// changes no answer.
//
// # Encoding
//
// Integers are fixed-width and little-endian, byte strings and lists carry a
// u32 count, there are no optional fields and no padding. A decoder refuses
// trailing bytes and any count that the remaining bytes cannot hold, before it
// allocates; it sets memory aside in proportion to the bytes it has read.
// Decode∘encode is the identity; encode∘decode is the identity on every input
// that decodes. A policy deeper or wider than the decoder's bounds, which no
// rule allows, and a Merkle proof of the wrong form can be encoded but do not
// decode.
//
// # Signatures
//
// Verify and VerifyBatch are the only judges of a signature. Both follow
// ZIP-215 and agree on every input. Large batches run in assembly where the
// machine has AVX-512 IFMA, and on the library's arithmetic elsewhere; tests hold
// each against the other and against the definition.
package types
