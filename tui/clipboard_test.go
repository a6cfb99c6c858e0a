package tui

import (
	"errors"
	"testing"

	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// The user is told which ways took the text, and what to do when none did.
func TestCopyingSaysWhichWay(t *testing.T) {
	works, fails := func(string) error { return nil }, func(string) error { return errors.New("no") }
	for _, c := range []struct {
		clipboard Clipboard
		want      page.Toast
	}{
		{Clipboard{Terminal: works}, page.Toast{Token: style.Good, Text: "address sent to the terminal (OSC 52)"}},
		{Clipboard{Terminal: works, Native: fails}, page.Toast{Token: style.Good, Text: "address sent to the terminal (OSC 52)"}},
		{Clipboard{Terminal: fails, Native: works}, page.Toast{Token: style.Good, Text: "address sent to the clipboard"}},
		{Clipboard{Terminal: works, Native: works}, page.Toast{Token: style.Good, Text: "address sent to the terminal (OSC 52) and the clipboard"}},
		{Clipboard{Terminal: fails}, page.Toast{Token: style.Bad, Text: "nothing took the text; open it with enter and select it by hand"}},
		{Clipboard{}, page.Toast{Token: style.Bad, Text: "nothing took the text; open it with enter and select it by hand"}},
	} {
		if got := c.clipboard.copy(page.Copy{Text: "x", What: "address"})(); got != c.want {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}
