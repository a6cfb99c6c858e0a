package node_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
)

// payday returns the configuration of a node whose directory holds a chain that
// has paid a wallet.
func payday(t *testing.T, w *chaintest.Wallet) node.Config {
	t.Helper()
	p := params.SimNet()
	p.CoinbaseMaturity = 2
	cfg := node.Config{Params: p, DataDir: t.TempDir(), Threads: 1, RAMScale: node.RAMScaleMin, MineTo: &w.Address}
	n := open(t, cfg)
	generate(t, n, 6)
	closeNode(t, n)
	return cfg
}

func open(t *testing.T, cfg node.Config) *node.Node {
	t.Helper()
	n, err := node.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func closeNode(t *testing.T, n *node.Node) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

func generate(t *testing.T, n *node.Node, count uint64) {
	t.Helper()
	if _, err := n.Generate(t.Context(), count, nil, nil); err != nil {
		t.Fatal(err)
	}
}

// running runs a node while work does its part.
func running(t *testing.T, n *node.Node, work func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	work()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func waitFor(done func() bool) {
	for !done() {
		runtime.Gosched()
	}
}

func entries(n *node.Node) int { return n.Pool().Usage().Entries }

// payment spends the wallet's first mature coin.
func payment(t *testing.T, n *node.Node, cfg node.Config, w *chaintest.Wallet) types.Transaction {
	t.Helper()
	coins, err := n.Index().Coins(w.Address, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range coins {
		if c.Coin.BlueScore+cfg.Params.CoinbaseMaturity <= n.Chain().Snapshot().BlueScore {
			value := types.Jots(c.Coin.Value.Jots() - 100_000)
			return w.Pay(cfg.Params, []types.Output{{Value: value, Address: w.Address}}, c)
		}
	}
	t.Fatal("no coin can be spent")
	panic("unreachable")
}

// A console keeps what a node says.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(b)
}

func (c *console) says(what string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Contains(c.text.String(), what)
}

// TestPoolOverRestart submits a payment, stops, starts, mines and looks it up.
func TestPoolOverRestart(t *testing.T) {
	w := chaintest.NewWallet("payer")
	cfg := payday(t, w)
	n := open(t, cfg)
	var paid types.Transaction
	running(t, n, func() {
		waitFor(func() bool { return n.Index().Position().Cursor == n.Chain().Snapshot().Sink })
		paid = payment(t, n, cfg, w)
		if reasons, err := n.Submit([]types.Transaction{paid}); err != nil || reasons[0] != nil {
			t.Error(reasons, err)
		}
	})
	closeNode(t, n)

	n = open(t, cfg)
	if entries(n) != 0 {
		t.Error("the pool is full before the node runs")
	}
	running(t, n, func() {
		waitFor(func() bool { return entries(n) == 1 })
		generate(t, n, 2) // carries it, accepts it
		waitFor(func() bool { return entries(n) == 0 })
		waitFor(func() bool { return n.Index().Position().Cursor == n.Chain().Snapshot().Sink })
	})
	found, err := n.Index().Transaction(paid.ID())
	if err != nil || found.Accepted == nil || found.Accepted.AcceptedBy != n.Chain().Snapshot().Sink {
		t.Errorf("%+v, %v", found, err)
	}
	closeNode(t, n)
}

// TestDamagedPool starts empty, says so, and saves over it.
func TestDamagedPool(t *testing.T) {
	w := chaintest.NewWallet("payer")
	cfg := payday(t, w)
	var said console
	cfg.Console = &said
	n := open(t, cfg)
	if err := os.WriteFile(n.Layout().Pool(), []byte("jio mempool 1\nnothing more"), 0o600); err != nil {
		t.Fatal(err)
	}
	running(t, n, func() {
		waitFor(func() bool { return said.says("starting with an empty mempool") })
		waitFor(func() bool { return n.Index().Position().Cursor == n.Chain().Snapshot().Sink })
		if reasons, err := n.Submit([]types.Transaction{payment(t, n, cfg, w)}); err != nil || reasons[0] != nil {
			t.Error(reasons, err)
		}
	})
	closeNode(t, n)
	n = open(t, cfg)
	running(t, n, func() { waitFor(func() bool { return entries(n) == 1 }) })
	closeNode(t, n)
}

// TestPoolIsSavedMeanwhile takes the file as a kill would leave it, some minutes
// after a payment.
func TestPoolIsSavedMeanwhile(t *testing.T) {
	w := chaintest.NewWallet("payer")
	cfg := payday(t, w)
	n := open(t, cfg)
	running(t, n, func() {
		waitFor(func() bool { return n.Index().Position().Cursor == n.Chain().Snapshot().Sink })
	})
	paid := payment(t, n, cfg, w)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.UnixMilli(int64(cfg.Params.Genesis.Header.Timestamp)).Add(time.Hour))) // bubbles begin earlier
		ctx, cancel := context.WithCancel(t.Context())
		kept := make(chan error, 1)
		go func() { kept <- n.KeepPool(ctx) }()
		synctest.Wait()
		if reasons, err := n.Submit([]types.Transaction{paid}); err != nil || reasons[0] != nil {
			t.Error(reasons, err)
		}
		time.Sleep(3 * time.Minute)
		cancel()
		if err := <-kept; err != nil {
			t.Error(err)
		}
	})
	left, err := os.ReadFile(n.Layout().Pool())
	if err != nil {
		t.Fatal(err)
	}
	closeNode(t, n)
	if err := os.WriteFile(n.Layout().Pool(), left, 0o600); err != nil {
		t.Fatal(err)
	}
	n = open(t, cfg)
	running(t, n, func() { waitFor(func() bool { return entries(n) == 1 }) })
	closeNode(t, n)
}
