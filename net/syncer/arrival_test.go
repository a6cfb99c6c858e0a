package syncer

import (
	"errors"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// coreOn returns a Core on the genesis of a network.
func coreOn(t *testing.T, p *params.Params) *Core {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Params: p, Chain: m, Alone: true})
	c.now = time.UnixMilli(int64(p.Genesis.Header.Timestamp))
	return c
}

// A target that the difficulty adjustment cannot have reached in one step is
// refused before GHOSTDAG; everything that it can reach is not.
func TestBurstGuard(t *testing.T) {
	p := params.DevNet()
	c := coreOn(t, p) // genesis has bits 1e1fffff; 180 blocks of a second harden by 2³ at a half-life of 60 s
	for _, b := range []struct {
		bits uint32
		want error
	}{
		{0x1e1fffff, nil},
		{0x1e26ffff, nil},                 // eased by 2^(1/4)
		{0x1e3ffffe, nil},                 // the guard itself: twice
		{0x1e400000, rules.ErrDifficulty}, // more than twice
		{0x207fffff, rules.ErrDifficulty},
		{0x1e03ffff, nil}, // hardened by 2³
		{0x1e010000, nil}, // by 2⁵, the guard
		{0x1e00ffff, rules.ErrDifficulty},
		{0x1d7fffff, rules.ErrDifficulty},
		{0x1b00ffff, rules.ErrDifficulty},
	} {
		h := types.Header{Parents: []types.Hash{p.GenesisHash}, Bits: b.bits}
		if err := c.burst(&h); !errors.Is(err, b.want) || Judge(err) == Reject != (b.want != nil) {
			t.Errorf("bits %08x: %v, want %v", b.bits, err, b.want)
		}
	}
}

// In sync, blocks of no use are not carried; while the node catches up it cannot
// tell.
func TestRelayFilter(t *testing.T) {
	p := params.DevNet()
	c := coreOn(t, p)
	for _, b := range []struct {
		name string
		bits uint32
		work uint64
		want error
	}{
		{"as virtual", p.Genesis.Header.Bits, 1, nil},
		{"four times the target", 0x1e7ffffc, 1, nil},
		{"more", 0x1f00ffff, 1, errUnwanted},
		{"harder", 0x1d00ffff, 1, nil},
		{"no more work than the merge-depth root", p.Genesis.Header.Bits, 0, errUnwanted},
	} {
		h := types.Header{Bits: b.bits, BlueWork: types.NewUint256(b.work)}
		if c.synced = true; !errors.Is(c.wanted(&h), b.want) {
			t.Errorf("%s: %v, want %v", b.name, c.wanted(&h), b.want)
		}
		if c.synced = false; c.wanted(&h) != nil {
			t.Errorf("%s: refused while catching up", b.name)
		}
	}
}
