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
		sequence := osc52.New(text)
		switch {
		case os.Getenv("TMUX") != "":
			sequence = sequence.Tmux()
		case os.Getenv("STY") != "":
			sequence = sequence.Screen()
		}
		_, err := sequence.WriteTo(out)
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
