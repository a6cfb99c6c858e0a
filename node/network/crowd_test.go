package network_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/rpc"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/network"
)

var (
	crowdSize   = flag.Int("crowd", 20, "hostile peers that come")
	crowdFactor = flag.Float64("crowd-factor", 0, "how many times as long blocks may take while enemies go for the node as while they go for another; 0 for any")
)

// crowdAtOnce is how many of them are in the world at a time.
const crowdAtOnce = 100

// crowdPart is how many of them come together, in up to crowdRounds parts, crowdPace
// how often the friend has a block meanwhile.
const (
	crowdPart   = 40
	crowdRounds = 5
	crowdPace   = 20 * time.Millisecond
)

// mobSocket tells the mob by its environment where to answer.
const mobSocket = "NETWORK_TEST_MOB"

// TestMob is no test but the enemies of a node, in a process of their own.
func TestMob(t *testing.T) {
	if os.Getenv(mobSocket) == "" {
		t.Skip("it runs where it is sent against a node")
	}
	decoy := run(t, setup{name: "decoy", params: historyNet()})
	replay(t, decoy.chain, history(t, 60))
	serveTest(t, &Mob{t: t, decoy: decoy}, os.Getenv(mobSocket))
}

// A Raid is against whom a mob goes, and how many they are.
type Raid struct {
	Address string
	Count   int
}

// Deeds are what a mob did.
type Deeds struct {
	Met, Refused int64 // by the victim
	Sent         int64 // bytes of messages
	CPU          float64
}

// A Mob is peers that do what harm they can until they are shown the door.
type Mob struct {
	t     *testing.T
	decoy *peer // whose history they pretend to have
}

// Come sends a mob against a node and tells what it did.
func (m *Mob) Come(r Raid, d *Deeds) error {
	mob := &mob{t: m.t, address: r.Address, decoy: m.decoy}
	before := cpuSeconds()
	mob.come(r.Count)
	*d = Deeds{mob.met.Load(), mob.refused.Load(), mob.sent.Load(), cpuSeconds() - before}
	return nil
}

// A mob is one raid.
type mob struct {
	t                  *testing.T
	address            string
	decoy              *peer // whose history they pretend to have
	met, refused, sent atomic.Int64
}

// come sends so many, a hundred at a time, and returns when the last one was shown
// the door.
func (m *mob) come(count int) {
	var enemies sync.WaitGroup
	room := make(chan struct{}, crowdAtOnce)
	for i := range count {
		room <- struct{}{}
		enemies.Go(func() {
			defer func() { <-room }()
			m.enemy(i)
		})
	}
	enemies.Wait()
}

// enemy is one of them: it does its kind of harm until the connection ends, for
// some seconds at most.
func (m *mob) enemy(i int) {
	s := meet(m.t, m.address, m.decoy)
	if s == nil {
		m.refused.Add(1)
		return
	}
	defer s.Close()
	if !s.greet() {
		m.refused.Add(1)
		return
	}
	m.met.Add(1)
	harm := []func(*stranger, *rand.Rand){m.garbage, m.drip, m.lies, m.rubbish, m.hoard}[i%5]
	rng := rand.New(rand.NewPCG(7, uint64(i)))
	limit := time.After(3 * time.Second)
	for s.Network().Connectedness(s.victim.ID) == network.Connected {
		harm(s, rng)
		select {
		case <-limit:
			return
		default:
		}
	}
}

func (m *mob) send(s *stranger, name string, data []byte) network.Stream {
	m.sent.Add(int64(len(data)))
	return s.send(name, data)
}

// garbage is requests that are none.
func (m *mob) garbage(s *stranger, rng *rand.Rand) {
	name := []string{"headers", "blocks", "compact", "txs"}[rng.IntN(4)]
	outwait(m.send(s, name, frame(frameRequest, 4, "junk")))
}

// drip is requests that never end.
func (m *mob) drip(s *stranger, _ *rand.Rand) {
	outwait(m.send(s, "headers", frame(frameRequest, 100, "and then")))
}

// hoard is streams that say nothing.
func (m *mob) hoard(s *stranger, _ *rand.Rand) {
	var streams []network.Stream
	for range 32 {
		if stream := s.open("blocks"); stream != nil {
			streams = append(streams, stream)
		}
	}
	for _, stream := range streams {
		outwait(stream)
	}
}

// lies and rubbish are gossip: of messages that nobody has, and of none at all.
func (m *mob) lies(s *stranger, _ *rand.Rand) {
	m.sent.Add(int64(s.say(&pubsub.RPC{Control: &pubsub.ControlMessage{Ihave: []*pubsub.ControlIHave{{TopicID: s.topics()[0], MessageIDs: claims(400)}}}})))
}

func (m *mob) rubbish(s *stranger, rng *rand.Rand) {
	m.sent.Add(int64(s.say(&pubsub.RPC{Publish: []*pubsub.Message{{Topic: s.topics()[1], Data: junk(rng.Int())}}})))
}

