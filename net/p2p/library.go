package p2p

import (
	"fmt"
	"net"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/connmgr"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"golang.org/x/net/proxy"
)

// newLibrary makes the libp2p host, which listens nowhere yet.
func (h *Host) newLibrary(key crypto.PrivKey) (host.Host, error) {
	own := []protocol.ID{h.protocolID(gossipName), h.protocolID(helloName), h.protocolID(peersName)}
	for i := range h.cfg.Protocols {
		own = append(own, h.protocolID(h.cfg.Protocols[i].Name))
	}
	resources, err := openResources(&h.cfg, own)
	if err != nil {
		return nil, err
	}
	l := &h.cfg.Limits
	// Beyond the peers we want there may be some that other parts of the library
	// dialled; of these the manager keeps the best.
	conns, err := connmgr.NewConnManager(l.Outbound+l.Inbound, l.Outbound+l.Inbound+16, connmgr.WithGracePeriod(time.Minute))
	if err != nil {
		return nil, err
	}
	transports, err := h.transports()
	if err != nil {
		return nil, err
	}
	return libp2p.New(append(transports,
		libp2p.Identity(key),
		libp2p.NoListenAddrs,
		libp2p.UserAgent(h.cfg.Agent),
		libp2p.ProtocolVersion(h.prefix+"/1"),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Security(libp2ptls.ID, libp2ptls.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ResourceManager(resources),
		libp2p.ConnectionManager(conns),
		libp2p.ConnectionGater(h.gate),
		libp2p.BandwidthReporter(h.meter),
		libp2p.WithDialTimeout(l.DialTimeout),
		libp2p.DisableMetrics(),
		// After a hundred dials in vain the library would dial nobody by QUIC, or by
		// IPv6, for a while: whoever filled the book with dead addresses would have
		// the live ones fail. The book has pauses of its own.
		libp2p.UDPBlackHoleSuccessCounter(nil),
		libp2p.IPv6BlackHoleSuccessCounter(nil),
		// The addresses of a private network help nobody outside it.
		libp2p.NonPublicAddrPublishing(isLocal(h.cfg.Params)),
		h.reach(),
	)...)
}

// transports returns TCP and QUIC, or TCP through the proxy alone.
func (h *Host) transports() ([]libp2p.Option, error) {
	if h.cfg.network != nil {
		return h.cfg.network, nil
	}
	if h.cfg.Proxy == "" {
		return []libp2p.Option{libp2p.Transport(tcp.NewTCPTransport), libp2p.Transport(libp2pquic.NewTransport)}, nil
	}
	socks, err := proxy.SOCKS5("tcp", h.cfg.Proxy, nil, &net.Dialer{Timeout: h.cfg.Limits.DialTimeout})
	if err != nil {
		return nil, fmt.Errorf("p2p: proxy %q: %w", h.cfg.Proxy, err)
	}
	dialer, ok := socks.(tcp.ContextDialer)
	if !ok {
		return nil, fmt.Errorf("p2p: proxy %q cannot be cancelled", h.cfg.Proxy)
	}
	through := tcp.WithDialerForAddr(func(ma.Multiaddr) (tcp.ContextDialer, error) { return dialer, nil })
	// Who hides behind a proxy does not tell peers the addresses of its machine.
	hidden := libp2p.AddrsFactory(func([]ma.Multiaddr) []ma.Multiaddr { return nil })
	return []libp2p.Option{libp2p.Transport(tcp.NewTCPTransport, through), hidden}, nil
}
