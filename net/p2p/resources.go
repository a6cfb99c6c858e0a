package p2p

import (
	"math"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/x/rate"
)

// What the library may hold at once, whatever the machine has.
const (
	systemMemory    = 512 << 20
	transientMemory = 64 << 20
	peerMemory      = 48 << 20
	streamMemory    = 20 << 20
)

// openResources returns the resource manager with our own table. Every kind of
// stream has an entry: what the table does not name would share one small
// default.
func openResources(cfg *Config, own []protocol.ID) (network.ResourceManager, error) {
	l := &cfg.Limits
	conns := l.Inbound + 3*l.Outbound + 16
	streams := conns * 16
	small := streamLimits(streams, 8<<20)
	perPeer := streamLimits(16, 4<<20)
	table := rcmgr.PartialLimitConfig{
		System:              connLimits(conns, streams, systemMemory),
		Transient:           connLimits(64, 256, transientMemory),
		PeerDefault:         connLimits(8, 256, peerMemory),
		Conn:                connLimits(1, 0, peerMemory),
		Stream:              rcmgr.ResourceLimits{Memory: streamMemory},
		ServiceDefault:      small,
		ServicePeerDefault:  perPeer,
		ProtocolDefault:     small,
		ProtocolPeerDefault: perPeer,
		Protocol:            map[protocol.ID]rcmgr.ResourceLimits{},
		ProtocolPeer:        map[protocol.ID]rcmgr.ResourceLimits{},
	}
	for _, id := range own {
		table.Protocol[id] = streamLimits(streams, systemMemory/2)
		table.ProtocolPeer[id] = streamLimits(l.ServedAtOnce, peerMemory)
	}
	limiter := rcmgr.NewFixedLimiter(table.Build(rcmgr.InfiniteLimits))
	free4, free6 := exempt(cfg)
	return rcmgr.NewResourceManager(limiter, rcmgr.WithMetricsDisabled(),
		rcmgr.WithNetworkPrefixLimit(free4, free6),
		rcmgr.WithLimitPerSubnet(
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 32, ConnCount: l.ConnsPerIP}, {PrefixLength: 24, ConnCount: l.ConnsPerNet}},
			[]rcmgr.ConnLimitPerSubnet{{PrefixLength: 64, ConnCount: l.ConnsPerIP}, {PrefixLength: 56, ConnCount: l.ConnsPerNet}},
		),
		rcmgr.WithConnRateLimiters(connRates(cfg)),
	)
}

func connLimits(conns, streams int, memory int64) rcmgr.ResourceLimits {
	limits := streamLimits(streams, memory)
	n := rcmgr.LimitVal(conns)
	limits.Conns, limits.ConnsInbound, limits.ConnsOutbound, limits.FD = n, n, n, n
	if streams == 0 { // streams belong to the peer, not to its connection
		limits.Streams, limits.StreamsInbound, limits.StreamsOutbound = rcmgr.Unlimited, rcmgr.Unlimited, rcmgr.Unlimited
	}
	return limits
}

func streamLimits(n int, memory int64) rcmgr.ResourceLimits {
	v := rcmgr.LimitVal(n)
	return rcmgr.ResourceLimits{Streams: v, StreamsInbound: v, StreamsOutbound: v, Memory: rcmgr.LimitVal64(memory)}
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// exempt frees loopback of limits where several nodes of one owner share it, and
// there only: the library would free it everywhere.
func exempt(cfg *Config) (ipv4, ipv6 []rcmgr.NetworkPrefixLimit) {
	if !isLocal(cfg.Params) {
		return []rcmgr.NetworkPrefixLimit{}, []rcmgr.NetworkPrefixLimit{}
	}
	free := func(p netip.Prefix) []rcmgr.NetworkPrefixLimit {
		return []rcmgr.NetworkPrefixLimit{{Network: p, ConnCount: math.MaxInt}}
	}
	return free(loopback[0]), free(loopback[1])
}

// connRates bounds how fast connections may come and go from one place.
func connRates(cfg *Config) *rate.Limiter {
	r := &rate.Limiter{SubnetRateLimiter: rate.SubnetLimiter{
		IPv4SubnetLimits: []rate.SubnetLimit{{PrefixLength: 32, Limit: rate.Limit{RPS: 0.5, Burst: 2 * cfg.Limits.ConnsPerIP}}},
		IPv6SubnetLimits: []rate.SubnetLimit{{PrefixLength: 56, Limit: rate.Limit{RPS: 0.5, Burst: 2 * cfg.Limits.ConnsPerNet}}},
		GracePeriod:      time.Minute,
	}}
	if isLocal(cfg.Params) {
		for _, p := range loopback {
			r.NetworkPrefixLimits = append(r.NetworkPrefixLimits, rate.PrefixLimit{Prefix: p})
		}
	}
	return r
}
