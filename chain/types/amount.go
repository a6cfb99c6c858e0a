package types

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

const (
	// JotsPerJIO is the number of jots, the smallest unit, in one JIO.
	JotsPerJIO = 100_000_000
	// maxJots bounds a single amount and every sum inside one transaction.
	maxJots = 21_000_000 * JotsPerJIO
)

// MaxAmount is 21,000,000 JIO, the bound of a single amount and of the sums of
// a transaction. Totals over many transactions may exceed it on networks
// without a supply cap.
var MaxAmount = Amount{maxJots}

// An Amount is a number of jots. Its field is private, so that the compiler
// refuses unchecked arithmetic on money; any u64 can be held (a decoder must
// not judge), Valid says whether it is within MaxAmount.
type Amount struct{ jots uint64 }

// Jots returns the amount of n jots.
func Jots(n uint64) Amount { return Amount{n} }

// Jots returns the number of jots in a.
func (a Amount) Jots() uint64 { return a.jots }

// IsZero reports whether a is nothing.
func (a Amount) IsZero() bool { return a.jots == 0 }

// Valid reports whether a is at most MaxAmount.
func (a Amount) Valid() bool { return a.jots <= maxJots }

// Cmp returns -1, 0 or +1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) int {
	switch {
	case a.jots < b.jots:
		return -1
	case a.jots > b.jots:
		return 1
	}
	return 0
}

// Add returns a + b; ok is false, and the sum meaningless, when it does not fit
// 64 bits.
func (a Amount) Add(b Amount) (sum Amount, ok bool) {
	n, carry := bits.Add64(a.jots, b.jots, 0)
	return Amount{n}, carry == 0
}

// Sub returns a − b; ok is false, and the difference meaningless, when b is
// larger.
func (a Amount) Sub(b Amount) (diff Amount, ok bool) {
	n, borrow := bits.Sub64(a.jots, b.jots, 0)
	return Amount{n}, borrow == 0
}

// Sum adds amounts; ok is false when the sum does not fit 64 bits.
func Sum(amounts ...Amount) (sum Amount, ok bool) {
	for _, a := range amounts {
		if sum, ok = sum.Add(a); !ok {
			return Amount{}, false
		}
	}
	return sum, true
}

// String returns the amount in JIO with its eight decimals, as "1.50000000".
func (a Amount) String() string {
	return fmt.Sprintf("%d.%08d", a.jots/JotsPerJIO, a.jots%JotsPerJIO)
}

// ParseAmount reads an amount in JIO as a user types it: digits with at most
// eight decimals, no sign, no exponent, at most MaxAmount.
func ParseAmount(s string) (Amount, error) {
	a, err := parseJIO(s)
	if err != nil {
		return Amount{}, err
	}
	if !a.Valid() {
		return Amount{}, fmt.Errorf("amount %.40q: more than 21000000 JIO", s)
	}
	return a, nil
}

// parseJIO reads any amount that fits 64 bits of jots.
func parseJIO(s string) (Amount, error) {
	whole, frac, hasPoint := strings.Cut(s, ".")
	if !digitsOnly(whole) || hasPoint && !digitsOnly(frac) {
		return Amount{}, fmt.Errorf("amount %.40q: want JIO as digits with up to eight decimals, such as 12.5", s)
	}
	if len(frac) > 8 {
		return Amount{}, fmt.Errorf("amount %.40q: the smallest unit is 0.00000001 JIO", s)
	}
	n, err := strconv.ParseUint(whole+frac+strings.Repeat("0", 8-len(frac)), 10, 64)
	if err != nil {
		return Amount{}, fmt.Errorf("amount %.40q: more than 21000000 JIO", s)
	}
	return Amount{n}, nil
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// MarshalText returns the amount in JIO, so that JSON carries it as a string.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote, whatever its size: it carries
// totals too. Valid judges it.
func (a *Amount) UnmarshalText(text []byte) (err error) {
	*a, err = parseJIO(string(text))
	return err
}

// EncodeTo appends the jots as a u64.
func (a Amount) EncodeTo(e *Encoder) { e.Uint64(a.jots) }

// DecodeFrom reads a u64 of jots, whatever its size.
func (a *Amount) DecodeFrom(d *Decoder) { a.jots = d.Uint64() }
