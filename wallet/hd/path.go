package hd

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// hardened is the bit that marks an index as hardened.
	hardened = 1 << 31
	// MaxDepth is the greatest number of steps in a path: BIP-32 counts depth
	// in one byte.
	MaxDepth = 255
)

// A Path is the steps from the master key down, each below 2³¹ and understood
// as hardened. The empty path is the master key itself.
type Path []uint32

// ParsePath reads a path such as m/44'/4868431'/0'/0'/0': every step is a
// number below 2147483648 without leading zeros, followed by an apostrophe.
func ParsePath(s string) (Path, error) {
	steps := strings.Split(s, "/")
	if steps[0] != "m" {
		return nil, fmt.Errorf("path %.64q: a path starts with m, as in m/44'/0'", s)
	}
	steps = steps[1:]
	if len(steps) > MaxDepth {
		return nil, fmt.Errorf("path of %d steps: at most %d are possible", len(steps), MaxDepth)
	}
	path := make(Path, len(steps))
	for i, step := range steps {
		index, problem := parseStep(step)
		if problem != "" {
			return nil, fmt.Errorf("path %.64q: step %d %s", s, i+1, problem)
		}
		path[i] = index
	}
	return path, nil
}

// parseStep reads one step; problem ends the sentence "step 3 …".
func parseStep(step string) (index uint32, problem string) {
	digits, isHardened := strings.CutSuffix(step, "'")
	switch {
	case digits == "":
		return 0, "has no number"
	case strings.Trim(digits, "0123456789") != "":
		return 0, "is not a number followed by an apostrophe"
	case !isHardened:
		return 0, "lacks its apostrophe; Ed25519 keys have hardened steps only"
	case digits[0] == '0' && digits != "0":
		return 0, "has leading zeros"
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return 0, "is too large; the greatest step is 2147483647'"
	}
	return uint32(n), ""
}

// String returns the form that ParsePath reads.
func (p Path) String() string {
	var b strings.Builder
	b.WriteByte('m')
	for _, index := range p {
		fmt.Fprintf(&b, "/%d'", index)
	}
	return b.String()
}
