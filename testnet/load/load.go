package load

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/testnet/figures"
)

// A Node is where payments go.
type Node interface {
	api.Caller
	api.Subscriber
}

// DefaultWallets is how many wallets pay each other unless Config says otherwise.
const DefaultWallets = 8

// Config says how to pay.
type Config struct {
	Params  *params.Params
	Key     *Key
	Wallets int     // that are paid, up to MaxWallets; 0 means DefaultWallets
	Rate    float64 // payments a second
	Nodes   []Node  // payments go to each in turn; the first is watched
	InNodes bool    // the wallets are the nodes' own, and those pick coins and sign
	Fund    bool    // let the first node make blocks that pay the first wallet while all are empty
	// Settle is how long to wait, after the last payment, for those under way.
	Settle time.Duration
}

const (
	// atOnce bounds the calls under way.
	atOnce = 32
	// reserve is how many seconds' worth of payments the purse keeps in coins.
	reserve = 30
	tending = 500 * time.Millisecond
	// answering is how long a node may take to answer, and how long the coins of a
	// payment rest on which there was none: it may have arrived.
	answering = 10 * time.Second
	// confirming is how many seconds' worth of blocks confirm a payment.
	confirming = 10
	// stalling is how long no block comes when nobody mines.
	stalling = 10 * time.Second
)

// A Load pays at a rate. Make one with New.
type Load struct {
	cfg     Config
	purse   *purse
	mint    *mint
	keepers *keepers      // nil where the load signs by itself
	listed  chan struct{} // closed when the coins are known
	listing sync.Once

	mu      sync.Mutex
	report  Report
	began   time.Time // the first payment
	ended   time.Time // the last one could go out until then
	waiting map[types.Hash]sending
	young   map[types.Hash]acceptance // not confirmed yet
	early   map[types.Hash]arrival    // coins of keepers' payments that we were not told the ID of yet
	latency figures.Durations
	cpu     float64 // of all nodes when it began, seconds
	score   uint64  // the blue score seen last
	moved   time.Time
}

// A sending is a transaction that is not accepted yet.
type sending struct {
	at     time.Time
	pieces int // that it spreads; 0 for a payment
}

// An arrival is when a coin came, and where in the chain.
type arrival struct {
	at        time.Time
	blueScore uint64
}

// An acceptance is a payment that is not confirmed yet.
type acceptance struct {
	sending
	blueScore uint64
}

// New returns a load that pays nothing yet.
func New(cfg Config) *Load {
	cfg.Wallets = cmp.Or(cfg.Wallets, DefaultWallets)
	l := &Load{
		cfg: cfg, listed: make(chan struct{}),
		purse:   newPurse(cfg.Params, cfg.Key.wallets, rand.Uint64N),
		mint:    newMint(cfg.Params, cfg.Key.wallets, cfg.Wallets, rand.Uint64N),
		report:  Report{Wallets: cfg.Wallets, Reasons: make(map[string]uint64)},
		waiting: make(map[types.Hash]sending), young: make(map[types.Hash]acceptance), early: make(map[types.Hash]arrival),
	}
	if cfg.InNodes {
		l.keepers = newKeepers(&l.cfg, rand.Uint64N)
	}
	return l
}

// Report returns how the load does, CPU aside.
func (l *Load) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.report
	r.Reasons = maps.Clone(r.Reasons)
	if !l.began.IsZero() {
		end := l.ended
		if end.IsZero() {
			end = time.Now()
		}
		r.Seconds = end.Sub(l.began).Seconds()
		r.PerSec = float64(r.Accepted) / max(r.Seconds, 0.001)
	}
	r.Latency = l.latency.Sum()
	for _, s := range l.waiting {
		if s.pieces == 0 {
			r.Pending++
		}
	}
	return r
}

// Final is Report with what a payment cost the nodes in processor time, which
// all else that they did in the meantime is part of.
func (l *Load) Final(ctx context.Context) Report {
	r := l.Report()
	if used, err := l.cpuSeconds(ctx); err == nil && r.Accepted > 0 {
		r.CPU = (used - l.cpu) * 1000 / float64(r.Accepted)
	}
	return r
}

func (l *Load) cpuSeconds(ctx context.Context) (sum float64, err error) {
	for _, n := range l.cfg.Nodes {
		s, err := api.GetStatus.Call(ctx, n, api.None{})
		if err != nil {
			return 0, err
		}
		sum += s.System.CPUSeconds
	}
	return sum, nil
}

