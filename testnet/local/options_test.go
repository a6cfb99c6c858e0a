package local

import (
	"math"
	"slices"
	"testing"
	"time"
)

func valid() Options {
	return Options{Nodes: 5, Miners: 3, BPS: 10, Latency: 100 * time.Millisecond, Load: 1, Dir: "d", Program: "jio"}
}

func TestOptions(t *testing.T) {
	good := valid()
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(o *Options){
		"no node":         func(o *Options) { o.Nodes, o.Miners, o.Load = 0, 0, 0 },
		"too many nodes":  func(o *Options) { o.Nodes = MaxNodes + 1 },
		"too many miners": func(o *Options) { o.Miners = 6 },
		"fewer than none": func(o *Options) { o.Miners = -1 },
		"no rate":         func(o *Options) { o.BPS = 0 },
		"an odd rate":     func(o *Options) { o.BPS = 7 },
		"back in time":    func(o *Options) { o.Latency = -1 },
		"for ever":        func(o *Options) { o.Latency = time.Minute },
		"no number":       func(o *Options) { o.Load = math.NaN() },
		"load, no miners": func(o *Options) { o.Miners = 0 },
	} {
		o := valid()
		if change(&o); o.Validate() == nil {
			t.Errorf("%s is let pass", name)
		}
	}
}

// A node dials its own relays, all of them and nothing else.
func TestCommand(t *testing.T) {
	o := valid()
	var relays []*relay
	want := make(map[int][]string)
	for _, l := range links(o.Nodes) {
		r, err := newRelay(l.from, l.to, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer r.listener.Close()
		relays = append(relays, r)
		want[l.from] = append(want[l.from], r.address())
	}
	for i := range o.Nodes {
		command := o.command(i, relays)
		var dials []string
		for at, word := range command {
			if word == "--connect" {
				dials = append(dials, command[at+1])
			}
		}
		if !slices.Equal(dials, want[i]) || !slices.Contains(command, "d/node"+string(rune('0'+i))) {
			t.Errorf("node %d: %q, want it to dial %q", i, command, want[i])
		}
	}
}

func TestRedDelay(t *testing.T) {
	o := valid()
	// k is 124 at ten blocks a second, of which the other two make two thirds.
	if got := o.redDelay(); got != 28*time.Second {
		t.Errorf("%v, want 28s", got)
	}
	if o.Miners = 1; o.redDelay() != 0 {
		t.Errorf("without other miners: %v", o.redDelay())
	}
}

func TestTCPDoor(t *testing.T) {
	for text, want := range map[string]string{
		"/ip4/127.0.0.1/tcp/1234/p2p/12D3":      "127.0.0.1:1234",
		"/ip4/127.0.0.1/tcp/1234":               "127.0.0.1:1234",
		"/ip4/127.0.0.1/udp/1234/quic-v1/p2p/x": "",
		"/ip6/::1/tcp/1":                        "",
		"/ip4/127.0.0.1":                        "",
		"":                                      "",
	} {
		if got, ok := tcpDoor(text); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", text, got, ok, want)
		}
	}
}
