// Package keystore keeps the secrets of a wallet, the entropy behind its words
// and single seeds, in one encrypted file.
//
//	offset  size
//	     0     8  "jio-keys"
//	     8     1  version of this layout, 1
//	     9     4  argon2id memory in KiB  ┐
//	    13     4  argon2id passes         ├ little-endian
//	    17     1  argon2id lanes          ┘
//	    18    16  salt
//	    34    24  nonce
//	    58        XChaCha20-Poly1305 of the secrets, and its tag of 16 bytes
//
// The key comes from the password by argon2id (RFC 9106); everything before
// offset 58 is the additional data of the cipher, so no byte of a file can
// change without notice. Salt and nonce are new at every write. The secrets are
// padded with zeros to a multiple of 1 KiB: the size of the file tells little
// about labels and passphrases.
//
// # What a File promises
//
// The file has mode 0600, in a directory that nobody else may write to; one
// that others may read, a symbolic link or anything else that is not a regular
// file is refused. A write goes to a new file that is synced, renamed over the
// old one, and made durable in the directory: at every moment the old or the
// new file opens, and nothing is left over when a write fails. Before it
// replaces anything the new file is opened once more from its password. No
// write forgets a secret, and none overwrites a file that is not its own.
//
// # What never happens
//
// Nothing secret leaves the package in a string, a log or an error; types that
// hold secrets print "[redacted]". A wrong password and a damaged file are one
// and the same error. Secrets are byte slices that Wipe overwrites, as
// thoroughly as Go allows: what the hash and the cipher keep inside is left to
// the collector.
//
// The package has no clock and no source of randomness of its own; the only thing
// its Files share is how many passwords are hashed at once, which bounds memory. A
// File must have one user at a time, which the lock on the data directory
// sees to among processes.
package keystore
