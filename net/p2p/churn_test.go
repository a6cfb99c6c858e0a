package p2p

import (
	"flag"
	"net"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"

	"github.com/libp2p/go-libp2p"
)

var churns = flag.Int("churns", 8, "peers that come and go in each of the ways of the churn test")

// descriptors counts the open files of the process, or returns 0 where it cannot.
func descriptors() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

// Peers that come and go, at every stage of a connection, leave nothing behind: no
// goroutine, no descriptor, no link.
func TestChurnLeavesNothing(t *testing.T) {
	n := startNode(t, nil)
	ways := map[string]func(){
		"half open": func() {
			if c, err := net.Dial("tcp", n.tcp(t)); err == nil {
				c.Write([]byte("\x13/multistream/1.0.0\n"))
				c.Close()
			}
		},
		"no hello": func() { gone(t, n, newStranger(t), func(*stranger) {}) },
		"half a hello": func() {
			gone(t, n, newStranger(t), func(s *stranger) { s.open(n, helloName).Write([]byte{9, 0}) })
		},
		"hello": func() { gone(t, n, newStranger(t), func(s *stranger) { s.tryGreet(n) }) },
		"hello and open streams": func() {
			gone(t, n, newStranger(t), func(s *stranger) {
				if s.tryGreet(n) == nil {
					s.open(n, "echo").Write([]byte{1})
					s.open(n, peersName)
				}
			})
		},
		"QUIC": func() {
			gone(t, n, newStranger(t, libp2p.Transport(libp2pquic.NewTransport)), func(s *stranger) { s.tryGreet(n) })
		},
	}
	round := func(times int) {
		for range times {
			for _, way := range ways {
				way()
			}
		}
		eventually(t, "all links to be gone", func() bool {
			return len(n.roster.conns(func(PeerID, netip.Addr) bool { return true }))+len(n.net.Network().Conns()) == 0
		})
	}
	round(2) // what is made once
	goroutines, files := settle()
	start := time.Now()
	round(*churns)
	took := time.Since(start)
	eventually(t, "goroutines and descriptors to be as before", func() bool {
		g, f := settle()
		return g <= goroutines+5 && f <= files+5
	})
	g, f := settle()
	t.Logf("%d peers in %v: goroutines %d → %d, descriptors %d → %d", *churns*len(ways), took.Round(time.Millisecond), goroutines, g, files, f)
}

// settle counts goroutines and descriptors.
func settle() (goroutines, files int) {
	runtime.GC()
	return runtime.NumGoroutine(), descriptors()
}

// gone lets a stranger connect, do something, and go without a word.
func gone(t *testing.T, n *testNode, s *stranger, do func(*stranger)) {
	t.Helper()
	if s.connect(n) == nil {
		do(s)
	}
	s.Close()
}
