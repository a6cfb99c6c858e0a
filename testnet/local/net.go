package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/testnet/load"
)

// A Net is a running network. Make one with Open.
type Net struct {
	opts   Options
	params *params.Params
	lock   *store.Lock // of the directory
	key    *load.Key   // of what the miners are paid
	nodes  []*process
	relays []*relay
	spread *spread
	load   *load.Load // nil without one

	stood []types.Hash // the sinks at the last look; of who takes samples

	ctx     context.Context // until Close
	cancel  context.CancelFunc
	running sync.WaitGroup
	down    chan struct{} // closed when somebody asks for the end
	once    sync.Once

	mu       sync.Mutex
	sides    []int // of a partition, by node
	withheld []bool
	resting  []bool // miners that withheld, until they have caught up
	branches []*branch
	tallies  []tally
	chain    chainLength // where the width is counted from
	view     View

	healed     time.Time // when links were opened, until all is well again
	recoveries []float64 // seconds each of that took
}

// A branch is what a node mined while it withheld its blocks.
type branch struct {
	node   int
	ended  bool
	blocks []types.Hash
}

// A tally counts what a node's miner did.
type tally struct{ Mined, Refused int }

// Open starts the nodes and joins them. progress is told what goes on.
func Open(ctx context.Context, opts Options, progress func(string)) (*Net, error) {
	p, err := params.SimNetAt(opts.BPS)
	if err != nil {
		return nil, err
	}
	n := &Net{
		opts: opts, params: p, spread: newSpread(), down: make(chan struct{}),
		sides: make([]int, opts.Nodes), withheld: make([]bool, opts.Nodes), resting: make([]bool, opts.Nodes), tallies: make([]tally, opts.Nodes),
	}
	// Once the network is up its end takes time: nodes are to agree, and to stop.
	n.ctx, n.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, n.cancel)()
	for _, step := range []func(func(string)) error{n.prepare, n.lay, n.startAll, n.listen} {
		if err := step(progress); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	return n, nil
}

// prepare makes the directory and the purse, and holds the block rate against
// that of the last run there.
func (n *Net) prepare(func(string)) (err error) {
	if err := os.MkdirAll(n.opts.Dir, 0o700); err != nil {
		return err
	}
	if n.lock, err = store.LockDir(n.opts.Dir); err != nil {
		return err
	}
	if n.opts.Fresh {
		if err := clearDir(n.opts.Dir); err != nil {
			return err
		}
	}
	if n.key, err = load.OpenKey(PurseFile(n.opts.Dir)); err != nil {
		return err
	}
	if n.opts.Load > 0 {
		if err := n.key.Lock(); err != nil {
			return err
		}
	}
	file := filepath.Join(n.opts.Dir, "rate.json")
	var before uint64
	if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &before) == nil && before != n.opts.BPS {
		return fmt.Errorf("the blocks in %s were made at %d a second, which is a network of its own: name another --dir, or give --fresh", n.opts.Dir, before)
	}
	return os.WriteFile(file, fmt.Appendf(nil, "%d\n", n.opts.BPS), 0o600)
}

// PurseFile is the key of what the miners of the network in dir are paid.
func PurseFile(dir string) string { return filepath.Join(dir, "purse.key") }

// clearDir removes what earlier networks left in a directory, and nothing else.
func clearDir(dir string) error {
	err := os.RemoveAll(filepath.Join(dir, "rate.json"))
	for i := range MaxNodes {
		err = errors.Join(err, os.RemoveAll(nodeDir(dir, i)))
	}
	return errors.Join(err, os.RemoveAll(PurseFile(dir)))
}

