package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/network"
	"github.com/jio-dag/jio/node/service"
	"github.com/jio-dag/jio/store"
)

// peersVersion is that of the records of peers.
const peersVersion = 1

// P2P says how a node meets others. The zero value of a field is its default.
type P2P struct {
	Listen    string   // HOST:PORT for TCP and QUIC; "" listens nowhere
	AnyPort   bool     // take another port where that one is taken
	Connect   []string // when not empty, the only peers dialled or let in
	Add       []string // peers kept connected besides
	Bootstrap []string // peers to ask when none is known
	Discover  bool     // announce this node, and ask strangers for others
	Allow     []string // CIDR or peer id: when not empty, the only ones
	Deny      []string // CIDR or peer id
	Proxy     string   // SOCKS5 HOST:PORT for every dial
}

// openNetwork opens the doors to other nodes where the node was told to.
func (n *Node) openNetwork() error {
	if n.cfg.P2P == nil {
		return nil
	}
	db, err := store.Open(n.layout.Peers(), store.Options{
		Schema: store.Schema{Name: "peers of " + n.cfg.Params.Name, Version: peersVersion},
	})
	if err != nil {
		return err
	}
	n.opened("the peers", db.Close)
	cfg := n.networkConfig(db)
	n.network, err = network.Open(cfg)
	if err != nil && n.cfg.P2P.AnyPort {
		n.log.Warn("the usual port for peers cannot be had: listening on another", "wanted", cfg.P2P.Listen, "error", err)
		cfg.P2P.Listen = anyPort
		n.network, err = network.Open(cfg)
	}
	if err != nil {
		return err
	}
	n.opened("the network", n.network.Host().Close)
	return nil
}

func (n *Node) networkConfig(db p2p.Store) network.Config {
	o := n.cfg.P2P
	discovery := p2p.Discovery{}
	if o.Discover {
		discovery = p2p.Discovery{MDNS: true, DHT: true, PortMap: true, AutoNAT: true, HolePunch: true, Relay: true}
	}
	return network.Config{
		Params: n.cfg.Params, Chain: n.chain, Pool: n.pool,
		Alone: ownNetwork(n.cfg.Params),
		Log:   n.logs.For("net"),
		P2P: p2p.Config{
			Params: n.cfg.Params, Agent: "jio/" + Version, KeyFile: n.layout.PeerKey(), Store: db,
			Listen: o.Listen, Go: n.goGuarded, Now: time.Now, Log: n.logs.For("p2p"),
			Discovery: discovery, Bootstrap: o.Bootstrap, Connect: o.Connect, Add: o.Add,
			Allow: o.Allow, Deny: o.Deny, Proxy: o.Proxy, Limits: p2p.DefaultLimits(),
		},
	}
}

// goGuarded starts a goroutine of the network in the guard of Run.
func (n *Node) goGuarded(name string, f func(context.Context) error) { n.guard.Load().Go(name, f) }

// addBlock brings a block of this node's own to the chain, and to the peers where
// there are any.
func (n *Node) addBlock(b types.Block) error {
	if n.network == nil || n.guard.Load() == nil {
		return n.chain.AddBlock(b)
	}
	return n.network.BlockFound(b)
}

// Submit offers transactions to the pool, parents before children, as
// mempool.Pool.Submit does, and tells peers of those it takes.
func (n *Node) Submit(txs []types.Transaction) ([]error, error) {
	refusals, err := n.pool.Submit(txs)
	if err != nil || n.network == nil {
		return refusals, err
	}
	var taken []types.Transaction
	for i, refusal := range refusals {
		if refusal == nil {
			taken = append(taken, txs[i])
		}
	}
	n.network.Admitted(taken)
	return refusals, nil
}

// synced reports whether the node has what its peers have. Without a network
// that is so where a node is its own, and unknown elsewhere.
func (n *Node) synced() bool {
	if n.network == nil {
		return ownNetwork(n.cfg.Params)
	}
	return n.network.Status().Synced
}

// peers is what the interface may know and change of the network.
func (n *Node) peers() service.Peers {
	p := service.Peers{Alone: ownNetwork(n.cfg.Params)}
	if n.network == nil {
		return p
	}
	h := n.network.Host()
	p.List, p.Network, p.Sync, p.Bans = n.listPeers, n.describeNetwork, n.syncProgress, n.listBans
	p.Add = func(ctx context.Context, target string) error {
		_, err := h.Dial(ctx, target)
		return refused(err)
	}
	p.Drop = func(name string) error {
		for _, peer := range h.Peers() {
			if peer.ID.String() == name || peer.Address == name {
				return h.Hangup(peer.ID)
			}
		}
		return api.Errorf(api.CodeNotFound, "no peer is called %.80q", name)
	}
	p.Ban = func(target, reason string, d time.Duration) error { return refused(h.Ban(target, d, reason)) }
	p.Unban = n.network.Unban
	return p
}

// refused makes a refusal of what the host says is wrong with a caller's words,
// or of a peer that was not met.
func refused(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, p2p.ErrUnreached):
		return api.Errorf(api.CodeUnreachable, "%v", err)
	}
	return api.Errorf(api.CodeInvalidParams, "%v", err)
}

