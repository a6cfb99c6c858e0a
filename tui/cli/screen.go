package cli

import (
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/tui/silence"
	"github.com/jio-dag/jio/tui/style"
)

func init() { silence.End() }

// A terminal is what the dashboard must know of where it is drawn.
type terminal struct {
	theme   *style.Theme
	glyphs  *style.Glyphs
	profile termenv.Profile
	noColor bool
}

// noScreen says why there can be no dashboard here, "" where there can. Bubble
// Tea would draw on any of these.
func noScreen(in, out *os.File, getenv func(string) string) string {
	switch {
	case !term.IsTerminal(out.Fd()):
		return "the output is not a terminal"
	case !term.IsTerminal(in.Fd()):
		return "the input is not a terminal"
	case getenv("TERM") == "dumb" || getenv("TERM") == "":
		return "the terminal is dumb"
	}
	return ""
}

// terminalOf looks at the environment and asks the terminal for its background.
// theme and glyphs are the user's choices, "auto" for none.
func terminalOf(theme, glyphs string, getenv func(string) string) terminal {
	t := terminal{theme: style.ThemeByName(theme), glyphs: glyphsFor(glyphs, getenv), profile: termenv.EnvColorProfile()}
	if getenv("NO_COLOR") != "" {
		// Bold and reverse are no colours; without them the cursor would be lost.
		t.theme, t.profile, t.noColor = style.ThemeByName("none"), termenv.ANSI, true
	}
	if t.theme == nil {
		t.theme = style.ThemeByName("light")
		if termenv.HasDarkBackground() {
			t.theme = style.ThemeByName("dark")
		}
	}
	return t
}

// glyphsFor chooses the characters by the locale and the terminal. Locales of
// East Asia show some of them two cells wide.
func glyphsFor(choice string, getenv func(string) string) *style.Glyphs {
	switch choice {
	case "unicode":
		return &style.Unicode
	case "ascii":
		return &style.ASCII
	}
	locale := strings.ToLower(firstOf(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	name := getenv("TERM")
	utf8 := strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
	if !utf8 || name == "linux" || strings.HasPrefix(name, "vt") {
		return &style.ASCII
	}
	for _, wide := range []string{"ja", "ko", "zh"} {
		if strings.HasPrefix(locale, wide) {
			return &style.ASCII
		}
	}
	return &style.Unicode
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
