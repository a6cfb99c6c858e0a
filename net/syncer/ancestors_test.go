package syncer_test

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// However many generations of ancestors an orphan lacks, they come in three round
// trips: its parents, the headers below them, the bodies.
func TestOrphanOfManyGenerations(t *testing.T) {
	p := youngNet()
	for _, c := range []struct{ generations, width, questions int }{
		{1, 1, 1}, {2, 1, 3}, {7, 3, 3}, {45, 2, 3}, {90, 1, 3},
	} {
		r, source := synced(t, p)
		r.remotes["a"].delay = 400 * time.Millisecond
		for range c.generations {
			row := make([]types.Block, c.width)
			for i := range row {
				row[i] = source.make("lost")
			}
			source.take(row...)
		}
		tip := source.mine(1, "tip")[0]
		before, began := len(r.remotes["a"].asked), r.now
		r.gossip("a", tip, nil)
		came := r.until(time.Minute, func() bool { return r.sameSink(source) })
		questions, took := len(r.remotes["a"].asked)-before, r.now.Sub(began)
		t.Logf("%d generations of %d: %d questions, %v", c.generations, c.width, questions, took)
		if !came || questions > c.questions {
			t.Errorf("%d generations of %d: came %v after %d questions, want %d", c.generations, c.width, came, questions, c.questions)
		}
		r.wantPoints("a", 0)
		if !r.core.Status().Synced {
			t.Error("the node has left sync")
		}
	}
}

// A peer that leads nowhere with headers is not followed for long, and what it
// keeps back comes from somebody else.
func TestHeadersOfAnOrphanThatLeadNowhere(t *testing.T) {
	p := youngNet()
	for name, spoil := range map[string]func(*wire.Headers, *node){
		"round in circles": func(m *wire.Headers, n *node) { m.Headers, m.More = []types.Header{n.params.Genesis.Header}, true },
		"nothing":          func(m *wire.Headers, _ *node) { m.Headers, m.More = nil, true },
		"what nobody has": func(m *wire.Headers, _ *node) {
			for i := range m.Headers {
				m.Headers[i].Nonce++
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, source := synced(t, p)
			r.join("bad", spoiled(honest(source), func(m wire.Message) wire.Message {
				if h, ok := m.(*wire.Headers); ok {
					spoil(h, source)
				}
				return m
			}), r.node)
			tip := source.mine(40, "lost")[39]
			before := len(r.remotes["bad"].asked)
			r.gossip("bad", tip, nil)
			r.follows(source, 30*time.Second)
			if n := len(r.remotes["bad"].asked) - before; n > 40 {
				t.Errorf("%d questions", n)
			}
			r.wantPoints("a", 0)
		})
	}
}
