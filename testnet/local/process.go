package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

const (
	pollInterval = 50 * time.Millisecond
	startTime    = time.Minute      // for a node to answer calls
	stopTime     = 30 * time.Second // for a node to end by itself
)

// A process is a node of the network: the directory stays, the process comes and
// goes.
type process struct {
	index   int
	dir     string   // its data directory
	command []string // the program and its arguments

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan struct{}  // closed when cmd has ended
	client *client.Client // nil until it answers
	door   string         // HOST:PORT where it listens for peers
}

// What a node that is down cannot do, and one that is up.
var (
	errDown = errors.New("the node is down")
	errUp   = errors.New("the node is up")
)

// nodeDir is the data directory of a node of the network in dir.
func nodeDir(dir string, index int) string {
	return filepath.Join(dir, fmt.Sprintf("node%d", index))
}

// start runs the node and waits until it answers.
func (p *process) start(ctx context.Context) error {
	ended, err := p.launch()
	if err != nil {
		return fmt.Errorf("node %d: %w", p.index, err)
	}
	c, door, err := p.reach(ctx, ended)
	if err != nil {
		return errors.Join(fmt.Errorf("node %d: %w", p.index, err), p.kill())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.client, p.door = c, door
	return nil
}

// launch starts the process and returns a channel that is closed when it ends.
func (p *process) launch() (<-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.notice(); p.cmd != nil {
		return nil, errUp
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	console, err := os.Create(p.console())
	if err != nil {
		return nil, err
	}
	defer console.Close() // the process has its own
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Stderr, cmd.Env = console, p.environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the terminal's signals are for us
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // how it ended is in its log
	}()
	p.cmd, p.ended = cmd, ended
	return ended, nil
}

// console is the file of what the process writes.
func (p *process) console() string { return filepath.Join(p.dir, "console.log") }

// environment leaves out what would set the node's settings behind our back.
func (p *process) environment() (env []string) {
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "JIO_") && !strings.HasPrefix(entry, "XDG_CONFIG_HOME=") {
			env = append(env, entry)
		}
	}
	return append(env, "XDG_CONFIG_HOME="+p.dir)
}

// reach waits until the process answers calls.
func (p *process) reach(ctx context.Context, ended <-chan struct{}) (*client.Client, string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startTime, fmt.Errorf("no answer within %v", startTime))
	defer cancel()
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, "", context.Cause(ctx)
		case <-ended:
			return nil, "", p.lastWords()
		case <-poll.C:
		}
		// An error says that it is not ready, or that its files are of the last run.
		if c, door, err := meet(ctx, p.dir); err == nil {
			return c, door, nil
		}
	}
}

// meet finds the node that runs on a directory, and where it listens for peers.
func meet(ctx context.Context, dir string) (*client.Client, string, error) {
	addr, cookie, err := node.LayoutOf(dir, networkName).FindRPC()
	if err != nil || addr == "" {
		return nil, "", errors.Join(errDown, err)
	}
	c, err := client.New(client.Config{Addr: addr, Cookie: cookie})
	if err != nil {
		return nil, "", err
	}
	info, err := api.GetNetwork.Call(ctx, c, api.None{})
	if err == nil {
		for _, text := range info.Listening {
			if door, ok := tcpDoor(text); ok {
				return c, door, nil
			}
		}
		err = fmt.Errorf("the node listens on none of %q by TCP", info.Listening)
	}
	c.Close()
	return nil, "", err
}

// tcpDoor reads HOST:PORT from /ip4/HOST/tcp/PORT/p2p/ID.
func tcpDoor(multiaddr string) (door string, ok bool) {
	parts := strings.Split(multiaddr, "/")
	if len(parts) < 5 || parts[1] != "ip4" || parts[3] != "tcp" {
		return "", false
	}
	return parts[2] + ":" + parts[4], true
}

// lastWords is the error of a process that ended: the end of what it wrote.
func (p *process) lastWords() error {
	text, err := os.ReadFile(p.console())
	if err != nil {
		return err
	}
	const most = 500
	return fmt.Errorf("it ended: %s", strings.TrimSpace(string(text[max(0, len(text)-most):])))
}

// caller returns a client of the node, and a channel that is closed when it ends.
func (p *process) caller() (*client.Client, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.notice(); p.client == nil {
		return nil, nil, errDown
	}
	return p.client, p.ended, nil
}

// Call implements api.Caller: it calls the node as long as it is up.
func (p *process) Call(ctx context.Context, method string, params, result any) error {
	c, _, err := p.caller()
	if err != nil {
		return err
	}
	return c.Call(ctx, method, params, result)
}

// Subscribe implements api.Subscriber. It ends with the node.
func (p *process) Subscribe(ctx context.Context, sub api.Subscription, event any, each func() error) error {
	c, ended, err := p.caller()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-ended:
			cancel(errDown)
		case <-ctx.Done():
		}
	}()
	err = c.Subscribe(ctx, sub, event, each)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// notice looks whether the process has ended. It assumes the lock.
func (p *process) notice() {
	if p.cmd == nil {
		return
	}
	select {
	case <-p.ended:
		p.forget()
	default:
	}
}

func (p *process) isUp() bool {
	_, _, err := p.caller()
	return err == nil
}

func (p *process) leadsTo() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.door
}

// forget notes that the process is gone. It assumes the lock.
func (p *process) forget() {
	if p.client != nil {
		p.client.Close()
	}
	p.cmd, p.client, p.door = nil, nil, ""
}

// kill ends the process at once, as a power loss would end it.
func (p *process) kill() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return errDown
	}
	_ = p.cmd.Process.Kill() // an error says that it has ended
	<-p.ended
	p.forget()
	return nil
}

// stop asks the node to stop and waits, but not for ever.
func (p *process) stop() error {
	c, ended, err := p.caller()
	if err != nil {
		return nil // it is down
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	_, err = api.Stop.Call(ctx, c, api.None{})
	if err == nil {
		select {
		case <-ended:
			_, _, _ = p.caller() // which notes the end
			return nil
		case <-ctx.Done():
			err = fmt.Errorf("it did not stop within %v", stopTime)
		}
	}
	return errors.Join(fmt.Errorf("node %d: %w", p.index, err), p.kill())
}
