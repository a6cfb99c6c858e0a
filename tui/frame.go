package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

const (
	tabsRow = 1
	// The least size that shows anything but a request for more room.
	leastWidth, leastHeight = 40, 10
)

// draw draws a frame: two lines on top, the page, two lines below, and dialogs
// above the page.
func (m *Model) draw(a component.Area) {
	if a.Width < leastWidth || a.Height < leastHeight {
		a.Print(0, 0, style.Plain, fmt.Sprintf("%dx%d is too small", a.Width, a.Height))
		a.Print(0, 1, style.Plain, fmt.Sprintf("%dx%d needed, q quits", leastWidth, leastHeight))
		return
	}
	c := m.context()
	head, rest := a.Top(2)
	body, foot := rest.Bottom(2)
	m.drawHead(head)
	m.drawTabs(head)
	m.pages[m.current].Draw(c, body)
	for _, d := range m.dialogs {
		d.Draw(c, body)
	}
	m.toasts.draw(foot, m.cfg.Glyphs)
	m.drawKeys(foot)
}

// drawHead says which program on which network in which state.
func (m *Model) drawHead(a component.Area) {
	s := m.status
	x := a.Print(1, 0, style.Strong, "JIO ")
	x = a.Print(x, 0, style.Dim, s.Version+" ")
	token := style.Testing
	if s.Network == "mainnet" {
		token = style.Mainnet
	}
	x = a.Print(x, 0, token, " "+strings.ToUpper(s.Network)+" ")
	for _, part := range m.headParts(a.Width) {
		if x+component.Width(part.Text)+3 > a.Width {
			break
		}
		x = a.Print(x, 0, style.Border, " "+string(m.cfg.Glyphs.Lines[style.Up])+" ")
		x = a.Print(x, 0, part.Token, part.Text)
	}
	if clock := m.cfg.Now().UTC().Format("15:04:05 UTC "); x+len(clock) < a.Width {
		a.PrintRight(0, style.Dim, clock)
	}
}

func (m *Model) headParts(width int) []component.Cell {
	s := m.status
	sync := component.Cell{Text: "SYNCED", Token: style.Good}
	if !s.Synced {
		sync = component.Cell{Text: "SYNCING " + page.SyncSentence(s.Sync), Token: style.Warn}
	}
	parts := []component.Cell{
		sync,
		{Text: fmt.Sprintf("%.2f blk/s", s.BlockRate), Token: style.Plain},
		{Text: fmt.Sprintf("peers %d out %d in", s.Peers.Outbound, s.Peers.Inbound), Token: style.Plain},
	}
	if width >= 120 {
		parts = append(parts, component.Cell{Text: "DAA " + component.Count(s.DAAScore), Token: style.Plain},
			component.Cell{Text: "blue " + component.Count(s.BlueScore), Token: style.Plain})
	}
	if w := m.shownWallet(); w != nil && width >= 140 {
		parts = append(parts, component.Cell{Text: "wallet " + w.Name + " (" + page.LockWord(w) + ")", Token: style.Plain})
	}
	if s.Network != "mainnet" && width >= 160 {
		parts = append(parts, component.Cell{Text: "coins have no value", Token: style.Dim})
	}
	return parts
}

// tab is where the name of a page begins and ends in the row of tabs.
type tab struct{ from, to int }

// tabs places the names of the pages, shortened where the row is narrow.
func (m *Model) tabs(width int) []tab {
	out := make([]tab, len(m.pages))
	x := 1
	for i := range m.pages {
		out[i] = tab{x, x + component.Width(m.tabName(i, width)) + 2}
		x = out[i].to
	}
	return out
}

func (m *Model) tabName(i, width int) string {
	name := m.pages[i].Title()
	if width < 66 {
		name = ""
	} else if width < 92 && len(name) > 5 {
		name = name[:4]
	}
	return strings.TrimSpace(strconv.Itoa(i+1) + " " + name)
}

func (m *Model) drawTabs(a component.Area) {
	for i, t := range m.tabs(a.Width) {
		token := style.Dim
		if i == m.current {
			token = style.Tab
		}
		a.Print(t.from, tabsRow, token, " "+m.tabName(i, a.Width)+" ")
	}
}

// tabAt returns the page whose name stands at a column, -1 for none.
func (m *Model) tabAt(x int) int {
	for i, t := range m.tabs(m.width) {
		if x >= t.from && x < t.to {
			return i
		}
	}
	return -1
}

// drawKeys draws the keys that matter here, as many as fit.
func (m *Model) drawKeys(a component.Area) {
	bindings := m.seen().Keys()
	if len(m.dialogs) == 0 && !m.seen().Typing() { // help first: it has what finds no room
		bindings = slices.Concat([]page.Binding{keyHelp}, bindings, globalKeys[1:])
	}
	x := 1
	for _, b := range bindings {
		if b.Short == "" {
			continue
		}
		key := page.KeyNames(b)
		if x+component.Width(key)+1+component.Width(b.Short)+2 > a.Width {
			continue
		}
		x = a.Print(x, 1, style.Key, key)
		x = a.Print(x, 1, style.Dim, ":"+b.Short) + 2
	}
}
