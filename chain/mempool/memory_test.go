package mempool_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

var offered = flag.Int("offered", 6000, "number of transactions to offer to a pool of bounded memory; from 400000 on to one of the default size")

// live returns the bytes of the heap that are in use.
func live() int {
	var s runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}

// TestMemory offers far more than a pool may hold, with fees in no order, and
// holds the memory it really takes against what it says and its bound.
func TestMemory(t *testing.T) {
	bound, s := 2<<20, chain.Store(store.NewMemory())
	if *offered >= 400_000 {
		bound, s = mempool.DefaultMaxBytes, database(t)
	}
	b := newBankOn(t, s, min(300, 20+*offered/400), func(c *mempool.Config) { c.MaxBytes = bound })
	hoard := b.split(*offered)
	b.restart(s, bound)
	rng := rand.New(rand.NewPCG(2, 2))
	full := 0
	for first := 0; first < *offered; first += 256 {
		for _, reason := range b.submit(hoard.payments(first, min(256, *offered-first), rng)...) {
			if errors.Is(reason, mempool.ErrFull) {
				full++
			} else if reason != nil {
				t.Fatal(reason)
			}
		}
		if u := b.pool.Usage(); u.Bytes > bound {
			t.Fatalf("%d bytes, at most %d are allowed", u.Bytes, bound)
		}
	}
	u := b.pool.Usage()
	with := live()
	b.pool = nil
	without := live()
	real := with - without
	runtime.KeepAlive(b)
	share := peak() - 2*without // a collected heap may be twice what lives in it
	t.Logf("offered %d, %d turned down at the door, %d kept: %d bytes by the count, %d in truth, %d encoded; the process needs %d more with the pool than without",
		*offered, full, u.Entries, u.Bytes, real, u.Encoded, share)
	if share > 300<<20 {
		t.Errorf("the pool costs the process %d bytes", share)
	}
	if u.Bytes < bound*9/10 || full == 0 {
		t.Errorf("the pool never was full: %d of %d bytes", u.Bytes, bound)
	}
	if real > u.Bytes || real < u.Bytes*2/3 {
		t.Errorf("the entries take %d bytes, counted were %d", real, u.Bytes)
	}
}

func database(t testing.TB) chain.Store {
	t.Helper()
	db, err := store.Open(t.TempDir(), store.Options{Schema: store.Schema{Name: "test", Version: 1}, CacheBytes: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// restart opens the chain anew, so that making coins leaves nothing in memory,
// and forgets the peak so far.
func (b *bank) restart(s chain.Store, bound int) {
	var err error
	if b.chain, err = chain.Open(chain.Config{Params: b.params, Store: s, Now: chaintest.FarFuture}); err != nil {
		b.t.Fatal(err)
	}
	b.cursor, b.coins = types.Hash{}, nil
	b.pool = mempool.New(mempool.Config{Params: b.params, Chain: b.chain, Now: time.Now, Rand: rand.New(rand.NewPCG(1, 2)), MaxBytes: bound})
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is such a thing
}

// peak returns the greatest resident memory of the process since restart in
// bytes, 0 where the system does not say.
func peak() (kilobytes int) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			break
		}
	}
	return kilobytes << 10
}
