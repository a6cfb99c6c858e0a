// Package wake lets followers know that something changed, and nothing more: a
// call carries no data, so that any number of changes that come while a follower
// is busy cost it one more look. What changed it pulls by itself.
//
// The package never calls out while it holds a lock, never blocks the one who
// rings, and starts no goroutine.
package wake
