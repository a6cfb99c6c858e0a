package network_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/network"

	"github.com/jio-dag/jio/testnet/figures"
)

var crowdSize = flag.Int("crowd", 20, "hostile peers that come at once")

// crowdAtOnce is how many of them are in the world at a time.
const crowdAtOnce = 100

// The mob is told by its environment whom to go for, and where to leave word.
const (
	mobVictim = "NETWORK_TEST_MOB_VICTIM"
	mobWord   = "NETWORK_TEST_MOB_WORD"
)

// TestMob is no test but the enemies of a node, in a process of their own, so that
// they take no time from its friend.
func TestMob(t *testing.T) {
	address := os.Getenv(mobVictim)
	if address == "" {
		t.Skip("it runs where it is sent against a node")
	}
	decoy := run(t, setup{name: "decoy", params: historyNet()})
	replay(t, decoy.chain, history(t, 60))
	m := &mob{t: t, address: address, decoy: decoy}
	m.come(*crowdSize)
	word, err := json.Marshal(deeds{Met: m.met.Load(), Refused: m.refused.Load(), Sent: m.sent.Load(), CPU: cpuSeconds()})
	if err == nil {
		err = os.WriteFile(os.Getenv(mobWord), word, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// deeds are what a mob did.
type deeds struct {
	Met, Refused int64 // by the victim
	Sent         int64 // bytes of messages
	CPU          float64
}

// sendMob sends a mob against a node; the channel tells what it did.
func sendMob(t *testing.T, address string) <-chan deeds {
	t.Helper()
	word := filepath.Join(t.TempDir(), "word")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMob$", "-test.timeout=0", "-crowd="+strconv.Itoa(*crowdSize))
	cmd.Env = append(os.Environ(), mobVictim+"="+address, mobWord+"="+word)
	told := make(chan deeds, 1)
	go func() {
		defer close(told)
		said, err := cmd.CombinedOutput()
		var d deeds
		if text, readErr := os.ReadFile(word); err == nil && readErr == nil {
			err = json.Unmarshal(text, &d)
		}
		if err != nil {
			t.Errorf("the mob: %v\n%s", err, said)
		}
		told <- d
	}()
	return told
}

// A mob is peers that do what harm they can until they are shown the door.
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

// latencies are how long blocks of the friend take to the victim.
func (a *arena) latencies(count int, goOn func() bool) figures.Percentiles {
	a.t.Helper()
	var all figures.Durations
	for i := 0; i < count || goOn(); i++ {
		began := time.Now()
		h := a.friend.mine(1)
		eventually(a.t, "the victim to have a block of the friend", a.victim.has(h))
		all.Add(time.Since(began))
	}
	return all.Sum()
}

// TestCrowd lets a crowd of hostile peers come at a node that has one honest peer,
// and says what that costs. None of them is in its way for long, whatever they do.
func TestCrowd(t *testing.T) {
	a := newArena(t)
	a.inSync()
	calm := a.latencies(200, func() bool { return false })
	a.victim.settle()
	before, began := a.victim.toll(), time.Now()
	told := sendMob(t, a.address)
	var did deeds
	loud := a.latencies(200, func() bool {
		select {
		case did = <-told:
			return false
		default:
			return true
		}
	})
	took, now := time.Since(began), a.victim.toll()
	a.inSync()
	a.wantFriends()
	a.release(before)
	bans := len(a.victim.describe().Bans)
	if now.Peak > 512<<20 {
		t.Errorf("the victim took %d bytes of memory", now.Peak)
	}
	if bans == 0 || did.Met == 0 {
		t.Errorf("of %d enemies that were let in %d were banned", did.Met, bans)
	}
	t.Logf("%d enemies in %v: %d let in, %d not, %d banned; they sent %d bytes of messages and spent %.2f s of processor; the victim spent %.2f s, %d MiB at most, %d lines of log (%d bytes)\nblocks without them: %v\nblocks with them: %v",
		*crowdSize, took.Round(time.Millisecond), did.Met, did.Refused, bans, did.Sent, did.CPU,
		now.CPU-before.CPU, now.Peak>>20, now.Lines-before.Lines, now.LogBytes-before.LogBytes, calm, loud)
}
