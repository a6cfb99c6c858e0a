package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
	"github.com/jio-dag/jio/tui/wizard"
)

// interval is the time between two frames while nothing is pressed.
const interval = 250 * time.Millisecond

// Config is what the dashboard needs of its host.
type Config struct {
	Backend   Backend
	Clipboard Clipboard
	Theme     *style.Theme
	Glyphs    *style.Glyphs
	Profile   termenv.Profile
	Now       func() time.Time
	Wizard    wizard.Host // for making wallets
	Links     page.Links
	Remote    bool // quitting leaves the node running
	NoColor   bool // the user wants none (https://no-color.org), and no other theme
	// Recovered calls f and returns its error, or one that reports its panic.
	Recovered func(name string, f func() error) error
	// Bell rings the terminal's bell; Run puts one here that does.
	Bell func()
}

// A Model is the dashboard. It only routes: keys and messages go to the topmost
// dialog, else to the page that is seen; what pages ask of their host is done
// here.
type Model struct {
	cfg           Config
	painter       *style.Painter
	width, height int

	pages   []page.Page
	current int
	dialogs []page.Page
	watch   page.Watch
	live    page.Live
	canvas  component.Canvas

	status  *api.Status
	series  page.Series
	wallet  string // the open wallet that is shown, "" for the first
	private bool
	mouse   bool
	full    bool // the panel that has the keys takes the whole screen
	bell    bool
	leaving bool // Ctrl+C was pressed once
	toasts  toasts
}

// tick asks for the next frame.
type tick time.Time

// New returns the dashboard, at its first page.
func New(cfg Config) *Model {
	m := &Model{cfg: cfg, pages: pages(), status: cfg.Backend.Status(), mouse: true}
	m.painter = style.NewPainter(cfg.Theme, cfg.Profile)
	return m
}

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.sample(), nextTick()) }

func nextTick() tea.Cmd { return tea.Tick(interval, func(t time.Time) tea.Msg { return tick(t) }) }

// Update implements tea.Model.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tick:
		return m, tea.Batch(m.sample(), nextTick())
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		return m, nil
	case tea.KeyMsg:
		return m, m.keys(msg)
	case tea.MouseMsg:
		return m, m.click(msg)
	}
	if cmd, ok := m.host(msg); ok {
		return m, cmd
	}
	return m, m.broadcast(msg)
}

// sample takes the node's latest status and lets what is seen ask for more.
func (m *Model) sample() tea.Cmd {
	m.status = m.cfg.Backend.Status()
	m.series.Record(m.cfg.Now(), m.status)
	m.toasts.expire(m.cfg.Now())
	return tea.Batch(m.watch.Update(m.context(), page.Tick{}), m.seen().Update(m.context(), page.Tick{}))
}

// broadcast hands an answer to every page, since only the one that asked knows
// it.
func (m *Model) broadcast(msg tea.Msg) tea.Cmd {
	m.live.Update(msg)
	cmds := []tea.Cmd{m.watch.Update(m.context(), msg)}
	for _, p := range m.pages {
		cmds = append(cmds, p.Update(m.context(), msg))
	}
	for _, d := range m.dialogs {
		cmds = append(cmds, d.Update(m.context(), msg))
	}
	return tea.Batch(cmds...)
}

// seen is what has the keys.
func (m *Model) seen() page.Page {
	if n := len(m.dialogs); n > 0 {
		return m.dialogs[n-1]
	}
	return m.pages[m.current]
}

func (m *Model) context() page.Context {
	return page.Context{
		Status: m.status, Wallet: m.wallet, Caller: m.cfg.Backend, Links: m.cfg.Links, Series: &m.series,
		Live: &m.live, Reorg: m.watch.Reorg(),
		Now: m.cfg.Now(), Glyphs: m.cfg.Glyphs, Private: m.private, Full: m.full,
	}
}

// keys takes apart what the terminal sent at once: letters typed fast come in one
// message, and each is a key. What was pasted stays text.
func (m *Model) keys(msg tea.KeyMsg) tea.Cmd {
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 || msg.Paste {
		return m.key(msg)
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, m.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}))
	}
	return tea.Batch(cmds...)
}

// key gives a key to whoever has the keys, and to the dashboard itself unless
// text is being typed or a dialog is open.
func (m *Model) key(msg tea.KeyMsg) tea.Cmd {
	key := msg.String()
	if key == "ctrl+c" {
		return m.interrupt()
	}
	m.leaving = false
	seen := m.seen()
	if len(m.dialogs) == 0 && !seen.Typing() {
		if cmd, ok := m.global(key); ok {
			return cmd
		}
	}
	return seen.Update(m.context(), msg)
}

// click goes to a tab that was clicked on, or to whoever has the keys; the wheel
// moves as arrows do.
func (m *Model) click(msg tea.MouseMsg) tea.Cmd {
	switch {
	case msg.Action != tea.MouseActionPress:
		return nil
	case msg.Button == tea.MouseButtonWheelUp:
		return m.key(tea.KeyMsg{Type: tea.KeyUp})
	case msg.Button == tea.MouseButtonWheelDown:
		return m.key(tea.KeyMsg{Type: tea.KeyDown})
	case msg.Button != tea.MouseButtonLeft:
		return nil
	case msg.Y == tabsRow && len(m.dialogs) == 0 && !m.full:
		return m.show(m.tabAt(msg.X))
	}
	return m.seen().Update(m.context(), page.Click{X: msg.X, Y: msg.Y})
}

// View implements tea.Model.
func (m *Model) View() string {
	m.canvas.Resize(m.width, m.height)
	m.draw(m.canvas.Area())
	return m.canvas.Encode(m.painter)
}
