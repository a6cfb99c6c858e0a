package dag

import (
	"fmt"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// An Interval is the numbers Start, …, End. It is empty when End is Start − 1.
type Interval struct{ Start, End uint64 }

// maximalInterval leaves room for an empty interval on either side.
var maximalInterval = Interval{1, 1<<64 - 2}

// Size returns how many numbers the interval has.
func (i Interval) Size() uint64 { return i.End + 1 - i.Start }

// Contains reports whether j lies within i; each interval contains itself.
func (i Interval) Contains(j Interval) bool { return i.Start <= j.Start && j.End <= i.End }

func (i Interval) valid() bool {
	return i.Start >= maximalInterval.Start && i.Start-1 <= i.End && i.End <= maximalInterval.End
}

// capacity returns what a block of this interval can give to its children: all
// but the last number, which is its own.
func (i Interval) capacity() Interval { return Interval{i.Start, i.End - 1} }

// firstHalf returns the lower half, the greater one when the size is odd.
func (i Interval) firstHalf() Interval {
	return Interval{i.Start, i.Start + i.Size()/2 + i.Size()%2 - 1}
}

// splitExact cuts the interval into parts of the given sizes, in order, which
// must sum up to its own.
func (i Interval) splitExact(sizes []uint64) []Interval {
	parts := make([]Interval, len(sizes))
	start := i.Start
	for j, size := range sizes {
		parts[j] = Interval{start, start + size - 1}
		start += size
	}
	if start != i.End+1 {
		panic(fmt.Sprintf("dag: the parts of interval %v sum up to %d", i, start-i.Start))
	}
	return parts
}

// splitExponential cuts the interval into parts of at least the given sizes, in
// order. What is left over goes to them in proportion to 2 to the power of
// their sizes, so that nearly all of it goes to the greatest, where the next
// blocks are expected; the last takes the remainder of rounding. It panics when
// the sizes do not fit.
func (i Interval) splitExponential(sizes []uint64) []Interval {
	var sum uint64
	for _, size := range sizes {
		sum += size
	}
	if sum > i.Size() {
		panic(fmt.Sprintf("dag: interval %v cannot hold %d blocks", i, sum))
	}
	surplus := i.Size() - sum
	shares := exponentialShares(surplus, sizes)
	for j, size := range sizes {
		shares[j] += size
	}
	return i.splitExact(shares)
}

// exponentialShares deals surplus in proportion to 2^size, each share rounded to
// the nearest and capped by what is left, the last taking the rest.
func exponentialShares(surplus uint64, sizes []uint64) []uint64 {
	weights, total := exponentialWeights(sizes)
	shares := make([]uint64, len(sizes))
	left := surplus
	for j, weight := range weights[:len(weights)-1] {
		shares[j] = min(roundedShare(surplus, weight, total), left)
		left -= shares[j]
	}
	shares[len(shares)-1] = left
	return shares
}

// exponentialWeights returns 2^(size−max) of each size in units of 2⁻⁶³, and
// their sum. A yet smaller one has no weight: its share of fewer than 2⁶⁴
// numbers is less than one of them.
func exponentialWeights(sizes []uint64) (weights []uint64, total types.Uint256) {
	greatest := slices.Max(sizes)
	weights = make([]uint64, len(sizes))
	for j, size := range sizes {
		weights[j] = 1 << 63 >> (greatest - size)
		total = total.SaturatingAdd(types.NewUint256(weights[j]))
	}
	return weights, total
}

// roundedShare returns surplus·weight/total, rounded half up, for a weight of at
// most total.
func roundedShare(surplus, weight uint64, total types.Uint256) uint64 {
	product, _ := types.NewUint256(surplus).Mul64(weight)
	share, _ := product.SaturatingAdd(total.Rsh(1)).DivMod(total)
	return share[0]
}
