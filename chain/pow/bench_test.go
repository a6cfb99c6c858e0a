package pow

import (
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// Results are kept here so that no call is optimised away.
var sink types.Uint256

func BenchmarkKeccak(b *testing.B) {
	b.ReportAllocs()
	var s sponge
	for b.Loop() {
		s.permute()
	}
}

func BenchmarkProduct(b *testing.B) {
	b.ReportAllocs()
	x := newXoshiro(filledHash(1))
	m := drawMatrix(x.next)
	p := newProduct(&m)
	hash := [4]uint64{x.next(), x.next(), x.next(), x.next()}
	for b.Loop() {
		upper := p.times(hash)
		hash[0], hash[1] = hash[0]*3+upper[0], hash[1]*3+upper[1]
		hash[2], hash[3] = hash[2]*3+upper[2], hash[3]*3+upper[3]
	}
}

// BenchmarkMatrix draws matrices, each with its rank.
func BenchmarkMatrix(b *testing.B) {
	b.ReportAllocs()
	x := newXoshiro(filledHash(1))
	for b.Loop() {
		drawMatrix(x.next)
	}
}

// BenchmarkRank is the rank alone, over many matrices: those whose determinant
// is a multiple of 3 take longer. Modulo3 and Modulo8191 are the two parts.
func BenchmarkRank(b *testing.B) {
	x := newXoshiro(filledHash(1))
	matrices := make([]matrix, 64)
	for i := range matrices {
		matrices[i] = drawMatrix(x.next)
	}
	run := func(name string, f func(m *matrix) bool) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				f(&matrices[i%len(matrices)])
				i++
			}
		})
	}
	p := newModulus(primes[0])
	run("Exact", (*matrix).nonsingular)
	run("Modulo3", (*matrix).invertibleModulo3)
	run("Modulo8191", func(m *matrix) bool { return m.residues().invertible(p) })
}

func BenchmarkPrepare(b *testing.B) {
	b.ReportAllocs()
	seed := filledHash(1)
	for b.Loop() {
		seed[0]++
		kHeavyHash{}.Prepare(seed)
	}
}

func BenchmarkValue(b *testing.B) {
	for _, id := range []string{"kheavyhash", "sha256d"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			engine, _ := ByID(id)
			job, nonce := engine.Prepare(filledHash(1)), uint64(0)
			for b.Loop() {
				sink = job.Value(1, nonce)
				nonce++
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	const count = 1000
	for _, id := range []string{"kheavyhash", "sha256d"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			engine, _ := ByID(id)
			job := engine.Prepare(filledHash(1))
			for b.Loop() {
				if _, found := job.Search(types.NewUint256(1), 1, 0, count); found {
					b.Fatal("found a nonce for an impossible target")
				}
			}
			b.ReportMetric(float64(b.N)*count/b.Elapsed().Seconds()/1e6, "MH/s")
		})
	}
}

func BenchmarkWork(b *testing.B) {
	b.ReportAllocs()
	target, _ := DecodeCompact(0x1e03ffff)
	for b.Loop() {
		sink = Work(target)
		target[0]++
	}
}

func BenchmarkBlockWorkWeighted(b *testing.B) {
	b.ReportAllocs()
	p, h := twoEngines(), &types.Header{Bits: 0x1e03ffff, DAAScore: 100}
	for b.Loop() {
		sink = BlockWork(p, h)
	}
}
