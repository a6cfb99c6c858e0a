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
	Blocks     int           // of each DAG without payments, at most
	Payments   int           // of each chain with them, at most
	Making     time.Duration // after which no DAG is made longer
}

var (
	// Full is for figures to compare. It takes half a minute of processor time, and
	// less than two by the clock of a machine that does much else.
	Full = Amounts{Slice: time.Second, Signatures: 16384, Blocks: 10000, Payments: 30000, Making: 12 * time.Second}
	// Short is for a first look, in less than 20 seconds.
	Short = Amounts{Slice: 200 * time.Millisecond, Signatures: 4096, Blocks: 1500, Payments: 6000, Making: 2 * time.Second}
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

// measure takes every step, with the yardstick laid on before each and after all.
func (r *run) measure(ctx context.Context) error {
	steps := []struct {
		what string
		do   func(context.Context) error
	}{
		{"hashes", r.hash},
		{"header checks", r.checkHeaders},
		{"signatures", r.verifySignatures},
		{"blocks of a chain", r.addEmpty},
		{"the restart", r.restart},
		{"the sync", r.sync},
		{"blocks of wide DAGs", r.addWide},
		{"payments", r.addPayments},
	}
	share := r.Amounts.Slice / time.Duration(len(steps)+1)
	for i, s := range steps {
		r.say("%d of %d: measuring %s", i+1, len(steps), s.what)
		if err := r.yardstick.fill(ctx, share); err != nil {
			return err
		}
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("measuring %s: %w", s.what, err)
		}
	}
	if err := r.yardstick.fill(ctx, share); err != nil {
		return err
	}
	r.describe(ctx)
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
