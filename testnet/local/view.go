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

// A View is what the network looks like at one moment.
type View struct {
	Seconds     float64             `json:"seconds"` // since mining began
	Nodes       []NodeView          `json:"nodes"`
	Sinks       int                 `json:"sinks"` // different ones among the nodes that are up
	Width       float64             `json:"width"` // blocks for each block of the selected chain, since mining began
	Whole       bool                `json:"whole"` // every relay is open, every node is up and has met its neighbours
	Sides       []int               `json:"sides"` // of a partition, by node; all equal without one
	Propagation figures.Percentiles `json:"propagation"`
	Load        *load.Report        `json:"load,omitempty"`
	Trouble     string              `json:"trouble,omitempty"` // what went wrong last
}

// A NodeView is one node in a View.
type NodeView struct {
	Index     int        `json:"index"`
	Up        bool       `json:"up"`
	Synced    bool       `json:"synced"`
	Miner     bool       `json:"miner"`
	Withholds bool       `json:"withholds"`
	BlueScore uint64     `json:"blueScore"`
	DAAScore  uint64     `json:"daaScore"`
	Blocks    uint64     `json:"blocks"`
	Tips      int        `json:"tips"`
	Peers     int        `json:"peers"`
	Mempool   int        `json:"mempool"`
	Sink      types.Hash `json:"sink"`
	Mined     int        `json:"mined"`
	Refused   int        `json:"refused"`
	CPU       float64    `json:"cpuSeconds"`
	Memory    uint64     `json:"memoryBytes"`

	commitment types.Hash
}

// callTime bounds a look at a node.
const callTime = 5 * time.Second

// look asks all nodes how they are.
func (n *Net) look(ctx context.Context) []NodeView {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	views := make([]NodeView, len(n.nodes))
	var asking sync.WaitGroup
	for i, p := range n.nodes {
		views[i] = NodeView{Index: i, Miner: i < n.opts.Miners}
		c, _, err := p.caller()
		if err != nil {
			continue
		}
		asking.Go(func() {
			if s, err := api.GetStatus.Call(ctx, c, api.None{}); err == nil {
				views[i].fill(&s)
			}
		})
	}
	asking.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range views {
		views[i].Withholds = n.withheld[i]
		views[i].Mined, views[i].Refused = n.tallies[i].Mined, n.tallies[i].Refused
	}
	return views
}

func (v *NodeView) fill(s *api.Status) {
	v.Up, v.Synced = true, s.Synced
	v.BlueScore, v.DAAScore, v.Blocks = s.BlueScore, s.DAAScore, s.Blocks
	v.Tips, v.Peers, v.Mempool = len(s.Tips), s.Peers.Inbound+s.Peers.Outbound, s.Mempool.Entries
	v.Sink, v.commitment = s.Sink, s.UTXOCommitment
	v.CPU, v.Memory = s.System.CPUSeconds, s.System.MemoryBytes
}

// A chainLength is how many blocks a node has, and how many of them are its
// selected chain.
type chainLength struct{ blocks, height uint64 }

// length asks a node that is up.
func (n *Net) length(ctx context.Context) (l chainLength, err error) {
	all := n.clients()
	if len(all) == 0 {
		return l, errDown
	}
	s, err := api.GetStatus.Call(ctx, all[0], api.None{})
	if err != nil {
		return l, err
	}
	sink, err := api.GetBlock.Call(ctx, all[0], api.BlockParams{Hash: s.Sink})
	return chainLength{s.Blocks, sink.Height}, err
}

// width is the blocks for each block of the selected chain since an earlier
// moment, 0 while there are none.
func (l chainLength) width(since chainLength) float64 {
	if l.height <= since.height || l.blocks < since.blocks {
		return 0
	}
	return float64(l.blocks-since.blocks) / float64(l.height-since.height)
}

// isWhole reports whether every node is up and has met its neighbours, through
// relays that are all open.
func (n *Net) isWhole(nodes []NodeView) bool {
	all := links(len(n.nodes))
	for i := range nodes {
		if !nodes[i].Up || !nodes[i].Synced || nodes[i].Peers < neighbours(all, i, func(int) bool { return true }) {
			return false
		}
	}
	for _, r := range n.relays {
		if r.isShut() {
			return false
		}
	}
	return true
}

// takeStock notes when a network that was broken is whole again and every node has
// what all of them stood on at the last look.
func (n *Net) takeStock(ctx context.Context, whole bool, nodes []NodeView) {
	whole = whole && (n.spread.isOn() || n.share(ctx, n.stood))
	n.stood = stand(nodes)
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range nodes {
		n.resting[i] = n.resting[i] && !agrees(nodes, i)
	}
	if !whole {
		n.spread.broke()
		return
	}
	n.spread.mended()
	if !n.healed.IsZero() {
		n.recoveries = append(n.recoveries, time.Since(n.healed).Seconds())
		n.healed = time.Time{}
	}
}

// stand returns the different sinks of the nodes that are up.
func stand(nodes []NodeView) (sinks []types.Hash) {
	for i := range nodes {
		if nodes[i].Up && !slices.Contains(sinks, nodes[i].Sink) {
			sinks = append(sinks, nodes[i].Sink)
		}
	}
	return sinks
}

// share reports whether every node that is up has some blocks.
func (n *Net) share(ctx context.Context, blocks []types.Hash) bool {
	for _, c := range n.clients() {
		for _, h := range blocks {
			if _, err := api.GetBlock.Call(ctx, c, api.BlockParams{Hash: h}); err != nil {
				return false
			}
		}
	}
	return len(blocks) > 0
}

// agrees reports whether a node has the sink of another.
func agrees(nodes []NodeView, i int) bool {
	return slices.ContainsFunc(nodes, func(v NodeView) bool {
		return v.Index != i && v.Up && v.Sink == nodes[i].Sink
	})
}

// sample takes a new view.
func (n *Net) sample(ctx context.Context, since time.Time) View {
	nodes := n.look(ctx)
	whole := n.isWhole(nodes)
	n.takeStock(ctx, whole, nodes)
	length, err := n.length(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	v := View{
		Seconds: time.Since(since).Seconds(), Nodes: nodes, Sinks: len(stand(nodes)), Whole: whole,
		Sides: n.sides, Width: n.view.Width, Propagation: n.spread.sum(), Trouble: n.view.Trouble,
	}
	if err == nil {
		v.Width = length.width(n.chain)
	}
	if n.load != nil {
		r := n.load.Report()
		v.Load = &r
	}
	n.view = v
	return v
}

// View returns the latest view.
func (n *Net) View() View {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.view
}
