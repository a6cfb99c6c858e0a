package load

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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

// Config says how to pay.
type Config struct {
	Params *params.Params
	Key    *Key
	Rate   float64 // payments a second
	Nodes  []Node  // payments go to each in turn; the first is watched
	Fund   bool    // let the first node make blocks that pay the purse while it is empty
}

// A Report is how the load does.
type Report struct {
	Sent     uint64              `json:"sent"`
	Accepted uint64              `json:"accepted"`
	Refused  uint64              `json:"refused"`
	Lost     uint64              `json:"lost"`    // not accepted within two minutes
	Starved  uint64              `json:"starved"` // not made, because no coin was ready
	Spreads  uint64              `json:"spreads"` // transactions that made many coins of one
	Seconds  float64             `json:"seconds"` // since the first payment
	PerSec   float64             `json:"acceptedPerSecond"`
	Latency  figures.Percentiles `json:"latency"` // from sending until accepted by the chain
	CPU      float64             `json:"cpuMsPerPayment"`
	Refusal  string              `json:"lastRefusal,omitempty"`
}

// Write says how the load did, in lines of a name and a value with a tab between.
func (r *Report) Write(w io.Writer) {
	fmt.Fprintf(w, "load\t%d sent, %d accepted (%.1f a second), %d refused, %d lost, %d starved, %d spread\n",
		r.Sent, r.Accepted, r.PerSec, r.Refused, r.Lost, r.Starved, r.Spreads)
	fmt.Fprintf(w, "acceptance\t%v\n", r.Latency)
	fmt.Fprintf(w, "cost\t%.1f ms of processor time a payment, all that the nodes did included\n", r.CPU)
	if r.Refusal != "" {
		fmt.Fprintf(w, "last refusal\t%s\n", r.Refusal)
	}
}

const (
	// atOnce bounds the calls under way.
	atOnce = 32
	// reserve is how many seconds' worth of payments the purse keeps in coins.
	reserve = 30
	tending = 500 * time.Millisecond
)

// A Load pays at a rate. Make one with New.
type Load struct {
	cfg     Config
	purse   *purse
	listed  chan struct{} // closed when the coins are known
	listing sync.Once

	mu      sync.Mutex
	report  Report
	began   time.Time // the first payment
	waiting map[types.Hash]time.Time
	latency figures.Durations
	cpu     float64 // of all nodes when it began, seconds
}

// New returns a load that pays nothing yet.
func New(cfg Config) *Load {
	return &Load{
		cfg: cfg, purse: newPurse(cfg.Params, cfg.Key),
		listed: make(chan struct{}), waiting: make(map[types.Hash]time.Time),
	}
}

// Report returns how the load does, CPU aside.
func (l *Load) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.report
	if !l.began.IsZero() {
		r.Seconds = time.Since(l.began).Seconds()
		r.PerSec = float64(r.Accepted) / max(r.Seconds, 0.001)
	}
	r.Latency = l.latency.Sum()
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

// Run pays until ctx ends.
func (l *Load) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { l.keepWatch(ctx) })
	select {
	case <-l.listed:
		l.work(ctx)
	case <-ctx.Done():
	}
	cancel()
}

// watchPause is the time between two attempts at the watched node.
const watchPause = time.Second

// keepWatch follows the coins of the purse, also when the watched node was away.
func (l *Load) keepWatch(ctx context.Context) {
	for {
		l.note(l.watch(ctx))
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchPause):
		}
	}
}

// watch follows the coins of the purse for as long as the node answers. The
// subscription begins before the list is asked for, so that nothing falls
// between the two.
func (l *Load) watch(ctx context.Context) error {
	address := l.cfg.Key.Address().Text(l.cfg.Params.AddressPrefix)
	first := true
	return api.TopicUTXOsChanged.Subscribe(ctx, l.cfg.Nodes[0], api.Subscription{Addresses: []string{address}}, func(e api.UTXOsChanged) error {
		if first {
			first = false
			all, err := api.GetUTXOsByAddresses.Call(ctx, l.cfg.Nodes[0], api.AddressesParams{Addresses: []string{address}})
			if err != nil {
				return err
			}
			l.purse.reset(all.UTXOs)
			l.listing.Do(func() { close(l.listed) })
		}
		l.purse.remove(e.Removed)
		l.purse.add(e.Added)
		l.accepted(e.Added)
		return nil
	})
}

// accepted notes payments whose coins have come.
func (l *Load) accepted(coins []api.UTXO) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range coins {
		if at, ours := l.waiting[c.Outpoint.TransactionID]; ours {
			delete(l.waiting, c.Outpoint.TransactionID)
			l.latency.Add(now.Sub(at))
			l.report.Accepted++
		}
	}
}

