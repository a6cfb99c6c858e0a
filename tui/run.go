package tui

import (
	"context"
	"errors"
	"io"

	tea "github.com/charmbracelet/bubbletea"
)

// framesPerSecond bounds how often what changed is written to the terminal. Keys
// are answered within a twentieth of a second; without one there are four frames
// a second, which paced sees to.
const framesPerSecond = 20

// Run shows the dashboard on a terminal until the user quits or ctx ends, and
// gives the terminal back as it was, whatever happens. A panic in the dashboard
// itself comes back as the error that cfg.Recovered made of it.
func Run(ctx context.Context, cfg Config, in io.Reader, out io.Writer) error {
	if cfg.Bell == nil {
		// One byte, written whole: it cannot come between those of a sequence.
		cfg.Bell = func() { _, _ = out.Write([]byte{'\a'}) }
	}
	g := &guarded{model: newPaced(New(cfg)), recovered: cfg.Recovered}
	p := tea.NewProgram(g, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithAltScreen(),
		tea.WithMouseCellMotion(), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler())
	_, err := p.Run()
	switch {
	case g.failure != nil:
		return g.failure
	case ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled):
		return nil
	}
	return err
}

// A guarded is the dashboard with its panics caught: the program ends in order
// and the failure is reported after the terminal was restored.
type guarded struct {
	model     tea.Model
	recovered func(name string, f func() error) error
	failure   error
}

// Init implements tea.Model.
func (g *guarded) Init() (cmd tea.Cmd) {
	return g.guard(func() { cmd = g.model.Init() }, &cmd)
}

// Update implements tea.Model.
func (g *guarded) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	return g, g.guard(func() { _, cmd = g.model.Update(msg) }, &cmd)
}

// View implements tea.Model. After a failure the screen stays empty until the
// program has ended.
func (g *guarded) View() (frame string) {
	g.guard(func() { frame = g.model.View() }, nil)
	return frame
}

// guard calls f and returns the command it left, or the one that ends the
// program when f panicked, now or before.
func (g *guarded) guard(f func(), cmd *tea.Cmd) tea.Cmd {
	if g.failure == nil {
		g.failure = g.recovered("the dashboard", func() error { f(); return nil })
	}
	if g.failure != nil || cmd == nil {
		return tea.Quit
	}
	return *cmd
}
