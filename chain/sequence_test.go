package chain_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A stage is a small DAG of valid blocks, made once, and what a chain that has
// all of them says.
type stage struct {
	params *params.Params
	blocks []types.Block
	at     map[types.Hash]int // place of a block in blocks
	end    *chain.Snapshot
}

// stages are DAGs with reds, conflicting payments and blocks that cannot be chain
// blocks. The cheap engine is enough: no nonce is at stake.
var stages = sync.OnceValue(func() (all []*stage) {
	for seed := range uint64(4) {
		p := smallNet(int(seed % 3))
		p.Engines[0].ID = "sha256d"
		s := &stage{params: p, at: make(map[types.Hash]int)}
		shape := chaintest.Shape{Blocks: 16, Width: 4, Private: 0.1, Spend: 0.7, Bad: 0.1}
		s.blocks = chaintest.RandomDAG(chaintest.NewBuilder(p), shape, rand.New(rand.NewPCG(seed, 2)))
		for i := range s.blocks {
			s.at[s.blocks[i].Hash()] = i
		}
		all = append(all, s)
	}
	return all
})

// A sequence is a chain that is offered blocks in an order that bytes decide, and
// what it must have by then.
type sequence struct {
	*stage
	store   *store.Memory
	chain   *chain.Manager
	headers map[int]bool
	bodies  map[int]bool
}

func (s *stage) begin(t testing.TB) *sequence {
	q := &sequence{stage: s, store: store.NewMemory(), headers: make(map[int]bool), bodies: make(map[int]bool)}
	q.chain = openJournal(t, s.params, q.store, 3)
	return q
}

// without reports whether a block has a parent that is not in a set.
func (q *sequence) without(i int, set map[int]bool) bool {
	for _, parent := range q.blocks[i].Header.Parents {
		if at, made := q.at[parent]; made && !set[at] {
			return true
		}
	}
	return false
}

// due is the error that an offer of a block must meet: whether it is known, is an
// orphan, or a body comes before its header. nil is what is taken.
func (q *sequence) due(i int, header, body bool) error {
	switch {
	case header && !body && q.headers[i], body && q.bodies[i]:
		return chain.ErrKnown
	case body && !header && !q.headers[i]:
		return chain.ErrUnknownHeader
	case header && !q.headers[i] && q.without(i, q.headers), body && q.without(i, q.bodies):
		return &chain.UnknownParentsError{}
	}
	q.headers[i] = true
	q.bodies[i] = q.bodies[i] || body
	return nil
}

// sameRefusal compares errors as callers tell them apart.
func sameRefusal(got, want error) bool {
	if orphan := new(chain.UnknownParentsError); errors.As(want, &orphan) {
		return errors.As(got, &orphan)
	}
	return errors.Is(got, want)
}

// step offers one block in the way that a byte names.
func (q *sequence) step(t *testing.T, way byte, i int) error {
	b := q.blocks[i]
	var got, want error
	switch way {
	case 0, 1, 2:
		got, want = q.chain.AddBlock(b), q.due(i, true, true)
	case 3:
		got, want = q.chain.AddHeader(b.Header), q.due(i, true, false)
	case 4:
		got, want = q.chain.AddBody(b), q.due(i, false, true)
	case 5: // the body of another block must neither pass nor stain the header
		known := q.bodies[i]
		b.Transactions = q.blocks[(i+1)%len(q.blocks)].Transactions
		if got = q.chain.AddBlock(b); got == nil || errors.Is(got, chain.ErrKnown) != known {
			return fmt.Errorf("the body of another block: %w", got)
		}
		return nil
	case 6: // a false header leaves nothing behind that an honest one could meet
		b.Header.BlueScore++
		chaintest.Solve(q.params, &b)
		if got = q.chain.AddHeader(b.Header); got == nil || errors.Is(got, chain.ErrKnown) {
			return fmt.Errorf("a false blue score: %w", got)
		}
		return nil
	case 7: // the power goes
		q.chain = openJournal(t, q.params, q.store, 3)
	}
	if !sameRefusal(got, want) {
		return fmt.Errorf("got %w, want %w", got, want)
	}
	return nil
}

// finish offers all blocks as they were made and returns what the chain says
// then.
func (q *sequence) finish() (*chain.Snapshot, error) {
	for i := range q.blocks {
		if err := q.chain.AddBlock(q.blocks[i]); err != nil && !errors.Is(err, chain.ErrKnown) {
			return nil, fmt.Errorf("block %d at the end: %w", i, err)
		}
	}
	return q.chain.Snapshot(), nil
}

// FuzzSequence offers the blocks of a small DAG in any order: again, without
// their parents, header and body apart, with false bodies and false headers and
// power cuts in between. Each offer meets the answer that follows from what came
// before, and in the end the chain stands where one stands that got them in
// order.
func FuzzSequence(f *testing.F) {
	for _, s := range stages() {
		end, err := s.begin(f).finish()
		if err != nil {
			f.Fatal(err)
		}
		s.end = end
	}
	f.Add([]byte{0, 0x00, 0x01, 0xe0, 0x62, 0x82, 0xa3, 0xc4, 0x05, 0x04, 0x03})
	f.Add([]byte{1, 0x60, 0x61, 0x62, 0x63, 0x64, 0x80, 0x81, 0xa2, 0x82, 0xe0, 0x0f})
	f.Add([]byte{2, 0xc0, 0x00, 0xc1, 0x01, 0xa2, 0x02, 0x03, 0x04, 0x05, 0x06, 0xe0, 0x07})
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) == 0 {
			return
		}
		q := stages()[int(script[0])%len(stages())].begin(t)
		for at, op := range script[1:min(len(script), 40)] {
			if err := q.step(t, op>>5, int(op&31)%len(q.blocks)); err != nil {
				t.Fatalf("step %d, %02x: %v", at, op, err)
			}
		}
		got, err := q.finish()
		if err != nil {
			t.Fatal(err)
		}
		if got.Sink != q.end.Sink || got.UTXOCommitment != q.end.UTXOCommitment || got.BlueScore != q.end.BlueScore || got.Supply != q.end.Supply || got.Blocks != q.end.Blocks {
			t.Errorf("the chain is %+v, in order it is %+v", got, q.end)
		}
	})
}