// A phase is what some blocks of the friend took to the victim, and what went on
// meanwhile.
type phase struct {
	took    []time.Duration // in order
	deeds   Deeds
	cpu     float64 // of the victim, seconds
	seconds float64
}

func crowdParts() int { return min(max(*crowdSize/crowdPart, 1), crowdRounds) }

// A condition is phases in which the enemies do the same.
type condition []phase

// measure times blocks to the victim while a mob goes for an address, or for nobody
// when it is empty.
func (a *arena) measure(mob *rpc.Client, address string) (p phase) {
	a.t.Helper()
	before, began := a.victim.toll(), time.Now()
	raid := &rpc.Call{Done: make(chan *rpc.Call, 1)}
	if raid.Done <- raid; address != "" {
		raid = mob.Go("Mob.Come", Raid{address, *crowdSize / crowdParts()}, &p.deeds, make(chan *rpc.Call, 1))
	}
	pace := time.NewTicker(crowdPace)
	defer pace.Stop()
	for over := false; len(p.took) < 100 || !over; {
		<-pace.C
		b := a.friend.solve()
		sent := time.Now()
		a.victim.await(a.friend.find(b))
		p.took = append(p.took, time.Since(sent))
		select {
		case <-raid.Done:
			if over = true; raid.Error != nil {
				a.t.Fatal(raid.Error)
			}
		default:
		}
	}
	slices.Sort(p.took)
	p.cpu, p.seconds = a.victim.toll().CPU-before.CPU, time.Since(began).Seconds()
	return p
}

// percentile is the median over the phases of a percentile of each.
func (c condition) percentile(percent int) time.Duration {
	var all []time.Duration
	for _, p := range c {
		all = append(all, p.took[(len(p.took)*percent+99)/100-1])
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// sum adds up the phases.
func (c condition) sum() (s phase) {
	for _, p := range c {
		s.took = append(s.took, p.took...)
		s.cpu, s.seconds = s.cpu+p.cpu, s.seconds+p.seconds
		s.deeds.Met, s.deeds.Refused = s.deeds.Met+p.deeds.Met, s.deeds.Refused+p.deeds.Refused
		s.deeds.Sent, s.deeds.CPU = s.deeds.Sent+p.deeds.Sent, s.deeds.CPU+p.deeds.CPU
	}
	return s
}

// String is a row of the table.
func (c condition) String() string {
	s := c.sum()
	return fmt.Sprintf("p50 %6.2f ms, p99 %6.2f ms (%5d blocks in %5.1f s); the victim's processor: %2.0f %%, %.2f ms a block; %d met, %d not, %d MB, %.1f s of processor",
		c.percentile(50).Seconds()*1e3, c.percentile(99).Seconds()*1e3, len(s.took), s.seconds,
		100*s.cpu/s.seconds, 1e3*s.cpu/float64(len(s.took)), s.deeds.Met, s.deeds.Refused, s.deeds.Sent>>20, s.deeds.CPU)
}

// TestCrowd lets a crowd of hostile peers come at a node that has one honest peer,
// and says what that costs: none of them is in its way for long, whatever they do.
// The machine is theirs too. So that what they take from the machine is not counted
// as what they take from the node, its blocks are timed in three turns: while there
// are no enemies, while they go for another node, and while they go for this one.
func TestCrowd(t *testing.T) {
	a := newArena(t)
	other, mob := startVictim(t, a.friend).describe().Address, spawn(t, "TestMob", mobSocket)
	a.inSync()
	a.victim.settle()
	before, began := a.victim.toll(), time.Now()
	var calm, elsewhere, here condition
	for range crowdParts() {
		calm = append(calm, a.measure(mob, ""))
		elsewhere = append(elsewhere, a.measure(mob, other))
		here = append(here, a.measure(mob, a.address))
	}
	took, now := time.Since(began), a.victim.toll()
	a.inSync()
	a.wantFriends()
	a.release(before)
	met, bans := here.sum().deeds.Met, len(a.victim.describe().Bans)
	if now.Peak > 512<<20 {
		t.Errorf("the victim took %d bytes of memory", now.Peak)
	}
	if bans == 0 || met == 0 {
		t.Errorf("of %d enemies that were let in %d were banned", met, bans)
	}
	ratio := here.percentile(99).Seconds() / elsewhere.percentile(99).Seconds()
	if *crowdFactor > 0 && ratio > *crowdFactor {
		t.Errorf("blocks take %.2f times as long, want %.2f at most", ratio, *crowdFactor)
	}
	t.Logf("%d enemies, %d at once, %v: %d banned, %d MiB at most, %d lines of log (%d bytes); p99 times %.2f\nno enemies: %v\nof another: %v\nof this one: %v",
		*crowdSize, crowdAtOnce, took.Round(time.Millisecond), bans, now.Peak>>20, now.Lines-before.Lines, now.LogBytes-before.LogBytes, ratio, calm, elsewhere, here)
}
