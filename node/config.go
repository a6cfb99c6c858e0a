package node

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/rpc"
)

// Config is everything a start decides. The zero value of a field is its
// default, except for those said to be required.
type Config struct {
	Params    *params.Params // required
	DataDir   string         // required; the network gets a directory of its own below it
	Console   io.Writer      // log lines go here too; nil means nowhere else than the file
	Levels    Levels
	JSONLogs  bool
	Existing  bool    // refuse a directory that holds no database instead of making one
	NoIndex   bool    // keep no index of transactions and addresses
	NoWallets bool    // keep no wallets
	RAMScale  float64 // multiplies the caches, RAMScaleMin to RAMScaleMax; 0 means 1

	P2P *P2P // nil keeps to itself

	RPCListen  string // HOST:PORT that answers other processes; "" answers none
	RPCAnyPort bool   // take another port of this machine where that one is taken
	RPCCert    string // PEM files of the certificate and its key, needed beyond this machine
	RPCKey     string

	Mine          bool           // mine from the start
	MineUnsynced  bool           // devnet and simnet only: mine before the node is synced
	MineOnBattery bool           // mine also while the machine runs on its battery
	MineTo        *types.Address // nil pays the throwaway key
	Threads       int            // of the miner, at most MaxThreads(); 0 means DefaultThreads()
}

// The bounds of Config.RAMScale.
const (
	RAMScaleMin = 0.1
	RAMScaleMax = 16
)

// MaxThreads is the number of processors.
func MaxThreads() int { return runtime.NumCPU() }

// DefaultThreads leaves one processor to everything else.
func DefaultThreads() int { return max(1, runtime.NumCPU()-1) }

// Validate says what is wrong with a configuration, in a sentence for the user.
func (c *Config) Validate() error {
	switch {
	case c.Params == nil || c.DataDir == "":
		return errors.New("a network and a data directory are required")
	case c.MineUnsynced && !ownNetwork(c.Params):
		return fmt.Errorf("mining before the node is synced is for devnet and simnet, not for %s", c.Params.Name)
	case c.Threads < 0 || c.Threads > MaxThreads():
		return fmt.Errorf("%d mining threads: this machine runs 1 to %d", c.Threads, MaxThreads())
	case c.RAMScale != 0 && !(c.RAMScale >= RAMScaleMin && c.RAMScale <= RAMScaleMax): // also refuses NaN
		return fmt.Errorf("RAM scale %v: want %v to %v", c.RAMScale, RAMScaleMin, RAMScaleMax)
	case c.RPCListen != "": // before a database is opened for nothing
		_, err := rpc.ListenAddress(c.RPCListen, c.RPCCert != "")
		return err
	}
	return nil
}

// ownNetwork reports whether a network is for oneself, so that a node without
// peers counts as synced.
func ownNetwork(p *params.Params) bool { return p.Name == "devnet" || p.Name == "simnet" }

func (c *Config) scaled(n int) int {
	if c.RAMScale == 0 {
		return n
	}
	return max(1, int(float64(n)*c.RAMScale))
}

func (c *Config) threads() int {
	if c.Threads == 0 {
		return DefaultThreads()
	}
	return c.Threads
}

func (c *Config) console() io.Writer {
	if c.Console == nil {
		return io.Discard
	}
	return c.Console
}
