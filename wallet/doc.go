// Package wallet keeps keys and coins of one's own: it follows the chain, knows
// what came and went, hands out addresses and sends.
//
//	wallet/hd        BIP-39 words and SLIP-0010 Ed25519 derivation; pure
//	wallet/keystore  the encrypted file
//	wallet/spend     coin selection, building, policies, messages; pure
//
// A Wallet is one encrypted file of secrets and one database of what they own,
// in a directory of their own; Wallets is the set of them under one data
// directory. A wallet that only watches has no file of secrets.
//
// # Keys
//
// The key of an address is m/44'/coin'/account'/chain'/index' of the words;
// chain 0 receives, chain 1 takes change. Every step is hardened, for Ed25519
// knows no other, so public keys cannot be derived without the secret: there is
// no extended public key to watch, and a watch-only wallet is a list of public
// keys, addresses and policies. It is also why a wallet derives a stock of
// public keys ahead while it is unlocked and remembers them: a locked wallet
// follows its coins and hands out fresh addresses as long as the stock lasts.
//
// # Following
//
// The ledger, which is the coins, the history and the place on the chain, is
// changed by whole steps of the selected chain: all that a step reverts or
// applies goes into one batch with the cursor. The coins are taken from the
// steps' diffs. History needs the transactions themselves, since a coin that is
// made and spent within one step is in no diff.
//
// # Sending
//
// What must outlive a crash is written before it matters: an address before it
// is handed out, a signed transaction with the address of its change before it
// is submitted. A transaction stays until a chain block accepts it or a rival,
// and is submitted again until then. Where coins must be joined first, all steps
// are signed and submitted together, each spending what the ones before it make:
// from then on the payment needs neither this wallet nor this node.
//
// # What never happens
//
// The package has no clock, no randomness and no file root of its own: all come
// with the Config. It never writes a secret outside of the keystore, never logs
// or prints one, and never says who owns an address. It does not judge
// transactions: the chain's rules do.
package wallet
