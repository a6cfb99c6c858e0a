package spend

// MinFeeRate is the least rate a pool relays by default: 1 jot per unit of
// weight, in thousandths.
const MinFeeRate = 1000

// ParseFeeRate reads a rate in jots per unit of weight with up to three decimals,
// such as "1.5", into thousandths.
func ParseFeeRate(s string) (uint64, error) { return 0, errUnwritten }

// FormatFeeRate returns what ParseFeeRate reads, without needless zeros.
func FormatFeeRate(rate uint64) string { return "" }
