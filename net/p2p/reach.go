package p2p

import (
	"context"
	"errors"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/host/autorelay"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/proto"
)

var errNoHole = errors.New("the relay leads to the peer, but no direct connection came about")

// reach returns the options by which a node behind NAT is found. A proxy rules
// them out, since all would go around it.
func (h *Host) reach() libp2p.Option {
	d := h.cfg.Discovery
	if h.cfg.Proxy != "" {
		d = Discovery{}
	}
	var options []libp2p.Option
	if d.PortMap {
		options = append(options, libp2p.NATManager(func(n network.Network) basichost.NATManager {
			h.ports = newPortMapper(n)
			return h.ports
		}))
	}
	if d.AutoNAT {
		options = append(options, libp2p.EnableNATService(), libp2p.EnableAutoNATv2())
	} else {
		options = append(options, libp2p.ForceReachabilityPublic()) // asks nobody
	}
	if !d.Relay {
		return libp2p.ChainOptions(append(options, libp2p.DisableRelay())...)
	}
	options = append(options, libp2p.EnableRelay(), libp2p.EnableAutoRelayWithPeerSource(h.relays))
	if d.AutoNAT {
		options = append(options, libp2p.EnableRelayService()) // within the limits of circuit v2
	}
	if d.HolePunch {
		options = append(options, libp2p.EnableHolePunching())
	}
	return libp2p.ChainOptions(options...)
}

var _ autorelay.PeerSource = (*Host)(nil).relays

// relays offers connected peers that relay.
func (h *Host) relays(ctx context.Context, n int) <-chan peer.AddrInfo {
	found := make(chan peer.AddrInfo, n)
	defer close(found)
	for _, p := range h.roster.peers() {
		if len(found) == n || ctx.Err() != nil {
			break
		}
		hops, err := h.net.Peerstore().SupportsProtocols(p.ID, proto.ProtoIDv2Hop)
		if err == nil && len(hops) > 0 {
			found <- h.net.Peerstore().PeerInfo(p.ID)
		}
	}
	return found
}

// connectThrough connects to a peer behind NAT by way of the relay its address
// names. The peer, reached over the relay, begins to punch a hole (DCUtR, the
// connection upgrade of libp2p); what counts is the hello on the connection that
// comes of it, and the relayed one is given up.
func (h *Host) connectThrough(ctx context.Context, e endpoint) error {
	ctx, cancel := context.WithTimeout(ctx, punchTime)
	defer cancel()
	verdict := h.roster.hope(e.id)
	defer h.roster.drop(verdict)
	err := h.net.Connect(network.WithAllowLimitedConn(ctx, "to arrange a direct one"), peer.AddrInfo{ID: e.id, Addrs: e.addrs})
	if err != nil {
		return err
	}
	defer h.hangUpRelayed(e.id)
	if err := h.roster.awaitMember(ctx, verdict); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return errNoHole
}

// punchTime is how long it may take to reach a relay, a peer through it, and that
// peer directly: the library tries three times.
const punchTime = time.Minute

// hangUpRelayed closes what leads to a peer through a relay.
func (h *Host) hangUpRelayed(id PeerID) {
	for _, c := range h.net.Network().ConnsToPeer(id) {
		if c.Stat().Limited {
			c.Close()
		}
	}
}

// listenForReach keeps what AutoNAT finds out about this node.
func (h *Host) listenForReach(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-h.reachability.Out():
			if !ok {
				return
			}
			h.reachable.Store(int32(e.(event.EvtLocalReachabilityChanged).Reachability))
		}
	}
}

// Reachable reports whether peers said that they can connect to this node by
// themselves; known is false while too few did, or none are asked.
func (h *Host) Reachable() (reachable, known bool) {
	if !h.cfg.Discovery.AutoNAT || h.cfg.Proxy != "" {
		return false, false
	}
	r := network.Reachability(h.reachable.Load())
	return r == network.ReachabilityPublic, r != network.ReachabilityUnknown
}
