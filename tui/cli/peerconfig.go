package cli

import (
	"fmt"
	"net"
	"strconv"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/p2p"
	"github.com/jio-dag/jio/node"
)

// peers settles how the node meets others, nil when it shall not.
func (r resolution) peers(p *params.Params) (*node.P2P, error) {
	if r.on("no-p2p") {
		return nil, nil
	}
	o := &node.P2P{
		Listen: r.text("p2p-listen"), Connect: r.list("connect"), Add: r.list("add-peer"),
		Allow: r.list("allow"), Deny: r.list("deny"), Proxy: r.text("proxy"),
	}
	for _, name := range []string{"connect", "add-peer"} {
		for _, peer := range r.list(name) {
			if err := p2p.ParsePeer(peer); err != nil {
				return nil, r.blame(name, err)
			}
		}
	}
	switch o.Listen {
	case "off":
		o.Listen = ""
	case "":
		o.Listen, o.AnyPort = net.JoinHostPort(usualHost(p), strconv.Itoa(int(p.P2PPort))), true
	}
	switch text := r.text("discover"); text {
	case "auto":
		o.Discover = !own(p)
	case "on", "off":
		o.Discover = text == "on"
	default:
		return nil, r.blame("discover", fmt.Errorf("%q: want on, off or auto", text))
	}
	return o, nil
}

// own reports whether a network is for oneself: nothing announces it.
func own(p *params.Params) bool { return p.Name == "devnet" || p.Name == "simnet" }

func usualHost(p *params.Params) string {
	if own(p) {
		return "127.0.0.1"
	}
	return "0.0.0.0"
}
