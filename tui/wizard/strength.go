package wizard

import "math"

// Strength says how hard a password is to guess, by the number of different
// characters of its kinds. It is an estimate that flatters words and dates.
func Strength(password []byte) string {
	if len(password) == 0 {
		return ""
	}
	switch bits := guesses(password); {
	case bits < 36:
		return "weak: a stolen file would be opened in minutes"
	case bits < 56:
		return "fair: longer is better than stranger"
	case bits < 76:
		return "good"
	}
	return "strong"
}

// guesses is the logarithm, to base 2, of how many passwords look like this one.
// A character that repeats the one before or follows it in order counts for one
// bit.
func guesses(password []byte) (bits float64) {
	kinds := 0.0
	for _, kind := range []struct {
		size    float64
		belongs func(byte) bool
	}{
		{26, func(c byte) bool { return c >= 'a' && c <= 'z' }},
		{26, func(c byte) bool { return c >= 'A' && c <= 'Z' }},
		{10, func(c byte) bool { return c >= '0' && c <= '9' }},
		{33, func(c byte) bool { return c < 128 && !letterOrDigit(c) }},
		{64, func(c byte) bool { return c >= 128 }},
	} {
		for _, c := range password {
			if kind.belongs(c) {
				kinds += kind.size
				break
			}
		}
	}
	for i, c := range password {
		if i > 0 && (c == password[i-1] || c == password[i-1]+1 || c == password[i-1]-1) {
			bits++
			continue
		}
		bits += math.Log2(kinds)
	}
	return bits
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
