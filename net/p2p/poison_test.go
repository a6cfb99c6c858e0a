package p2p

import (
	"crypto/rand"
	"flag"
	"fmt"
	mrand "math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/core/record"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

var poisonTime = flag.Duration("poison-time", 3*time.Minute, "how long hostile peers poison an address book")

// A poisoner is a stranger who behaves, save that it answers every question for
// peers with as many signed records as one answer holds, of new keys and of
// places where nobody is.
type poisoner struct {
	*stranger
	rng  *mrand.Rand
	told int // addresses
}

func (a *air) poisoner(t *testing.T, n int, at string, prefix protocol.ID) *poisoner {
	t.Helper()
	p := &poisoner{stranger: a.stranger(t, at), rng: mrand.New(mrand.NewPCG(uint64(n), 7))}
	p.answersHello(prefix)
	p.SetStreamHandler(prefix+"/"+peersName+"/1", func(s network.Stream) {
		defer s.Close()
		if kind, _, err := readFrame(s, MaxHello); kind == kindRequest && err == nil {
			writeFrame(s, kindResponse, p.lies())
		}
	})
	return p
}

func (p *poisoner) lies() []byte {
	var records [][]byte
	for range maxTold {
		records = append(records, p.lie())
		p.told += 8
	}
	return encodeRecords(records)
}

// lie returns a record of a new key with as many addresses as a peer may have.
func (p *poisoner) lie() []byte {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		panic(err)
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		panic(err)
	}
	r := &peer.PeerRecord{PeerID: id, Seq: 1}
	for range 8 {
		ip := netip.AddrFrom4([4]byte{byte(60 + p.rng.IntN(100)), byte(p.rng.IntN(256)), byte(p.rng.IntN(256)), 1})
		r.Addrs = append(r.Addrs, quicAt(netip.AddrPortFrom(ip, 16111)))
	}
	envelope, err := record.Seal(r, key)
	if err != nil {
		panic(err)
	}
	b, err := envelope.Marshal()
	if err != nil {
		panic(err)
	}
	return b
}

// Six hostile peers in two networks fill the book of a node that also knows two
// of eight honest ones. After a restart, with nothing but the book and the
// anchors, it is among the honest again.
func TestPoisonedBookThenRestart(t *testing.T) {
	inAir(t, func(t *testing.T, a *air) {
		honest := map[PeerID]bool{}
		var hub *testNode
		var first []string
		for i := range 8 {
			n := a.node(t, fmt.Sprintf("%d.1.0.1:16111", 40+i), func(c *Config) { c.Add = first })
			honest[n.ID()] = true
			if hub == nil {
				hub, first = n, n.Addrs()[:1]
			}
		}
		var poisoners []*poisoner
		known := first
		for i := range 6 {
			p := a.poisoner(t, i, fmt.Sprintf("%d.1.%d.1:16111", 50+i%2, i), protocol.ID(hub.prefix))
			poisoners = append(poisoners, p)
			known = append(known, quicAt(netip.MustParseAddrPort(fmt.Sprintf("%d.1.%d.1:16111", 50+i%2, i))).String()+"/p2p/"+p.ID().String())
		}
		victim := a.node(t, "20.1.0.1:16111", func(c *Config) { c.Add = known })
		time.Sleep(*poisonTime)
		told := 0
		for _, p := range poisoners {
			told += p.told
		}
		t.Logf("%d addresses were told by hostile peers; the book holds %d; outbound %d honest of %d", told, victim.Stats().Known, victim.outbound(honest), len(victim.Peers()))
		checkSources(t, victim)
		cfg := victim.cfg
		victim.end(t)

		cfg.Add, cfg.network = nil, a.options(t)
		victim = runNode(t, cfg)
		checkSources(t, victim)
		start := time.Now()
		eventuallyIn(t, time.Hour, "two honest outbound peers", func() bool { return victim.outbound(honest) >= 2 })
		t.Logf("two honest outbound peers %v after the restart", time.Since(start))
	})
}

func eventuallyIn(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !is(); time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// outbound counts peers of some that a node chose.
func (n *testNode) outbound(some map[PeerID]bool) (count int) {
	for _, p := range n.Peers() {
		if !p.Inbound && some[p.ID] {
			count++
		}
	}
	return count
}

// checkSources checks that a book is bounded, and what one group may put into it.
func checkSources(t *testing.T, n *testNode) {
	t.Helper()
	groups, sources := map[netip.Prefix]int{}, map[netip.Prefix]int{}
	n.archive.mu.Lock()
	defer n.archive.mu.Unlock()
	n.archive.book.Pick(time.Now().AddDate(1, 0, 0), n.archive.rng, func(e *addrbook.Entry) bool {
		groups[addrbook.Group(e.Addr.Addr())]++
		if !e.Proven() {
			sources[e.Source]++
		}
		return false
	})
	for g, size := range groups {
		if size > 64 {
			t.Errorf("%d entries of the group %v", size, g)
		}
	}
	for s, size := range sources {
		if size > 256 {
			t.Errorf("%d unproven entries from %v", size, s)
		}
	}
	if n.archive.book.Len() > 4096 {
		t.Errorf("the book has %d entries", n.archive.book.Len())
	}
	t.Logf("%d entries in %d groups, unproven by source %v", n.archive.book.Len(), len(groups), sources)
}
