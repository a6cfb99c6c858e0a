package component

import "github.com/jio-dag/jio/tui/style"

// A Reading is how far somebody has read in a text that may be longer than the
// room for it.
type Reading struct {
	Top  int  // the first line to be seen; what is too far either way is put right by Draw
	Long bool // not all of it was seen when it was drawn last
}

// Draw draws the lines that fit from Top on, and over the end of the last of them,
// where there are more below, a word that says so.
func (r *Reading) Draw(a Area, lines []Cell, more string) {
	r.Long = len(lines) > a.Height
	r.Top = max(0, min(r.Top, len(lines)-a.Height))
	for y := 0; y < a.Height && r.Top+y < len(lines); y++ {
		a.Print(0, y, lines[r.Top+y].Token, lines[r.Top+y].Text)
	}
	if r.Top+a.Height < len(lines) {
		a.PrintRight(a.Height-1, style.Warn, more)
	}
}
