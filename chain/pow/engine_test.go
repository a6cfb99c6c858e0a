package pow

import (
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// twoEngines switches from kHeavyHash to SHA-256 at DAA score 100 and weighs
// the latter's work 3/1000.
func twoEngines() *params.Params {
	return &params.Params{
		Name:     "switching",
		RuleSets: []params.RuleSet{{HeaderVersion: 1, TransactionVersion: 1}},
		Engines: []params.Engine{
			{From: 0, ID: "kheavyhash", Num: 1, Den: 1},
			{From: 100, ID: "sha256d", Num: 3, Den: 1000},
		},
	}
}

// everyEngine returns all engines in all implementations of this machine.
func everyEngine() []Engine {
	return slices.AppendSeq(slices.Collect(all("kheavyhash")), all("sha256d"))
}

func TestByID(t *testing.T) {
	for _, id := range []string{"kheavyhash", "sha256d"} {
		if e, ok := ByID(id); !ok || e.ID() != id {
			t.Errorf("ByID(%q) = %v, %t", id, e, ok)
		}
	}
	for _, id := range []string{"", "KHeavyHash", "scrypt"} {
		if e, ok := ByID(id); ok || e != nil {
			t.Errorf("ByID(%q) = %v, %t", id, e, ok)
		}
	}
}

// TestMeetsSwitchesEngines mines a header on both sides of the switch and sees
// that only the engine in force accepts it. The target is 1 in 2¹², so that the
// other engine would take the nonce by chance once in 4,096.
func TestMeetsSwitchesEngines(t *testing.T) {
	p := twoEngines()
	for _, tt := range []struct {
		daaScore      uint64
		engine, other string
	}{{0, "kheavyhash", "sha256d"}, {99, "kheavyhash", "sha256d"}, {100, "sha256d", "kheavyhash"}, {1 << 40, "sha256d", "kheavyhash"}} {
		h := &types.Header{Version: 1, Timestamp: 1767225600001, Bits: 0x1f0fffff, DAAScore: tt.daaScore}
		target, ok := DecodeCompact(h.Bits)
		engine, _ := ByID(tt.engine)
		nonce, found := engine.Prepare(h.PrePoWHash()).Search(target, h.Timestamp, 0, 1<<17)
		if !ok || !found {
			t.Fatalf("no nonce for %s", tt.engine)
		}
		h.Nonce = nonce
		if !Meets(p, h) {
			t.Errorf("daa score %d: %s does not accept its own nonce", tt.daaScore, tt.engine)
		}
		reversed := &params.Params{Engines: []params.Engine{{ID: tt.other, Num: 1, Den: 1}}}
		if Meets(reversed, h) {
			t.Errorf("daa score %d: %s accepts a nonce of %s", tt.daaScore, tt.other, tt.engine)
		}
		for _, spoil := range []func(*types.Header){
			func(h *types.Header) { h.Nonce++ },
			func(h *types.Header) { h.Timestamp++ },
			func(h *types.Header) { h.MerkleRoot[0]++ },
			func(h *types.Header) { h.Bits = 0x1d00ffff },
			func(h *types.Header) { h.Bits = 0 },
			func(h *types.Header) { h.Bits = 0xff123456 },
			func(h *types.Header) { h.Bits |= signBit },
		} {
			spoiled := *h
			spoil(&spoiled)
			if Meets(p, &spoiled) {
				t.Errorf("daa score %d: accepted %+v", tt.daaScore, spoiled)
			}
		}
	}
}

func TestMeetsWithUnknownEngine(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown engine should panic")
		}
	}()
	p := &params.Params{Engines: []params.Engine{{ID: "scrypt", Num: 1, Den: 1}}}
	Meets(p, &types.Header{Bits: 0x207fffff})
}

// TestChoose names every implementation of this machine and one that no machine
// has, and sees that the engines in force follow where they can.
func TestChoose(t *testing.T) {
	p := twoEngines()
	for _, name := range append(Implementations("kheavyhash"), Auto) {
		if err := Choose(p, name); err != nil || p.Implementation != name {
			t.Fatalf("%q: %v", name, err)
		}
		want, _ := ByImplementation("kheavyhash", name)
		if e, ok := InForce(p, 99); !ok || e != want {
			t.Errorf("%q chosen, %v in force", name, e)
		}
		if e, ok := InForce(p, 100); !ok || e != Engine(sha256d{}) {
			t.Errorf("%q chosen, %v in force after the switch", name, e)
		}
	}
	for _, name := range []string{"", "gpu", "AVX2"} {
		err := Choose(p, name)
		if err == nil || p.Implementation != Auto {
			t.Fatalf("%q was taken: %q", name, p.Implementation)
		}
		for _, listed := range append(Implementations("kheavyhash"), Auto) {
			if !strings.Contains(err.Error(), listed) {
				t.Errorf("the error %q does not list %s", err, listed)
			}
		}
	}
}

// The engine is chosen for every header.
func TestChoosingAllocatesNothing(t *testing.T) {
	p := params.SimNet()
	for _, name := range append(Implementations("kheavyhash"), "", Auto) {
		p.Implementation = name
		if n := testing.AllocsPerRun(100, func() { InForce(p, 0) }); n != 0 {
			t.Errorf("%q: %v allocations", name, n)
		}
	}
}
