package syncer_test

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// A play is what a fuzzer's bytes make peers do to a node.
type play struct {
	*rig
	source *node
	blocks []types.Block
	script []byte
	events int
}

func (p *play) next() byte {
	if len(p.script) == 0 {
		return 0
	}
	b := p.script[0]
	p.script = p.script[1:]
	return b
}

// whims are ways to answer, by number.
func (p *play) whim(n byte) *remote {
	good := honest(p.source)
	switch n % 7 {
	case 0:
		return silent()
	case 1:
		return &remote{serve: func(wire.Message) (wire.Message, error) { return nil, errGone }}
	case 2:
		return &remote{serve: func(wire.Message) (wire.Message, error) { return &wire.Headers{More: true}, nil }}
	case 3:
		return spoiled(good, func(m wire.Message) wire.Message {
			if h, ok := m.(*wire.Headers); ok && len(h.Headers) > 0 {
				h.Headers[len(h.Headers)/2].BlueScore++
			}
			return m
		})
	case 4:
		return spoiled(good, func(m wire.Message) wire.Message {
			if b, ok := m.(*wire.Blocks); ok {
				b.Blocks = b.Blocks[:len(b.Blocks)/2]
			}
			return m
		})
	case 5:
		return spoiled(good, func(wire.Message) wire.Message { return &wire.Transactions{} })
	}
	return good
}

func (p *play) act() {
	p.events++
	from := syncer.PeerID('a' + rune(p.next()%3))
	switch p.next() % 8 {
	case 0:
		if p.remotes[from] == nil {
			p.join(from, p.whim(p.next()), p.source)
		}
	case 1:
		p.leave(from)
	case 2, 3:
		p.gossipAny(from)
	case 4:
		p.step(syncer.Response{Peer: from, ID: syncer.RequestID(p.next()), Message: &wire.Blocks{}})
	case 5:
		p.wait(time.Duration(p.next()) * 100 * time.Millisecond)
	case 6:
		p.step(syncer.BlockFound{Block: p.make("own")})
	case 7:
		p.source.take(p.source.make("theirs"))
	}
}

func (p *play) gossipAny(from syncer.PeerID) {
	var b types.Block
	if err := types.Decode(types.Encode(&p.blocks[int(p.next())%len(p.blocks)]), &b); err != nil {
		p.t.Fatal(err)
	}
	if flaw := p.next(); flaw < 128 {
		corruptions[int(flaw)%len(corruptions)].corrupt(&b)
		solve(p.params, &b)
	}
	c := wire.NewCompactBlock(&b, nil)
	if screened, err := syncer.ScreenBlock(p.chain, wire.Encode(c)); err == nil {
		p.token++
		p.step(syncer.BlockGossip{Peer: from, Token: p.token, Block: screened})
	}
}

// FuzzStep lets peers do anything to a node. It must settle every message once,
// keep within its bounds, and come into sync as soon as an honest peer is there.
func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 0, 6, 0, 5, 9, 1, 2, 3, 200})
	f.Add([]byte{0, 0, 0, 1, 0, 3, 2, 0, 4, 0, 5, 99, 0, 2, 1, 5, 0, 2, 4, 200, 0, 6, 0, 5, 200})
	f.Add([]byte{1, 2, 5, 0, 1, 3, 5, 1, 0, 4, 99, 1, 4, 1, 1, 0, 1, 5, 255, 0, 6, 1, 7})
	net := youngNet()
	f.Fuzz(func(t *testing.T, script []byte) {
		source := newNode(t, net)
		p := &play{rig: newRig(t, net), source: source, blocks: source.mine(6, ""), script: script[:min(len(script), 200)]}
		for len(p.script) > 0 {
			p.act()
		}
		for _, id := range []syncer.PeerID{"a", "b", "c"} {
			p.leave(id)
		}
		source.take(source.make("last"))
		p.join("honest", honest(source), source)
		p.wait(30 * time.Second)
		for token := range p.token {
			if _, ok := p.verdicts[token+1]; !ok {
				t.Fatalf("message %d was never settled", token+1)
			}
		}
		theirs, ours := source.chain.Snapshot(), p.chain.Snapshot()
		if !p.core.Status().Synced || !p.has(theirs.Sink) && theirs.SinkBlueWork.Cmp(ours.SinkBlueWork) > 0 {
			t.Fatalf("not in sync with an honest peer: %+v", p.core.Status())
		}
		if p.points["honest"] < 0 {
			t.Fatalf("the honest peer has %d points", p.points["honest"])
		}
	})
}
