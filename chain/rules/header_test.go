package rules

import (
	"errors"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// twoVersions returns simnet with a second rule set from DAA score 100.
func twoVersions() *params.Params {
	p := params.SimNet()
	p.RuleSets = append(p.RuleSets, params.RuleSet{From: 100, HeaderVersion: 2, TransactionVersion: 1})
	return p
}

// saneHeader returns a header with n parents that HeaderSanity accepts once it
// is mined. The first parent is the greatest, so that only the others ascend.
func saneHeader(n int) *types.Header {
	h := &types.Header{
		Version: 1, MerkleRoot: types.Hash{7}, Timestamp: 1_800_000_000_000, Bits: 0x207fffff, DAAScore: 99,
		BlueWork: types.NewUint256(50), BlueScore: 20, HistoryRoot: types.Hash{8},
	}
	for i := range n {
		h.Parents = append(h.Parents, types.Hash{byte(i)})
	}
	h.Parents[0] = types.Hash{0xff}
	return h
}

// grind looks for a nonce that meets, or misses, the claimed target.
func grind(t testing.TB, p *params.Params, h *types.Header, meets bool) {
	t.Helper()
	for h.Nonce = 0; h.Nonce < 1000; h.Nonce++ {
		if pow.Meets(p, h) == meets {
			return
		}
	}
	t.Fatalf("no nonce below 1000 for bits %08x", h.Bits)
}

// TestHeaderSanity changes one thing at a time in a valid header and mines it
// again where its target lets it be mined; a nil kind is the valid side of a
// limit.
func TestHeaderSanity(t *testing.T) {
	swap := func(h *types.Header, i, j int) { h.Parents[i], h.Parents[j] = h.Parents[j], h.Parents[i] }
	tests := []struct {
		name    string
		want    error
		corrupt func(p *params.Params, h *types.Header)
	}{
		{"nothing", nil, func(p *params.Params, h *types.Header) {}},

		{"version 0", ErrVersion, func(p *params.Params, h *types.Header) { h.Version = 0 }},
		{"next version too early", ErrVersion, func(p *params.Params, h *types.Header) { h.Version = 2 }},
		{"old version too late", ErrVersion, func(p *params.Params, h *types.Header) { h.DAAScore = 100 }},
		{"next version in time", nil, func(p *params.Params, h *types.Header) { h.DAAScore, h.Version = 100, 2 }},
		{"unknown version", ErrUnknownVersion, func(p *params.Params, h *types.Header) { h.Version = 3 }},
		{"unknown version, later", ErrUnknownVersion, func(p *params.Params, h *types.Header) { h.DAAScore, h.Version = 100, ^uint32(0) }},

		{"state root", ErrReserved, func(p *params.Params, h *types.Header) { h.StateRoot[31] = 1 }},
		{"finality reference", ErrReserved, func(p *params.Params, h *types.Header) { h.FinalityRef[0] = 1 }},

		{"no parents", ErrNoParents, func(p *params.Params, h *types.Header) { h.Parents = nil }},
		{"one parent", nil, func(p *params.Params, h *types.Header) { *h = *saneHeader(1) }},
		{"most parents", nil, func(p *params.Params, h *types.Header) { *h = *saneHeader(p.MaxParents) }},
		{"one parent too many", ErrTooManyParents, func(p *params.Params, h *types.Header) { *h = *saneHeader(p.MaxParents + 1) }},
		{"second and third swapped", ErrParentOrder, func(p *params.Params, h *types.Header) { swap(h, 1, 2) }},
		{"last two swapped", ErrParentOrder, func(p *params.Params, h *types.Header) { swap(h, 3, 4) }},
		{"a parent twice", ErrParentOrder, func(p *params.Params, h *types.Header) { h.Parents[2] = h.Parents[1] }},
		{"first parent again, at the end", ErrParentOrder, func(p *params.Params, h *types.Header) { h.Parents[4] = h.Parents[0] }},
		{"first parent again, next", ErrParentOrder, func(p *params.Params, h *types.Header) { h.Parents[0] = h.Parents[1] }},
		{"first parent of any rank", nil, func(p *params.Params, h *types.Header) { h.Parents[0] = types.Hash{2, 1} }},

		{"bits 0", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0 }},
		{"target 0", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0x01000000 }},
		{"target that rounds to 0", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0x01003456 }},
		{"target 1: only work is missing", ErrProofOfWork, func(p *params.Params, h *types.Header) { h.Bits = 0x01010000 }},
		{"negative target", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0x20ffffff }},
		{"target beyond 256 bits", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0xff7fffff }},
		{"target above the limit", ErrTarget, func(p *params.Params, h *types.Header) { h.Bits = 0x2100ffff }},
		{"target just above the limit", ErrTarget, func(p *params.Params, h *types.Header) { p.MaxBits = 0x207ffffe }},
		{"target just below the limit", nil, func(p *params.Params, h *types.Header) { h.Bits = 0x207ffffe }},

		{"work", ErrProofOfWork, nil},
	}
	for _, tt := range tests {
		p, h := twoVersions(), saneHeader(5)
		if tt.corrupt != nil {
			tt.corrupt(p, h)
		}
		if h.Bits>>24 == 0x20 && h.Bits < 0x20800000 {
			grind(t, p, h, tt.corrupt != nil)
		}
		if err := HeaderSanity(p, h); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// TestHeaderSanityOrder breaks everything at once and mends it rule by rule:
// the first rule in the documented order is the one that is reported.
func TestHeaderSanityOrder(t *testing.T) {
	p, h := twoVersions(), saneHeader(5)
	h.Version, h.FinalityRef[0], h.Bits = 3, 1, 0
	h.Parents = make([]types.Hash, p.MaxParents+1)
	steps := []struct {
		want error
		mend func()
	}{
		{ErrUnknownVersion, func() { h.Version = 2 }},
		{ErrVersion, func() { h.Version = 1 }},
		{ErrReserved, func() { h.FinalityRef = types.Hash{} }},
		{ErrTooManyParents, func() { h.Parents = h.Parents[:2] }},
		{ErrParentOrder, func() { h.Parents = h.Parents[:1] }},
		{ErrTarget, func() { h.Bits = 0x207fffff; grind(t, p, h, false) }},
		{ErrProofOfWork, func() { grind(t, p, h, true) }},
		{nil, func() {}},
	}
	for _, s := range steps {
		if err := HeaderSanity(p, h); !errors.Is(err, s.want) {
			t.Errorf("%v, want %v", err, s.want)
		}
		s.mend()
	}
}

func TestFutureTime(t *testing.T) {
	p := params.SimNet()
	const now = 1_800_000_000_000
	tests := []struct {
		timestamp, ahead uint64
		want             error
	}{
		{0, 0, nil},
		{now, 0, nil},
		{now + 1, 1, nil},
		{now + 120_000, 120_000, nil},
		{now + 120_001, 120_001, ErrFutureTime},
		{^uint64(0), ^uint64(0) - now, ErrFutureTime},
	}
	for _, tt := range tests {
		h := &types.Header{Timestamp: tt.timestamp}
		if err := FutureTime(p, h, now); !errors.Is(err, tt.want) {
			t.Errorf("timestamp %d: %v, want %v", tt.timestamp, err, tt.want)
		}
		if ahead := AheadOfClock(h, now); ahead != tt.ahead {
			t.Errorf("timestamp %d is %d ahead, want %d", tt.timestamp, ahead, tt.ahead)
		}
	}
}

// TestHeaderPosition changes one thing at a time in a header that fits its
// position.
func TestHeaderPosition(t *testing.T) {
	tests := []struct {
		name    string
		want    error
		corrupt func(h *types.Header, at *Position)
	}{
		{"nothing", nil, func(h *types.Header, at *Position) {}},
		{"first parent", ErrSelectedParent, func(h *types.Header, at *Position) { h.Parents[0], h.Parents[1] = h.Parents[1], h.Parents[0] }},
		{"DAA score above", ErrDAAScore, func(h *types.Header, at *Position) { h.DAAScore++ }},
		{"DAA score below", ErrDAAScore, func(h *types.Header, at *Position) { h.DAAScore-- }},
		{"easier bits", ErrDifficulty, func(h *types.Header, at *Position) { at.Bits-- }},
		{"harder bits", ErrDifficulty, func(h *types.Header, at *Position) { h.Bits-- }},
		{"blue score above", ErrBlueScore, func(h *types.Header, at *Position) { h.BlueScore++ }},
		{"blue score below", ErrBlueScore, func(h *types.Header, at *Position) { h.BlueScore-- }},
		{"blue work", ErrBlueWork, func(h *types.Header, at *Position) { h.BlueWork[3]++ }},
		{"history root", ErrHistoryRoot, func(h *types.Header, at *Position) { h.HistoryRoot[31]++ }},
		{"at the median time", ErrPastTime, func(h *types.Header, at *Position) { at.MedianTime = h.Timestamp }},
		{"after the median time", nil, func(h *types.Header, at *Position) { at.MedianTime = h.Timestamp - 1 }},
		{"largest merge set", nil, func(h *types.Header, at *Position) { at.MergeSetSize = 180 }},
		{"merge set one larger", ErrMergeSetSize, func(h *types.Header, at *Position) { at.MergeSetSize = 181 }},
	}
	for _, tt := range tests {
		h := saneHeader(5)
		at := positionOf(h)
		tt.corrupt(h, &at)
		if err := HeaderPosition(params.SimNet(), h, &at); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func positionOf(h *types.Header) Position {
	return Position{
		SelectedParent: h.Parents[0], DAAScore: h.DAAScore, Bits: h.Bits, BlueScore: h.BlueScore, BlueWork: h.BlueWork,
		HistoryRoot: h.HistoryRoot, MedianTime: h.Timestamp - 1000, MergeSetSize: 5,
	}
}

// TestHeaderPositionOrder mends a header rule by rule, in the documented order.
func TestHeaderPositionOrder(t *testing.T) {
	h := saneHeader(5)
	at := positionOf(h)
	at.MergeSetSize = 181
	*h = types.Header{Parents: []types.Hash{{9}}}
	full := saneHeader(5)
	steps := []struct {
		want error
		mend func()
	}{
		{ErrSelectedParent, func() { h.Parents = full.Parents }},
		{ErrDAAScore, func() { h.DAAScore = full.DAAScore }},
		{ErrDifficulty, func() { h.Bits = full.Bits }},
		{ErrBlueScore, func() { h.BlueScore = full.BlueScore }},
		{ErrBlueWork, func() { h.BlueWork = full.BlueWork }},
		{ErrHistoryRoot, func() { h.HistoryRoot = full.HistoryRoot }},
		{ErrPastTime, func() { h.Timestamp = full.Timestamp }},
		{ErrMergeSetSize, func() { at.MergeSetSize = 180 }},
		{nil, func() {}},
	}
	for _, s := range steps {
		if err := HeaderPosition(params.SimNet(), h, &at); !errors.Is(err, s.want) {
			t.Errorf("%v, want %v", err, s.want)
		}
		s.mend()
	}
}

func BenchmarkHeaderSanity(b *testing.B) {
	p, h := twoVersions(), saneHeader(10)
	grind(b, p, h, true)
	b.ReportAllocs()
	for b.Loop() {
		if err := HeaderSanity(p, h); err != nil {
			b.Fatal(err)
		}
	}
}
