package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/node"
)

// Amounts says how much a run measures.
type Amounts struct {
	Slice      time.Duration // for each rate of something done over and over
	Signatures int           // of each kind
	Chain      int           // blocks without payments, one after the other, at most
	Blocks     int           // of each other DAG without payments, at most
	Payments   int           // of each chain with them, at most
	Limit      time.Duration // by the clock, of all: what would take longer is not measured
}

var (
	// Full is for figures to compare. It takes a minute of processor time, and less
	// than two by the clock of a machine that does much else.
	Full = Amounts{Slice: time.Second, Signatures: 16384, Chain: longChain, Blocks: 10000, Payments: 30000, Limit: 108 * time.Second}
	// Short is for a first look, in less than 20 seconds.
	Short = Amounts{Slice: 200 * time.Millisecond, Signatures: 4096, Chain: 1500, Blocks: 1500, Payments: 6000, Limit: 17 * time.Second}
)

// Config is what a run needs.
type Config struct {
	Amounts Amounts
	Engine  string // an implementation of the proof of work, "" for the fastest
	Dir     string // where a temporary directory is made; "" is the system's usual place
	// Progress is told in words what happens; it may be nil.
	Progress func(string)
}

// A run is what is known while it lasts.
type run struct {
	Config
	params    *params.Params
	dir       string // of this run, removed at its end
	yardstick *yardstick
	keys      keyring
	deadline  time.Time // of the step
	result    Result
}

// Run measures everything, which ends early with ctx. The temporary directory is
// gone when it returns.
func Run(ctx context.Context, cfg Config) (result *Result, err error) {
	r := &run{Config: cfg, params: params.SimNet(), yardstick: newYardstick()}
	if cfg.Engine != "" {
		if err := pow.Choose(r.params, cfg.Engine); err != nil {
			return nil, err
		}
	}
	if r.dir, err = os.MkdirTemp(cfg.Dir, "jio-bench-"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }() // also on the way of a panic
	if err := r.measure(ctx); err != nil {
		return nil, err
	}
	return &r.result, nil
}

// A step is a part of a run. Its figures stay 0 when it is cut short.
type step struct {
	what  string
	share int // of the run's time, as the others have theirs
	do    func(context.Context) error
}

// steps returns the parts of a run. The shares are about twice the seconds that a
// full one takes on a machine that does nothing else.
func (r *run) steps() []step {
	return []step{
		{"hashes", 11, r.hash},
		{"header checks", 6, r.checkHeaders},
		{"signatures", 14, r.verifySignatures},
		{"blocks of a chain", 44, r.addChain},
		{"the restart", 3, r.restart},
		{"the sync", 16, r.sync},
		{"blocks of a DAG, 4 wide", 8, r.addWide4},
		{"blocks of a DAG, 10 wide", 8, r.addWide10},
		{"payments, 100 a block", 9, r.addHundreds},
		{"payments, 300 a block", 9, r.addThreeHundreds},
		{"the pause of readers", 10, r.pause},
	}
}

// errLate is the cause when a step's time is over.
var errLate = errors.New("not measured in time")

// measure takes every step, with the yardstick laid on before each and after all.
func (r *run) measure(ctx context.Context) error {
	steps := r.steps()
	total := 0
	for _, s := range steps {
		total += s.share
	}
	begun, shares := time.Now(), 0
	slice := r.Amounts.Slice / time.Duration(len(steps)+1)
	for i, s := range steps {
		r.say("%d of %d: measuring %s", i+1, len(steps), s.what)
		if err := r.yardstick.fill(ctx, slice); err != nil {
			return err
		}
		// What a step leaves of its time is for the steps after it.
		shares += s.share
		r.deadline = begun.Add(r.Amounts.Limit * time.Duration(shares) / time.Duration(total))
		if err := r.take(ctx, s); err != nil {
			return fmt.Errorf("measuring %s: %w", s.what, err)
		}
	}
	if err := r.yardstick.fill(ctx, slice); err != nil {
		return err
	}
	r.describe(ctx)
	return nil
}

// take takes a step, as far as it comes until the deadline.
func (r *run) take(ctx context.Context, s step) error {
	limited, cancel := context.WithDeadlineCause(ctx, r.deadline, errLate)
	defer cancel()
	err := s.do(limited)
	late := errors.Is(err, errLate) || limited.Err() != nil && errors.Is(err, context.DeadlineExceeded)
	if !late || ctx.Err() != nil {
		return err
	}
	r.say("%s: %v", s.what, errLate)
	return nil
}

// describe adds to the result what was not measured step by step.
func (r *run) describe(ctx context.Context) {
	r.result.Calibration = r.yardstick.read()
	r.result.Memory = peakMemory()
	r.result.Machine = describeMachine(ctx)
	r.result.Machine.Short = r.Amounts == Short
	if e, ok := pow.InForce(r.params, 0); ok {
		r.result.Machine.Engine = e.Implementation()
	}
	r.result.Commit = node.Commit()
}

func (r *run) say(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, args...))
	}
}
