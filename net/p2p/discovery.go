package p2p

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"time"

	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"

	"github.com/jio-dag/jio/net/p2p/addrbook"
)

// walkPause is the time between two walks through the DHT.
const walkPause = 5 * time.Minute

// walkSource stands for the DHT among the sources of the book: what it tells has
// no one teller.
var walkSource = netip.MustParseAddr("0.0.0.0")

// openDiscovery joins the DHT. It needs no more than the host, and other nodes
// find it there as soon as this one listens.
func (h *Host) openDiscovery() error {
	if !h.cfg.Discovery.DHT {
		return nil
	}
	kad, err := dht.New(h.net,
		dht.ProtocolPrefix(protocol.ID(h.prefix)),
		dht.DisableProviders(), dht.DisableValues(), // it is for finding peers only
		dht.BootstrapPeersFunc(h.contacts),
	)
	if err != nil {
		return fmt.Errorf("p2p: DHT: %w", err)
	}
	h.kad = kad
	h.closers = append(h.closers, kad.Close)
	return nil
}

// contacts returns connected peers.
func (h *Host) contacts() (infos []peer.AddrInfo) {
	for _, p := range h.roster.peers() {
		infos = append(infos, h.net.Peerstore().PeerInfo(p.ID))
	}
	return infos
}

// startDiscovery begins to look for peers.
func (h *Host) startDiscovery() {
	if h.kad != nil {
		h.spawn("DHT", h.walk)
	}
	if h.ports != nil {
		h.spawn("port mapping", h.ports.run)
	}
	if h.cfg.Discovery.MDNS && h.cfg.Proxy == "" {
		h.spawn("mDNS", h.meetNeighbours)
	}
}

// walk asks the DHT for peers near random points and learns where they are.
func (h *Host) walk(ctx context.Context) {
	for pause(ctx, h.archive.jitter(walkPause)) {
		var point [32]byte
		rand.Read(point[:]) // never fails
		query, cancel := context.WithTimeout(ctx, time.Minute)
		ids, err := h.kad.GetClosestPeers(query, string(point[:]))
		cancel()
		if err != nil {
			h.rare.info("the DHT does not answer", "error", err)
			continue
		}
		for _, id := range ids {
			h.learnPlain(walkSource, h.net.Peerstore().PeerInfo(id))
		}
	}
}

// learnPlain learns addresses that nobody signed.
func (h *Host) learnPlain(source netip.Addr, info peer.AddrInfo) {
	r := addrbook.Record{ID: info.ID}
	for _, m := range info.Addrs {
		if a, ok := addressOf(m); ok {
			r.Addrs = append(r.Addrs, a)
		}
	}
	if info.ID != h.id && isEd25519(info.ID) {
		h.archive.learn(source, r)
	}
}

// meetNeighbours announces this node on the LAN and connects to others there.
func (h *Host) meetNeighbours(ctx context.Context) {
	service := mdns.NewMdnsService(h.net, fmt.Sprintf("_jio-%x._udp", h.cfg.Params.GenesisHash[:4]), neighbours{h})
	if err := service.Start(); err != nil {
		h.cfg.Log.Warn("peers on the LAN cannot be found", "error", err)
		return
	}
	<-ctx.Done()
	if err := service.Close(); err != nil {
		h.cfg.Log.Warn("mDNS", "error", err)
	}
}

// neighbours hears of peers on the LAN.
type neighbours struct{ host *Host }

// HandlePeerFound implements mdns.Notifee.
func (n neighbours) HandlePeerFound(info peer.AddrInfo) {
	if info.ID == n.host.id || len(info.Addrs) == 0 || !isEd25519(info.ID) {
		return
	}
	n.host.dialer.visit(endpoint{text: info.ID.String(), id: info.ID, addrs: info.Addrs})
}

// pause waits and reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
