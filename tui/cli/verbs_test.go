package cli

import (
	"slices"
	"testing"

	"github.com/jio-dag/jio/tui/dialog"
)

// Whatever the command line can do can be typed on the dashboard, which does it or
// says what to type in a shell.
func TestTheDashboardKnowsEveryVerb(t *testing.T) {
	root := (&app{}).root()
	root.InitDefaultCompletionCmd()
	known := dialog.CommandNames()
	for _, c := range root.Commands() {
		if !slices.Contains(known, c.Name()) {
			t.Errorf("the dashboard does not know %q", c.Name())
		}
		if c.Name() != "wallet" {
			continue
		}
		for _, word := range c.Commands() {
			if !slices.Contains(known, "wallet "+word.Name()) {
				t.Errorf("the dashboard does not know %q", "wallet "+word.Name())
			}
		}
	}
}
