package style

import (
	"math"
	"reflect"
	"strconv"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/muesli/termenv"
)

// The ends of the range of backgrounds that a theme is made for.
var backgrounds = map[bool][]string{
	true:  {"#000000", "#1e1e2e"},
	false: {"#ffffff", "#eeeeee"},
}

// lines are tokens that need only be seen, not read.
var lines = map[Token]bool{Border: true, Focus: true, Edge: true, Graph: true}

// WCAG 2.1, 1.4.3 and 1.4.11: 4.5 for text, 3 for what is not.
func TestContrast(t *testing.T) {
	for _, theme := range Themes {
		for token, look := range theme.Looks {
			for _, background := range backgrounds[theme.Dark] {
				if look.Background != "" {
					background = look.Background
				}
				if look.Foreground == "" {
					continue // the terminal's own
				}
				need := 4.5
				if lines[Token(token)] {
					need = 3
				}
				if got := contrast(t, look.Foreground, background); got < need {
					t.Errorf("%s: token %d, %s on %s: contrast %.2f, want %.1f", theme.Name, token, look.Foreground, background, got, need)
				}
			}
		}
	}
}

func TestEveryTokenHasALookThatDiffers(t *testing.T) {
	for _, theme := range Themes {
		apart := []Token{Chain, Blue, Red, Open, Sink}
		if theme == &none {
			continue // letters and shapes alone
		}
		for i, a := range apart {
			for _, b := range apart[:i] {
				if theme.Looks[a] == theme.Looks[b] {
					t.Errorf("%s: tokens %d and %d look the same", theme.Name, a, b)
				}
			}
		}
		for token := Dim; token < tokens; token++ {
			if theme.Looks[token] == (Look{}) {
				t.Errorf("%s: token %d has no look", theme.Name, token)
			}
		}
	}
}

func TestPainterHasNoColourWithoutAProfile(t *testing.T) {
	p := NewPainter(&dark, termenv.Ascii)
	for token := range tokens {
		if on := p.On(token); on != "" {
			t.Errorf("token %d begins with %q on a terminal without styles", token, on)
		}
	}
	if on := NewPainter(&dark, termenv.TrueColor).On(Red); on == "" {
		t.Error("red begins with nothing on a terminal with colours")
	}
	if on := NewPainter(&none, termenv.TrueColor).On(Dim); on != "" {
		t.Errorf("dim begins with %q in the theme without colours", on)
	}
}

func TestGlyphsAreOneCellWide(t *testing.T) {
	for _, g := range []Glyphs{Unicode, ASCII} {
		v := reflect.ValueOf(g)
		for i := range v.NumField() {
			for _, r := range runesOf(v.Field(i)) {
				if w := runewidth.RuneWidth(r); w != 1 {
					t.Errorf("%s: %q of %s is %d cells wide", g.Name, r, v.Type().Field(i).Name, w)
				}
				if g.Name == "ascii" && r > 126 {
					t.Errorf("ascii: %q of %s is not ASCII", r, v.Type().Field(i).Name)
				}
			}
		}
	}
}

// The kinds of blocks differ in shape, not only in colour.
func TestBlocksDifferByShape(t *testing.T) {
	for _, g := range []Glyphs{Unicode, ASCII} {
		seen := map[rune]bool{}
		for _, r := range []rune{g.Chain, g.Blue, g.Red, g.Open, g.Sink} {
			if seen[r] {
				t.Errorf("%s: %q stands for two kinds of blocks", g.Name, r)
			}
			seen[r] = true
		}
	}
}

func runesOf(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case rune:
		if x == 0 {
			return ""
		}
		return string(x)
	case []rune:
		return string(x)
	case [16]rune:
		return string(x[:])
	}
	return ""
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.1.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex[1:], 16, 24)
	if err != nil || len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	channel := func(shift uint) float64 {
		c := float64(v>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
