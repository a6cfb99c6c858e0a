package miner

import (
	"bytes"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// testParams returns a network whose hashes are cheap also under the race
// detector; the engine makes no difference to the miner.
func testParams() *params.Params {
	p := params.SimNet()
	p.Engines[0].ID = "sha256d"
	return p
}

// A fakeHost offers templates and takes blocks. A template carries the number
// of changes so far in its DAA score and the current time in its timestamp.
type fakeHost struct {
	t   testing.TB
	now func() time.Time
	log bytes.Buffer

	mu           sync.Mutex
	bits         uint32
	offers       int           // of Template
	templateErr  error         // what Template fails with
	fixed        bool          // offer one and the same template always
	taken        []types.Block // by Submit, refused ones included
	submitErr    error         // what Submit fails with
	submitPanics bool          // Submit panics
	silent       bool          // taking a block changes nothing
	state        uint64        // number of changes
	wake         func()        // nil while nobody listens
	enough       func()        // called when goal blocks were taken
	asked        int           // fates
	goal         int           // 0 for none
	fates        map[types.Hash]Fate
}

func newFakeHost(t testing.TB, bits uint32) *fakeHost {
	return &fakeHost{t: t, now: time.Now, bits: bits, fates: map[types.Hash]Fate{}}
}

func (h *fakeHost) miner(threads int) *Miner {
	m, err := New(Config{
		Params:   testParams(),
		Template: h.template,
		Submit:   h.submit,
		Changes:  h.changes,
		Fate:     h.fate,
		Now:      h.now,
		Threads:  threads,
		Log:      slog.New(slog.NewTextHandler(&h.log, nil)),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

func (h *fakeHost) template() (types.Block, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.offers++
	if h.templateErr != nil {
		return types.Block{}, h.templateErr
	}
	block := testBlock(h.bits)
	if !h.fixed {
		block.Header.DAAScore = h.state
		block.Header.Timestamp = uint64(h.now().UnixMilli())
	}
	return block, nil
}

func (h *fakeHost) submit(block types.Block) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.submitPanics {
		panic("the host is broken")
	}
	if !isSolved(h.t, testParams(), block.Header) {
		h.t.Errorf("block %v is not solved", block.Hash())
	}
	h.taken = append(h.taken, block)
	if len(h.taken) == h.goal {
		h.enough()
	}
	if !h.silent {
		h.change()
	}
	return h.submitErr
}

func (h *fakeHost) changes(wake func()) (cancel func()) {
	h.setWake(wake)
	return func() { h.setWake(nil) }
}

func (h *fakeHost) setWake(wake func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if (h.wake == nil) == (wake == nil) {
		h.t.Error("Changes and its cancel are not called in turn")
	}
	h.wake = wake
}

// change makes another template due; the caller holds the lock.
func (h *fakeHost) change() {
	h.state++
	if h.wake != nil {
		h.wake()
	}
}

func (h *fakeHost) fate(hash types.Hash) Fate {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	return h.fates[hash]
}

// set changes the host under its lock.
func (h *fakeHost) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// counts returns how many templates were asked for and how many blocks came.
func (h *fakeHost) counts() (offers, taken int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.offers, len(h.taken)
}

func (h *fakeHost) expect(offers, taken int) {
	h.t.Helper()
	if o, n := h.counts(); o != offers || n != taken {
		h.t.Errorf("%d templates and %d blocks, want %d and %d", o, n, offers, taken)
	}
}

// await gives way to the other goroutines until the condition holds; the test's
// own deadline ends a wait in vain.
func await(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

var errHost = errors.New("the host says no")
