package p2p

import (
	crand "crypto/rand"
	"iter"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/jio-dag/jio/net/p2p/addrbook"
	"github.com/jio-dag/jio/net/p2p/reputation"
)

// An archive is what the Host remembers of peers over restarts: the address book
// and the ledger of reputation, in the owner's store.
type archive struct {
	store Store
	now   func() time.Time
	log   *rareLog

	writing sync.Mutex // held while changes are taken and written, before mu

	mu     sync.Mutex
	book   *addrbook.Book
	ledger *reputation.Ledger
	rng    *rand.Rand
}

func openArchive(cfg *Config, log *rareLog) (*archive, error) {
	var seed [32]byte
	crand.Read(seed[:]) // never fails
	a := &archive{
		store:  cfg.Store,
		now:    cfg.Now,
		log:    log,
		book:   addrbook.New(isLocal(cfg.Params)),
		ledger: reputation.New(),
		rng:    rand.New(rand.NewChaCha8(seed)),
	}
	if err := a.load(reputation.Prefixes(), a.ledger.Load); err != nil {
		return nil, err
	}
	return a, a.load(addrbook.Prefixes(), a.book.Load)
}

// load reads records and deletes those that are none: what they said can be
// learnt again.
func (a *archive) load(prefixes []string, load func(now time.Time, key, value []byte) error) error {
	now := a.now()
	bad := map[string][]byte{}
	for _, prefix := range prefixes {
		err := a.store.Scan([]byte(prefix), func(key, value []byte) error {
			if err := load(now, key, value); err != nil {
				a.log.info("a record of peers is dropped", "key", Printable(string(key), 80), "error", err)
				bad[string(key)] = nil
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return a.write(bad)
}

func (a *archive) write(batch map[string][]byte) error {
	if len(batch) == 0 {
		return nil
	}
	return a.store.Write(func(yield func(key, value []byte) bool) {
		for key, value := range batch {
			if !yield([]byte(key), value) {
				return
			}
		}
	})
}

// flush writes what changed.
func (a *archive) flush() error {
	a.writing.Lock()
	defer a.writing.Unlock()
	batch := map[string][]byte{}
	a.mu.Lock()
	for _, changes := range []iter.Seq2[[]byte, []byte]{a.book.Changes(), a.ledger.Changes()} {
		for key, value := range changes {
			batch[string(key)] = value
		}
	}
	a.mu.Unlock()
	return a.write(batch)
}

// sweep forgets what is over.
func (a *archive) sweep() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ledger.Sweep(a.now())
	a.book.Sweep(a.now())
}

// record notes a deed and returns the score now.
func (a *archive) record(id PeerID, d reputation.Deed) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ledger.Record(a.now(), id, d)
}

func (a *archive) score(id PeerID) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ledger.Score(a.now(), id)
}

func (a *archive) banned(id PeerID, ip netip.Addr) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ledger.Banned(a.now(), id, ip)
}

func (a *archive) ban(t reputation.Target, d time.Duration, reason string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ledger.Ban(a.now(), t, d, reason)
	if t.Peer != "" {
		a.book.Forget(t.Peer)
	}
}

func (a *archive) unban(t reputation.Target) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ledger.Unban(t)
}

func (a *archive) bans() []reputation.Ban {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ledger.Bans(a.now())
}

func (a *archive) learn(source netip.Addr, r addrbook.Record) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.book.Learn(a.now(), source, r)
}

// pick draws an entry to dial, or one that never worked.
func (a *archive) pick(unproven bool, free func(*addrbook.Entry) bool) (addrbook.Entry, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	open := func(e *addrbook.Entry) bool { return free(e) && !a.ledger.Banned(now, e.ID, e.Addr.Addr()) }
	if unproven {
		return a.book.PickUnproven(now, a.rng, open)
	}
	return a.book.Pick(now, a.rng, open)
}

// An outcome is what became of a dial.
type outcome int

const (
	worked outcome = iota
	failed
	undecided // it says more about this node than about the peer
)

func (a *archive) dialled(id PeerID, addr addrbook.Address, o outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch o {
	case worked:
		a.book.Worked(a.now(), id, addr)
	case failed:
		a.book.Failed(a.now(), a.rng, id, addr)
	case undecided:
		a.book.Postpone(a.now(), id, addr)
	}
}

func (a *archive) anchors() []addrbook.Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.book.Anchors()
}

func (a *archive) setAnchors(anchors []addrbook.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.book.SetAnchors(anchors)
}

func (a *archive) sample(n int) [][]byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.book.Sample(a.rng, n)
}

func (a *archive) known() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.book.Len()
}

// jitter returns a duration drawn from half of d to d and a half.
func (a *archive) jitter(d time.Duration) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return d/2 + time.Duration(a.rng.Int64N(int64(d)+1))
}
