package params

import (
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// networks lists every network by name, the one with value first.
var networks = []struct {
	name string
	make func() *Params
}{
	{"mainnet", MainNet},
	{"testnet", TestNet},
	{"devnet", DevNet},
	{"simnet", SimNet},
}

// Names returns the names that ByName knows.
func Names() []string {
	names := make([]string, len(networks))
	for i, n := range networks {
		names[i] = n.name
	}
	return names
}

// ByName returns fresh parameters of a network; the error of an unknown name
// lists the known ones.
func ByName(name string) (*Params, error) {
	for _, n := range networks {
		if n.name == name {
			return n.make(), nil
		}
	}
	return nil, fmt.Errorf("unknown network %q: want one of %s", name, strings.Join(Names(), ", "))
}

// MainNet returns the parameters of the network with value.
func MainNet() *Params {
	p := &Params{
		Name:          "mainnet",
		AddressPrefix: "jio",
		CoinType:      4868431, // "JIO" in ASCII, read as a number
		P2PPort:       16110,
		RPCPort:       16111,
		MaxBits:       0x1e03ffff,
	}
	p.derive(10)
	p.shareTimeRules()
	p.start(0x1e03ffff)
	return p
}

// TestNet returns the parameters of the public network without value. Its rules
// are mainnet's with an easier start.
func TestNet() *Params {
	p := &Params{
		Name:          "testnet",
		AddressPrefix: "jiotest",
		CoinType:      1,
		P2PPort:       16210,
		RPCPort:       16211,
		MaxBits:       0x1e3fffff,
	}
	p.derive(10)
	p.shareTimeRules()
	p.start(0x1e3fffff)
	return p
}

// DevNet returns the parameters of a network for oneself: it mines at once, a
// block a second on one slow core. Its fast difficulty adjustment cannot be made
// safe against a strong adversary.
func DevNet() *Params {
	p := &Params{
		Name:            "devnet",
		AddressPrefix:   "jiodev",
		CoinType:        1,
		P2PPort:         16310,
		RPCPort:         16311,
		MaxBits:         0x207fffff,
		FutureAllowance: 12_000,
		HalfLife:        60_000,
		FlatSubsidy:     types.Jots(50 * types.JotsPerJIO),
	}
	p.derive(1)
	p.MedianTimeSpan = 31
	p.start(0x1e1fffff)
	return p
}

// SimNet returns the parameters of the network for simulations, at one block
// per second.
func SimNet() *Params { return simNet(1) }

// SimNetAt returns the parameters of the simulation network at another number
// of blocks per second, which must divide 1000 and be at most MaxRate. Genesis
// is the same at every rate.
func SimNetAt(bps uint64) (*Params, error) {
	if bps == 0 || bps > MaxRate || 1000%bps != 0 {
		return nil, fmt.Errorf("%d blocks per second: want a divisor of 1000 from 1 to %d", bps, MaxRate)
	}
	return simNet(bps), nil
}

func simNet(bps uint64) *Params {
	p := &Params{
		Name:          "simnet",
		AddressPrefix: "jiosim",
		CoinType:      1,
		MaxBits:       0x207fffff,
		NoRetarget:    true,
		FlatSubsidy:   types.Jots(50 * types.JotsPerJIO),
	}
	p.derive(bps)
	p.shareTimeRules()
	p.start(0x207fffff)
	return p
}

// shareTimeRules sets the time rules of every network but devnet. A quarter of
// the half-life must cover the future allowance and half the span of the
// median, so that honest timestamps never look like a stall.
func (p *Params) shareTimeRules() {
	p.FutureAllowance = 120_000
	p.HalfLife = 600_000
}

// start sets the version-1 rules, the genesis block and the schedule of work
// that begins with it.
func (p *Params) start(genesisBits uint32) {
	p.Genesis = genesisBlock(p.Name, genesisBits)
	p.GenesisHash = p.Genesis.Hash()
	p.RuleSets = []RuleSet{{From: 0, HeaderVersion: 1, TransactionVersion: 1}}
	p.Engines = []Engine{{
		From:   0,
		ID:     "kheavyhash",
		Anchor: Anchor{DAAScore: 0, Time: genesisTime, Bits: genesisBits},
		Num:    1,
		Den:    1,
	}}
}
