package node

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/metrics"
	"github.com/jio-dag/jio/node/rpc"
)

// anyPort is where the RPC server listens when the usual port is taken: clients
// find it by the address file.
const anyPort = "127.0.0.1:0"

// tryRPC finds out whether the address that was asked for can be had, before the
// databases are opened, which may take long. It is bound only when there is
// something to answer with: till then nobody shall wait for an answer.
func (n *Node) tryRPC() error {
	if n.cfg.RPCListen == "" || n.cfg.RPCAnyPort {
		return nil
	}
	addr, err := rpc.ListenAddress(n.cfg.RPCListen, n.cfg.RPCCert != "")
	if err != nil {
		return err
	}
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return fmt.Errorf("the RPC address cannot be had: %w", err)
	}
	return listener.Close()
}

// openRPC listens for other processes, where the node was told to.
func (n *Node) openRPC() error {
	if n.cfg.RPCListen == "" {
		return nil
	}
	n.metrics = metrics.New(n.Snapshot)
	n.measureRelay()
	server, err := rpc.Open(n.rpcConfig(n.cfg.RPCListen))
	if errors.Is(err, syscall.EADDRINUSE) && n.cfg.RPCAnyPort {
		n.log.Warn("the usual RPC port is taken: listening on another", "taken", n.cfg.RPCListen)
		server, err = rpc.Open(n.rpcConfig(anyPort))
	}
	if err != nil {
		return err
	}
	n.rpc = server
	n.opened("the RPC server", n.closeRPC)
	return writeFileDurably(n.layout.RPCAddress(), []byte(server.Addr().String()+"\n"))
}

func (n *Node) closeRPC() error {
	err := os.Remove(n.layout.RPCAddress())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(n.rpc.Close(), err)
}

func (n *Node) rpcConfig(listen string) rpc.Config {
	const envelope = 4 << 10 // what stands around a block in a request
	return rpc.Config{
		Registry: n.registry,
		Dir:      n.layout.Dir,
		Listen:   listen,
		CertFile: n.cfg.RPCCert,
		KeyFile:  n.cfg.RPCKey,
		Limits:   rpc.Limits{Body: max(1<<20, int64(n.longestLine())+envelope)},
		Log:      n.logs.For("rpc"),
		Ready:    n.ready,
		Metrics:  n.metrics.Handler(),
		Observe:  n.metrics.ObserveCall,
		Panicked: func(where string, value any, stack []byte) {
			n.metrics.CountPanic()
			file := n.layout.Crashes().Write(where, value, stack)
			n.log.Error("a call panicked; the node goes on", "call", where, "report", file)
		},
	}
}

// ready says why the node cannot be relied on, nil when it can.
func (n *Node) ready() error {
	select {
	case <-n.stopping:
		return errors.New("the node is stopping")
	default:
	}
	if s := n.Snapshot(); !s.Synced {
		return errors.New("the node is not synced: " + s.Sync.Message)
	}
	return nil
}

// RPCAddress returns the address the RPC server listens on, nil without one.
func (n *Node) RPCAddress() net.Addr {
	if n.rpc == nil {
		return nil
	}
	return n.rpc.Addr()
}

// FindRPC returns the address of the node that runs on a directory, "" where
// none does, and the cookie file to call it with.
func (l Layout) FindRPC() (addr, cookie string, err error) {
	text, err := os.ReadFile(l.RPCAddress())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return strings.TrimSpace(string(text)), rpc.CookieFile(l.Dir), err
}

// Registry returns the handlers of all methods and topics; its Local is for
// callers in this process.
func (n *Node) Registry() *api.Registry { return n.registry }
