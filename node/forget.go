package node

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/jio-dag/jio/chain/wake"
)

// forgetSecrets cleans up after each wallet that locks. The wallet wipes what it
// holds itself; but hashing a password and writing words down leave copies in
// memory that only the collector reaches.
func (n *Node) forgetSecrets(ctx context.Context) error {
	unlocked := make(map[string]bool)
	return wake.Follow(ctx, n.wallets.OnChange, func() error {
		if n.someLocked(unlocked) {
			overwriteFreed()
			n.log.Info("a wallet was locked; freed memory is overwritten")
		}
		return nil
	})
}

// someLocked takes note of which wallets are unlocked and reports whether one of
// those that were is so no longer. A list that cannot be read tells nothing.
func (n *Node) someLocked(unlocked map[string]bool) (some bool) {
	all, _ := n.wallets.List()
	for _, l := range all {
		now := l.Wallet != nil && l.Wallet.Summary().Unlocked
		some = some || unlocked[l.Name] && !now
		unlocked[l.Name] = now
	}
	return some
}

// What is overwritten of each size that the allocator keeps places for, in bytes.
const (
	smallestPlace = 16
	largestPlace  = 32 << 10
	overwritten   = 512 << 10
)

// overwriteFreed lets the collector find what nothing refers to any more, twice
// since pools keep what they hold for one collection longer, and hands whole
// pages back to the system, which clears them. Freed places between used ones
// keep what they held until they are used again, so it uses them.
func overwriteFreed() {
	runtime.GC()
	runtime.GC()
	for size := smallestPlace; size <= largestPlace; size += max(8, size/8) {
		for range overwritten / size {
			runtime.KeepAlive(make([]byte, size))
		}
	}
	debug.FreeOSMemory()
}
