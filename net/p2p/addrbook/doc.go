// Package addrbook remembers where peers may be reached and says which of them
// to dial next. A Book is a value in memory that takes time and randomness from
// its caller and tells which of its records changed; it holds no clock, lock,
// goroutine or I/O and is not safe for concurrent use.
//
// An entry is one address of one peer. It lies in three buckets, each bounded:
//
//	peer     8 entries     what one key may claim
//	group    64 entries    addresses of one IPv4 /16 or IPv6 /48
//	source   256 entries   what peers of one group told and nobody has proven
//
// and all are 4,096 at most. A full bucket takes a newcomer only in place of an
// entry that failed or grew stale, a full book also in place of one from a group
// more crowded than the newcomer's. Pick chooses a group first and an entry of
// it second. So whoever owns a few networks, however many keys and addresses in
// them, fills a few groups and is picked as often as a few peers are (Heilman et
// al., "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", 2015).
//
// The package never dials, never resolves a name, and never checks a signature:
// its caller vouches for what a Record says.
package addrbook
