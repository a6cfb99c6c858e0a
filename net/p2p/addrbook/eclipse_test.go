package addrbook

import (
	"flag"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

var eclipseRuns = flag.Int("eclipse-runs", 8, "seeded runs of the eclipse attack")

const (
	sybils       = 1000
	sybilNets    = 4
	honestPeers  = 20
	outboundWant = 8
)

// An eclipse is one run of the attack: before a restart the owner of four /16s
// floods the book with a thousand keys, each with one address that answers and
// seven in networks all over the world that do not.
type eclipse struct {
	rng     *rand.Rand
	book    *Book
	now     time.Time
	answers map[Address]bool // true when honest
}

func newEclipse(seed uint64) *eclipse {
	e := &eclipse{rng: rand.New(rand.NewPCG(seed, 1)), book: New(false), now: epoch, answers: map[Address]bool{}}
	var records []Record
	for i := range sybils {
		records = append(records, e.sybil(i))
	}
	honest := e.meetHonest()
	// Either side may come first.
	if e.rng.IntN(2) == 0 {
		e.learnHonest(honest)
		e.flood(records)
	} else {
		e.flood(records)
		e.learnHonest(honest)
	}
	return e
}

func (e *eclipse) sybil(i int) Record {
	real := spread(i%sybilNets, i/sybilNets)
	e.answers[real] = false
	r := Record{ID: testID(i), Seq: 1, Addrs: []Address{real}, Envelope: []byte{1}}
	for range maxPerPeer - 1 {
		r.Addrs = append(r.Addrs, spread(400+e.rng.IntN(20_000), e.rng.IntN(200)))
	}
	return r
}

func (e *eclipse) meetHonest() (records []Record) {
	for i := range honestPeers {
		a := spread(100+i, e.rng.IntN(200))
		e.answers[a] = true
		records = append(records, Record{ID: testID(sybils + i), Seq: 1, Addrs: []Address{a}, Envelope: []byte{1}})
	}
	return records
}

// learnHonest tells the book of the honest peers as five of them would, and lets
// eight have been outbound peers.
func (e *eclipse) learnHonest(records []Record) {
	for i, r := range records {
		e.book.Learn(e.now, spread(100+i%5, 1).Addr(), r)
	}
	for _, i := range e.rng.Perm(honestPeers)[:outboundWant] {
		e.book.Worked(e.now, records[i].ID, records[i].Addrs[0])
	}
}

// flood lets sybils tell of more of them than a source may, and has four proven.
func (e *eclipse) flood(records []Record) {
	for i := range 4 * sybilNets {
		for range 64 {
			r := records[e.rng.IntN(sybils)]
			e.book.Learn(e.now, spread(i%sybilNets, i).Addr(), r)
		}
	}
	for i := range sybilNets {
		e.book.Worked(e.now, records[i].ID, records[i].Addrs[0])
	}
}

// restart writes the book and reads it again.
func (e *eclipse) restart(t *testing.T) {
	d := disk{}
	d.write(e.book)
	again, err := d.load(e.now)
	if err != nil {
		t.Fatal(err)
	}
	e.book = again
}

// connect dials once a second for half an hour or until all slots are taken, and
// returns how many of the peers are honest. Half of the honest peers have no
// room at any one time.
func (e *eclipse) connect(pick func(free func(*Entry) bool) (Entry, bool)) (honest int) {
	var outbound []Entry
	for range 1800 {
		e.now = e.now.Add(time.Second)
		entry, ok := pick(func(c *Entry) bool {
			return !slices.ContainsFunc(outbound, func(o Entry) bool { return o.ID == c.ID })
		})
		if !ok {
			continue
		}
		isHonest, answers := e.answers[entry.Addr]
		if !answers || isHonest && e.rng.IntN(2) == 0 {
			e.book.Failed(e.now, e.rng, entry.ID, entry.Addr)
			continue
		}
		e.book.Worked(e.now, entry.ID, entry.Addr)
		outbound = append(outbound, entry)
		if isHonest {
			honest++
		}
		if len(outbound) == outboundWant {
			break
		}
	}
	return honest
}

func TestEclipse(t *testing.T) {
	kept := 0
	for seed := range *eclipseRuns {
		e := newEclipse(uint64(seed))
		e.restart(t)
		carriers := map[netip.Prefix]bool{}
		honest := e.connect(func(free func(*Entry) bool) (Entry, bool) {
			entry, ok := e.book.Pick(e.now, e.rng, func(c *Entry) bool { return free(c) && !carriers[Carrier(c.Addr.Addr())] })
			if _, answers := e.answers[entry.Addr]; ok && answers {
				carriers[Carrier(entry.Addr.Addr())] = true
			}
			return entry, ok
		})
		if honest >= 2 {
			kept++
		}
	}
	if kept*100 < 99**eclipseRuns {
		t.Errorf("two honest outbound peers in %d of %d runs, want 99 in 100", kept, *eclipseRuns)
	}
}

// The same attack takes all slots of a node that picks any entry alike, so that
// the test above is known to bite.
func TestEclipseOfANaivePick(t *testing.T) {
	eclipsed := 0
	for seed := range 3 {
		e := newEclipse(uint64(seed))
		honest := e.connect(func(free func(*Entry) bool) (Entry, bool) {
			var due []*Entry
			for _, c := range e.book.order {
				if !e.now.Before(c.Next) && free(c) {
					due = append(due, c)
				}
			}
			if len(due) == 0 {
				return Entry{}, false
			}
			return *due[e.rng.IntN(len(due))], true
		})
		if honest < 2 {
			eclipsed++
		}
	}
	if eclipsed < 2 {
		t.Errorf("a naive pick is eclipsed in %d of 3 runs only", eclipsed)
	}
}
