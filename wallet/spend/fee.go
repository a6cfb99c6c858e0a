package spend

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// MinFeeRate is the least rate a pool relays by default: 1 jot per unit of
// weight, in thousandths.
const MinFeeRate = 1000

// The guard against fees that nobody means to pay: a twentieth of the amount,
// and 1 JIO.
const (
	highFeeShare = 20
	highFee      = types.JotsPerJIO
)

// A tariff says what a charged weight costs in jots. The zero values of all but
// the rate mean that nothing is to be replaced.
type tariff struct {
	rate uint64 // thousandths of a jot per unit

	// Of the transaction to be replaced: the new one pays a higher rate than its
	// fee for its charge, and more than the floor by the least rate for its own
	// weight, as the pool demands.
	fee, charge uint64
	floor       uint64
}

// of returns the fee of a charged weight, saturated.
func (t *tariff) of(charged uint64) uint64 {
	fee := scaled(charged, t.rate, 1000)
	if t.charge == 0 {
		return fee
	}
	own := saturatingAdd(t.floor, scaled(charged, MinFeeRate, 1000))
	return max(fee, own, t.above(charged))
}

// above returns the least fee that makes a charged weight pay a higher rate than
// the transaction to be replaced.
func (t *tariff) above(charged uint64) uint64 {
	hi, lo := bits.Mul64(t.fee, charged)
	if hi >= t.charge {
		return math.MaxUint64
	}
	quotient, _ := bits.Div64(hi, lo, t.charge)
	return saturatingAdd(quotient, 1)
}

// scaled returns ⌈a·b/c⌉, saturated.
func scaled(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return math.MaxUint64
	}
	quotient, rest := bits.Div64(hi, lo, c)
	if rest > 0 {
		return saturatingAdd(quotient, 1)
	}
	return quotient
}

func saturatingAdd(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}

// rateOf returns a fee in thousandths of a jot per unit, rounded down.
func rateOf(fee types.Amount, charged uint64) uint64 {
	hi, lo := bits.Mul64(fee.Jots(), 1000)
	if hi >= charged {
		return math.MaxUint64
	}
	rate, _ := bits.Div64(hi, lo, charged)
	return rate
}

// guardFee returns a FeeError for a fee that is out of proportion to the amount.
func guardFee(fee, amount types.Amount) error {
	if fee.Jots() > highFee || fee.Jots() > amount.Jots()/highFeeShare {
		return &FeeError{Fee: fee, Amount: amount}
	}
	return nil
}

// ParseFeeRate reads a rate in jots per unit of weight with up to three decimals,
// such as "1.5", into thousandths.
func ParseFeeRate(s string) (uint64, error) {
	whole, decimals, point := strings.Cut(s, ".")
	if !isDecimal(whole) || point && !isDecimal(decimals) || len(decimals) > 3 {
		return 0, refused(ErrRequest, "fee rate %.40q: want jots per unit of weight with up to three decimals, such as 1.5", s)
	}
	rate, err := strconv.ParseUint(whole+decimals+strings.Repeat("0", 3-len(decimals)), 10, 64)
	if err != nil {
		return 0, refused(ErrRequest, "fee rate %.40q: it is too large", s)
	}
	return rate, nil
}

// FormatFeeRate returns what ParseFeeRate reads, without needless zeros.
func FormatFeeRate(rate uint64) string {
	whole := strconv.FormatUint(rate/1000, 10)
	if rate%1000 == 0 {
		return whole
	}
	decimals := strconv.FormatUint(1000+rate%1000, 10)[1:]
	return whole + "." + strings.TrimRight(decimals, "0")
}

func isDecimal(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
