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
	switch {
	case e.State == "accepted" && e.Kind == "mined":
		text = shortProgress(c, e) + " maturing"
	case e.State == "accepted":
		text = Confirmations(e.Confirmations)
	case e.State == "unpaid":
		text = "not paid"
	}
	if e.Label != "" && e.Kind == "mined" && e.State == "accepted" { // the labels of neighbours stand below each other
		text = fmt.Sprintf("%-*s", len(fmt.Sprintf("%[1]d/%[1]d maturing", c.Status.Maturity)), text)
	}
	if e.Label != "" {
		text += "  " + e.Label
	}
	return text
}

// shortProgress is progressOf where there is little room.
func shortProgress(c Context, e *api.HistoryEntry) string {
	switch {
	case e.State == "accepted" && e.Kind == "mined":
		return fmt.Sprintf("%d/%d", min(e.Confirmations, c.Status.Maturity), c.Status.Maturity)
	case e.State == "accepted":
		return component.Count(e.Confirmations)
	case e.State == "unpaid":
		return "not paid"
	}
	return e.State
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
