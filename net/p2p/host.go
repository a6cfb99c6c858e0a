package p2p

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	golog "github.com/ipfs/go-log/v2"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/metrics"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/gologshim"
	"go.uber.org/zap/zapcore"
)

// The libraries would write to the terminal, and peers could make them.
func init() {
	gologshim.SetDefaultHandler(slog.DiscardHandler)
	golog.SetPrimaryCore(zapcore.NewNopCore())
}

// A Host is this node among its peers: open from Open to Close. Its methods may
// be called by any goroutine.
type Host struct {
	cfg        Config
	id         PeerID
	prefix     string // of protocol ids
	rare       *rareLog
	archive    *archive
	roster     *roster
	gate       *gate
	ips        *ipMeter
	protocols  map[string]*Protocol
	gossip     gossip
	dialer     *dialer
	told       telling
	counts     counts
	net        host.Host
	meter      *metrics.BandwidthCounter
	identified event.Subscription
	kad        *dht.IpfsDHT // nil when off
	ports      *portMapper  // nil when off

	reachability event.Subscription
	reachable    atomic.Int32 // a network.Reachability

	ctx     context.Context // until the Host closes
	cancel  context.CancelCauseFunc
	tasks   tasks
	closing sync.Once
	closers []func() error // in the order of opening
}

// Open makes a host that listens, but lets nobody in before Run. It fails when
// the key file or the store cannot be read, or the address is taken.
func Open(cfg Config) (*Host, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if len(cfg.Connect) > 0 {
		cfg.Discovery = cfg.Discovery.ofNamed()
	}
	h := &Host{
		cfg:       cfg,
		prefix:    fmt.Sprintf("/jio/%s/%x", cfg.Params.Name, cfg.Params.GenesisHash[:4]),
		rare:      newRareLog(cfg.Log, cfg.Now),
		ips:       newIPMeter(cfg.Limits.MessagesPerSecond, isLocal(cfg.Params)),
		protocols: map[string]*Protocol{},
		meter:     metrics.NewBandwidthCounter(),
	}
	h.roster = newRoster(&h.cfg.Limits, cfg.Now)
	h.ctx, h.cancel = context.WithCancelCause(context.Background())
	for _, step := range []func() error{h.openMemory, h.openNetwork, h.openProtocols, h.openGossip, h.openDiscovery, h.listen} {
		if err := step(); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

func (h *Host) openMemory() (err error) {
	if h.archive, err = openArchive(&h.cfg, h.rare); err != nil {
		return err
	}
	h.closers = append(h.closers, h.archive.flush)
	if h.gate, err = newGate(&h.cfg, h.archive, h.roster); err != nil {
		return err
	}
	h.dialer, err = newDialer(h)
	return err
}

func (h *Host) openNetwork() (err error) {
	key, err := loadIdentity(h.cfg.KeyFile)
	if err != nil {
		return err
	}
	if h.net, err = h.newLibrary(key); err != nil {
		return err
	}
	h.id = h.net.ID()
	h.closers = append(h.closers, h.net.Close)
	if h.ports != nil {
		h.closers = append(h.closers, h.ports.Close) // while the addresses are listened on, or they are not given back
	}
	h.net.Network().Notify(&network.NotifyBundle{ConnectedF: h.connected, DisconnectedF: h.disconnected})
	if h.identified, err = h.subscribe(new(event.EvtPeerIdentificationCompleted)); err != nil {
		return err
	}
	h.reachability, err = h.subscribe(new(event.EvtLocalReachabilityChanged))
	return err
}

// subscribe listens to one kind of the library's events until the Host closes.
func (h *Host) subscribe(kind any) (event.Subscription, error) {
	s, err := h.net.EventBus().Subscribe(kind)
	if err == nil {
		h.closers = append(h.closers, s.Close)
	}
	return s, err
}

func (h *Host) openProtocols() error {
	h.net.SetStreamHandler(h.protocolID(helloName), func(s network.Stream) {
		h.guarded("hello", func() { h.answerHello(s) })
	})
	own := append([]Protocol{h.peersProtocol()}, h.cfg.Protocols...)
	for i := range own {
		p := &own[i]
		if h.protocols[p.Name] != nil || p.Name == helloName || p.Serve == nil {
			return fmt.Errorf("p2p: the protocol %q is named twice or does not serve", p.Name)
		}
		h.protocols[p.Name] = p
		h.net.SetStreamHandler(h.protocolID(p.Name), func(s network.Stream) {
			h.guarded(p.Name, func() { h.serve(p, s) })
		})
	}
	return nil
}

// Run lets peers in and looks for them until ctx ends, then closes the Host and
// waits for all it started. It returns an error when the store of peers failed.
func (h *Host) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { h.cancel(nil) })
	defer stop()
	h.gate.open.Store(true)
	h.spawn("peer changes", h.tellChanges)
	h.spawn("peer records", h.listenForRecords)
	h.spawn("reachability", h.listenForReach)
	h.spawn("dialer", h.dialer.run)
	h.spawn("peer housekeeping", h.housekeep)
	h.startDiscovery()
	<-h.ctx.Done()
	err := h.Close()
	if cause := context.Cause(h.ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return err
}

// Close ends the Host, waits for all it started and writes what it remembers. It
// may be called instead of Run, or after it.
func (h *Host) Close() (err error) {
	h.closing.Do(func() {
		if h.dialer != nil {
			h.gate.open.Store(false)
			h.dialer.keepAnchors()
		}
		h.cancel(nil)
		h.tasks.close()
		for i := len(h.closers) - 1; i >= 0; i-- {
			if i == 0 {
				h.tasks.group.Wait() // before the archive is written for the last time
			}
			err = errors.Join(err, h.closers[i]())
		}
	})
	return err
}

// tellChanges tells the owner who joined and left, in order.
func (h *Host) tellChanges(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.roster.wake:
		}
		for _, c := range h.roster.news() {
			h.tell(c)
		}
	}
}

