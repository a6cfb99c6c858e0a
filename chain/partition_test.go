package chain_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"flag"
	"runtime"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/store"
)

var splits = flag.Int("splits", 2, "splits of the network, each ending in a reorganisation by a hundred blocks")

// splitDepth is how many blocks the losing half mines in each split.
const splitDepth = 100

// TestSplitNetwork parts two nodes on disk again and again. In turn one of them
// mines a hundred blocks and the other one more; then they meet, and the lighter
// half reorganises. From a hundred splits on it is also held that memory stays
// where it was.
func TestSplitNetwork(t *testing.T) {
	p := smallNet(3)
	halves := [2]*half{newHalf(t, p, "left"), newHalf(t, p, "right")}
	var settled uint64
	for split := range *splits {
		for i, h := range halves {
			h.mine(t, splitDepth+(split+i)%2)
		}
		meet(t, halves, 1-split%2)
		if split == *splits/10 {
			settled = heapInUse() - recorded(halves)
		}
	}
	if ended := heapInUse() - recorded(halves); *splits >= 100 {
		t.Logf("heap %d kB after %d splits, %d kB after %d", settled>>10, *splits/10, ended>>10, *splits)
		// It may fall: the databases' write buffers are full or empty by chance.
		if ended > settled+settled/10 {
			t.Error("memory grew by more than a tenth")
		}
	}
	for _, h := range halves {
		mustVerify(t, h.m)
		h.reopen(t)
	}
}

// meet exchanges what the halves mined. The winner has one block more.
func meet(t *testing.T, halves [2]*half, winner int) {
	t.Helper()
	for i, h := range halves {
		for _, b := range halves[1-i].mined {
			mustTake(t, h.m, b)
		}
	}
	for i, h := range halves {
		h.follower.pull(t, h.m, 64)
		if reverts := splitDepth * (i ^ winner); h.follower.reverted != reverts {
			t.Fatalf("half %d reverted %d blocks, want %d", i, h.follower.reverted, reverts)
		}
		h.follower.compare(t, h.m)
		checkIssue(t, h.m)
		h.mined = nil
	}
	x, y := halves[0].m.Snapshot(), halves[1].m.Snapshot()
	if x.Sink != y.Sink || x.UTXOCommitment != y.UTXOCommitment || x.Supply != y.Supply || !slices.Equal(x.VirtualParents, y.VirtualParents) {
		t.Fatalf("the halves do not agree:\n%+v\n%+v", x, y)
	}
}

// heapInUse returns the bytes of live objects.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // what the first one only freed from pools
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// recorded returns the bytes of what the tests' followers remember of the whole
// chain to compare with it; no node holds that.
func recorded(halves [2]*half) (n uint64) {
	for _, h := range halves {
		n += uint64(cap(h.follower.accepted)*types.HashSize + cap(h.follower.counts)*8)
	}
	return n
}

// A half is a node and a miner, who spends what it earns.
type half struct {
	params   *params.Params
	db       *store.DB
	m        *chain.Manager
	dir      string
	wallet   *chaintest.Wallet
	follower *follower
	mined    []types.Block // in this split
	serial   uint64
}

func newHalf(t *testing.T, p *params.Params, name string) *half {
	t.Helper()
	h := &half{params: p, dir: t.TempDir(), wallet: chaintest.NewWallet(name), follower: newFollower()}
	h.open(t)
	t.Cleanup(func() { _ = h.db.Close() })
	return h
}

func (h *half) open(t *testing.T) {
	t.Helper()
	db, err := store.Open(h.dir, store.Options{Schema: store.Schema{Name: "chain", Version: 1}})
	if err != nil {
		t.Fatal(err)
	}
	h.db = db
	h.m, err = chain.Open(chain.Config{Params: h.params, Store: db, CacheBlocks: 1024, Journal: 50, Now: chaintest.FarFuture, Recount: true})
	if err != nil {
		t.Fatal(err)
	}
}

// reopen closes the store and recounts the state from it.
func (h *half) reopen(t *testing.T) {
	t.Helper()
	before := h.m.Snapshot()
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	h.open(t)
	if after := h.m.Snapshot(); after.Sink != before.Sink || after.Supply != before.Supply || !slices.Equal(after.VirtualParents, before.VirtualParents) {
		t.Errorf("reopened as %+v, was %+v", after, before)
	}
}

// mine makes blocks on the node's own virtual. Each spends two coins and so keeps
// their number where it is.
func (h *half) mine(t *testing.T, n int) {
	t.Helper()
	for range n {
		h.follower.pull(t, h.m, 64)
		h.serial++
		template, err := h.m.Template(chain.TemplateRequest{
			Miner:        h.wallet.Address,
			Extra:        binary.BigEndian.AppendUint64(nil, h.serial),
			Transactions: h.payment(),
		})
		if err != nil || len(template.Dropped) > 0 {
			t.Fatalf("template: %v %v", err, template.Dropped)
		}
		b := template.Block
		b.Header.Timestamp = h.m.Snapshot().MedianTime + h.params.Spacing
		chaintest.Solve(h.params, &b)
		mustTake(t, h.m, b)
		h.mined = append(h.mined, b)
	}
	h.follower.pull(t, h.m, 64)
}

// payment joins the wallet's two oldest coins, if it has two that are mature and
// that virtual does not spend.
func (h *half) payment() []types.Transaction {
	s := h.m.Snapshot()
	pending := make(map[types.Outpoint]bool)
	for _, n := range s.Pending.Diff.Spent {
		pending[n.Outpoint] = true
	}
	var coins []utxo.Entry
	for o, c := range h.follower.coins {
		mature := !c.Coinbase || c.BlueScore+h.params.CoinbaseMaturity <= s.BlueScore
		if c.Address == h.wallet.Address && mature && !pending[o] {
			coins = append(coins, utxo.Entry{Outpoint: o, Coin: c})
		}
	}
	if len(coins) < 2 {
		return nil
	}
	slices.SortFunc(coins, func(a, b utxo.Entry) int {
		return cmp.Or(cmp.Compare(a.Coin.BlueScore, b.Coin.BlueScore),
			bytes.Compare(types.Encode(a.Outpoint), types.Encode(b.Outpoint)))
	})
	value, _ := coins[0].Coin.Value.Add(coins[1].Coin.Value)
	value, _ = value.Sub(types.Jots(h.serial % 1000))
	outputs := []types.Output{{Value: value, Address: h.wallet.Address}}
	return []types.Transaction{h.wallet.Pay(h.params, outputs, coins[:2]...)}
}