// work tends the purse and pays.
func (l *Load) work(ctx context.Context) {
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
			if err := l.tend(ctx); err != nil {
				l.note(err)
			}
		case <-time.After(time.Until(next)):
			next = next.Add(pause)
			if behind := time.Now().Add(-time.Second); next.Before(behind) {
				next = behind // what could not be sent in time is not made up for
			}
			turn++
			to := l.cfg.Nodes[turn%len(l.cfg.Nodes)]
			if call := l.payment(ctx, to); call != nil {
				calls <- call
			}
		}
	}
}

// payment returns the call that forwards a coin, nil when none is ready.
func (l *Load) payment(ctx context.Context, to Node) func() {
	c := l.purse.take(time.Now())
	l.mu.Lock()
	defer l.mu.Unlock()
	if c == nil {
		if !l.began.IsZero() {
			l.report.Starved++
		}
		return nil
	}
	if l.began.IsZero() {
		l.began = time.Now()
	}
	return func() {
		tx, err := l.purse.forward(c)
		if err == nil {
			err = l.send(ctx, to, &tx)
		}
		if err != nil {
			l.purse.giveBack(c)
			l.note(err)
		}
	}
}

// send offers a payment to a node and waits for its acceptance to be told.
func (l *Load) send(ctx context.Context, to Node, tx *types.Transaction) error {
	id := tx.ID()
	l.mu.Lock()
	l.waiting[id] = time.Now()
	l.report.Sent++
	l.mu.Unlock()
	_, err := api.SubmitTransaction.Call(ctx, to, api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(tx))})
	if err != nil {
		l.mu.Lock()
		delete(l.waiting, id)
		l.mu.Unlock()
	}
	return err
}

// note counts what came to nothing.
func (l *Load) note(err error) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Refused++
	l.report.Refusal = err.Error()
}

// tend spreads coins while there are too few, and forgets payments that are
// overdue.
func (l *Load) tend(ctx context.Context) error {
	status, err := api.GetStatus.Call(ctx, l.cfg.Nodes[0], api.None{})
	if err != nil {
		return err
	}
	if l.cpu == 0 {
		if l.cpu, err = l.cpuSeconds(ctx); err != nil {
			return err
		}
	}
	now := time.Now()
	if lost := l.purse.reclaim(now); lost > 0 {
		l.forget(now, lost)
	}
	for missing := max(20, int(reserve*l.cfg.Rate)) - l.purse.small(); missing > 0; {
		c := l.purse.takeLarge(now, status.BlueScore)
		if c == nil {
			return l.fund(ctx, status.BlueScore)
		}
		tx, err := l.purse.spread(c)
		if err == nil {
			err = l.send(ctx, l.cfg.Nodes[0], &tx)
		}
		if err != nil {
			l.purse.giveBack(c)
			return err
		}
		missing -= len(tx.Outputs)
		l.mu.Lock()
		l.report.Spreads++
		l.mu.Unlock()
	}
	return nil
}

func (l *Load) forget(now time.Time, lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Lost += uint64(lost)
	for id, at := range l.waiting {
		if now.Sub(at) > patience {
			delete(l.waiting, id)
		}
	}
}

// fundBlocks is how many blocks one call asks for, fundCalls how many calls are
// made before something else has its turn.
const (
	fundBlocks = 20
	fundCalls  = 5
)

// fund lets the first node make some blocks, until the purse has a mature coin.
func (l *Load) fund(ctx context.Context, blueScore uint64) error {
	if !l.cfg.Fund || l.purse.small() > 0 {
		return nil // there are coins, or there will be
	}
	for range fundCalls {
		request := api.GenerateParams{Blocks: fundBlocks, PayTo: l.cfg.Key.Address().Text(l.cfg.Params.AddressPrefix)}
		if at, ok := l.purse.ripest(); ok {
			request.Blocks = min(fundBlocks, at-min(at, blueScore))
		}
		if request.Blocks == 0 {
			return nil
		}
		made, err := api.Generate.Call(ctx, l.cfg.Nodes[0], request)
		if err != nil {
			return fmt.Errorf("the purse is empty, and the node makes no blocks for it: %w; pay %s", err, request.PayTo)
		}
		blueScore += made.Blocks
	}
	return nil
}

// Fund lets a node make blocks that pay the purse, before anything else goes on
// there, until what a rate needs is mature.
func Fund(ctx context.Context, cfg Config) error {
	coins := 10 + uint64(cfg.Rate*reserve)/mostPieces
	to := cfg.Key.Address().Text(cfg.Params.AddressPrefix)
	for missing := coins + cfg.Params.CoinbaseMaturity; missing > 0; {
		made, err := api.Generate.Call(ctx, cfg.Nodes[0], api.GenerateParams{Blocks: min(fundBlocks, missing), PayTo: to})
		if err != nil {
			return err
		}
		missing -= min(missing, made.Blocks)
	}
	return nil
}
