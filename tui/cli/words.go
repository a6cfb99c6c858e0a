package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// clock prints milliseconds since 1970 as a time of this machine's zone.
func clock(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).Format("2006-01-02 15:04:05")
}

// ago prints how long something lies back.
func ago(now, ms int64) string {
	d := time.Duration(now-ms) * time.Millisecond
	if d < 0 {
		return "now"
	}
	return lasting(d) + " ago"
}

// lasting prints a duration in at most two units.
func lasting(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d d %d h", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}

// counted prints a large number with a unit of thousands.
func counted(n float64, unit string) string {
	at := 0
	for n >= 1000 && at < len(prefixes)-1 {
		n, at = n/1000, at+1
	}
	if at == 0 && unit == "B" {
		return fmt.Sprintf("%.0f B", n)
	}
	return fmt.Sprintf("%.2f %s%s", n, prefixes[at], unit)
}

var prefixes = []string{"", "k", "M", "G", "T", "P", "E"}

// abbreviated prints the beginning of a hash, "-" for none.
func abbreviated(h types.Hash) string {
	if h.IsZero() {
		return "-"
	}
	return h.String()[:12]
}

// orNone prints a hash in full, "-" for none.
func orNone(h types.Hash) string {
	if h.IsZero() {
		return "-"
	}
	return h.String()
}

// inWords prints the figures of a balance that are not zero, the first always.
func inWords(b api.Balance) string {
	text := b.Available.String() + " JIO"
	for _, part := range []struct {
		amount types.Amount
		name   string
	}{{b.Maturing, "maturing"}, {b.Pending, "pending"}, {b.Locked, "locked"}} {
		if !part.amount.IsZero() {
			text += fmt.Sprintf(", %v %s", part.amount, part.name)
		}
	}
	return text
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// plural prints a count with its noun.
func plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
