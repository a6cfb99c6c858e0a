package node

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// run runs a node until a condition holds, and reports what Run returned.
func runUntil(t *testing.T, n *Node, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	for !done() {
		select {
		case err := <-ended:
			t.Fatalf("the node stopped: %v", err)
		default:
			runtime.Gosched()
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func mustClose(t *testing.T, n *Node) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

func (n *Node) indexed() bool { return n.index.Position().Cursor == n.chain.Snapshot().Sink }

func TestNodeIndexes(t *testing.T) {
	cfg := simConfig(t)
	payee := types.Address{Hash: types.Hash{7}}
	cfg.MineTo = &payee
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 5)
	runUntil(t, n, n.indexed)
	account, err := n.Index().Account(payee)
	if err != nil || account.Coins != 3 || account.Balance.Jots() != n.Chain().Snapshot().Supply { // the last two are not paid yet
		t.Errorf("%+v, %v", account, err)
	}
	if _, err := n.Verify(t.Context(), func(string, int64, int64) {}); err != nil {
		t.Error(err)
	}
	if s := n.service.Refresh(); n.Index().Position().Blocks != 6 || s.Mempool.MaxBytes == 0 {
		t.Errorf("%d blocks are indexed, and the pool has %d bytes", n.Index().Position().Blocks, s.Mempool.MaxBytes)
	}
}

func TestNodeWithoutIndex(t *testing.T) {
	cfg := simConfig(t)
	cfg.NoIndex = true
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 2)
	if _, err := os.Stat(n.Layout().Index()); err == nil || n.Index() != nil {
		t.Errorf("an index was made: %v", n.Index())
	}
	if _, err := n.Verify(t.Context(), func(string, int64, int64) {}); err != nil {
		t.Error(err)
	}
}

// TestIndexMadeAnew damages files of the index: the next start says so and makes
// another, verify names it.
func TestIndexMadeAnew(t *testing.T) {
	cfg := simConfig(t)
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 5)
	runUntil(t, n, n.indexed)
	mustClose(t, n)
	manifests, err := filepath.Glob(filepath.Join(n.Layout().Index(), "MANIFEST-*"))
	if err != nil || len(manifests) == 0 {
		t.Fatal(manifests, err)
	}
	for _, name := range manifests {
		if err := os.WriteFile(name, []byte("damage"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var console bytes.Buffer
	cfg.Console = &console
	again := mustOpen(t, cfg)
	if !strings.Contains(console.String(), "the index is made anew") {
		t.Errorf("nothing is said of the damage:\n%s", &console)
	}
	runUntil(t, again, again.indexed)
	if _, err := again.Verify(t.Context(), func(string, int64, int64) {}); err != nil {
		t.Error(err)
	}
	damageAccount(t, again)
	_, err = again.Verify(t.Context(), func(string, int64, int64) {})
	if err == nil || !strings.Contains(err.Error(), again.Layout().Index()) || again.broken.Load() {
		t.Errorf("verify says %v, broken: %v", err, again.broken.Load())
	}
}

// damageAccount takes an account out of the index.
func damageAccount(t *testing.T, n *Node) {
	t.Helper()
	var account []byte
	if err := n.indexDB.Scan([]byte("a"), func(key, _ []byte) error {
		account = append([]byte{}, key...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := n.indexDB.Write(func(yield func(k, v []byte) bool) { yield(account, nil) }); err != nil {
		t.Fatal(err)
	}
}
