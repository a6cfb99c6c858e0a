package dialog

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"rsc.io/qr"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// quiet is the margin of a code in modules; readers want one.
const quiet = 2

// A show is text to be read, and a code.
type show struct {
	reader
	page.Show
	code *qr.Code
}

// NewShow returns the dialog that shows text.
func NewShow(s page.Show) page.Page {
	d := &show{Show: s}
	for _, line := range s.Lines {
		d.lines = append(d.lines, component.Cell{Text: line, Token: style.Plain})
	}
	if s.QR != "" {
		// Addresses may be written in capitals, and a code of capitals is smaller;
		// in a link, labels may not. A text too long for a code is shown as text alone.
		text := s.QR
		if !strings.Contains(text, "?") {
			text = strings.ToUpper(text)
		}
		d.code, _ = qr.Encode(text, qr.L)
	}
	return d
}

// Title implements page.Page.
func (d *show) Title() string { return d.Show.Title }

// Typing implements page.Page.
func (d *show) Typing() bool { return false }

// Keys implements page.Page.
func (d *show) Keys() []page.Binding {
	keys := append([]page.Binding{{Keys: []string{"esc", "enter", "q"}, Short: "close", Help: "Close the dialog."}}, d.keys()...)
	if d.QR != "" {
		keys = append(keys, page.Binding{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy what the code says."})
	}
	return keys
}

// Update implements page.Page.
func (d *show) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok || d.key(key.String()) {
		return nil
	}
	switch key.String() {
	case "esc", "enter", "q":
		return closeDialog
	case "y", "Y":
		if d.QR != "" {
			what := "address"
			if strings.Contains(d.QR, "?") {
				what = "link"
			}
			return page.Send(page.Copy{Text: d.QR, What: what})
		}
	}
	return nil
}

// Draw implements page.Page.
func (d *show) Draw(c page.Context, a component.Area) {
	if c.Private && d.QR != "" {
		box(c, a, d.Show.Title, 60, 3).Print(0, 0, style.Dim, "hidden: esc, then $ shows amounts and addresses")
		return
	}
	width := 40
	for _, line := range d.lines {
		width = max(width, component.Width(line.Text)+4)
	}
	rows := 0
	if d.code != nil && c.Glyphs.UpperHalf != 0 {
		rows = (d.code.Size + 2*quiet + 1) / 2
		width = max(width, d.code.Size+2*quiet+4)
	}
	// Half a code is of no use, and what it says must be there to be read besides.
	text := len(broken(d.lines, min(width, a.Width)-4))
	if rows+text+2 > a.Height || d.code != nil && d.code.Size+2*quiet+4 > a.Width {
		rows = 0
	}
	a = box(c, a, d.Show.Title, width, text+2+rows)
	code, below := a.Top(rows)
	d.drawCode(c, code)
	d.draw(below)
}

// drawCode draws two modules in each cell, black on white whatever the theme.
func (d *show) drawCode(c page.Context, a component.Area) {
	if a.Height == 0 {
		return
	}
	side := d.code.Size + 2*quiet
	left := (a.Width - side) / 2
	for y := 0; y < side; y += 2 {
		for x := range side {
			a.Put(left+x, y/2, style.Code, d.half(c.Glyphs, x-quiet, y-quiet))
		}
	}
}

func (d *show) half(g *style.Glyphs, x, y int) rune {
	switch upper, lower := d.code.Black(x, y), d.code.Black(x, y+1); {
	case upper && lower:
		return g.Whole
	case upper:
		return g.UpperHalf
	case lower:
		return g.LowerHalf
	}
	return ' '
}
