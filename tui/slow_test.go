package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/style"
)

// A silent backend never answers; it gives up only when its caller does.
type silent struct{ *fake }

func (silent) Call(ctx context.Context, _ string, _, _ any) error {
	<-ctx.Done()
	return ctx.Err()
}

// Whatever the node does not answer, keys do what they do at once; what was asked
// is given up in the end, and said to be.
func TestNoPageWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(Config{Links: fakeLinks, Backend: silent{newFake()}, Glyphs: glyphSets[0], Theme: style.Themes[0], Now: time.Now, Wizard: wizardHost})
		began := time.Now()
		answers := make(chan tea.Msg)
		open := 0
		take := func(msg tea.Msg) {
			cmds, many := sequence(msg) // of a batch as well
			if !many {
				_, cmd := m.Update(msg)
				cmds = []tea.Cmd{cmd}
			}
			for _, cmd := range cmds {
				open += start(cmd, answers)
			}
		}
		take(tea.WindowSizeMsg{Width: 160, Height: 48})
		for n := range 9 {
			take(keyNamed(fmt.Sprint(n + 1)))
			open += start(m.sample(), answers)
			for _, key := range []string{"down", "enter", "esc", "m", "]", "n", "esc", "esc", "esc", "a", "esc"} {
				take(keyNamed(key))
				m.View()
			}
			if title := m.seen().Title(); !strings.HasPrefix(m.tabName(n, 160), fmt.Sprint(n+1)) || m.current != n {
				t.Errorf("%d leads to %s", n+1, title)
			}
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("keys took %v", waited)
		}
		for ; open > 0; open-- {
			take(<-answers)
		}
		if n := len(m.toasts.all()); n == 0 {
			t.Error("nothing was said of what failed")
		}
	})
}

// start runs a command as the library does, in goroutines of its own, and returns
// how many answers will come.
func start(cmd tea.Cmd, answers chan<- tea.Msg) int {
	if cmd == nil {
		return 0
	}
	go func() { answers <- cmd() }()
	return 1
}
