package tui

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

var update = flag.Bool("update", false, "write the golden frames; the diff is the review")

// sizes are those every page is drawn at.
var sizes = [][2]int{{60, 16}, {80, 24}, {120, 40}, {160, 48}}

// TestFrames holds every page at every size with every set of glyphs against a
// golden frame: the characters, and below them the tokens of the dark theme.
func TestFrames(t *testing.T) {
	for i := range pages() {
		for _, size := range sizes {
			for _, glyphs := range glyphSets {
				m := dashboard(t, newFake(), size[0], size[1])
				m.cfg.Glyphs = glyphs
				press(m, fmt.Sprint(i+1))
				name := fmt.Sprintf("%s-%dx%d-%s.golden", strings.ToLower(m.pages[i].Title()), size[0], size[1], glyphs.Name)
				compare(t, filepath.Join("testdata", "frames", name), frameOf(m))
			}
		}
	}
}

// glyphSets are what terminals can show.
var glyphSets = []*style.Glyphs{&style.Unicode, &style.ASCII}

// TestSituations holds every dialog, every step and every way a page may stand
// against golden frames: whole at the two small sizes, where room is short; of a
// dialog at the two large ones only what it covers.
func TestSituations(t *testing.T) {
	frames := map[string]string{}
	for _, s := range situations {
		m := s.reach(t)
		for _, size := range sizes[:2] {
			for _, glyphs := range glyphSets {
				frames[s.name] += shot(m, size, glyphs)
			}
		}
		if len(m.dialogs) > 0 {
			frames[s.name] += covered(m, sizes[2]) + covered(m, sizes[3])
		}
	}
	for name, frame := range frames {
		compare(t, filepath.Join("testdata", "situations", strings.ReplaceAll(strings.ToLower(name), " ", "-")+".golden"), frame)
	}
}

// states are the ways a node may be that change how Home, Mine and Wallet look.
var states = map[string]func(f *fake){
	"syncing": func(f *fake) {
		f.status.Synced = false
		f.status.Sync = api.Sync{Stage: "bodies", Step: 4, Steps: 6, Done: 4_000, Total: 9_000, ETA: 312_000}
		f.status.Wallets[0].Synced, f.status.Wallets[0].SyncedAt = false, noon.UnixMilli()-86_400_000
	},
	"mining": func(f *fake) { f.status.Miner.Wanted, f.status.Miner.Running = true, true },
	"paused": func(f *fake) {
		f.status.Miner.Wanted, f.status.Miner.Paused = true, "the machine runs on its battery"
	},
	"no wallet": func(f *fake) { f.status.Wallets = nil },
	"many wallets": func(f *fake) {
		w := f.status.Wallets[0]
		w.Unlocked, w.BackedUp, w.NeedsUnlock, w.Scan = false, false, true, &api.Scan{Done: 3, Total: 10, Derived: 400, Used: 7, Found: jio("25")}
		w.Accounts = append(w.Accounts, api.Account{Index: 1, Name: "rent", Address: payTo, Balance: api.Balance{Available: jio("8")}})
		f.status.Wallets = []api.WalletSummary{w, {Name: "cold", Open: true, WatchOnly: true, Synced: true}}
	},
	"nothing": func(f *fake) {
		f.status = new(api.Status)
		for method, answer := range f.answers {
			f.answers[method] = zeroOf(answer)
		}
	},
	"errors": func(f *fake) {
		for method := range f.answers {
			f.answers[method] = errors.New("the node is stopping")
		}
	},
}

func TestStates(t *testing.T) {
	for name, prepare := range states {
		var frames string
		shown := []string{"1", "3", "5"}
		if name == "nothing" || name == "errors" {
			shown = digits(9)
		}
		for _, key := range shown {
			f := newFake()
			prepare(f)
			m := dashboard(t, f, 160, 48)
			press(m, key)
			for _, size := range sizes {
				if key != "1" && size[0] > 80 {
					continue
				}
				frames += shot(m, size, &style.Unicode)
			}
			frames += shot(m, sizes[1], &style.ASCII)
		}
		compare(t, filepath.Join("testdata", "states", strings.ReplaceAll(name, " ", "-")+".golden"), frames)
	}
}

// shot returns the characters of a frame of a size, below a line that names it.
func shot(m *Model, size [2]int, glyphs *style.Glyphs) string {
	m.width, m.height, m.cfg.Glyphs = size[0], size[1], glyphs
	m.View() // what a page offers depends on what it had room for
	return fmt.Sprintf("=== %dx%d %s\n%s\n", size[0], size[1], glyphs.Name, screen(m))
}

