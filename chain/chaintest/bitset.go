package chaintest

import "math/bits"

// A bitset is a set of small integers: blocks by their order of arrival.
type bitset []uint64

func (s bitset) has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 == 1 }

// with returns a copy of s that also holds i.
func (s bitset) with(i int) bitset {
	return s.union(append(make(bitset, i/64), 1<<(i%64)))
}

// union returns a new set.
func (s bitset) union(t bitset) bitset {
	u := make(bitset, max(len(s), len(t)))
	copy(u, s)
	for i, w := range t {
		u[i] |= w
	}
	return u
}

// each calls fn for every member in ascending order.
func (s bitset) each(fn func(i int)) {
	for j, w := range s {
		for ; w != 0; w &= w - 1 {
			fn(64*j + bits.TrailingZeros64(w))
		}
	}
}
