package cli

import (
	"errors"
	"io"
	"os"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"

	"github.com/jio-dag/jio/tui"
)

// clipboards returns the ways to copy text from a terminal.
func clipboards(out io.Writer) tui.Clipboard {
	c := tui.Clipboard{Terminal: func(text string) error {
		_, err := io.WriteString(out, sequences(text, os.Getenv))
		return err
	}}
	if !clipboard.Unsupported && os.Getenv("SSH_CONNECTION") == "" {
		c.Native = func(text string) error {
			if text == "" {
				return errors.New("nothing to copy")
			}
			return clipboard.WriteAll(text)
		}
	}
	return c
}

// sequences asks the terminal to copy text. A tmux either takes the request itself
// (set-clipboard) or lets a wrapped one through (allow-passthrough); it is asked for
// both, since it tells neither.
func sequences(text string, getenv func(string) string) string {
	sequence := osc52.New(text)
	switch {
	case getenv("TMUX") != "":
		return sequence.String() + sequence.Tmux().String()
	case getenv("STY") != "":
		return sequence.Screen().String()
	}
	return sequence.String()
}