// covered returns the part of a frame of a size that a dialog changes.
func covered(m *Model, size [2]int) string {
	below := *m
	below.dialogs = nil
	shot(&below, size, &style.Unicode)
	shot(m, size, &style.Unicode)
	page, all := strings.Split(screen(&below), "\n"), strings.Split(screen(m), "\n")
	left, top, right, bottom := size[0], size[1], 0, 0
	for y := range all[:size[1]-1] { // the last line names the keys
		for x := range size[0] {
			if cellAt(page[y], x) != cellAt(all[y], x) {
				left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "=== %dx%d, columns %d to %d, rows %d to %d\n", size[0], size[1], left, right, top, bottom)
	for y := top; y <= bottom; y++ {
		for x := left; x <= right; x++ {
			b.WriteRune(cellAt(all[y], x))
		}
		b.WriteByte('\n')
	}
	return trimLines(b.String())
}

// cellAt returns the character of a line of one-cell characters at a column.
func cellAt(line string, column int) rune {
	if cells := []rune(line); column < len(cells) {
		return cells[column]
	}
	return ' '
}

// TestThemes holds one frame in every theme against what is sent to a terminal
// with all colours, with 256 and with 16.
func TestThemes(t *testing.T) {
	m := dashboard(t, newFake(), 80, 24)
	for _, theme := range style.Themes {
		var sent string
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			m.painter = style.NewPainter(theme, profile)
			sent += strings.ReplaceAll(m.View(), "\x1b", "ESC") + "\n\n"
		}
		compare(t, filepath.Join("testdata", "themes", theme.Name+".golden"), sent)
	}
}

// TestFramesInThemes holds every page at every size with every set of glyphs in
// every theme: what is sent to a terminal shows the characters of the golden frame
// and nothing else, and its sum is that of what was sent before.
func TestFramesInThemes(t *testing.T) {
	var sums strings.Builder
	for i := range pages() {
		for _, size := range sizes {
			m := dashboard(t, newFake(), size[0], size[1])
			press(m, fmt.Sprint(i+1))
			for _, glyphs := range glyphSets {
				m.cfg.Glyphs = glyphs
				characters := trimLines(canvasOf(m).String())
				for _, theme := range style.Themes {
					m.painter = style.NewPainter(theme, termenv.TrueColor)
					sent := m.View()
					name := fmt.Sprintf("%s %dx%d %s %s", strings.ToLower(m.pages[i].Title()), size[0], size[1], glyphs.Name, theme.Name)
					if shown := trimLines(ansi.Strip(sent)); shown != characters {
						t.Errorf("%s shows\n%s\nwant\n%s", name, shown, characters)
					}
					fmt.Fprintf(&sums, "%s %x\n", name, sha256.Sum256([]byte(sent)))
				}
			}
		}
	}
	compare(t, filepath.Join("testdata", "themes", "frames.sums"), sums.String())
}

// frameOf returns the characters of a frame and the letters of its tokens.
func frameOf(m *Model) string {
	c := canvasOf(m)
	return c.String() + "\n\n" + trimLines(c.Tokens()) + "\n"
}

func canvasOf(m *Model) *component.Canvas {
	c := component.NewCanvas(m.width, m.height)
	m.draw(c.Area())
	return c
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it. Got:\n%s", file, got)
	}
}

// Every theme encodes the same cells, and every frame fits its terminal.
func TestFramesFit(t *testing.T) {
	for i := range pages() {
		for _, size := range append(sizes, [2]int{1, 1}, [2]int{39, 9}, [2]int{40, 10}, [2]int{200, 12}, [2]int{60, 70}) {
			m := dashboard(t, newFake(), size[0], size[1])
			press(m, fmt.Sprint(i+1))
			for _, theme := range style.Themes {
				m.painter = style.NewPainter(theme, termenv.TrueColor)
				fits(t, m)
			}
		}
	}
}

func fits(t testing.TB, m *Model) {
	t.Helper()
	lines := strings.Split(m.View(), "\n")
	if len(lines) != max(1, m.height) {
		t.Fatalf("%d lines at height %d", len(lines), m.height)
	}
	for _, line := range lines {
		if w := ansi.StringWidth(line); w > m.width {
			t.Fatalf("a line is %d cells wide of %d: %q", w, m.width, line)
		}
		for _, r := range ansi.Strip(line) {
			if r < ' ' || r == 0x7f {
				t.Fatalf("control character %U in %q", r, line)
			}
		}
	}
}

// Every key that a page or the dashboard answers is in the help.
func TestEveryBindingIsInHelp(t *testing.T) {
	for i, p := range pages() {
		m := dashboard(t, newFake(), 160, 120)
		press(m, fmt.Sprint(i+1), "?")
		for _, b := range append(p.Keys(), globalKeys...) {
			if !strings.Contains(screen(m), b.Help) {
				t.Errorf("%s: help lacks %q", p.Title(), b.Help)
			}
		}
	}
}
