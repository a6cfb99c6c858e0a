package tui

import (
	"context"
	"errors"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
	"github.com/jio-dag/jio/tui/wizard"
)

// Ask walks a flow on the whole screen before there is a node. It returns the
// answers, nil when the user left. The screen is cleared and the alternate
// screen left before it returns.
func Ask(ctx context.Context, flow *wizard.Flow, cfg Config, in io.Reader, out io.Writer) (answers wizard.Answers, err error) {
	m := &questions{cfg: cfg, painter: style.NewPainter(cfg.Theme, cfg.Profile)}
	m.screen = wizard.NewScreen(flow, func(a wizard.Answers) tea.Cmd {
		answers = a
		return tea.Quit
	}, tea.Quit)
	g := &guarded{model: m, recovered: cfg.Recovered}
	_, err = tea.NewProgram(g, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithAltScreen(),
		tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler()).Run()
	if g.failure != nil {
		err = g.failure
	}
	if ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled) {
		err = ctx.Err()
	}
	return answers, err
}

// questions is the program around a wizard's screen.
type questions struct {
	cfg           Config
	painter       *style.Painter
	screen        *wizard.Screen
	width, height int
}

// Init implements tea.Model.
func (q *questions) Init() tea.Cmd { return nil }

// Update implements tea.Model.
func (q *questions) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		q.width, q.height = msg.Width, msg.Height
		return q, nil
	case tea.KeyMsg:
		if msg.Type == tea.KeyCtrlC {
			return q, tea.Quit
		}
	}
	return q, q.screen.Update(q.context(), msg)
}

func (q *questions) context() page.Context {
	return page.Context{Status: &api.Status{}, Now: time.Time{}, Glyphs: q.cfg.Glyphs}
}

// View implements tea.Model.
func (q *questions) View() string {
	c := component.NewCanvas(q.width, q.height)
	head, body := c.Area().Top(1)
	head.Print(1, 0, style.Title, "JIO  first run")
	q.screen.Draw(q.context(), body)
	return c.Encode(q.painter)
}
