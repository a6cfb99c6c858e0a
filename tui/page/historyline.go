package page

import (
	"fmt"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

// progressOf says how far a payment or a coinbase is, in a few words.
func progressOf(c Context, e *api.HistoryEntry) string {
	text := e.State
	switch e.State {
	case "accepted":
		text = Confirmations(e.Confirmations)
		if e.Kind == "mined" {
			text = fmt.Sprintf("%d/%d maturing", min(e.Confirmations, c.Status.Maturity), c.Status.Maturity)
		}
	case "unpaid":
		text = "not paid"
	}
	if e.Label != "" {
		text += "  " + e.Label
	}
	return text
}

// Confirmations counts them in words.
func Confirmations(n uint64) string {
	if n == 1 {
		return "1 confirmation"
	}
	return component.Count(n) + " confirmations"
}

// waitOf is how long a fee choice waits for a block.
func waitOf(f api.FeeChoice) string {
	return component.Span(time.Duration(f.Seconds * float64(time.Second)))
}
