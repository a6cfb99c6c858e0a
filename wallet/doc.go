// Package wallet is the room of keys and coins of one's own:
//
//	wallet/hd        BIP-39 words and SLIP-0010 Ed25519 derivation; pure
//	wallet/keystore  the encrypted file
//
// The package itself will follow the chain by cursor and build transactions.
package wallet
