package chain_test

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/store/storetest"
)

// A chronicle is a history of three hundred blocks with forks, reorganisations
// and payments, cut into steps of one write each, and what a node that never
// crashed holds after each.
type chronicle struct {
	params *params.Params
	steps  []step
	stands []stand // after so many steps
}

// chronicleJournal is the number of commits between checkpoints.
const chronicleJournal = 7

// A step is acknowledged when it returns nil.
type step func(m *chain.Manager) error

// A stand is what a node holds between two steps.
type stand struct {
	records  [sha256.Size]byte // of every record of the store
	snapshot *chain.Snapshot
	cursor   types.Hash // the sink some steps earlier; now and then, zero
	since    []string   // the updates from the cursor
}

// chronicles makes the chronicle once for all tests.
var chronicles = sync.OnceValue(func() *chronicle {
	p := smallNet(3)
	rng := rand.New(rand.NewPCG(300, 1))
	shape := chaintest.Shape{Blocks: 300, Width: 4, Private: 0.04, Spend: 0.6}
	blocks := chaintest.RandomDAG(chaintest.NewBuilder(p), shape, rng)
	c := &chronicle{params: p}
	for len(blocks) > 0 {
		n := 1
		switch rng.IntN(8) {
		case 0: // the header first
			header, block := blocks[0].Header, blocks[0]
			c.steps = append(c.steps,
				func(m *chain.Manager) error { return m.AddHeader(header) },
				func(m *chain.Manager) error { return m.AddBody(block) })
		case 1, 2: // a group
			n = min(2+rng.IntN(6), len(blocks))
			group := blocks[:n]
			c.steps = append(c.steps, func(m *chain.Manager) error { _, _, err := m.AddBlocks(group); return err })
		default:
			block := blocks[0]
			c.steps = append(c.steps, func(m *chain.Manager) error { return m.AddBlock(block) })
		}
		blocks = blocks[n:]
	}
	return c
})

// record runs the steps on a node that never crashes.
func (c *chronicle) record(t *testing.T) {
	t.Helper()
	if len(c.stands) > 0 {
		return
	}
	s := store.NewMemory()
	m := openJournal(t, c.params, s, chronicleJournal)
	c.stands = []stand{c.stand(t, m, s)}
	reverts := 0
	for _, do := range c.steps {
		if err := do(m); err != nil {
			t.Fatal(err)
		}
		now := c.stand(t, m, s)
		if slices.ContainsFunc(now.since, func(u string) bool { return u[0] == '-' }) {
			reverts++
		}
		c.stands = append(c.stands, now)
	}
	if s := m.Snapshot(); reverts < 20 || s.Coins < 100 || s.Blocks != 301 {
		t.Fatalf("a dull chronicle: %d steps see a reorganisation, %+v", reverts, s)
	}
}

// lookBack is how many steps a cursor trails.
const lookBack = 5

// stand describes a node that stands behind the last recorded one.
func (c *chronicle) stand(t *testing.T, m *chain.Manager, s chain.Store) stand {
	t.Helper()
	n := stand{records: digest(t, s), snapshot: m.Snapshot()}
	if at := len(c.stands) - lookBack; at >= 0 && at%10 > 0 {
		n.cursor = c.stands[at].snapshot.Sink
	}
	n.since = updates(t, m, n.cursor)
	return n
}

// reached reports whether a node is where the one that never crashed was after n
// steps.
func (c *chronicle) reached(m *chain.Manager, n int) bool {
	return n < len(c.stands) && reflect.DeepEqual(m.Snapshot(), c.stands[n].snapshot)
}

// compare holds what a node has against what the one that never crashed had
// after n steps: what it says, every record, and the updates.
func (c *chronicle) compare(t *testing.T, n int, s *sitting) {
	t.Helper()
	want := &c.stands[n]
	switch {
	case !c.reached(s.Manager, n):
		t.Errorf("%d steps lead to %+v, not %+v", n, s.Snapshot(), want.snapshot)
	case digest(t, s.db) != want.records:
		t.Errorf("after %d steps the records in the store differ", n)
	case !slices.Equal(updates(t, s.Manager, want.cursor), want.since):
		t.Errorf("after %d steps the updates since %v differ", n, want.cursor)
	}
}

// digest hashes every record.
func digest(t *testing.T, s chain.Store) (sum [sha256.Size]byte) {
	t.Helper()
	h := sha256.New()
	var length [8]byte
	if err := s.Scan(nil, func(key, value []byte) error {
		for _, part := range [][]byte{key, value} {
			binary.BigEndian.PutUint64(length[:], uint64(len(part)))
			h.Write(length[:])
			h.Write(part)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// updates returns the way from a cursor to the sink: + or - and the block.
func updates(t *testing.T, m *chain.Manager, cursor types.Hash) (steps []string) {
	t.Helper()
	all, err := m.UpdatesSince(cursor, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all {
		sign := "+"
		if u.Reverted {
			sign = "-"
		}
		steps = append(steps, sign+u.Hash.String())
	}
	return steps
}

// A sitting is a node on a disk.
type sitting struct {
	*chain.Manager
	db *store.DB
}

// sit opens the node on a disk as the program does: after an unclean stop the
// state is recounted. Its tables are small, so that journals rotate and tables
// are merged all the time.
func (c *chronicle) sit(d *storetest.Disk) (*sitting, error) {
	db, err := store.OpenDisk(d, "the disk", store.Options{Schema: store.Schema{Name: "chronicle", Version: 1}, TableBytes: tableBytes})
	if err != nil {
		return nil, err
	}
	m, err := chain.Open(chain.Config{Params: c.params, Store: db, CacheBlocks: 64, Journal: chronicleJournal, Now: chaintest.FarFuture, Recount: !db.Clean()})
	if err != nil {
		db.Close()
		return nil, err
	}
	return &sitting{m, db}, nil
}

const tableBytes = 64 << 10