func (h *Host) tell(c change) {
	if !c.joined {
		h.dialer.left(c.id)
		if h.cfg.Left != nil {
			h.cfg.Left(c.id)
		}
		return
	}
	h.net.ConnManager().TagPeer(c.id, tagScore, h.archive.score(c.id))
	h.spawn("peer", func(context.Context) { h.tend(c.ctx, c.id, c.peer.Inbound) })
	if h.cfg.Joined != nil {
		h.cfg.Joined(h.complete(c.peer))
	}
}

// complete adds what only the library knows of a peer.
func (h *Host) complete(p Peer) Peer {
	agent, _ := h.net.Peerstore().Get(p.ID, "AgentVersion")
	text, _ := agent.(string)
	p.Agent = Printable(text, MaxAgent)
	bytes := h.meter.GetBandwidthForPeer(p.ID)
	p.BytesIn, p.BytesOut = bytes.TotalIn, bytes.TotalOut
	p.Score = h.archive.score(p.ID)
	return p
}

// Peers returns the connected peers whose hello was accepted, the oldest first.
func (h *Host) Peers() []Peer {
	peers := h.roster.peers()
	for i := range peers {
		peers[i] = h.complete(peers[i])
	}
	return peers
}

// ID returns the node's own id, the same at every start with the same key file.
func (h *Host) ID() PeerID { return h.id }

// Addrs returns the multiaddrs under which this node may be reached, each with
// its id.
func (h *Host) Addrs() []string {
	var addrs []string
	for _, m := range h.net.Addrs() {
		addrs = append(addrs, m.String()+"/p2p/"+h.id.String())
	}
	return addrs
}

// Hangup disconnects a peer, which may come back.
func (h *Host) Hangup(id PeerID) error { return h.net.Network().ClosePeer(id) }

// housekeepingPause is the time between two rounds of housekeeping.
const housekeepingPause = time.Minute

// housekeep forgets what is over and writes what changed.
func (h *Host) housekeep(ctx context.Context) {
	ticker := time.NewTicker(housekeepingPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		h.archive.sweep()
		h.dialer.keepAnchors()
		h.meter.TrimIdle(h.cfg.Now().Add(-time.Hour))
		h.save()
	}
}
