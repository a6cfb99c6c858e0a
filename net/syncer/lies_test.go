package syncer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// topped answers as a node does whose chain has one more block, which the node
// itself would not take.
func topped(n *node, top types.Block) *remote {
	return &remote{serve: func(m wire.Message) (wire.Message, error) {
		answer, err := honest(n).serve(m)
		switch a := answer.(type) {
		case *wire.Headers:
			a.Headers = append(a.Headers, top.Header)
		case *wire.Blocks:
			if slices.Contains(m.(*wire.BlocksRequest).Hashes, top.Hash()) {
				a.Blocks = append(a.Blocks, top)
			}
		}
		return answer, err
	}}
}

// A header whose body breaks a rule costs whoever handed it out, goes away with
// it, and leaves what was good below.
func TestBodyThatBreaksARule(t *testing.T) {
	p := params.SimNet()
	source := newNode(t, p)
	source.mine(30, "")
	bad := source.make("bad")
	bad.Transactions[0].Payload[8]++ // the subsidy
	bad.Header.MerkleRoot = types.MerkleRootOf(bad.Transactions)
	solve(p, &bad)
	r := newRig(t, p)
	r.join("bad", topped(source, bad), source)
	r.wait(5 * time.Second)
	r.wantPoints("bad", syncer.PointsWrongSync)
	if !r.sameSink(source) {
		t.Errorf("the sink is at %d of %d", r.chain.Snapshot().SinkBlueScore, source.chain.Snapshot().SinkBlueScore)
	}
	if r.chain.Snapshot().Headers != 31 {
		t.Errorf("%d headers are stored, want 31", r.chain.Snapshot().Headers)
	}
	source.mine(1, "good")
	r.join("good", honest(source), source)
	r.follows(source, 10*time.Second)
	r.wantPoints("good", 0)
}

// What comes in place of a missing parent is looked at like any block.
func TestParentsThatAreNot(t *testing.T) {
	p := youngNet()
	for _, c := range []struct {
		name   string
		answer func(source *node, asked types.Hash) []types.Block
		points int
	}{
		{"another block", func(n *node, _ types.Hash) []types.Block { return []types.Block{n.params.Genesis} }, syncer.PointsUnrequested},
		{"another body", func(n *node, asked types.Hash) []types.Block {
			b, err := n.chain.Block(asked)
			if err != nil {
				n.t.Fatal(err)
			}
			b.Transactions = append(slices.Clone(b.Transactions), b.Transactions[0])
			return []types.Block{b}
		}, syncer.PointsInvalidBlock},
		{"nothing", func(*node, types.Hash) []types.Block { return nil }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, source := synced(t, p)
			r.leave("a")
			r.join("bad", &remote{serve: func(m wire.Message) (wire.Message, error) {
				if q, ok := m.(*wire.BlocksRequest); ok {
					return &wire.Blocks{Blocks: c.answer(source, q.Hashes[0])}, nil
				}
				return &wire.Headers{}, nil
			}}, r.node)
			r.wait(time.Second)
			blocks := source.mine(2, "")
			r.gossip("bad", blocks[1], nil)
			before := r.points["bad"]
			r.wait(time.Second)
			if got := r.points["bad"] - before; got != c.points {
				t.Errorf("%d points, want %d", got, c.points)
			}
			r.join("good", honest(source), source)
			r.follows(source, 30*time.Second)
		})
	}
}
