package pow

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

var two256 = new(big.Int).Lsh(big.NewInt(1), 256)

// naiveWork divides over the integers and then applies the bounds.
func naiveWork(target types.Uint256, num, den uint64) *big.Int {
	divisor := new(big.Int).Add(toBig(target), big.NewInt(1))
	divisor.Mul(divisor, new(big.Int).SetUint64(den))
	work := new(big.Int).Mul(two256, new(big.Int).SetUint64(num))
	work.Div(work, divisor)
	if work.Sign() == 0 {
		return big.NewInt(1)
	}
	if work.Cmp(two256) >= 0 {
		return new(big.Int).Sub(two256, big.NewInt(1))
	}
	return work
}

func TestWorkKnownAnswers(t *testing.T) {
	for _, tt := range []struct {
		target types.Uint256
		want   string
	}{
		{types.Uint256{}, "0"},
		{types.NewUint256(1), "8000000000000000000000000000000000000000000000000000000000000000"},
		{types.NewUint256(2), "5555555555555555555555555555555555555555555555555555555555555555"},
		{types.MaxUint256, "1"},
		{types.MaxUint256.Rsh(1), "2"},
		{types.Uint256{0, 0, 0, 1 << 63}, "1"},
	} {
		if got := Work(tt.target); got.String() != tt.want {
			t.Errorf("Work(%v) = %v, want %s", tt.target, got, tt.want)
		}
	}
	// Bitcoin's first target takes 2³² + 2¹⁶ + 1 hashes.
	target, _ := DecodeCompact(0x1d00ffff)
	if got := Work(target); got != types.NewUint256(0x100010001) {
		t.Errorf("work of 1d00ffff is %v", got)
	}
}

func TestWorkAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := randomUint256(t)
		if got, want := toBig(Work(target)), naiveWork(target, 1, 1); !target.IsZero() && got.Cmp(want) != 0 {
			t.Fatalf("Work(%v) = %x, want %x", target, got, want)
		}
	})
}

func TestWeightedWorkAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := randomUint256(t)
		num, den := rapid.Uint64Min(1).Draw(t, "num"), rapid.Uint64Min(1).Draw(t, "den")
		if got, want := toBig(weightedWork(target, num, den)), naiveWork(target, num, den); got.Cmp(want) != 0 {
			t.Fatalf("weightedWork(%v, %d, %d) = %x, want %x", target, num, den, got, want)
		}
	})
}

func TestWeightedWorkBounds(t *testing.T) {
	for _, tt := range []struct {
		target   types.Uint256
		num, den uint64
		want     types.Uint256
	}{
		{types.MaxUint256, 1, 2, types.NewUint256(1)},
		{types.MaxUint256.Rsh(1), 1, 3, types.NewUint256(1)},
		{types.MaxUint256.Rsh(1), 7, 3, types.NewUint256(4)},
		{types.NewUint256(1), 2, 1, types.MaxUint256},
		{types.NewUint256(1), ^uint64(0), 1, types.MaxUint256},
		{types.NewUint256(1), 1, 1, types.Uint256{0, 0, 0, 1 << 63}},
	} {
		if got := weightedWork(tt.target, tt.num, tt.den); got != tt.want {
			t.Errorf("weightedWork(%v, %d, %d) = %v, want %v", tt.target, tt.num, tt.den, got, tt.want)
		}
	}
}

func TestBlockWorkSwitchesEngines(t *testing.T) {
	p := twoEngines()
	target, _ := DecodeCompact(0x1e03ffff)
	for _, tt := range []struct {
		daaScore uint64
		want     types.Uint256
	}{
		{0, Work(target)}, {99, Work(target)}, {100, weightedWork(target, 3, 1000)}, {1 << 60, weightedWork(target, 3, 1000)},
	} {
		if got := BlockWork(p, &types.Header{Bits: 0x1e03ffff, DAAScore: tt.daaScore}); got != tt.want {
			t.Errorf("daa score %d: work %v, want %v", tt.daaScore, got, tt.want)
		}
	}
	for _, bits := range []uint32{0, 0x04923456, 0xff123456} {
		for _, daaScore := range []uint64{0, 100} {
			if got := BlockWork(p, &types.Header{Bits: bits, DAAScore: daaScore}); !got.IsZero() {
				t.Errorf("bits %08x at %d: work %v", bits, daaScore, got)
			}
		}
	}
}

func TestBlockWorkDoesNotAllocate(t *testing.T) {
	p, h := twoEngines(), &types.Header{Bits: 0x1e03ffff}
	if n := testing.AllocsPerRun(100, func() { BlockWork(p, h) }); n != 0 {
		t.Errorf("BlockWork allocates %v times", n)
	}
}
