package pow

import (
	"crypto/ed25519"
	"crypto/sha3"
	"math"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// Results are kept here so that no call is optimised away.
var (
	sink     types.Uint256
	sinkHash [32]byte
)

// quickest times samples of count operations each and reports, as ns/op, one
// operation of the fastest sample: whatever else runs on the machine only slows
// samples down. It returns that time.
func quickest(b *testing.B, count int, f func()) (nanoseconds float64) {
	b.ReportAllocs()
	nanoseconds = math.Inf(1)
	for b.Loop() {
		start := time.Now()
		for range count {
			f()
		}
		nanoseconds = min(nanoseconds, float64(time.Since(start).Nanoseconds())/float64(count))
	}
	b.ReportMetric(nanoseconds, "ns/op")
	return nanoseconds
}

// BenchmarkYardstick times what everybody can time, to compare machines by.
func BenchmarkYardstick(b *testing.B) {
	message := make([]byte, 32)
	b.Run("SHA3-256", func(b *testing.B) {
		quickest(b, 50, func() { sinkHash = sha3.Sum256(message) })
	})
	b.Run("Ed25519Verify", func(b *testing.B) {
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		public, signature := key.Public().(ed25519.PublicKey), ed25519.Sign(key, message)
		quickest(b, 1, func() { ed25519.Verify(public, message, signature) })
	})
}

func BenchmarkKeccak(b *testing.B) {
	var s sponge
	quickest(b, 50, s.permute)
}

// BenchmarkProduct is the matrix times one vector: prepared for many, and not.
func BenchmarkProduct(b *testing.B) {
	m := drawMatrix(filledHash(1), portable)
	p, hash := newProduct(&m), hashWords(filledHash(0x5a))
	b.Run("Prepared", func(b *testing.B) { quickest(b, 50, func() { hash = p.times(hash) }) })
	for _, k := range kernels() {
		b.Run("Once/"+k.String(), func(b *testing.B) { quickest(b, 50, func() { hash = k.times(&m, hash) }) })
	}
}

func BenchmarkDraw(b *testing.B) {
	var m matrix
	x := newXoshiro(filledHash(1))
	quickest(b, 50, func() { x.fill(&m) })
}

func BenchmarkRank(b *testing.B) {
	x := newXoshiro(filledHash(1))
	matrices := make([]matrix, headers)
	for i := range matrices {
		x.fill(&matrices[i])
	}
	run := func(name string, f func(m *matrix) bool) {
		b.Run(name, func(b *testing.B) {
			i := 0
			quickest(b, len(matrices), func() {
				f(&matrices[i%len(matrices)])
				i++
			})
		})
	}
	for _, k := range kernels() {
		run("Exact/"+k.String(), func(m *matrix) bool { return m.nonsingular(k) })
		if k != portable {
			run("Modulo251/"+k.String(), k.invertible)
		}
	}
	run("Dyadic", (*matrix).invertibleDyadic)
	p := newModulus(primes[0])
	run("Modulo8191", func(m *matrix) bool { return m.residues().invertible(p) })
}

func BenchmarkPrepare(b *testing.B) {
	for _, e := range everyEngine() {
		b.Run(e.ID()+"/"+e.Implementation(), func(b *testing.B) {
			seed := filledHash(1)
			quickest(b, 10, func() {
				seed[0]++
				seed[1] |= 1
				e.Prepare(seed)
			})
		})
	}
}

func BenchmarkValue(b *testing.B) {
	for _, e := range everyEngine() {
		b.Run(e.ID()+"/"+e.Implementation(), func(b *testing.B) {
			job, nonce := e.Prepare(filledHash(1)), uint64(0)
			quickest(b, 10, func() {
				sink = job.Value(1, nonce)
				nonce++
			})
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	const count = 512
	for _, e := range everyEngine() {
		b.Run(e.ID()+"/"+e.Implementation(), func(b *testing.B) {
			job, nonce := e.Prepare(filledHash(1)), uint64(0)
			t := quickest(b, 1, func() {
				job.Search(types.NewUint256(1), 1, nonce, count)
				nonce += count
			})
			b.ReportMetric(count/t*1000, "MH/s")
		})
	}
}

// headers is how many different headers make a sample, each with a matrix of its
// own: those whose determinant is a multiple of a kernel's prime take longer.
const headers = 64

func BenchmarkMeets(b *testing.B) {
	p := &params.Params{
		RuleSets: []params.RuleSet{{HeaderVersion: 1, TransactionVersion: 1}},
		Engines:  []params.Engine{{ID: "kheavyhash", Num: 1, Den: 1}},
	}
	h := &types.Header{Version: 1, Bits: 0x1e03ffff, Parents: make([]types.Hash, 3)}
	t := quickest(b, headers, func() {
		h.DAAScore = (h.DAAScore + 1) % headers
		Meets(p, h)
	})
	b.ReportMetric(1e9/t, "headers/s")
}

// BenchmarkHeader is the value of single headers, without their hashing.
func BenchmarkHeader(b *testing.B) {
	for _, e := range everyEngine() {
		b.Run(e.ID()+"/"+e.Implementation(), func(b *testing.B) {
			seed := filledHash(1)
			t := quickest(b, headers, func() {
				seed[0] = (seed[0] + 1) % headers
				sink = e.Value(seed, 1, 2)
			})
			b.ReportMetric(1e9/t, "headers/s")
		})
	}
}

func BenchmarkWork(b *testing.B) {
	target, _ := DecodeCompact(0x1e03ffff)
	quickest(b, 50, func() {
		sink = Work(target)
		target[0]++
	})
}

func BenchmarkBlockWorkWeighted(b *testing.B) {
	p, h := twoEngines(), &types.Header{Bits: 0x1e03ffff, DAAScore: 100}
	quickest(b, 50, func() { sink = BlockWork(p, h) })
}
