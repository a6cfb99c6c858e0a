package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

// A Command is what a network may be told while it runs.
type Command struct {
	Do    string        `json:"do"`
	Node  int           `json:"node,omitempty"`
	Sides string        `json:"sides,omitempty"` // such as 0,1|2,3
	For   time.Duration `json:"for,omitempty"`
}

// What a Command does.
const (
	DoStatus    = "status"
	DoDown      = "down"
	DoKill      = "kill"  // Node
	DoStart     = "start" // Node
	DoPartition = "partition"
	DoHeal      = "heal"
	DoWithhold  = "withhold" // Node, For or 0 for as long as makes its branch red
)

// A Reply is what came of a Command.
type Reply struct {
	Error string `json:"error,omitempty"`
	Done  string `json:"done"` // in words
	View  *View  `json:"view,omitempty"`
}

// ErrNotUp says that no network runs on a directory. It wraps client.ErrNoNode.
var ErrNotUp = fmt.Errorf("no network is up: %w", client.ErrNoNode)

const (
	maxCommand  = 1 << 12 // bytes
	maxReply    = 1 << 20
	commandTime = 2 * time.Minute // to carry out one
)

func socketFile(dir string) string { return filepath.Join(dir, "control.sock") }

// listen answers commands of this user from other processes.
func (n *Net) listen(func(string)) error {
	file := socketFile(n.opts.Dir)
	_ = os.Remove(file) // the directory is locked, so it is nobody's any more
	l, err := net.Listen("unix", file)
	if err != nil {
		return err
	}
	if err := os.Chmod(file, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	context.AfterFunc(n.ctx, func() { _ = l.Close() }) // which removes the file
	n.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.running.Go(func() { n.serve(c) })
		}
	})
	return nil
}

func (n *Net) serve(c net.Conn) {
	defer c.Close()
	defer context.AfterFunc(n.ctx, func() { _ = c.Close() })()
	_ = c.SetDeadline(time.Now().Add(commandTime))
	var command Command
	var reply Reply
	err := json.NewDecoder(io.LimitReader(c, maxCommand)).Decode(&command)
	if err == nil {
		reply, err = n.Do(command)
	}
	if err != nil {
		reply = Reply{Error: err.Error()}
	}
	_ = json.NewEncoder(c).Encode(reply) // who asked may be gone
}

// Do carries out a command.
func (n *Net) Do(c Command) (reply Reply, err error) {
	switch c.Do {
	case DoStatus:
		v := n.View()
		return Reply{View: &v}, nil
	case DoDown:
		n.End()
		return Reply{Done: "the network stops"}, nil
	case DoKill:
		return Reply{Done: fmt.Sprintf("node %d is dead", c.Node)}, n.kill(c.Node)
	case DoStart:
		if err := n.named(c.Node); err != nil {
			return reply, err
		}
		return Reply{Done: fmt.Sprintf("node %d is up", c.Node)}, n.start(c.Node)
	case DoPartition:
		return Reply{Done: "the network is parted: " + c.Sides}, n.partition(c.Sides)
	case DoHeal:
		n.heal()
		return Reply{Done: "every link is open"}, nil
	case DoWithhold:
		d, err := n.withhold(c.Node, c.For)
		return Reply{Done: fmt.Sprintf("node %d withholds its blocks for %v", c.Node, d)}, err
	}
	return reply, fmt.Errorf("the network knows no command %q", c.Do)
}

// Tell has the network of a directory carry out a command.
func Tell(ctx context.Context, dir string, command Command) (reply Reply, err error) {
	c, err := new(net.Dialer).DialContext(ctx, "unix", socketFile(dir))
	if err != nil {
		return reply, fmt.Errorf("%w on %s: %w", ErrNotUp, dir, err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	if err := json.NewEncoder(c).Encode(command); err != nil {
		return reply, err
	}
	if err := json.NewDecoder(io.LimitReader(c, maxReply)).Decode(&reply); err != nil {
		return reply, fmt.Errorf("the network hung up: %w", err)
	}
	if reply.Error != "" {
		return reply, errors.New(reply.Error)
	}
	return reply, nil
}

// Attach returns clients of the nodes that run on a directory, and their blocks a
// second. The caller closes them.
func Attach(ctx context.Context, dir string) (nodes []*client.Client, bps uint64, err error) {
	for i := range MaxNodes {
		if c, _, err := meet(ctx, nodeDir(dir, i)); err == nil {
			nodes = append(nodes, c)
		}
	}
	if len(nodes) == 0 {
		return nil, 0, fmt.Errorf("%w on %s", ErrNotUp, dir)
	}
	info, err := api.GetInfo.Call(ctx, nodes[0], api.None{})
	return nodes, info.BlocksPerSecond, err
}

// StopAll stops the nodes that an interrupted run left on a directory, and
// counts them.
func StopAll(ctx context.Context, dir string) (stopped int, err error) {
	nodes, _, err := Attach(ctx, dir)
	if errors.Is(err, ErrNotUp) {
		return 0, nil
	}
	for _, c := range nodes {
		_, stopErr := api.Stop.Call(ctx, c, api.None{})
		err = errors.Join(err, stopErr)
		c.Close()
	}
	return len(nodes), err
}
