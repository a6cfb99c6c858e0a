package tui

import (
	"regexp"
	"strings"
	"time"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

const (
	toastTime = 6 * time.Second
	maxEvents = 200
)

// toasts are the sentences said to the user: the latest is seen for a while, all
// can be read again.
type toasts struct {
	events []page.Event
	latest int // index of the one that is seen
	shown  bool
}

// add takes a sentence; one said aside is seen only where nothing else is.
func (t *toasts) add(now time.Time, toast page.Toast, aside bool) {
	if len(t.events) == maxEvents {
		t.events, t.latest = t.events[1:], max(0, t.latest-1)
	}
	t.events = append(t.events, page.Event{Time: now, Toast: toast})
	if !aside || !t.shown {
		t.shown, t.latest = true, len(t.events)-1
	}
}

func (t *toasts) expire(now time.Time) {
	if t.shown && now.Sub(t.events[t.latest].Time) >= toastTime {
		t.shown = false
	}
}

func (t *toasts) all() []page.Event { return append([]page.Event(nil), t.events...) }

// hashes are names that only programs read to their end.
var hashes = regexp.MustCompile(`[0-9a-f]{64}`)

// draw draws the latest sentence in the last of two rows, or in both where it is too
// long for one: why something failed stands at its end.
func (t *toasts) draw(a component.Area, g *style.Glyphs) {
	if !t.shown {
		return
	}
	e := t.events[t.latest]
	text, room := page.Mark(e.Token)+e.Text, a.Width-2
	if component.Width(text) > room {
		text = hashes.ReplaceAllStringFunc(text, func(h string) string { return component.Short(h, g.Ellipsis) })
	}
	if lines := component.Wrap(text, room); len(lines) > 1 {
		row := a.Sub(0, 0, a.Width, 1)
		row.Clear()
		row.Print(1, 0, e.Token, lines[0])
		text = strings.Join(lines[1:], " ")
	}
	_, last := a.Top(1)
	if component.Width(text) > room {
		const more = "  E shows all"
		room -= len(more)
		last.PrintRight(0, style.Key, more+" ")
	}
	last.Print(1, 0, e.Token, component.Cut(text, room, g.Ellipsis))
}
