package spend

import (
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// DescribePolicy says in words what a policy asks for. names gives a key a name,
// such as "you"; where it is nil or returns "" the start of the key is shown.
func DescribePolicy(p types.Policy, names func(key [32]byte) string) string {
	n := narrator{names: names}
	return n.describe(&p)
}

// A narrator puts policies in words.
type narrator struct{ names func(key [32]byte) string }

// placeText puts a lock time in words.
func placeText(lock uint64) string {
	if isDate(lock) {
		return dateText(lock)
	}
	return fmt.Sprintf("blue score %d", lock)
}

func (n *narrator) describe(p *types.Policy) string {
	switch p.Kind {
	case types.PolicyKey:
		return "a signature by " + n.name(p.Key)
	case types.PolicyHash:
		return "the secret whose SHA-256 is " + shortHex(p.Key)
	case types.PolicyAfter:
		return "waiting until " + placeText(p.N)
	case types.PolicyOlder:
		return fmt.Sprintf("waiting until the coin is %d blocks old", p.N)
	case types.PolicyThreshold:
		return joined(p.N, n.parts(p.Children))
	case types.PolicyOpaque:
		return "a hidden condition " + shortHex(p.Hidden.Hash)
	}
	return "an unknown condition"
}

func (n *narrator) name(key [32]byte) string {
	if n.names != nil {
		if name := n.names(key); name != "" {
			return name
		}
	}
	return "key " + shortHex(key)
}

// parts describes the children, in brackets where they have children of their own.
func (n *narrator) parts(children []types.Policy) []string {
	parts := make([]string, len(children))
	for i := range children {
		parts[i] = n.describe(&children[i])
		if children[i].Kind == types.PolicyThreshold && len(children[i].Children) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return parts
}

// joined says that so many of the parts are asked for.
func joined(count uint64, parts []string) string {
	switch {
	case len(parts) == 1:
		return parts[0]
	case count == uint64(len(parts)):
		return strings.Join(parts, " and ")
	case count == 1:
		return "either " + strings.Join(parts, " or ")
	}
	return fmt.Sprintf("%d of these %d: %s", count, len(parts), strings.Join(parts, ", "))
}

// dateText returns milliseconds since 1970 as a date in UTC. The calendar repeats
// every 400 years of 146,097 days; counted from the first of March, a leap day
// is the last day of its year.
func dateText(ms uint64) string {
	seconds := ms / 1000
	days := seconds/86400 + 719_468 // since the first of March of the year 0
	era, day := days/146_097, days%146_097
	year := (day - day/1460 + day/36_524 - day/146_096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153 // 0 is March; five months have 153 days
	day -= (153*month+2)/5 - 1
	year += 400 * era
	if month += 3; month > 12 {
		month, year = month-12, year+1
	}
	return fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d UTC", year, month, day, seconds/3600%24, seconds/60%60, seconds%60)
}
