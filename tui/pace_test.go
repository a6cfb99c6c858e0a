package tui

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/tui/style"
)

// paces runs the dashboard at 160x48 in virtual time over a node and returns how
// many frames were drawn in so many seconds, and in a twentieth of a second after a
// key then.
func paces(t *testing.T, b Backend, page string, seconds int) (drawn, afterKey int64) {
	began := time.Now()
	m := New(Config{
		Links: fakeLinks, Backend: b, Theme: style.ThemeByName("dark"), Glyphs: &style.Unicode, Profile: termenv.TrueColor,
		Now: func() time.Time { return noon.Add(time.Since(began)) },
	})
	paced := newPaced(m)
	ctx, cancel := context.WithCancel(t.Context())
	p := tea.NewProgram(paced, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = p.Run() // it is killed in the end
	}()
	p.Send(tea.WindowSizeMsg{Width: 160, Height: 48})
	p.Send(keyNamed(page))
	time.Sleep(2*time.Second + interval/2) // of virtual time, past what the start asks for
	synctest.Wait()
	before := paced.drawn.Load()
	time.Sleep(time.Duration(seconds) * time.Second)
	synctest.Wait()
	drawn = paced.drawn.Load() - before
	before = paced.drawn.Load()
	p.Send(keyNamed("$"))
	synctest.Wait()
	afterKey = paced.drawn.Load() - before
	cancel()
	<-ended
	time.Sleep(time.Second) // so that what waits for the clock ends
	return drawn, afterKey
}

// Four frames a second are drawn while nothing is pressed, whether blocks come or
// not; a key is answered by a frame at once.
func TestFramesASecond(t *testing.T) {
	for _, page := range []string{"1", "2", "3", "6", "9"} {
		for _, blocks := range []int{-1, 0, 3, 100} {
			synctest.Test(t, func(t *testing.T) {
				var b Backend = newFake()
				if blocks >= 0 {
					b = &growing{fake: newFake(), blocks: blocks}
				}
				drawn, afterKey := paces(t, b, page, 10)
				if drawn > 40 || afterKey != 1 {
					t.Errorf("page %s with %d blocks a frame: %d frames in ten seconds, %d after a key", page, blocks, drawn, afterKey)
				}
			})
		}
	}
}

// What a frame allocates does not grow with the DAG, which is laid out only when it
// has changed.
func TestAllocationsOfAFrame(t *testing.T) {
	const most = 600
	for _, key := range []string{"1", "2", "8", "9"} {
		for _, width := range []int{2, 100} {
			f := newFake()
			f.answers["getDag"] = wideWindow(1, 80, width)
			m := dashboard(t, f, 160, 48)
			press(m, key)
			if got := testing.AllocsPerRun(10, func() { m.View() }); got > most {
				t.Errorf("page %s, %d wide: %v allocations a frame, of %d", key, width, got, most)
			} else {
				t.Logf("page %s, %d wide: %v allocations", key, width, got)
			}
		}
	}
}
