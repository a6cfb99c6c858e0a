package local

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/testnet/figures"
	"github.com/jio-dag/jio/testnet/load"
)

// ConvergeTime bounds the wait for one sink after the miners have stopped.
const ConvergeTime = time.Minute

// A Summary is what a run came to.
type Summary struct {
	Nodes       int                 `json:"nodes"`
	Miners      int                 `json:"miners"`
	BPS         uint64              `json:"blocksPerSecond"`
	LatencyMS   int64               `json:"latencyMs"`
	Seconds     float64             `json:"seconds"`
	Mined       int                 `json:"mined"`
	Refused     int                 `json:"refused"` // by the node that its miner mined on
	Blocks      uint64              `json:"blocks"`  // in the DAG, genesis and those of earlier runs too
	Reds        uint64              `json:"reds"`
	Width       float64             `json:"width"` // blocks for each block of the selected chain
	Converged   bool                `json:"converged"`
	ConvergeMS  int64               `json:"convergenceMs"` // from the miners' end to one sink
	Sinks       int                 `json:"sinks"`
	Commitments int                 `json:"commitments"` // different ones of the unspent coins
	Bans        int                 `json:"bans"`
	Propagation figures.Percentiles `json:"propagation"`
	Relay       api.Relay           `json:"relay"` // of all nodes together
	Withheld    []Withheld          `json:"withheld"`
	Recoveries  []float64           `json:"recoverySeconds"` // from each opening of links until every node had what the others stood on
	Load        *load.Report        `json:"load,omitempty"`
	CPU         []float64           `json:"cpuSeconds"` // by node
	Trouble     string              `json:"trouble,omitempty"`
}

// Withheld is what became of the blocks that a node withheld.
type Withheld struct {
	Node   int `json:"node"`
	Blocks int `json:"blocks"`
	Reds   int `json:"reds"`
}

// Run waits until the nodes have met, then mines and pays until ctx ends or End is
// called, and tells show the view once a second. Then it stops the miners, heals what is broken, and waits for
// all nodes to come to one sink.
func (n *Net) Run(ctx context.Context, show func(View)) (Summary, error) {
	n.settle(ctx, show)
	began := time.Now()
	start, err := n.length(n.ctx)
	if err != nil {
		return Summary{}, err
	}
	n.mu.Lock()
	n.chain = start
	n.mu.Unlock()

	working, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	work.Go(func() { n.mine(working) })
	if n.opts.Load > 0 {
		n.startLoad(&work, working)
	}
	n.watch(working, began, show)
	stop()
	work.Wait()
	return n.conclude(began, show), nil
}

// settle waits until the network is whole and of one mind, so that nobody mines
// on what is long past; but no longer than it would wait for that in the end.
func (n *Net) settle(ctx context.Context, show func(View)) {
	ctx, cancel := context.WithTimeout(ctx, ConvergeTime)
	defer cancel()
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for began := time.Now(); ; {
		v := n.sample(n.ctx, began)
		if v.Whole && v.Sinks == 1 {
			return
		}
		show(v)
		select {
		case <-ctx.Done():
			return
		case <-n.down:
			return
		case <-poll.C:
		}
	}
}

// watch shows the network once a second until ctx or the network ends.
func (n *Net) watch(ctx context.Context, began time.Time, show func(View)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		show(n.sample(n.ctx, began))
		select {
		case <-ctx.Done():
			return
		case <-n.down:
			return
		case <-tick.C:
		}
	}
}

// startLoad pays from the purse, to all nodes in turn.
func (n *Net) startLoad(work *sync.WaitGroup, ctx context.Context) {
	cfg := load.Config{Params: n.params, Key: n.key, Rate: n.opts.Load}
	for _, p := range n.nodes {
		cfg.Nodes = append(cfg.Nodes, p)
	}
	l := load.New(cfg)
	n.mu.Lock()
	n.load = l
	n.mu.Unlock()
	work.Go(func() { l.Run(ctx) })
}

// conclude waits for one sink and sums up.
func (n *Net) conclude(began time.Time, show func(View)) Summary {
	stopped := time.Now()
	s := Summary{
		Nodes: n.opts.Nodes, Miners: n.opts.Miners, BPS: n.opts.BPS, LatencyMS: n.opts.Latency.Milliseconds(),
		Seconds: stopped.Sub(began).Seconds(), Propagation: n.spread.sum(), Withheld: []Withheld{},
	}
	n.heal()
	nodes := n.converge(stopped.Add(ConvergeTime))
	s.ConvergeMS = time.Since(stopped).Milliseconds()
	s.Sinks = len(stand(nodes))
	s.Converged = s.Sinks == 1
	ctx, cancel := context.WithTimeout(n.ctx, ConvergeTime)
	defer cancel()
	s.count(nodes)
	n.askAll(ctx, &s)
	if l, err := n.length(ctx); err == nil {
		s.Width = l.width(n.chain)
	}
	if n.load != nil {
		r := n.load.Final(ctx)
		s.Load = &r
	}
	last := n.sample(ctx, began)
	s.Trouble = last.Trouble
	show(last)
	return s
}

// converge waits until all nodes have one sink, but no longer than until.
func (n *Net) converge(until time.Time) []NodeView {
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		nodes := n.look(n.ctx)
		if len(stand(nodes)) == 1 || time.Now().After(until) || n.ctx.Err() != nil {
			return nodes
		}
		<-poll.C
	}
}

// count sums up what the last look saw.
func (s *Summary) count(nodes []NodeView) {
	commitments := make(map[types.Hash]bool)
	for i := range nodes {
		v := &nodes[i]
		s.Mined += v.Mined
		s.Refused += v.Refused
		s.CPU = append(s.CPU, v.CPU)
		if v.Up {
			commitments[v.commitment] = true
			s.Blocks = max(s.Blocks, v.Blocks)
			s.Reds = max(s.Reds, v.Blocks-min(v.Blocks, v.BlueScore))
		}
	}
	s.Commitments = len(commitments)
}

// askAll adds what only other calls tell.
func (n *Net) askAll(ctx context.Context, s *Summary) {
	all := n.clients()
	for _, c := range all {
		if info, err := api.GetNetwork.Call(ctx, c, api.None{}); err == nil {
			s.Bans += len(info.Bans)
			s.Relay.Add(info.Relay)
		}
	}
	n.mu.Lock()
	branches := n.branches
	s.Recoveries = slices.Clone(n.recoveries)
	n.mu.Unlock()
	for _, b := range branches {
		if len(all) == 0 {
			break
		}
		w := Withheld{Node: b.node, Blocks: len(b.blocks)}
		for _, h := range b.blocks {
			if found, err := api.GetBlock.Call(ctx, all[0], api.BlockParams{Hash: h}); err == nil && found.Fate == "red" {
				w.Reds++
			}
		}
		s.Withheld = append(s.Withheld, w)
	}
}
