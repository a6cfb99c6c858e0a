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

// draw draws a frame: two lines on top unless the page takes their room too, the page,
// two lines below, and dialogs above the page.
func (m *Model) draw(a component.Area) {
	if a.Width < leastWidth || a.Height < leastHeight {
		a.Print(0, 0, style.Plain, fmt.Sprintf("%dx%d is too small", a.Width, a.Height))
		a.Print(0, 1, style.Plain, fmt.Sprintf("%dx%d needed, q quits", leastWidth, leastHeight))
		return
	}
	c := m.context()
	body, foot := a.Bottom(2)
	if !m.full {
		var head component.Area
		head, body = body.Top(2)
		m.drawHead(head)
		m.drawTabs(head)
	}
	m.pages[m.current].Draw(c, body)
	for _, d := range m.dialogs {
		d.Draw(c, body)
	}
	_, said := a.Sub(0, 0, a.Width, a.Height-1).Bottom(2)
	m.toasts.draw(said, m.cfg.Glyphs)
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
	gap := " " + string(m.cfg.Glyphs.Lines[style.Up]) + " "
	for _, part := range component.Fitting(a.Width-1-x-len(gap), component.Width(gap), m.headParts(a.Width, a.Width-1-x-len(gap))) {
		x = a.Print(x, 0, style.Border, gap)
		x = a.Print(x, 0, part.Token, part.Text)
	}
	if clock := m.cfg.Now().UTC().Format("15:04:05 UTC "); x+len(clock) < a.Width {
		a.PrintRight(0, style.Dim, clock)
	}
}

// headParts are what the head says where there is room for all of it, so many cells.
func (m *Model) headParts(width, room int) []component.Part {
	s := m.status
	sync := component.Part{Text: "SYNCED", Token: style.Good}
	switch {
	case s.Synced:
	case s.Sync.Stage == page.NoAnswer:
		sync = component.Part{Text: "NO ANSWER", Token: style.Bad}
	default:
		ways := []string{"SYNCING"}
		for _, way := range page.SyncSentences(s.Sync) {
			ways = slices.Insert(ways, len(ways)-1, "SYNCING "+way)
		}
		sync = component.Part{Text: component.Fit(room, ways...), Token: style.Warn}
	}
	parts := []component.Part{
		sync,
		{Text: fmt.Sprintf("%.2f blk/s", s.BlockRate), Rank: 2},
		{Text: fmt.Sprintf("peers %d out %d in", s.Peers.Outbound, s.Peers.Inbound), Rank: 1},
	}
	if width >= 120 {
		parts = append(parts, component.Part{Text: "DAA " + component.Count(s.DAAScore), Rank: 3}, component.Part{Text: "blue " + component.Count(s.BlueScore), Rank: 4})
	}
	if w := m.shownWallet(); w != nil && width >= 140 {
		parts = append(parts, component.Part{Text: "wallet " + w.Name + " (" + page.LockWord(w) + ")", Rank: 5})
	}
	if s.Network != "mainnet" && width >= 160 {
		parts = append(parts, component.Part{Text: "coins have no value", Token: style.Dim, Rank: 6})
	}
	return parts
}

// tab is where the name of a page begins and ends in the row of tabs.
type tab struct{ from, to int }

// The least widths that have room for the names of the pages: whole and apart, and
// as short as they get.
const wholeTabs, shortTabs = 92, 79

// shortNames are those of pages that are called otherwise where the row is narrow.
var shortNames = map[string]string{"Mempool": "Pool", "Explorer": "Explore"}

// tabs places the names of the pages, with a cell at each side for the brackets of
// the one that is seen.
func (m *Model) tabs(width int) []tab {
	out := make([]tab, len(m.pages))
	x, gap := 1, 0
	if width >= wholeTabs {
		gap = 1
	}
	for i := range m.pages {
		out[i] = tab{x, x + component.Width(m.tabName(i, width)) + 2}
		x = out[i].to + gap
	}
	return out
}

func (m *Model) tabName(i, width int) string {
	name := m.pages[i].Title()
	switch short := shortNames[name]; {
	case width < shortTabs && i != m.current:
		name = ""
	case width < wholeTabs && short != "":
		name = short
	}
	return strings.TrimSpace(strconv.Itoa(i+1) + " " + name)
}

func (m *Model) drawTabs(a component.Area) {
	for i, t := range m.tabs(a.Width) {
		token, left, right := style.Dim, " ", " "
		if i == m.current {
			token, left, right = style.Tab, "[", "]"
		}
		a.Print(t.from, tabsRow, token, left+m.tabName(i, a.Width)+right)
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
