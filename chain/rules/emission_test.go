package rules

import (
	"math/big"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// TestEmissionTable recomputes every entry exactly: n is 11,448,000·2^(−m/48)
// rounded when (2n−1)⁴⁸·2ᵐ ≤ (2·11,448,000)⁴⁸ < (2n+1)⁴⁸·2ᵐ. The entry after the
// last is 0.
func TestEmissionTable(t *testing.T) {
	power48 := func(x uint64) *big.Int { return new(big.Int).Exp(new(big.Int).SetUint64(x), big.NewInt(48), nil) }
	first := power48(2 * 11_448_000)
	reaches := func(twice uint64, m int) bool { // twice/2 ≤ the entry's true value
		at := power48(twice)
		return at.Lsh(at, uint(m)).Cmp(first) <= 0
	}
	for m, n := range emissionTable {
		if !reaches(2*n-1, m) || reaches(2*n+1, m) {
			t.Errorf("entry %d = %d is not the nearest integer", m, n)
		}
	}
	if end := len(emissionTable); reaches(1, end) {
		t.Errorf("the table ends at %d, before its entries are 0", end)
	}
}

// TestEmissionHalves holds that the entries halve every four years.
func TestEmissionHalves(t *testing.T) {
	for m := 48; m < len(emissionTable); m++ {
		if twice, n := 2*emissionTable[m], emissionTable[m-48]; twice+1 < n || n+1 < twice {
			t.Errorf("entry %d = %d, %d four years before", m, emissionTable[m], n)
		}
	}
}

// TestTotalEmission sums what all slots of a network can issue.
func TestTotalEmission(t *testing.T) {
	for _, bps := range []uint64{1, 10} {
		p := retargetingAt(t, bps)
		total := new(big.Int)
		slots := emissionMonth * bps
		for m := range uint64(len(emissionTable)) {
			each := Subsidy(p, m*slots).Jots()
			total.Add(total, new(big.Int).Mul(new(big.Int).SetUint64(each), new(big.Int).SetUint64(slots)))
		}
		bound := new(big.Int).SetUint64(types.MaxAmount.Jots())
		least := new(big.Int).Sub(bound, new(big.Int).SetUint64(2_000*types.JotsPerJIO))
		if total.Cmp(bound) >= 0 || total.Cmp(least) < 0 {
			t.Errorf("%d blocks per second issue %v jots, want just below %v", bps, total, bound)
		}
		t.Logf("%d blocks per second: %v", bps, types.Jots(total.Uint64()))
	}
}

// retargetingAt returns parameters with an emission table at a rate of blocks.
func retargetingAt(t *testing.T, bps uint64) *params.Params {
	t.Helper()
	p, err := params.SimNetAt(bps)
	if err != nil {
		t.Fatal(err)
	}
	p.FlatSubsidy = types.Amount{}
	return p
}

func TestSubsidy(t *testing.T) {
	one, ten := retargetingAt(t, 1), params.MainNet()
	const month = 2_629_800
	tests := []struct {
		p    *params.Params
		daa  uint64
		want uint64
	}{
		{one, 0, 11_448_000},
		{one, month - 1, 11_448_000},
		{one, month, 11_283_872},
		{one, 48 * month, 5_724_000},
		{one, 1174*month - 1, 1},
		{one, 1174 * month, 0},
		{one, ^uint64(0), 0},
		{ten, 0, 1_144_800},
		{ten, 10*month - 1, 1_144_800},
		{ten, 10 * month, 1_128_387},
		{ten, 10*month*1174 - 1, 0},
		{params.TestNet(), 0, 1_144_800},
		{params.DevNet(), 0, 5_000_000_000},
		{params.DevNet(), ^uint64(0), 5_000_000_000},
		{params.SimNet(), 2000 * month, 5_000_000_000},
	}
	for _, tt := range tests {
		if got := Subsidy(tt.p, tt.daa); got.Jots() != tt.want {
			t.Errorf("%s at %d: %d jots, want %d", tt.p.Name, tt.daa, got.Jots(), tt.want)
		}
	}
}
