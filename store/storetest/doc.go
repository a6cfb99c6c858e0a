// Package storetest is a disk in memory that loses its power, runs full and
// breaks: what a store is held against in tests.
//
// A Disk counts the calls that change it and shows each one to a hook before it
// happens. The hook may copy the disk as it is then, which is what a killed
// process leaves, and take from the copy what a power loss takes (Lose); or it
// may refuse the change, for want of space, say. One run of a program so yields
// a disk for every moment at which the power could have gone.
//
// Two things outlive a power loss for certain: the bytes of a file that were
// synced, and the entries of the directory as they were when it was synced. A
// synced file without an entry is gone. Whatever else was written, made,
// replaced or removed is left to the Loss.
//
// The package knows nothing of the store and is used by tests alone.
package storetest
