package style

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Off ends what a Painter began.
const Off = "\x1b[m"

// A Painter knows the escape sequences of a theme for a terminal's colours. It
// is read-only once made.
type Painter struct {
	on     [tokens]string
	filled [tokens]bool
	bare   [tokens]bool // a foreground and nothing else
}

// NewPainter returns the painter of a theme for a colour profile, which decides
// how colours are rounded.
func NewPainter(t *Theme, profile termenv.Profile) *Painter {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(profile)
	p := new(Painter)
	for token, look := range t.Looks {
		// The library paints a word; what stands before the word is all that
		// is needed, once, instead of a call for each run of cells.
		p.on[token], _, _ = strings.Cut(look.style(r).Render("x"), "x")
		p.bare[token] = look == Look{Foreground: look.Foreground} && p.on[token] != ""
		p.filled[token] = look.Background != "" || look.Reverse || look.Underline
	}
	return p
}

// Fills reports whether even a space in the looks of a token can be seen.
func (p *Painter) Fills(t Token) bool { return p.filled[t] }

// Replaces reports whether the looks of one token end those of another without
// Off: both are a foreground alone.
func (p *Painter) Replaces(t, before Token) bool { return p.bare[t] && p.bare[before] }

// On returns the sequence that begins the cells of a token, "" where they look
// as the terminal's own text and no Off is needed.
func (p *Painter) On(t Token) string { return p.on[t] }
