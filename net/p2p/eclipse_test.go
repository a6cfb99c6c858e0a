package p2p

import (
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/p2p/addrbook"
	"github.com/jio-dag/jio/store"
)

var eclipseRuns = flag.Int("eclipse-runs", 4, "seeded runs of the eclipse attack")

const (
	sybils      = 1000
	sybilNets   = 4
	honestPeers = 20
)

// An eclipse is one run of the attack: before a restart the owner of four /16s
// floods the book with a thousand keys, each with one address that answers and
// seven in networks all over the world that do not, and holds both anchors. What
// the node knows and whom it dials is the node's own code, over its own store;
// only the dials are made up.
type eclipse struct {
	*Host
	rng     *rand.Rand
	moment  time.Time
	answers map[addrbook.Address]bool // true when honest
}

func newEclipse(t *testing.T, seed uint64) *eclipse {
	e := &eclipse{
		rng: rand.New(rand.NewPCG(seed, 1)), moment: time.UnixMilli(1_750_000_000_000).UTC(),
		answers: map[addrbook.Address]bool{},
	}
	e.open(t, store.NewMemory(), seed)
	var lies []addrbook.Record
	for i := range sybils {
		lies = append(lies, e.sybil(i))
	}
	honest := e.honest()
	if e.rng.IntN(2) == 0 { // either side may come first
		e.learnHonest(honest)
		e.flood(lies)
	} else {
		e.flood(lies)
		e.learnHonest(honest)
	}
	if err := e.archive.flush(); err != nil {
		t.Fatal(err)
	}
	e.open(t, e.cfg.Store, seed+1<<32)
	return e
}

// open is a start of the node, as far as it is about peers.
func (e *eclipse) open(t *testing.T, db Store, seed uint64) {
	t.Helper()
	cfg := Config{Params: params.MainNet(), Store: db, Limits: DefaultLimits(), Now: func() time.Time { return e.moment }}
	e.Host = &Host{cfg: cfg, rare: newRareLog(slog.New(slog.DiscardHandler), cfg.Now)}
	e.roster = newRoster(&e.cfg.Limits, cfg.Now)
	if err := e.openMemory(); err != nil {
		t.Fatal(err)
	}
	e.archive.rng = rand.New(rand.NewPCG(seed, 2))
}

// ip returns the n-th address of a /16.
func ip(group, n int) netip.Addr {
	return netip.MustParseAddr(fmt.Sprintf("%d.%d.%d.%d", 20+group/200, group%200, n/200, 1+n%200))
}

func at(group, n int) addrbook.Address {
	return addrbook.Address{AddrPort: netip.AddrPortFrom(ip(group, n), 16110)}
}

func numbered(n int) PeerID { return PeerID(fmt.Sprintf("\x00\x24\x08\x01\x12\x20%032d", n)) }

func (e *eclipse) sybil(i int) addrbook.Record {
	real := at(i%sybilNets, i/sybilNets)
	e.answers[real] = false
	r := addrbook.Record{ID: numbered(i), Seq: 1, Addrs: []addrbook.Address{real}, Envelope: []byte{1}}
	for range 7 {
		r.Addrs = append(r.Addrs, at(400+e.rng.IntN(20_000), e.rng.IntN(200)))
	}
	return r
}

func (e *eclipse) honest() (records []addrbook.Record) {
	for i := range honestPeers {
		a := at(100+i, e.rng.IntN(200))
		e.answers[a] = true
		records = append(records, addrbook.Record{ID: numbered(sybils + i), Seq: 1, Addrs: []addrbook.Address{a}, Envelope: []byte{1}})
	}
	return records
}

// learnHonest tells the node of the honest peers as five of them would, and lets
// eight have been outbound peers.
func (e *eclipse) learnHonest(records []addrbook.Record) {
	for i, r := range records {
		e.archive.learn(ip(100+i%5, 1), r)
	}
	for _, i := range e.rng.Perm(honestPeers)[:e.cfg.Limits.Outbound] {
		e.archive.dialled(records[i].ID, records[i].Addrs[0], worked)
	}
}

// flood has one sybil of each network proven, makes two of these the anchors, and
// lets sybils tell of more of them than a source may.
func (e *eclipse) flood(lies []addrbook.Record) {
	var anchors []addrbook.Entry
	for i := range sybilNets {
		e.archive.learn(ip(i, 1), lies[i])
		e.archive.dialled(lies[i].ID, lies[i].Addrs[0], worked)
		anchors = append(anchors, addrbook.Entry{ID: lies[i].ID, Addr: lies[i].Addrs[0]})
	}
	e.archive.setAnchors(anchors[:e.cfg.Limits.Anchors])
	for i := range 4 * sybilNets {
		for range 64 {
			e.archive.learn(ip(i%sybilNets, i), lies[e.rng.IntN(sybils)])
		}
	}
}

// connect lets the node dial, once a second for half an hour or until all slots
// are taken, and returns how many of its peers are honest. Half of the honest
// peers have no room at any one time.
func (e *eclipse) connect(next func() (addrbook.Entry, bool)) (honest int) {
	for range 1800 {
		e.moment = e.moment.Add(time.Second)
		entry, ok := next()
		if !ok {
			continue
		}
		isHonest, answers := e.answers[entry.Addr]
		if !answers || isHonest && e.rng.IntN(2) == 0 {
			e.archive.dialled(entry.ID, entry.Addr, failed)
			continue
		}
		e.archive.dialled(entry.ID, entry.Addr, worked)
		e.dialer.slots[entry.ID] = slot{entry: entry, connected: true}
		if isHonest {
			honest++
		}
		if len(e.dialer.slots) == e.cfg.Limits.Outbound {
			break
		}
	}
	return honest
}

func TestEclipse(t *testing.T) {
	kept, fewest := 0, honestPeers
	for seed := range *eclipseRuns {
		e := newEclipse(t, uint64(seed))
		if len(e.dialer.anchors) != e.cfg.Limits.Anchors {
			t.Fatalf("%d anchors after the restart", len(e.dialer.anchors))
		}
		honest := e.connect(e.dialer.next)
		fewest = min(fewest, honest)
		if honest >= 2 {
			kept++
		}
	}
	t.Logf("two honest outbound peers or more in %d of %d runs, %d at the least", kept, *eclipseRuns, fewest)
	if kept*100 < 99**eclipseRuns {
		t.Errorf("two honest outbound peers in %d of %d runs, want 99 in 100", kept, *eclipseRuns)
	}
}

// The same attack takes all slots of a node that picks any entry alike, so that
// the test above is known to bite.
func TestEclipseOfANaivePick(t *testing.T) {
	eclipsed := 0
	for seed := range 3 {
		e := newEclipse(t, uint64(seed))
		honest := e.connect(func() (addrbook.Entry, bool) {
			var due []addrbook.Entry
			e.archive.pick(false, func(c *addrbook.Entry) bool {
				if _, taken := e.dialer.slots[c.ID]; !taken {
					due = append(due, *c)
				}
				return false
			})
			if len(due) == 0 {
				return addrbook.Entry{}, false
			}
			return due[e.rng.IntN(len(due))], true
		})
		if honest < 2 {
			eclipsed++
		}
	}
	if eclipsed < 2 {
		t.Errorf("a naive pick is eclipsed in %d of 3 runs only", eclipsed)
	}
}
