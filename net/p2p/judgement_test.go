package p2p

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/p2p/reputation"
)

func TestBadBlocksAreBannedAtOnce(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	dial(t, b, a)
	receive(t, a.joined)
	a.Report(b.ID(), reputation.BadBlock)
	if id := receive(t, a.left); id != b.ID() {
		t.Errorf("%s left", id)
	}
	bans := a.Bans()
	if len(bans) != 1 || bans[0].Peer != b.ID() || bans[0].Reason != "invalid block" {
		t.Errorf("the bans are %+v", bans) // loopback is not among them
	}
	if _, err := b.Dial(t.Context(), a.tcp(t)); err == nil && a.roster.isMember(b.ID()) {
		t.Error("a banned peer came back")
	}
	if _, err := a.Dial(t.Context(), b.tcp(t)); err == nil {
		t.Error("a banned peer is dialled")
	}
	if was, err := a.Unban(b.ID().String()); !was || err != nil {
		t.Errorf("Unban: %v, %v", was, err)
	}
	dial(t, b, a)
}

func TestAddressesAreBannedWithTheirPeer(t *testing.T) {
	public := func(c *Config) { c.Params = params.MainNet() }
	a, b := startNode(t, public), startNode(t, public)
	dial(t, b, a)
	receive(t, a.joined)
	a.Report(b.ID(), reputation.BadBlock)
	receive(t, a.left)
	if bans := a.Bans(); len(bans) != 2 {
		t.Errorf("the bans are %+v", bans)
	}
	c := startNode(t, public) // another key at the same address
	if _, err := c.Dial(t.Context(), a.tcp(t)); err == nil && a.roster.isMember(c.ID()) {
		t.Error("a banned address came back under another key")
	}
}

func TestBansOutliveARestart(t *testing.T) {
	cfg := testConfig(t)
	a, b := runNode(t, cfg), startNode(t, nil)
	id := a.ID()
	if err := a.Ban(b.ID().String(), time.Hour, "rude\x1b[31m"); err != nil {
		t.Fatal(err)
	}
	if err := a.Ban("10.0.0.0/8", time.Hour, ""); err != nil {
		t.Fatal(err)
	}
	a.end(t)
	a = runNode(t, cfg)
	if a.ID() != id {
		t.Error("the id is another after a restart")
	}
	if bans := a.Bans(); len(bans) != 2 || bans[0].Reason != "rude[31m" && bans[1].Reason != "rude[31m" {
		t.Errorf("the bans are %+v", bans)
	}
	if _, err := a.Dial(t.Context(), b.tcp(t)); err == nil {
		t.Error("a banned peer is dialled")
	}
}

func TestBanErrors(t *testing.T) {
	a := startNode(t, nil)
	for _, c := range []struct {
		target string
		d      time.Duration
	}{{"nobody", time.Hour}, {"10.0.0.1", 0}, {"10.0.0.1", -1}, {"", time.Hour}} {
		if a.Ban(c.target, c.d, "") == nil {
			t.Errorf("Ban(%q, %v) has no error", c.target, c.d)
		}
	}
	if was, err := a.Unban("10.0.0.1"); was || err != nil {
		t.Errorf("Unban: %v, %v", was, err)
	}
	if _, err := a.Unban("nobody"); err == nil {
		t.Error("Unban of nobody has no error")
	}
	a.Report(a.ID(), reputation.BadBlock)
	if len(a.Bans()) != 0 {
		t.Error("the node banned itself")
	}
}

func TestManualBanDisconnects(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	dial(t, b, a)
	receive(t, a.joined)
	if err := a.Ban("127.0.0.0/8", time.Hour, "whoever it is"); err != nil {
		t.Fatal(err)
	}
	receive(t, a.left)
}

func TestAllowAndDenyLists(t *testing.T) {
	friend := startNode(t, nil)
	for name, c := range map[string]struct {
		allow, deny []string
		want        bool
	}{
		"no lists":         {nil, nil, true},
		"allowed net":      {[]string{"127.0.0.0/8"}, nil, true},
		"allowed id":       {[]string{friend.ID().String()}, nil, true},
		"other net":        {[]string{"10.0.0.0/8"}, nil, false},
		"denied net":       {nil, []string{"127.0.0.1"}, false},
		"denied id":        {nil, []string{friend.ID().String()}, false},
		"deny is stronger": {[]string{friend.ID().String()}, []string{"127.0.0.1"}, false},
	} {
		lists := func(cfg *Config) { cfg.Allow, cfg.Deny = c.allow, c.deny }
		if _, err := startNode(t, lists).Dial(t.Context(), friend.tcp(t)); (err == nil) != c.want {
			t.Errorf("%s: dialled with %v", name, err)
		}
		if _, err := friend.Dial(t.Context(), startNode(t, lists).tcp(t)); (err == nil) != c.want {
			t.Errorf("%s: let in with %v", name, err)
		}
	}
}
