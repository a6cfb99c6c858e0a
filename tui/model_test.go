package tui

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// A fake is a Backend that answers from a table and remembers what it was asked.
type fake struct {
	status *api.Status

	mu      sync.Mutex
	answers map[string]any
	calls   []string
}

func (f *fake) Status() *api.Status { return f.status }

func (f *fake) Call(_ context.Context, method string, params, result any) error {
	asked, err := json.Marshal(params)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.calls = append(f.calls, method+string(asked))
	answer, ok := f.answers[method]
	f.mu.Unlock()
	if !ok {
		return &api.Error{Code: api.CodeMethodNotFound, Message: "no answer to " + method}
	}
	if answering, ok := answer.(func(asked []byte) any); ok {
		answer = answering(asked)
	}
	if err, ok := answer.(error); ok {
		return err
	}
	reflect.ValueOf(result).Elem().Set(reflect.ValueOf(answer))
	return nil
}

var noon = time.Date(2026, 11, 21, 12, 4, 51, 0, time.UTC)

// dashboard returns a model over a fake, of a size.
func dashboard(t testing.TB, f *fake, width, height int) *Model {
	t.Helper()
	m := New(Config{
		Backend: f, Links: fakeLinks, Theme: style.ThemeByName("dark"), Glyphs: &style.Unicode, Profile: termenv.TrueColor,
		Now: func() time.Time { return noon },
	})
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	for range 2 {
		m.View() // what is asked for depends on the room there was
		settle(m, m.sample())
	}
	return m
}

// settle runs a command and what comes of it, but for what waits for the clock.
func settle(m *Model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil, tick:
	case tea.BatchMsg:
		for _, c := range msg {
			settle(m, c)
		}
	default:
		if inner, ok := sequence(msg); ok {
			for _, c := range inner {
				settle(m, c)
			}
			return
		}
		_, next := m.Update(msg)
		settle(m, next)
	}
}

// press types keys by their names.
func press(m *Model, keys ...string) {
	for _, k := range keys {
		_, cmd := m.Update(keyNamed(k))
		settle(m, cmd)
	}
}

// keyTypes are the keys that are not text, by name.
var keyTypes = func() map[string]tea.KeyType {
	types := map[string]tea.KeyType{}
	for t := tea.KeyType(-100); t < 128; t++ {
		if name := t.String(); t != tea.KeyRunes && name != "" {
			types[name] = t
		}
	}
	return types
}()

// keyNamed returns the key that Bubble Tea gives a name, or typed text.
func keyNamed(name string) tea.KeyMsg {
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	if t, ok := keyTypes[name]; ok {
		return tea.KeyMsg{Type: t}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func screen(m *Model) string {
	plain := *m
	plain.painter = new(style.Painter)
	return plain.View()
}

func wantScreen(t *testing.T, m *Model, parts ...string) {
	t.Helper()
	got := screen(m)
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("the screen lacks %q:\n%s", part, got)
		}
	}
}

func TestMiningTogglesAnywhere(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 100, 30)
	f.answers["setMiner"] = api.Miner{Running: true}
	for _, p := range []string{"1", "2", "6", "9"} {
		press(m, p, "m")
		if got := f.calls[len(f.calls)-1]; got != `setMiner{"mining":true}` {
			t.Errorf("on page %s, m called %s", p, got)
		}
	}
	wantScreen(t, m, "ok: mining is on")
}

// Letters typed fast come in one message.
func TestFastKeysAreKeys(t *testing.T) {
	m := dashboard(t, newFake(), 100, 30)
	press(m, "2$6")
	if m.pages[m.current].Title() != "Peers" || !m.private {
		t.Errorf("on page %s, private %t", m.pages[m.current].Title(), m.private)
	}
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("14"), Paste: true})
	if m.pages[m.current].Title() != "Peers" {
		t.Error("pasted text was taken for keys")
	}
}

func TestQuitAsksWhileMining(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 100, 30)
	if _, cmd := m.Update(keyNamed("q")); cmd == nil || cmd() != tea.Quit() {
		t.Error("q did not quit an idle dashboard")
	}
	f.status.Miner.Wanted = true
	press(m, "q")
	wantScreen(t, m, "The miner is at work.", "[ No ]")
	press(m, "esc")
	if strings.Contains(screen(m), "The miner is at work.") {
		t.Error("escape did not close the question")
	}
	press(m, "q")
	_, cmd := m.Update(keyNamed("y"))
	if !quits(cmd) {
		t.Error("y did not quit")
	}
}

func TestSecondInterruptDoesNotAsk(t *testing.T) {
	f := newFake()
	f.status.Miner.Wanted = true
	m := dashboard(t, f, 100, 30)
	if _, cmd := m.Update(keyNamed("ctrl+c")); quits(cmd) {
		t.Error("the first Ctrl+C quit while mining")
	}
	if _, cmd := m.Update(keyNamed("ctrl+c")); !quits(cmd) {
		t.Error("the second Ctrl+C did not quit")
	}
}

func TestPrivateModeHidesMoney(t *testing.T) {
	m := dashboard(t, newFake(), 120, 40)
	wantScreen(t, m, "12,408.50000000")
	press(m, "$")
	if got := screen(m); strings.Contains(got, "12,408") || strings.Contains(got, payTo) {
		t.Errorf("private mode shows money or addresses:\n%s", got)
	}
}

// Who wants no colours gets none, and is told why the key changes nothing.
func TestNoColorKeepsItsTheme(t *testing.T) {
	m := dashboard(t, newFake(), 100, 30)
	m.cfg.NoColor, m.cfg.Theme = true, style.ThemeByName("none")
	press(m, "T")
	wantScreen(t, m, "note: NO_COLOR is set")
	if m.cfg.Theme.Name != "none" {
		t.Errorf("the theme is %s", m.cfg.Theme.Name)
	}
}

func TestFailedCallsAreSaid(t *testing.T) {
	f := newFake()
	f.answers["setMiner"] = errors.New("the disk is on fire")
	m := dashboard(t, f, 100, 30)
	press(m, "m")
	wantScreen(t, m, "failed: the disk is on fire")
	press(m, "E")
	wantScreen(t, m, "12:04:51 failed: the disk is on fire")
}

// quits reports whether a command ends the program.
func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	msg := cmd()
	if _, ok := msg.(tea.QuitMsg); ok {
		return true
	}
	if inner, ok := sequence(msg); ok {
		for _, c := range inner {
			if quits(c) {
				return true
			}
		}
	}
	return false
}

// A key that finds nothing says so.
func TestNoRedBlockIsSaid(t *testing.T) {
	f := newFake()
	w := f.answers["getDag"].(api.DagWindow)
	for i := range w.Blocks {
		if w.Blocks[i].Fate == "red" {
			w.Blocks[i].Fate = "blue"
		}
	}
	m := dashboard(t, f, 100, 30)
	press(m, "2", "r")
	wantScreen(t, m, "note: no red block stands further to the left")
}
