package p2p

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jio-dag/jio/chain/params"
)

var namespaces = flag.Bool("namespaces", false, "test among network namespaces, which needs root and ip(8)")

// A room is a network namespace with a process in it that runs hosts. It is gone
// with the process.
type room struct {
	t      *testing.T
	name   string
	cmd    *exec.Cmd
	client *rpc.Client
}

// newRooms makes namespaces, or skips the test where it may not.
func newRooms(t *testing.T, names ...string) map[string]*room {
	t.Helper()
	if !*namespaces {
		t.Skip("network namespaces are asked for by -namespaces")
	}
	if os.Getuid() != 0 {
		t.Skip("only root makes network namespaces")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("there is no ip(8) to join namespaces with")
	}
	rooms := map[string]*room{}
	for _, name := range names {
		rooms[name] = newRoom(t, name)
	}
	return rooms
}

func newRoom(t *testing.T, name string) *room {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "room"), os.NewFile(uintptr(pair[1]), "door")
	defer ours.Close()
	defer theirs.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRoom$")
	cmd.Env = append(os.Environ(), inRoom+"="+t.TempDir())
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if err := cmd.Start(); err != nil {
		t.Skipf("a network namespace cannot be made here: %v", err)
	}
	r := &room{t: t, name: name, cmd: cmd, client: rpc.NewClient(conn)}
	t.Cleanup(func() {
		r.client.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the room %s ended with %v", name, err)
		}
	})
	r.ip("link set lo up")
	return r
}

// call has the process in the room do something and fails the test when it
// cannot.
func call[A, R any](r *room, what string, args A) (reply R) {
	r.t.Helper()
	if err := r.client.Call("Room."+what, args, &reply); err != nil {
		r.t.Fatalf("%s: %s %v: %v", r.name, what, args, err)
	}
	return reply
}

// ip runs ip(8) in the room.
func (r *room) ip(command string) { r.t.Helper(); call[string, int](r, "IP", command) }

// cable joins two rooms by a veth pair, whose ends have the addresses given.
func cable(t *testing.T, a *room, addressA string, b *room, addressB string) {
	t.Helper()
	pid := func(r *room) string { return fmt.Sprint(r.cmd.Process.Pid) }
	out, err := exec.Command("ip", "link", "add", b.name, "netns", pid(a), "type", "veth", "peer", "name", a.name, "netns", pid(b)).CombinedOutput()
	if err != nil {
		t.Fatalf("veth: %v: %s", err, out)
	}
	for _, end := range []struct {
		*room
		name, address string
	}{{a, b.name, addressA}, {b, a.name, addressB}} {
		end.ip("address add " + end.address + " dev " + end.name)
		end.ip("link set " + end.name + " up")
	}
}

// Room is what a room's process does for the test, by net/rpc.
type Room struct {
	t       *testing.T
	hosts   map[string]*testNode
	gateway *gateway
}

// IP runs ip(8) with the words of a command.
func (r *Room) IP(command string, _ *int) error {
	out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// Forward makes the room a router.
func (r *Room) Forward(int, *int) error { return forward() }

// Masquerade makes the room a NAT, one that maps ports between these addresses
// inside and outside where it is told them.
func (r *Room) Masquerade(between []string, _ *int) error {
	if len(between) == 0 {
		return masquerade(false)
	}
	if err := masquerade(true); err != nil {
		return err
	}
	return mapPorts(between[0], between[1])
}

// A Tenant is a host to open in a room.
type Tenant struct {
	Name, Listen string
	Add          []string
	Discovery    Discovery
}

// Open opens a host of the public test network under its name.
func (r *Room) Open(who Tenant, id *string) error {
	cfg := testConfig(r.t)
	cfg.Params, cfg.Agent, cfg.Listen, cfg.Add, cfg.Discovery = params.TestNet(), who.Name, who.Listen, who.Add, who.Discovery
	cfg.Limits = DefaultLimits()
	cfg.KeyFile = filepath.Join(r.t.TempDir(), "key")
	n := runNode(r.t, cfg)
	r.hosts[who.Name] = n
	go func() { // nobody reads them
		for {
			select {
			case <-n.joined:
			case <-n.left:
			case <-r.t.Context().Done():
				return
			}
		}
	}()
	*id = n.ID().String()
	return nil
}

// Addrs returns where a host may be reached.
func (r *Room) Addrs(name string, addrs *[]string) error {
	*addrs = r.hosts[name].Addrs()
	return nil
}

// Reach says what a host knows of being reachable: whether it is, and whether it
// knows.
func (r *Room) Reach(name string, known *string) error {
	*known = fmt.Sprint(r.hosts[name].Reachable())
	return nil
}

// Peers returns the peers of a host.
func (r *Room) Peers(name string, peers *[]Peer) error {
	*peers = r.hosts[name].Peers()
	return nil
}

// Links says where all connections of a host lead, those through relays too.
func (r *Room) Links(name string, links *[]string) error {
	for _, c := range r.hosts[name].net.Network().Conns() {
		*links = append(*links, fmt.Sprintf("%s %v %s", c.Stat().Direction, c.Stat().Limited, c.RemoteMultiaddr()))
	}
	return nil
}

// A Call is for a host to make.
type Call struct{ Name, Peer, Text string }

// Dial connects a host to a peer.
func (r *Room) Dial(c Call, id *string) error {
	ctx, cancel := context.WithTimeout(r.t.Context(), 3*time.Minute)
	defer cancel()
	got, err := r.hosts[c.Name].Dial(ctx, c.Peer)
	*id = got.String()
	return err
}

// Echo has a host ask a peer for what it says.
func (r *Room) Echo(c Call, answer *string) error {
	for _, p := range r.hosts[c.Name].Peers() {
		if p.ID.String() == c.Peer {
			b, err := r.hosts[c.Name].Request(r.t.Context(), p.ID, "echo", []byte(c.Text))
			*answer = string(b)
			return err
		}
	}
	return ErrNotConnected
}

// TestRoom is the process in a room: no test of its own.
func TestRoom(t *testing.T) {
	if os.Getenv(inRoom) == "" {
		t.Skip("the process of a room, for tests among namespaces")
	}
	conn, err := net.FileConn(os.NewFile(3, "door"))
	if err != nil {
		t.Fatal(err)
	}
	server := rpc.NewServer()
	if err := server.RegisterName("Room", &Room{t: t, hosts: map[string]*testNode{}}); err != nil {
		t.Fatal(err)
	}
	server.ServeConn(conn) // until the test closes its end
}
