package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// A panicky model fails where it is told to.
type panicky struct{ where string }

func (p panicky) Init() tea.Cmd { p.at("Init"); return nil }
func (p panicky) Update(tea.Msg) (tea.Model, tea.Cmd) {
	p.at("Update")
	return p, nil
}
func (p panicky) View() string { p.at("View"); return "" }
func (p panicky) at(where string) {
	if p.where == where {
		panic("at " + where)
	}
}

func recovered(name string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %v", name, r)
		}
	}()
	return f()
}

func TestPanicsEndTheProgramInOrder(t *testing.T) {
	for _, where := range []string{"Init", "Update", "View"} {
		g := &guarded{model: panicky{where}, recovered: recovered}
		g.View()
		cmd := g.Init()
		if where == "Update" {
			_, cmd = g.Update(nil)
		}
		if !quits(cmd) {
			t.Errorf("a panic in %s does not end the program", where)
		}
		if g.failure == nil || g.failure.Error() != "the dashboard: at "+where {
			t.Errorf("a panic in %s is reported as %v", where, g.failure)
		}
	}
}

// The terminal is given back when the host ends the dashboard.
func TestRunRestoresTheTerminal(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var out bytes.Buffer
	m := dashboard(t, newFake(), 80, 24)
	m.cfg.Recovered = recovered
	cancel(errors.New("the host stops"))
	if err := Run(ctx, m.cfg, new(bytes.Buffer), &out); err != nil {
		t.Errorf("ended with %v", err)
	}
	if text := out.String(); strings.Count(text, "\x1b[?1049h") != strings.Count(text, "\x1b[?1049l") {
		t.Errorf("the alternate screen was not left: %q", text)
	}
}
