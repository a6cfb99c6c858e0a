package local

import (
	"fmt"
	"strconv"
	"time"

	"github.com/jio-dag/jio/chain/params"
)

// networkName is the network that all this happens on: its proof of work is next
// to nothing.
const networkName = "simnet"

// MaxNodes bounds a network: each node is a process.
const MaxNodes = 64

// Options say what network to bring up. Nodes, BPS, Dir and Program are required.
type Options struct {
	Nodes   int
	Miners  int    // of the nodes, the first ones
	BPS     uint64 // blocks a second of all miners together
	Latency time.Duration
	Load    float64  // payments a second, 0 for none
	Seed    uint64   // of the miners' timing
	Dir     string   // of the network; each node has a directory below
	Program string   // the jio to run
	Args    []string // more flags for each node
	Fresh   bool     // forget what earlier networks left in the directory
}

// Validate says what is wrong with the options, in a sentence for the user.
func (o *Options) Validate() error {
	_, err := params.SimNetAt(o.BPS)
	switch {
	case err != nil:
		return err
	case o.Nodes < 1 || o.Nodes > MaxNodes:
		return fmt.Errorf("%d nodes: want 1 to %d", o.Nodes, MaxNodes)
	case o.Miners < 0 || o.Miners > o.Nodes:
		return fmt.Errorf("%d miners among %d nodes", o.Miners, o.Nodes)
	case o.Latency < 0 || o.Latency > 10*time.Second:
		return fmt.Errorf("latency %v: want 0 to 10s", o.Latency)
	case !(o.Load >= 0 && o.Load <= 1000): // also refuses NaN
		return fmt.Errorf("a load of %v payments a second: want 0 to 1000", o.Load)
	case o.Load > 0 && o.Miners == 0:
		return fmt.Errorf("a load without miners: nobody would confirm it")
	}
	return nil
}

// command is how a node is started that dials some relays.
func (o *Options) command(index int, relays []*relay) []string {
	command := append([]string{
		o.Program, "--daemon", "--network", networkName, "--bps", strconv.FormatUint(o.BPS, 10),
		"--datadir", nodeDir(o.Dir, index), "--discover", "off",
		"--p2p-listen", "127.0.0.1:0", "--rpc-listen", "127.0.0.1:0",
	}, o.Args...)
	for _, r := range relays {
		if r.from == index {
			command = append(command, "--connect", r.address())
		}
	}
	return command
}

// redDelay is how long a miner must withhold its blocks for them to become red
// with certainty: until the others have made half as many again as GHOSTDAG
// lets a blue block stand beside. It is 0 where there are no other miners.
func (o *Options) redDelay() time.Duration {
	p, err := params.SimNetAt(o.BPS)
	if err != nil || o.Miners < 2 {
		return 0
	}
	others := float64(o.BPS) * float64(o.Miners-1) / float64(o.Miners)
	return time.Duration(1.5 * float64(p.K+1) / others * float64(time.Second)).Round(time.Second)
}
