package tui

import (
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// gathering is how long what a tick asked for is waited for before the frame is
// drawn, so that its answers are in it.
const gathering = 50 * time.Millisecond

// A paced is the dashboard with its frames counted out: the library wants one after
// each message, and a tick is followed by many. What the user does is seen at once;
// everything else is gathered first. So four frames a second are drawn while nothing
// is pressed, however many blocks and answers come.
type paced struct {
	model  tea.Model
	frame  string
	stale  bool         // the frame is to be drawn anew
	coming bool         // and will be, when what comes was gathered
	drawn  atomic.Int64 // frames so far
}

func newPaced(m tea.Model) *paced { return &paced{model: m, stale: true} }

// gathered is said when it is time to draw.
type gathered struct{}

// Init implements tea.Model.
func (p *paced) Init() tea.Cmd { return p.model.Init() }

// Update implements tea.Model.
func (p *paced) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(gathered); ok {
		p.stale, p.coming = true, false
		return p, nil
	}
	_, cmd := p.model.Update(msg)
	switch msg.(type) {
	case tea.KeyMsg, tea.MouseMsg, tea.WindowSizeMsg:
		p.stale = true
		return p, cmd
	}
	if p.coming {
		return p, cmd
	}
	p.coming = true
	return p, tea.Batch(cmd, tea.Tick(gathering, func(time.Time) tea.Msg { return gathered{} }))
}

// View implements tea.Model.
func (p *paced) View() string {
	if p.stale {
		p.frame, p.stale = p.model.View(), false
		p.drawn.Add(1)
	}
	return p.frame
}
