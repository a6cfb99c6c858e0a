package node

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/service"
)

func ptr[T any](v T) *T { return &v }

// TestMinerIsSwitchedLive starts a node without mining, switches it on with
// another payee and more threads, and off again.
func TestMinerIsSwitchedLive(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	if there, _ := exists(n.Layout().MiningKey()); there || n.MineTo() != "" {
		t.Errorf("a key was made for a node that does not mine")
	}
	payee := types.Address{Hash: types.Hash{5}}
	if err := n.SetMiner(service.MinerChange{Mining: ptr(true), PayTo: &payee, Threads: ptr(2)}); err != nil {
		t.Fatal(err)
	}
	runUntil(t, n, func() bool { return n.Chain().Snapshot().SinkBlueScore >= 3 })
	if m := n.minerStatus(); !m.Wanted || !m.Running || m.Threads != 2 || m.PayTo != n.text(payee) || m.Throwaway || m.Engine == "" {
		t.Errorf("the miner is %+v", m)
	}
	b, err := n.Chain().Block(n.Chain().Snapshot().Sink)
	if err != nil || len(b.Transactions[0].Outputs) == 0 || b.Transactions[0].Outputs[0].Address != payee {
		t.Errorf("the sink pays %+v (%v)", b.Transactions[0].Outputs, err)
	}
	if err := n.SetMiner(service.MinerChange{Mining: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	if m := n.minerStatus(); m.Wanted || m.Running {
		t.Errorf("switched off the miner is %+v", m)
	}
}

// TestPayoutOutlivesARestart chooses an address while the node runs; later runs
// pay it, also after one that was told to pay another.
func TestPayoutOutlivesARestart(t *testing.T) {
	cfg := simConfig(t)
	chosen, given := types.Address{Hash: types.Hash{7}}, types.Address{Hash: types.Hash{8}}
	n := mustOpen(t, cfg)
	if err := n.SetMiner(service.MinerChange{PayTo: &chosen}); err != nil {
		t.Fatal(err)
	}
	for _, run := range []struct{ mineTo, pays *types.Address }{{nil, &chosen}, {&given, &given}, {nil, &chosen}} {
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
		cfg.MineTo, cfg.Mine = run.mineTo, true
		n = mustOpen(t, cfg)
		if m := n.minerStatus(); m.PayTo != n.text(*run.pays) || m.Throwaway {
			t.Errorf("given %v, the miner is %+v", run.mineTo, m)
		}
	}
	if there, _ := exists(n.Layout().MiningKey()); there {
		t.Error("a throwaway key was made")
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	file := n.Layout().MiningTo()
	if err := os.WriteFile(file, []byte("jiodev1elsewhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("an address that makes no sense: %v", err)
	}
}

// TestEngineIsChosen holds that the parameters decide what the miner runs.
func TestEngineIsChosen(t *testing.T) {
	cfg := simConfig(t)
	cfg.Params.Implementation = "go"
	if m := mustOpen(t, cfg).minerStatus(); m.Engine != "kheavyhash (go)" {
		t.Errorf("the engine is %q", m.Engine)
	}
}

func TestStopEndsRun(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	done := make(chan error, 1)
	go func() { done <- n.Run(context.Background()) }()
	if _, err := api.Stop.Call(t.Context(), n.Registry().Local(), api.None{}); err != nil {
		t.Fatal(err)
	}
	n.Stop()
	if err := <-done; err != nil {
		t.Errorf("Run returned %v", err)
	}
}

// TestGenerateForACaller pays whom it is told and says why it stops.
func TestGenerateForACaller(t *testing.T) {
	n := mustOpen(t, simConfig(t))
	payee := types.Address{Hash: types.Hash{6}}
	made, err := api.Generate.Call(t.Context(), n.Registry().Local(), api.GenerateParams{Blocks: 4, PayTo: n.text(payee)})
	if err != nil || made.Blocks != 4 || made.Sink != n.Chain().Snapshot().Sink {
		t.Fatalf("%+v, %v", made, err)
	}
	status, err := api.GetStatus.Call(t.Context(), n.Registry().Local(), api.None{})
	if err != nil || status.Blocks != 5 || status.System.MemoryBytes == 0 || status.System.DiskFree == 0 || status.System.DiskBytes == 0 {
		t.Errorf("the status is %+v, %v", status, err)
	}
	balance, err := api.GetBalancesByAddresses.Call(t.Context(), n.Registry().Local(), api.AddressesParams{Addresses: []string{n.text(payee)}})
	if err != nil || balance.Balances[0].Coins != 2 {
		t.Errorf("%+v, %v", balance, err)
	}
}