func (n *Node) listPeers() []api.Peer {
	status := n.network.Status()
	out := []api.Peer{}
	for _, p := range n.network.Host().Peers() {
		out = append(out, peerView(p, status))
	}
	return out
}

func peerView(p p2p.Peer, s *syncer.Status) api.Peer {
	view := api.Peer{
		ID: p.ID.String(), Address: p.Address, Outbound: !p.Inbound, Kind: "full", Agent: p.Agent,
		PingMS: float64(p.Ping.Microseconds()) / 1000, Score: p.Score, Connected: p.Connected.UnixMilli(),
		BytesIn: uint64(p.BytesIn), BytesOut: uint64(p.BytesOut), State: "relaying",
	}
	if m, err := wire.Decode(wire.KindHello, p.Hello); err == nil {
		hello := m.(*wire.Hello)
		view.Agent, view.Version, view.DAAScore = p2p.Printable(hello.Agent, wire.MaxAgent), hello.Version, hello.DAAScore
	}
	if slices.Contains(s.Using, syncer.PeerID(view.ID)) {
		view.State = s.Stage.String()
	}
	return view
}

// traffic is what went from and to peers since the start.
func (n *Node) traffic() (in, out uint64) {
	if n.network == nil {
		return 0, 0
	}
	s := n.network.Host().Stats()
	return uint64(s.BytesIn), uint64(s.BytesOut)
}

func (n *Node) describeNetwork() api.Network {
	h := n.network.Host()
	s := h.Stats()
	return api.Network{
		PeerID: h.ID().String(), Listening: h.Addrs(), Public: reachable(h), Known: s.Known, Bans: n.listBans(),
		Peers:   api.PeerCount{Outbound: s.Peers - s.Inbound, Inbound: s.Inbound},
		BytesIn: uint64(s.BytesIn), BytesOut: uint64(s.BytesOut),
		Relay: api.Relay(n.network.Status().Relay),
	}
}

// reachable says whether strangers can connect to this node.
func reachable(h *p2p.Host) string {
	switch yes, known := h.Reachable(); {
	case !known:
		return "unknown"
	case yes:
		return "yes"
	}
	return "no"
}

// measureRelay adds to the metrics where the transactions of announced blocks
// come from.
func (n *Node) measureRelay() {
	if n.network == nil {
		return
	}
	for name, count := range map[string]func(syncer.Relay) uint64{
		"jio_relay_transactions_known":   func(r syncer.Relay) uint64 { return r.Known },
		"jio_relay_transactions_sent":    func(r syncer.Relay) uint64 { return r.Sent },
		"jio_relay_transactions_fetched": func(r syncer.Relay) uint64 { return r.Fetched },
	} {
		n.metrics.Gauge(name, "Transactions of announced blocks since the start: known to the pool, sent along, or fetched.",
			func() float64 { return float64(count(n.network.Status().Relay)) })
	}
}

func (n *Node) listBans() []api.Ban {
	out := []api.Ban{}
	for _, b := range n.network.Host().Bans() {
		out = append(out, api.Ban{Target: b.Target.String(), Reason: b.Reason, Until: b.Until.UnixMilli()})
	}
	return out
}

func (n *Node) syncProgress() api.Sync {
	s := n.network.Status()
	out := api.Sync{
		Stage: s.Stage.String(), Step: int(s.Stage) + 1, Steps: syncer.Stages, Rate: s.Rate, ETA: -1,
		From: []string{}, Until: int64(n.chain.Snapshot().SinkTimestamp), Message: syncMessage(s),
	}
	switch s.Stage {
	case syncer.StageHeaders:
		out.Done, out.Total = s.Headers.Done, s.Headers.Total
	case syncer.StageBodies:
		out.Done, out.Total = s.Bodies.Done, s.Bodies.Total
	}
	if s.ETA > 0 {
		out.ETA = s.ETA.Milliseconds()
	}
	for _, id := range s.Using {
		out.From = append(out.From, string(id))
	}
	if s.Synced && s.Stage == syncer.StagePeers {
		// Alone on a network of one's own nothing is missing.
		out.Stage, out.Step = syncer.StageDone.String(), syncer.Stages
	}
	return out
}

// syncMessage says what a user should know besides the stage.
func syncMessage(s *syncer.Status) string {
	switch {
	case s.Alarm:
		return "most peers stand on blocks that this node does not know: it may be cut off from the network"
	case s.OtherRules > 0 && s.NextActivation > 0:
		return fmt.Sprintf("%d peers know rules that this release does not, from DAA score %d on: upgrade", s.OtherRules, s.NextActivation)
	case s.ClockOffset.Abs() > 5*time.Second:
		return fmt.Sprintf("the clocks of the peers differ from this one by %v: set the clock", s.ClockOffset.Round(time.Second))
	case s.Stage == syncer.StagePeers && !s.Synced:
		return "waiting for peers"
	}
	return ""
}
