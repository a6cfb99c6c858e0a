package miner

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// bits of targets: every second, every 256th, and practically no hash solves.
const (
	easyBits       = 0x207fffff
	mediumBits     = 0x2000ffff
	impossibleBits = 0x03000001
)

func testBlock(bits uint32) types.Block {
	return types.Block{Header: types.Header{
		Version:   1,
		Parents:   []types.Hash{{1}, {2}},
		Timestamp: uint64(epoch.UnixMilli()),
		Bits:      bits,
		DAAScore:  77,
	}}
}

// isSolved judges the proof of work by the engine's plain Value.
func isSolved(t testing.TB, p *params.Params, h types.Header) bool {
	engine, ok := pow.ByID(p.EngineAt(h.DAAScore).ID)
	if !ok {
		t.Fatal("the network's engine is unknown")
	}
	target, ok := pow.DecodeCompact(h.Bits)
	if !ok {
		t.Fatalf("bits %08x", h.Bits)
	}
	return engine.Prepare(h.PrePoWHash()).Value(h.Timestamp, h.Nonce).Cmp(target) <= 0
}

func TestSolve(t *testing.T) {
	p := params.SimNet()
	for _, bits := range []uint32{easyBits, mediumBits} {
		for i := range 5 {
			block := testBlock(bits)
			block.Header.DAAScore = uint64(i)
			template := block.Header
			if err := Solve(t.Context(), p, &block); err != nil {
				t.Fatal(err)
			}
			if !isSolved(t, p, block.Header) {
				t.Errorf("bits %08x: nonce %d is no solution", bits, block.Header.Nonce)
			}
			if block.Header.Timestamp != template.Timestamp || block.Header.PrePoWHash() != template.PrePoWHash() {
				t.Error("more than the nonce was changed")
			}
		}
	}
}

func TestSolveFails(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	strange := params.SimNet()
	strange.Engines[0].ID = "abacus"
	for _, c := range []struct {
		name   string
		ctx    context.Context
		params *params.Params
		bits   uint32
		want   error // nil for any
	}{
		{"ended context", ended, params.SimNet(), impossibleBits, context.Canceled},
		{"unknown engine", t.Context(), strange, easyBits, nil},
		{"bits without a target", t.Context(), params.SimNet(), 0, nil},
	} {
		block := testBlock(c.bits)
		block.Header.Nonce = 9
		err := Solve(c.ctx, c.params, &block)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if block.Header.Nonce != 9 {
			t.Errorf("%s: the nonce was changed", c.name)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	j, err := newJob(params.SimNet(), testBlock(impossibleBits))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		j.tryBatch()
	}
	b.ReportMetric(float64(b.N)*batchSize/b.Elapsed().Seconds(), "hashes/s")
}

// TestJobKeepsToTheImplementation sees by the type of the prepared job that the
// parameters decide what computes it.
func TestJobKeepsToTheImplementation(t *testing.T) {
	p := params.SimNet()
	for _, name := range pow.Implementations(p.Engines[0].ID) {
		p.Implementation = name
		j, err := newJob(p, testBlock(easyBits))
		if err != nil {
			t.Fatal(err)
		}
		e, _ := pow.ByImplementation(p.Engines[0].ID, name)
		if got, want := fmt.Sprintf("%T", j.search), fmt.Sprintf("%T", e.Prepare(j.prePoW)); got != want {
			t.Errorf("%s: a %s, want a %s", name, got, want)
		}
	}
}