// Run pays until ctx ends, and when that is by its deadline, waits for what is
// under way.
func (l *Load) Run(ctx context.Context) {
	watched, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	watching.Go(func() {
		if l.openKeepers(ctx) {
			l.keepWatch(watched)
		} else {
			giveUp()
		}
	})
	select {
	case <-l.listed:
		l.work(ctx)
	case <-ctx.Done():
	}
	l.mu.Lock()
	l.ended = time.Now()
	l.mu.Unlock()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		l.settle(watched)
	}
}

// openKeepers opens the wallets of the nodes, if it is they who pay; false when a
// node keeps none, or ctx ends first.
func (l *Load) openKeepers(ctx context.Context) bool {
	for l.keepers != nil {
		err := l.keepers.open(ctx, l.cfg.Params)
		if err == nil {
			l.mint.payees = l.keepers.payees
			return true
		}
		l.note(err)
		if refusal := new(api.Error); errors.As(err, &refusal) && refusal.Code == api.CodeUnavailable {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(watchPause):
		}
	}
	return true
}

// settle waits until all that was sent is accepted, for so long as the
// configuration says.
func (l *Load) settle(ctx context.Context) {
	until := time.Now().Add(l.cfg.Settle)
	tend := time.NewTicker(tending)
	defer tend.Stop()
	for l.Report().Pending > 0 && time.Now().Before(until) {
		<-tend.C
		if _, err := l.look(ctx); err != nil {
			l.note(err)
		}
	}
}

// work tends the purse and pays. What is under way when ctx ends is not broken off:
// its fate would not be known.
func (l *Load) work(ctx context.Context) {
	calling := context.WithoutCancel(ctx)
	calls := make(chan func(), atOnce)
	var callers sync.WaitGroup
	defer callers.Wait()
	defer close(calls)
	for range atOnce {
		callers.Go(func() {
			for call := range calls {
				call()
			}
		})
	}
	tend := time.NewTicker(tending)
	defer tend.Stop()
	next := time.Now()
	pause := time.Duration(float64(time.Second) / l.cfg.Rate)
	for turn := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tend.C:
			l.note(l.tend(calling))
		case <-time.After(time.Until(next)):
			next = next.Add(pause)
			if behind := time.Now().Add(-time.Second); next.Before(behind) {
				next = behind // what could not be sent in time is not made up for
			}
			turn++
			to := l.cfg.Nodes[turn%len(l.cfg.Nodes)]
			if call := l.payment(calling, to); call != nil {
				calls <- call
			}
		}
	}
}

// payment returns the call that pays somebody, nil when no coin is ready.
func (l *Load) payment(ctx context.Context, to Node) func() {
	if l.keepers != nil {
		return l.keeperPayment(ctx)
	}
	coins := l.purse.take(time.Now())
	if !l.mayBegin(len(coins) > 0) {
		return nil
	}
	return func() {
		tx, err := l.mint.payment(coins)
		if err == nil {
			err = l.send(ctx, to, &tx, 0)
		}
		l.settleUp(coins, err)
	}
}

// mayBegin notes that a payment is made, or that none can be, and says which.
func (l *Load) mayBegin(ready bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case ready && l.began.IsZero():
		l.began = time.Now()
	case !ready && !l.began.IsZero():
		l.report.Starved++
	}
	return ready
}

// settleUp notes what became of a transaction. Coins that another one is about to
// spend stay under way, those of one that came to nothing are ready again.
func (l *Load) settleUp(coins []*coin, err error) {
	if err == nil {
		return
	}
	l.note(err)
	switch reasonOf(err) {
	case "conflict", "known", "accepted":
	case noAnswer:
		l.purse.rest(coins, time.Now().Add(answering))
	default:
		l.purse.giveBack(coins...)
	}
}

// send offers a transaction to a node, whose acceptance will be told: a payment, or
// one that spreads pieces.
func (l *Load) send(ctx context.Context, to Node, tx *types.Transaction, pieces int) error {
	id := tx.ID()
	l.mu.Lock()
	l.waiting[id] = sending{time.Now(), pieces}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	_, err := api.SubmitTransaction.Call(ctx, to, api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(tx))})
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil && reasonOf(err) != noAnswer: // else it may have arrived
		delete(l.waiting, id)
	case pieces > 0:
		l.report.Spreads++
	default:
		l.report.Sent++
	}
	return err
}

// note counts what came to nothing.
func (l *Load) note(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Refusal = err.Error()
	if reason := reasonOf(err); reason == noAnswer {
		l.report.Unanswered++
	} else {
		l.report.Refused++
		l.report.Reasons[reason]++
	}
}
