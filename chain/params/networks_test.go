package params

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// identity is the part of the parameters that names a network.
type identity struct {
	prefix      string
	coin        uint32
	p2p, rpc    uint16
	bps         uint64
	maxBits     uint32
	genesisBits uint32
	halfLife    uint64
	allowance   uint64
	medianSpan  int
	noRetarget  bool
	flatInJIO   uint64
	genesisHash string
}

// TestNetworks freezes what tells the networks apart. A genesis hash that moves
// means another network.
func TestNetworks(t *testing.T) {
	want := map[string]identity{
		"mainnet": {
			"jio", 4868431, 16110, 16111, 10, 0x1e03ffff, 0x1e03ffff, 600_000, 120_000, 331, false, 0,
			"11dbccccdaf70d0f8c5a50431a76574c0cf5dbbe87924a8d684811fb9ae3aa30",
		},
		"testnet": {
			"jiotest", 1, 16210, 16211, 10, 0x1e3fffff, 0x1e3fffff, 600_000, 120_000, 331, false, 0,
			"c762e376bb5993d62d93d7c737384c98014c8f45e3b2b6f9318ae5dad43ee6a8",
		},
		"devnet": {
			"jiodev", 1, 16310, 16311, 1, 0x207fffff, 0x1e1fffff, 60_000, 12_000, 31, false, 50,
			"bb866d34967e1572d64ab68f14ae61941a6053c190c8a2f3692ed3c9a30fd3a4",
		},
		"simnet": {
			"jiosim", 1, 0, 0, 1, 0x207fffff, 0x207fffff, 600_000, 120_000, 61, true, 50,
			"2116d33fe0c42bdccd376bf8e4ee4a504d66b1f234cef77d7e4036449ccf6ad7",
		},
	}
	if len(Names()) != len(want) {
		t.Fatalf("networks %v, want %d", Names(), len(want))
	}
	for _, name := range Names() {
		p, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		got := identity{
			p.AddressPrefix, p.CoinType, p.P2PPort, p.RPCPort, p.BlocksPerSecond, p.MaxBits, p.Genesis.Header.Bits,
			p.HalfLife, p.FutureAllowance, p.MedianTimeSpan, p.NoRetarget, p.FlatSubsidy.Jots() / types.JotsPerJIO, p.GenesisHash.String(),
		}
		if p.Name != name || got != want[name] {
			t.Errorf("%s (%s) = %+v\nwant %+v", name, p.Name, got, want[name])
		}
	}
}

// TestVersionOne holds that each network begins with one rule set, one engine
// and the genesis anchor.
func TestVersionOne(t *testing.T) {
	for _, name := range Names() {
		p, _ := ByName(name)
		if want := []RuleSet{{0, 1, 1}}; !slices.Equal(p.RuleSets, want) {
			t.Errorf("%s: rule sets %v, want %v", name, p.RuleSets, want)
		}
		anchor := Anchor{0, p.Genesis.Header.Timestamp, p.Genesis.Header.Bits}
		if want := []Engine{{0, "kheavyhash", anchor, 1, 1}}; !slices.Equal(p.Engines, want) {
			t.Errorf("%s: engines %v, want %v", name, p.Engines, want)
		}
	}
}

func TestByNameListsKnownNames(t *testing.T) {
	_, err := ByName("Mainnet")
	if err == nil {
		t.Fatal("a name in another case is known")
	}
	for _, name := range append(Names(), `"Mainnet"`) {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not name %s", err, name)
		}
	}
}

// TestFreshValues holds that two calls share no memory.
func TestFreshValues(t *testing.T) {
	for _, name := range Names() {
		changed, _ := ByName(name)
		changed.K++
		changed.RuleSets[0].HeaderVersion++
		changed.Engines[0].ID = "other"
		changed.Genesis.Transactions[0].Payload[0]++
		a, _ := ByName(name)
		b, _ := ByName(name)
		if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, changed) || a.Validate() != nil {
			t.Errorf("%s: a change to one value shows in another", name)
		}
	}
}

func TestSimNetRates(t *testing.T) {
	var allowed []uint64
	for bps := uint64(0); bps <= 1001; bps++ {
		p, err := SimNetAt(bps)
		if err != nil {
			continue
		}
		allowed = append(allowed, bps)
		if p.BlocksPerSecond != bps || p.Spacing*bps != 1000 || p.GenesisHash != SimNet().GenesisHash {
			t.Errorf("%d blocks per second: %+v", bps, p)
		}
		if err := p.Validate(); err != nil {
			t.Errorf("%d blocks per second: %v", bps, err)
		}
	}
	if want := []uint64{1, 2, 4, 5, 8, 10, 20, 25}; !slices.Equal(allowed, want) {
		t.Errorf("rates %v, want %v", allowed, want)
	}
}

// TestStallRoom holds, where value is at stake, that a quarter of the half-life
// covers the future allowance and half the span of the median: an honest chain
// never forgives a slot.
func TestStallRoom(t *testing.T) {
	for _, p := range []*Params{MainNet(), TestNet()} {
		room := p.FutureAllowance + uint64(p.MedianTimeSpan)*p.Spacing/2
		if p.HalfLife/4 < room {
			t.Errorf("%s: half-life/4 = %d ms, want at least %d", p.Name, p.HalfLife/4, room)
		}
	}
}

func TestScheduleLookup(t *testing.T) {
	p := SimNet()
	p.RuleSets = append(p.RuleSets, RuleSet{From: 100, HeaderVersion: 2}, RuleSet{From: 200, HeaderVersion: 3})
	p.Engines = append(p.Engines, Engine{From: 100, ID: "sha256d"})
	for score, want := range map[uint64]uint32{0: 1, 99: 1, 100: 2, 199: 2, 200: 3, ^uint64(0): 3} {
		if got := p.RuleSetAt(score).HeaderVersion; got != want {
			t.Errorf("header version at %d = %d, want %d", score, got, want)
		}
	}
	for score, want := range map[uint64]string{0: "kheavyhash", 99: "kheavyhash", 100: "sha256d", ^uint64(0): "sha256d"} {
		if got := p.EngineAt(score).ID; got != want {
			t.Errorf("engine at %d = %s, want %s", score, got, want)
		}
	}
}