// lay sets up the relays.
func (n *Net) lay(func(string)) error {
	for _, l := range links(n.opts.Nodes) {
		r, err := newRelay(l.from, l.to, n.opts.Latency)
		if err != nil {
			return err
		}
		n.relays = append(n.relays, r)
		n.running.Go(func() { r.run(n.ctx) })
	}
	for i := range n.opts.Nodes {
		n.nodes = append(n.nodes, &process{index: i, dir: nodeDir(n.opts.Dir, i), command: n.opts.command(i, n.relays)})
	}
	return nil
}

func (n *Net) startAll(progress func(string)) error {
	for i := range n.nodes {
		progress(fmt.Sprintf("starting node %d of %d", i, len(n.nodes)))
		if err := n.start(i); err != nil {
			return err
		}
		if i == 0 && n.opts.Load > 0 {
			progress("making blocks whose coins can be spent")
			if err := n.fund(); err != nil {
				return err
			}
		}
	}
	return nil
}

// start runs a node, shows the relays where it is, and has it met at once.
func (n *Net) start(i int) error {
	p := n.nodes[i]
	if err := p.start(n.ctx); err != nil {
		return err
	}
	for _, r := range n.relays {
		if r.to == i {
			r.lead(p.leadsTo())
		}
	}
	n.running.Go(func() { n.follow(p) })
	n.meet()
	return nil
}

// fund fills the purse, where it is empty.
func (n *Net) fund() error {
	c, _, err := n.nodes[0].caller()
	if err != nil {
		return err
	}
	text := n.payee()
	all, err := api.GetBalancesByAddresses.Call(n.ctx, c, api.AddressesParams{Addresses: []string{text}})
	if err != nil || len(all.Balances) > 0 && !all.Balances[0].Balance.Available.IsZero() {
		return err
	}
	return load.Fund(n.ctx, load.Config{Params: n.params, Key: n.key, Rate: n.opts.Load, Nodes: []load.Node{c}})
}

func (n *Net) payee() string { return n.key.Address().Text(n.params.AddressPrefix) }

// follow notes when a node adds a block, for as long as it runs.
func (n *Net) follow(p *process) {
	// It ends with the node, or with us.
	_ = api.TopicBlockAdded.Subscribe(n.ctx, p, api.Subscription{}, func(b api.BlockAdded) error {
		n.spread.added(b.Hash, time.Now(), p.index)
		return nil
	})
}

// meet has nodes dial the relays that are open, and that they may have given up
// on for a while.
func (n *Net) meet() {
	for _, r := range n.relays {
		c, _, err := n.nodes[r.from].caller()
		if err != nil || r.isShut() || !n.nodes[r.to].isUp() {
			continue
		}
		n.running.Go(func() { n.dial(c, r) })
	}
}

// dial asks a node to dial a relay, and again where that failed.
func (n *Net) dial(c *client.Client, r *relay) {
	for range 5 {
		ctx, cancel := context.WithTimeout(n.ctx, 20*time.Second)
		_, err := api.AddPeer.Call(ctx, c, api.PeerParams{Peer: r.address()})
		cancel()
		if err == nil || r.isShut() || !n.nodes[r.to].isUp() || !n.nodes[r.from].isUp() {
			return
		}
		select {
		case <-n.ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// clients returns those of the nodes that are up.
func (n *Net) clients() (up []*client.Client) {
	for _, p := range n.nodes {
		if c, _, err := p.caller(); err == nil {
			up = append(up, c)
		}
	}
	return up
}

// Close stops the nodes, in parallel, and all else.
func (n *Net) Close() error {
	errs := make([]error, len(n.nodes))
	var stopping sync.WaitGroup
	for i, p := range n.nodes {
		stopping.Go(func() { errs[i] = p.stop() })
	}
	stopping.Wait()
	n.cancel()
	n.running.Wait()
	if n.key != nil {
		errs = append(errs, n.key.Close())
	}
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}

// End makes Run return. It may be called more than once.
func (n *Net) End() { n.once.Do(func() { close(n.down) }) }

// rng returns the source of chance for a purpose.
func (n *Net) rng(purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(n.opts.Seed, purpose)) }
