package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
)

// errNoVeil says why words are not shown.
var errNoVeil = errors.New("the words of a new wallet are shown only to who sits at a terminal, never written into a pipe or a file: " +
	"run `jio` on one, or choose no wallet now and make it later, with `jio wallet create` at a terminal")

// veiled shows lines that must not stay anywhere: one at a time, all in the same
// row of the terminal, each overwritten before the next is seen. Rows that were
// left could be scrolled back to. A carriage return and blanks do, so that a dumb
// terminal can too.
func (a *app) veiled(lines []string) error {
	if !a.atTerminal() {
		return usage(errNoVeil)
	}
	screen, done, err := controllingTerminal()
	if err != nil {
		return usage(errNoVeil)
	}
	defer done()
	fmt.Fprintln(screen, "One at a time; enter shows the next.")
	for i, line := range lines {
		if err := veil(screen, fmt.Sprintf("  %s   (%d of %d) ", strings.TrimSpace(line), i+1, len(lines))); err != nil {
			return err
		}
	}
	return nil
}

// veil shows a line until enter is pressed.
func veil(screen io.Writer, line string) error {
	line += strings.Repeat(" ", max(0, 40-len(line)))
	_, err := unechoed(os.Stdin.Fd(), func() { fmt.Fprint(screen, "\r", line) })
	fmt.Fprint(screen, "\r", strings.Repeat(" ", len(line)), "\r")
	return err
}

// controllingTerminal is where the user looks: the standard output, or what is
// behind it where that was led elsewhere.
func controllingTerminal() (screen io.Writer, done func(), err error) {
	if term.IsTerminal(os.Stdout.Fd()) {
		return os.Stdout, func() {}, nil
	}
	f, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil
}
