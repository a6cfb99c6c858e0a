package node

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

func remoteConfig(t *testing.T) Config {
	t.Helper()
	cfg := simConfig(t)
	cfg.RPCListen = "127.0.0.1:0"
	return cfg
}

// start runs a node until the test ends and returns a client of it, found by its
// files, and a function that waits for the end.
func start(t *testing.T, n *Node) (c *client.Client, wait func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	wait = sync.OnceFunc(func() {
		if err := <-done; err != nil {
			t.Errorf("Run returned %v", err)
		}
	})
	t.Cleanup(wait)
	t.Cleanup(cancel)
	addr, cookie, err := n.Layout().FindRPC()
	if err != nil || addr != n.RPCAddress().String() {
		t.Fatalf("found %q, %v; want %v", addr, err, n.RPCAddress())
	}
	if c, err = client.New(client.Config{Addr: addr, Cookie: cookie}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, wait
}

func TestAnswersAndStopsOverRPC(t *testing.T) {
	n := mustOpen(t, remoteConfig(t))
	c, wait := start(t, n)
	made, err := api.Generate.Call(t.Context(), c, api.GenerateParams{Blocks: 3})
	if err != nil || made.Blocks != 3 {
		t.Fatalf("%+v, %v", made, err)
	}
	s, err := api.GetStatus.Call(t.Context(), c, api.None{})
	if err != nil || s.Sink != n.Chain().Snapshot().Sink || s.Blocks != 4 {
		t.Errorf("the status is %+v, %v", s, err)
	}
	if code := httpStatus(t, n, "/readyz"); code != http.StatusOK {
		t.Errorf("readyz answers %d", code)
	}
	if _, err := api.Stop.Call(t.Context(), c, api.None{}); err != nil {
		t.Fatal(err)
	}
	wait()
	mustClose(t, n)
	if addr, _, err := n.Layout().FindRPC(); addr != "" || err != nil {
		t.Errorf("after the end there is an address %q (%v)", addr, err)
	}
}

func httpStatus(t *testing.T, n *Node, path string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+n.RPCAddress().String()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestUnsyncedNodeIsNotReady(t *testing.T) {
	cfg := remoteConfig(t)
	cfg.Params = params.TestNet()
	n := mustOpen(t, cfg)
	start(t, n)
	if code := httpStatus(t, n, "/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d", code)
	}
	if code := httpStatus(t, n, "/healthz"); code != http.StatusOK {
		t.Errorf("healthz answers %d", code)
	}
}

// A port that is taken is an error where it was asked for, and no matter where
// it is only the usual one.
func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := simConfig(t)
	cfg.RPCListen = taken.Addr().String()
	if n, err := Open(t.Context(), cfg); err == nil {
		t.Errorf("Open took it: %v", n.Close())
	} else if !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), cfg.RPCListen) {
		t.Errorf("a port that is taken: %v", err)
	}
	if layout := LayoutOf(cfg.DataDir, cfg.Params.Name); layout.hasChain() {
		t.Error("the database was opened before the port was looked at")
	}
	cfg.RPCAnyPort = true
	n := mustOpen(t, cfg)
	if got := n.RPCAddress().String(); got == cfg.RPCListen || !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("listening on %s", got)
	}
	if info, err := os.Stat(n.Layout().RPCAddress()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the address file: %v, %v", info, err)
	}
}

// TestWalletOverRPC makes a wallet that takes over the mining key, and finds it
// again, locked, after a restart.
func TestWalletOverRPC(t *testing.T) {
	cfg := remoteConfig(t)
	n := mustOpen(t, cfg)
	mustGenerate(t, n, 3)
	c, wait := start(t, n)
	created, err := api.CreateWallet.Call(t.Context(), c, api.CreateParams{Wallet: "main", Password: api.Secret("long enough"), WordCount: 12, MiningKey: true})
	if err != nil || len(strings.Fields(string(created.Words))) != 12 {
		t.Fatalf("%+v, %v", created.Wallet, err)
	}
	w := created.Wallet
	if w.Name != "main" || !w.Unlocked || w.BackedUp || len(w.Accounts) == 0 {
		t.Errorf("the wallet is %+v", w)
	}
	n.Stop()
	wait()
	mustClose(t, n)
	again := mustOpen(t, cfg)
	c, _ = start(t, again)
	s, err := api.GetWallet.Call(t.Context(), c, api.WalletParams{})
	if err != nil || s.Name != "main" || s.Unlocked || s.Balance.Maturing.IsZero() {
		t.Errorf("after the restart it is %+v, %v", s, err)
	}
	status, err := api.GetStatus.Call(t.Context(), c, api.None{})
	if err != nil || len(status.Wallets) != 1 || !status.Wallets[0].Open {
		t.Errorf("the status has the wallets %+v, %v", status.Wallets, err)
	}
}
