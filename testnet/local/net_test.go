package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/testnet/local"
	"github.com/jio-dag/jio/tui/cli"
)

// asProgram makes the test binary be the program itself, for the nodes are
// processes.
const asProgram = "LOCAL_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(context.Background(), os.Args))
	}
	os.Exit(m.Run())
}

// A run is a network under test, and what it looked like lately.
type run struct {
	t     *testing.T
	dir   string
	views chan local.View
	ended chan local.Summary
}

// bringUp runs a network until the test calls down.
func bringUp(t *testing.T, opts local.Options) *run {
	t.Helper()
	t.Setenv(asProgram, "1")
	opts.Dir, opts.Program, opts.Seed = t.TempDir(), os.Args[0], 1
	n, err := local.Open(t.Context(), opts, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	r := &run{t: t, dir: opts.Dir, views: make(chan local.View, 1), ended: make(chan local.Summary, 1)}
	go func() {
		s, err := n.Run(t.Context(), func(v local.View) {
			select {
			case r.views <- v:
			default:
			}
		})
		if err := errors.Join(err, n.Close()); err != nil {
			t.Error(err)
		}
		r.ended <- s
	}()
	return r
}

// tell has another process's command carried out.
func (r *run) tell(c local.Command) local.Reply {
	r.t.Helper()
	reply, err := local.Tell(r.t.Context(), r.dir, c)
	if err != nil {
		r.t.Fatalf("%+v: %v", c, err)
	}
	return reply
}

// awaits waits until the network looks as wanted.
func (r *run) awaits(what string, holds func(v local.View) bool) {
	r.t.Helper()
	limit := time.After(time.Minute)
	var v local.View
	for {
		select {
		case v = <-r.views:
			if holds(v) {
				return
			}
		case <-limit:
			text, _ := json.Marshal(v)
			r.t.Fatalf("not within a minute: %s; %s", what, text)
		}
	}
}

func (r *run) down() local.Summary {
	r.t.Helper()
	r.tell(local.Command{Do: local.DoDown})
	return <-r.ended
}

// Three nodes, two of which mine, are parted, come together again, and one dies
// and comes back: in the end all have the same blocks and coins.
func TestNetworkOfProcesses(t *testing.T) {
	r := bringUp(t, local.Options{Nodes: 3, Miners: 2, BPS: 20, Latency: 10 * time.Millisecond, Load: 20})
	r.awaits("a whole network with blocks and payments", func(v local.View) bool {
		return v.Whole && v.Nodes[2].Blocks >= 20 && v.Load.Accepted > 0 && v.Propagation.Count > 0
	})
	if _, err := local.Open(t.Context(), local.Options{Nodes: 1, BPS: 20, Dir: r.dir, Program: os.Args[0]}, func(string) {}); err == nil {
		t.Error("a second network on the same directory")
	}
	r.tell(local.Command{Do: local.DoPartition, Sides: "0|1,2"})
	r.awaits("two sides that each go on", func(v local.View) bool {
		return !v.Whole && v.Sinks == 2 && v.Nodes[0].Peers == 0 && v.Nodes[1].Sink == v.Nodes[2].Sink && v.Nodes[1].Peers == 1
	})
	r.tell(local.Command{Do: local.DoHeal})
	r.awaits("a whole network after the partition", func(v local.View) bool { return v.Whole })
	r.tell(local.Command{Do: local.DoKill, Node: 2})
	r.awaits("a node that is down", func(v local.View) bool { return !v.Nodes[2].Up })
	r.tell(local.Command{Do: local.DoStart, Node: 2})
	r.awaits("a whole network after the loss", func(v local.View) bool { return v.Whole })
	s := r.down()
	if err := s.Verdict(); err != nil || s.Mined == 0 || s.Refused > 0 || s.Blocks <= uint64(s.Mined) || s.Relay.Blocks == 0 {
		t.Errorf("%v; %+v", err, s)
	}
	if _, err := local.Tell(t.Context(), r.dir, local.Command{Do: local.DoStatus}); !errors.Is(err, local.ErrNotUp) {
		t.Errorf("after the end: %v", err)
	}
}

// What a user can get wrong is said, and changes nothing.
func TestCommandsThatCannotBe(t *testing.T) {
	r := bringUp(t, local.Options{Nodes: 1, Miners: 1, BPS: 10})
	for _, c := range []local.Command{
		{Do: "dance"},
		{Do: local.DoKill, Node: 1},
		{Do: local.DoStart, Node: -1},
		{Do: local.DoStart, Node: 0}, // it is up
		{Do: local.DoPartition, Sides: "0|0"},
		{Do: local.DoWithhold, Node: 5},
		{Do: local.DoWithhold, Node: 0}, // nobody else mines: it could withhold for ever
	} {
		if _, err := local.Tell(t.Context(), r.dir, c); err == nil {
			t.Errorf("%+v was carried out", c)
		}
	}
	r.awaits("a node with blocks", func(v local.View) bool { return v.Nodes[0].Blocks > 5 })
	if v := r.tell(local.Command{Do: local.DoStatus}).View; v == nil || len(v.Nodes) != 1 || !v.Nodes[0].Up {
		t.Errorf("the status is %+v", v)
	}
	nodes, bps, err := local.Attach(t.Context(), r.dir)
	if err != nil || len(nodes) != 1 || bps != 10 {
		t.Fatalf("%d nodes, %d blocks a second, %v", len(nodes), bps, err)
	}
	defer nodes[0].Close()
	if info, err := api.GetInfo.Call(t.Context(), nodes[0], api.None{}); err != nil || info.Network != "simnet" {
		t.Errorf("%+v, %v", info, err)
	}
	s := r.down()
	if err := s.Verdict(); err != nil {
		t.Error(err)
	}
	if _, err := local.Open(t.Context(), local.Options{Nodes: 1, BPS: 5, Dir: r.dir, Program: os.Args[0]}, func(string) {}); err == nil {
		t.Error("another block rate on the same blocks")
	}
	if stopped, err := local.StopAll(t.Context(), r.dir); stopped != 0 || err != nil {
		t.Errorf("%d nodes were left, %v", stopped, err)
	}
	if _, err := os.Stat(local.PurseFile(r.dir)); err != nil {
		t.Errorf("the purse: %v", err)
	}
}
