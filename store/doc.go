// Package store is the small key-value core under the chain, the wallet, the
// index and the address book: Get, Scan and Write on goleveldb (DB), and the
// same three on a plain tree in memory (Memory).
//
// A Write is one atomic batch and is on the disk when it returns. The store
// knows nothing of what it keeps: records carry their own version byte, and
// the Schema of the database as a whole is stamped when it is created.
//
// The store never syncs less than it says, never repairs, never guesses: a
// damaged database is a CorruptError that names the file, an older or foreign
// one is a SchemaError, and both are left for the owner to copy or delete. Keys
// that begin with 0xFF belong to the store.
//
// # What goleveldb leaves to us
//
// goleveldb runs with its default strictness, so that the torn last record of
// a power loss does not lock the owner out. The price, read from its source
// and held by the tests here:
//
//   - A block of a table is checked on every read and a damaged one is an
//     error. The footer of a table is not checked and a flipped length in it
//     panics; a damaged filter is left unused in silence. The guard checks the
//     footer of each table it opens, and CheckFiles the filters.
//   - A damaged journal or manifest record is skipped in silence together with
//     the rest of its 32 KiB block, and reading goes on behind it: a hole in
//     history. The file is then deleted. So before goleveldb opens anything
//     we read the manifest and the live journals ourselves (inspection), and
//     refuse while all evidence is still in place.
//   - A failed sync of the manifest is tried again as if the pages it dropped
//     were still there, and a manifest that could not be made the current one is
//     removed, though it may have become that. The guard lets nothing more be
//     written or removed after the first failure, and every later Write returns
//     that same failure.
//   - A new journal is synced, its directory entry is not; that of a table is
//     synced after the manifest names it. The guard syncs the entry of each file
//     when it is made.
//   - A batch larger than the write buffer goes around the journal, and a
//     manifest over 64 MiB is rewritten with stale numbers. Both are off.
//
// # How a lost batch shows
//
// Each batch carries its number, counted from 1, as its last record; goleveldb
// counts records. From these:
//
//	manifest ── seq ──▶ journal: batch n, n+1, n+2 … ◀── number ── CLEAN
//
// The first batch of the oldest live journal continues where the manifest
// ends, each batch continues the one before, and after a clean stop the last
// number is the one that Close wrote down, after everything else, in the note
// CLEAN. Every Write is synced before the next begins. Hence a bad record with
// a whole batch behind it was acknowledged once and is damage, while a bad
// record at the very end is either a write that never was acknowledged or
// damage to the last one. After a clean stop the note tells the two apart.
// After an unclean one nothing can, and the database is then simply a prefix
// of what was written, without holes: Clean is false, and its owner recounts
// its state.
//
// Open takes the note away before the first write. An interrupted creation is
// told from a database that lost its files by the note CREATING, which exists
// from before the first file to after the stamp is durable: only under it is
// anything wiped, and there is nothing to lose.
package store
