// Package hd turns a list of words into keys: BIP-39 mnemonics and SLIP-0010
// derivation for Ed25519.
//
// It is pure: the caller brings the entropy and the passphrase, and nothing
// here reads a clock, a file or a source of randomness. It keeps 32-byte
// Ed25519 seeds only, never the 64-byte form, whose second half is a public key
// that a careless or altered copy could contradict, and a signature made with
// such a pair gives the secret away.
//
// Secrets are held as bytes behind pointers, so that Wipe reaches them and so
// that neither fmt nor a logger shows them: a Mnemonic and a Key print as
// "[redacted]", and a struct that holds one prints addresses. No secret is ever
// a string, which cannot be wiped. Wiping is as thorough as Go allows: copies made
// inside the hash functions are left to the collector.
//
// Errors never repeat a word or a passphrase; they say where it stands.
package hd
