package p2p

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
)

// gossiping returns a change that adds a topic "news" whose messages go to a
// channel; what begins with "bad" is rejected and with "old" ignored.
func gossiping(heard chan<- string) func(*Config) {
	verdict := func(_ PeerID, data []byte) (Verdict, Look) {
		switch {
		case bytes.HasPrefix(data, []byte("bad")):
			return Reject, nil
		case bytes.HasPrefix(data, []byte("old")):
			return Ignore, nil
		case bytes.HasPrefix(data, []byte("plain")):
			return Accept, nil
		}
		return Accept, func(context.Context) Verdict {
			select {
			case heard <- string(data):
			default:
			}
			return Accept
		}
	}
	return func(c *Config) {
		c.Limits.Outbound = 0 // who is connected to whom is the test's to say
		c.Topics = []Topic{{
			Name: "news", MaxSize: 1000, ID: func(data []byte) string { return string(data) }, Check: verdict, Workers: 2,
		}}
	}
}

// publishUntil publishes new messages until one is heard: a subscription takes
// its time to get around.
func publishUntil(t *testing.T, from *testNode, heard <-chan string) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(patience)
	for i := 0; ; i++ {
		if err := from.Publish(t.Context(), "news", fmt.Appendf(nil, "try %d", i)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
			return
		case <-ticker.C:
		case <-limit:
			t.Fatal("nothing is heard")
		}
	}
}

// Three nodes in a row: what the middle one rejects or ignores goes no further.
func TestGossipGoesThroughWhoAccepts(t *testing.T) {
	heardB, heardC := make(chan string, 1000), make(chan string, 1000)
	a, b, c := startNode(t, gossiping(nil)), startNode(t, gossiping(heardB)), startNode(t, gossiping(heardC))
	dial(t, a, b)
	dial(t, c, b)
	publishUntil(t, a, heardC)
	accepted := c.Stats().Accepted
	for _, message := range []string{"bad", "old", "plain", "last"} {
		if err := a.Publish(t.Context(), "news", []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	for name, heard := range map[string]chan string{"middle": heardB, "far": heardC} {
		for message := ""; message != "last"; message = receive(t, heard) {
			if message == "bad" || message == "old" || message == "plain" {
				t.Errorf("the %s node looked twice at %q", name, message)
			}
		}
	}
	eventually(t, "the verdicts to be counted", func() bool {
		s := b.Stats()
		return s.Rejected == 1 && s.Ignored == 1 && s.Accepted > 0
	})
	eventually(t, "what needs no second look to be forwarded", func() bool { return c.Stats().Accepted >= accepted+2 })
	if s := c.Stats(); s.Rejected+s.Ignored != 0 {
		t.Errorf("the far node counts %+v", s)
	}
}

func TestPublishErrors(t *testing.T) {
	a := startNode(t, gossiping(nil))
	if err := a.Publish(t.Context(), "news", make([]byte, 1001)); err != ErrTooLarge {
		t.Errorf("too much: %v", err)
	}
	if a.Publish(t.Context(), "gossip", nil) == nil {
		t.Error("an unknown topic is published")
	}
	for range 2 { // the same once more changes nothing
		if err := a.Publish(t.Context(), "news", []byte("same")); err != nil {
			t.Error(err)
		}
	}
	a.end(t)
	if a.Publish(t.Context(), "news", nil) == nil {
		t.Error("a closed node publishes")
	}
}

func TestGossipBudget(t *testing.T) {
	heard := make(chan string, 1000)
	a := startNode(t, gossiping(nil))
	b := startNode(t, func(c *Config) {
		gossiping(heard)(c)
		c.Limits.GossipRate, c.Limits.GossipBurst = 1, 20_000
	})
	dial(t, a, b)
	publishUntil(t, a, heard)
	for i := range 60 {
		if err := a.Publish(t.Context(), "news", fmt.Appendf(nil, "%0900d", i)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the flood to be noticed, once", func() bool {
		return b.Stats().Flooded > 0 && score(b, a.ID()) == -5
	})
	if n := len(heard); n > 25 {
		t.Errorf("%d messages of 900 bytes fit a budget of 20,000", n)
	}
}

// Who tells of messages without end is banned, however little else it says.
func TestTalkBudget(t *testing.T) {
	a := startNode(t, gossiping(nil))
	b := startNode(t, func(c *Config) {
		gossiping(nil)(c)
		c.Limits.ControlRate, c.Limits.ControlBurst = 1, 20_000
	})
	dial(t, a, b)
	topic := string(b.protocolID("news"))
	talk := &pubsub.RPC{RPC: pb.RPC{Control: &pb.ControlMessage{Ihave: []*pb.ControlIHave{{TopicID: &topic, MessageIDs: make([]string, 5000)}}}}}
	if err := b.inspect(a.ID(), talk); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if b.inspect(a.ID(), talk) == nil {
			t.Fatal("too much talk is heard")
		}
	}
	eventually(t, "the ban", func() bool { return len(b.Bans()) == 1 })
}

// A peer without hello may subscribe and is not heard.
func TestGossipNeedsAHello(t *testing.T) {
	a := startNode(t, gossiping(nil))
	stranger, err := strangerID()
	if err != nil {
		t.Fatal(err)
	}
	if got := a.gossipScore(stranger); got >= graylistThreshold {
		t.Errorf("a stranger has the gossip score %v", got)
	}
	b := startNode(t, gossiping(nil))
	dial(t, b, a)
	if got := a.gossipScore(b.ID()); got != 0 {
		t.Errorf("a new member has the gossip score %v", got)
	}
}

func TestOversizedGossipCosts(t *testing.T) {
	heard := make(chan string, 1000)
	a := startNode(t, func(c *Config) { gossiping(nil)(c); c.Topics[0].MaxSize = 1500 })
	b := startNode(t, gossiping(heard))
	dial(t, a, b)
	publishUntil(t, a, heard)
	if err := a.Publish(t.Context(), "news", make([]byte, 1400)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the score", func() bool { return score(b, a.ID()) == -5 })
}

func TestPanicOfAValidatorGoesToTheOwner(t *testing.T) {
	heard := make(chan string, 1000)
	a := startNode(t, gossiping(nil))
	b := startNode(t, func(c *Config) {
		gossiping(heard)(c)
		check := c.Topics[0].Check
		c.Topics[0].Check = func(id PeerID, data []byte) (Verdict, Look) {
			if slices.Equal(data, []byte("poison")) {
				panic("swallowed it")
			}
			return check(id, data)
		}
	})
	dial(t, a, b)
	publishUntil(t, a, heard)
	if err := a.Publish(t.Context(), "news", []byte("poison")); err != nil {
		t.Fatal(err)
	}
	if p := receive(t, b.panics); !bytes.HasPrefix([]byte(p), []byte("check of news: swallowed it")) {
		t.Errorf("the owner was told %q", p)
	}
}
