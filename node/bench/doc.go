// Package bench measures what this machine makes of JIO: hashes, header checks,
// signatures, blocks and payments added to a database, a restart, and a sync
// between two whole nodes. What it adds and syncs it makes itself, outside the
// time that counts, and leaves nothing behind.
//
// Rates of one thing done over and over are per second of processor time (user
// and system, the garbage collector's included), so what else runs on the machine
// counts little; hashes on several threads, the pause of readers, the restart and
// the sync are by the clock. Two operations that everybody can time are measured in
// the same run, before and after everything else, to compare machines by.
//
// A run has a limit by the clock, of which every step has a share, and what steps
// before it left of theirs. A step that does not get done in its time is cut short,
// and its figures stay unmeasured.
//
// It judges no result, keeps none, and touches no data directory of the user.
package bench
