package component

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// Count returns a number with its thousands apart: "1,204,881".
func Count(n uint64) string { return grouped(strconv.FormatUint(n, 10)) }

func grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	head := (len(digits)-1)%3 + 1
	var b strings.Builder
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		b.WriteByte(',')
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Money returns an amount with all its decimals and its thousands apart, so
// that amounts below each other line up: "12,408.50000000".
func Money(a types.Amount) string {
	whole, decimals, _ := strings.Cut(a.String(), ".")
	return grouped(whole) + "." + decimals
}

// Masked stands for an amount that shall not be seen.
const Masked = "*****"

// Rate returns a figure with a decimal prefix and three digits: "4.21 GH/s".
func Rate(v float64, unit string) string {
	const prefixes = " kMGTPEZY"
	if !(v > 0) || math.IsInf(v, 0) {
		return "0 " + unit
	}
	i := 0
	for v >= 999.5 && i < len(prefixes)-1 {
		v /= 1000
		i++
	}
	return Digits3(v) + " " + strings.TrimSpace(prefixes[i:i+1]) + unit
}

// Bytes returns a size with a decimal prefix: "3.41 GB".
func Bytes(n uint64) string { return Rate(float64(n), "B") }

// Digits3 returns a figure below 1000 with three digits: "4.21", "42.1", "421".
func Digits3(v float64) string {
	switch {
	case v >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// Span returns a duration in its two greatest units: "1.2s", "4m12s", "2d 04h".
func Span(d time.Duration) string {
	switch {
	case d < 0:
		return "0.0s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", math.Floor(d.Seconds()*10)/10)
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d/time.Second%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d/time.Minute%60)
	}
	return fmt.Sprintf("%dd %02dh", d/(24*time.Hour), d/time.Hour%24)
}

// Millis returns the moment of a number of milliseconds since 1970, in UTC.
func Millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Short returns the two ends of a hash or an address: "7f3a91c2…b0e4".
func Short(name string, g rune) string {
	if len(name) <= 14 {
		return name
	}
	head := 8
	if i := strings.LastIndexByte(name, ':'); i >= 0 && i < 16 {
		head += i + 1
	}
	if head+4 >= len(name) {
		return name
	}
	return name[:head] + string(g) + name[len(name)-4:]
}

// Share returns a share of 1 as a percentage.
func Share(part, whole uint64) string {
	if whole == 0 {
		return "0%"
	}
	return strconv.FormatFloat(float64(part)/float64(whole)*100, 'f', 0, 64) + "%"
}

// Fit returns the first of some ways to say a thing that fits in so many cells, ""
// where none does: half a word or a figure says something else.
func Fit(cells int, ways ...string) string {
	for _, way := range ways {
		if Width(way) <= cells {
			return way
		}
	}
	return ""
}
