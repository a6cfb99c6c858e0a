package component

import "github.com/jio-dag/jio/tui/style"

// A Reading is how far somebody has read in a text that may be longer than the
// room for it.
type Reading struct {
	Top  int  // the first line to be seen; what is too far either way is put right by Draw
	Long bool // not all of it was seen when it was drawn last
}

// Draw draws the lines that fit from Top on. Where there are more below, the last row
// says so in place of a line.
func (r *Reading) Draw(a Area, lines []Cell, more string) {
	r.Long = len(lines) > a.Height
	r.Top = max(0, min(r.Top, len(lines)-a.Height))
	rows, below := a.Height, r.Top+a.Height < len(lines)
	if below {
		rows--
	}
	for y := 0; y < rows && r.Top+y < len(lines); y++ {
		a.Print(0, y, lines[r.Top+y].Token, lines[r.Top+y].Text)
	}
	if below {
		a.PrintRight(a.Height-1, style.Warn, more)
	}
}
