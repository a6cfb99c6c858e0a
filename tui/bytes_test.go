package tui

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// A growing backend is one whose DAG goes on by a chain block in each frame.
type growing struct {
	*fake
	frames int
	blocks int // chain blocks in a frame; 0 means one
}

func (g *growing) Status() *api.Status {
	g.frames += max(1, g.blocks)
	s := *g.fake.status
	s.DAAScore, s.BlueScore, s.BlockRate = s.DAAScore+uint64(2*g.frames), s.BlueScore+uint64(g.frames), float64(g.frames%7)
	s.Blocks += uint64(g.frames)
	s.SinkTimestamp += int64(g.frames) * 250
	g.fake.mu.Lock()
	defer g.fake.mu.Unlock()
	g.fake.answers["getDag"] = wideWindow(g.frames, 40, 2)
	return &s
}

// frameBudget is what a frame may cost a terminal at the end of a slow line. A line
// of which a cell changed is sent as a whole.
const frameBudget = 8 << 10

// The library's own renderer, in virtual time, at 160x48: while one panel scrolls,
// frames stay small; while nothing changes, nothing is sent.
func TestBytesOfAFrame(t *testing.T) {
	for _, c := range []struct {
		name, page string
		backend    func() Backend
		budget     int
	}{
		{"Home of a node that goes on", "1", func() Backend { return &growing{fake: newFake()} }, frameBudget},
		{"Mine of a node that goes on", "5", func() Backend { return &growing{fake: newFake()} }, 4 << 10},
		{"DAG, whose picture and list scroll both", "2", func() Backend { return &growing{fake: newFake()} }, frameBudget},
		{"Wallet where nothing happens", "3", func() Backend { return newFake() }, 512},
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := bytesPerFrame(t, c.backend(), c.page); got > c.budget {
				t.Errorf("%s: %d bytes a frame, of %d", c.name, got, c.budget)
			} else {
				t.Logf("%s: %d bytes a frame", c.name, got)
			}
		})
	}
}

// A counter counts what is written to it.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// bytesPerFrame shows a page for ten seconds and returns what a frame cost.
func bytesPerFrame(t *testing.T, b Backend, page string) int {
	began := time.Now()
	m := New(Config{
		Links:   fakeLinks,
		Backend: b, Theme: style.ThemeByName("dark"), Glyphs: &style.Unicode, Profile: termenv.TrueColor,
		Now: func() time.Time { return noon.Add(time.Since(began)) },
	})
	var out counter
	p := tea.NewProgram(newPaced(m), tea.WithContext(t.Context()), tea.WithInput(nil), tea.WithOutput(&out), tea.WithAltScreen(),
		tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler())
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run()
		ended <- err
	}()
	p.Send(tea.WindowSizeMsg{Width: 160, Height: 48})
	p.Send(keyNamed(page))
	const settling, seconds = 2, 10
	time.Sleep(settling * time.Second) // of virtual time
	synctest.Wait()
	before := int(out.n.Load())
	time.Sleep(seconds * time.Second)
	synctest.Wait()
	written := int(out.n.Load()) - before
	p.Quit()
	if err := <-ended; err != nil && !errors.Is(err, tea.ErrProgramKilled) {
		t.Error(err)
	}
	time.Sleep(time.Second) // so that what waits for the clock ends
	return written / (seconds * int(time.Second/interval))
}
