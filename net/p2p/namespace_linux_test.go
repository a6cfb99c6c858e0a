package p2p

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// within waits longer than eventually does: what announces a node has timers of
// its own.
func within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	start := time.Now()
	for end := time.After(limit); !is(); {
		select {
		case <-ticker.C:
		case <-end:
			t.Fatalf("waited in vain: %s", what)
		}
	}
	t.Logf("%s: after %v", what, time.Since(start).Round(time.Millisecond))
}

// Two nodes that know nothing of each other meet because they share a wire.
func TestNeighboursMeetByMDNS(t *testing.T) {
	rooms := newRooms(t, "left", "right")
	left, right := rooms["left"], rooms["right"]
	cable(t, left, "10.7.0.1/24", right, "10.7.0.2/24")
	ids := map[*room]string{}
	for _, r := range rooms {
		ids[r] = call[Tenant, string](r, "Open", Tenant{Name: "node", Listen: "0.0.0.0:16111", Discovery: Discovery{MDNS: true}})
	}
	for a, b := range map[*room]*room{left: right, right: left} {
		within(t, time.Minute, a.name+" meets "+b.name, func() bool {
			peers := call[string, []Peer](a, "Peers", "node")
			return len(peers) == 1 && peers[0].ID.String() == ids[b]
		})
	}
	if got := call[Call, string](left, "Echo", Call{"node", ids[right], "over the wire"}); got != "over the wire" {
		t.Errorf("the answer is %q", got)
	}
}

// A street is an internet of five public nodes in networks of their own, and two
// homes behind NATs, with the same private addresses. The NAT of the second may
// map ports.
type street struct {
	rooms   map[string]*room
	public  []string // PEERs
	homes   map[string]string
	outside map[string]string // addresses of the NATs
}

func newStreet(t *testing.T, transport string, mapping bool) *street {
	s := &street{
		rooms: newRooms(t, "internet", "nat-a", "nat-b", "home-a", "home-b"), homes: map[string]string{},
		outside: map[string]string{"home-a": "30.1.0.2", "home-b": "31.1.0.2"},
	}
	internet := s.rooms["internet"]
	call[int, int](internet, "Forward", 0)
	for i, side := range []string{"a", "b"} {
		nat, home := s.rooms["nat-"+side], s.rooms["home-"+side]
		cable(t, internet, fmt.Sprintf("%d.1.0.1/24", 30+i), nat, fmt.Sprintf("%d.1.0.2/24", 30+i))
		cable(t, nat, "192.168.1.1/24", home, "192.168.1.2/24")
		nat.ip(fmt.Sprintf("route add default via %d.1.0.1", 30+i))
		home.ip("route add default via 192.168.1.1")
		var between []string
		if mapping && side == "b" {
			between = []string{"192.168.1.1", s.outside["home-b"]}
		}
		call[[]string, int](nat, "Masquerade", between)
	}
	all := Discovery{AutoNAT: true, Relay: true, HolePunch: true, PortMap: mapping}
	for i := range 5 {
		ip := fmt.Sprintf("%d.1.0.1", 20+i)
		internet.ip("address add " + ip + "/32 dev lo")
		call[Tenant, string](internet, "Open", Tenant{Name: ip, Listen: ip + ":16111", Add: s.public, Discovery: all})
		if transport == "tcp" {
			s.public = append(s.public, ip+":16111")
		} else {
			s.public = append(s.public, "/ip4/"+ip+"/udp/16111/quic-v1")
		}
	}
	for _, name := range []string{"home-a", "home-b"} {
		s.homes[name] = call[Tenant, string](s.rooms[name], "Open", Tenant{Name: "node", Listen: "0.0.0.0:16111", Add: s.public, Discovery: all})
	}
	return s
}

// relayed returns where a home may be reached through a relay.
func (s *street) relayed(home string) string {
	for _, a := range call[string, []string](s.rooms[home], "Addrs", "node") {
		if strings.Contains(a, "/p2p-circuit/") {
			return a
		}
	}
	return ""
}

// Two nodes behind NATs that let nobody in meet directly once a relay led them
// together.
func TestHolesArePunched(t *testing.T) {
	for _, transport := range []string{"tcp", "quic"} {
		t.Run(transport, func(t *testing.T) {
			s := newStreet(t, transport, false)
			a := s.rooms["home-a"]
			within(t, 5*time.Minute, "b is found to be behind NAT and relayed", func() bool { return s.relayed("home-b") != "" })
			s.checkClosed(t, "home-b")
			through := s.relayed("home-b")
			t.Logf("a dials %s", through)
			if id := call[Call, string](a, "Dial", Call{Name: "node", Peer: through}); id != s.homes["home-b"] {
				t.Fatalf("met %s", id)
			}
			s.checkDirect(t, "home-a", "home-b")
			s.checkDirect(t, "home-b", "home-a")
			if got := call[Call, string](a, "Echo", Call{"node", s.homes["home-b"], "through the hole"}); got != "through the hole" {
				t.Errorf("the answer is %q", got)
			}
		})
	}
}

// checkClosed checks that the NAT of a home lets nobody in. A stranger tries, since
// who tries opens his own NAT for the answer.
func (s *street) checkClosed(t *testing.T, home string) {
	t.Helper()
	internet := s.rooms["internet"]
	internet.ip("address add 25.1.0.1/32 dev lo")
	call[Tenant, string](internet, "Open", Tenant{Name: "stranger", Listen: "25.1.0.1:16111"})
	for _, form := range []string{"/ip4/%s/tcp/16111/p2p/%s", "/ip4/%s/udp/16111/quic-v1/p2p/%s"} {
		where := fmt.Sprintf(form, s.outside[home], s.homes[home])
		if err := internet.client.Call("Room.Dial", Call{Name: "stranger", Peer: where}, new(string)); err == nil {
			t.Fatalf("%s is reached at %s without a hole", home, where)
		}
	}
}

// checkDirect checks that a home has another as a peer, whose address is that of
// the other's NAT.
func (s *street) checkDirect(t *testing.T, home, other string) {
	t.Helper()
	within(t, time.Minute, home+" has "+other+" for a peer", func() bool {
		for _, p := range call[string, []Peer](s.rooms[home], "Peers", "node") {
			if p.ID.String() == s.homes[other] {
				if !strings.HasPrefix(p.Address, s.outside[other]+":") {
					t.Errorf("%s has %s as a peer at %s", home, other, p.Address)
				}
				return true
			}
		}
		return false
	})
}
