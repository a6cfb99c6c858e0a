package component

import "github.com/jio-dag/jio/tui/style"

// A Part is a field of a line. A line with no room for all of its parts leaves out
// whole ones, those of the greatest rank first: a figure that lost its end is
// another figure.
type Part struct {
	Text  string
	Token style.Token
	Rank  int
}

// Parts draws the parts of a line that there is room for, so many cells apart, and
// returns the column after them.
func (a Area) Parts(x, y, gap int, parts ...Part) int {
	for i, p := range Fitting(a.Width-x, gap, parts) {
		if i > 0 {
			x += gap
		}
		x = a.Print(x, y, p.Token, p.Text)
	}
	return x
}

// Fitting returns the parts that fit in so many cells, in their order.
func Fitting(room, gap int, parts []Part) []Part {
	seen := make([]Part, 0, len(parts))
	for _, p := range parts {
		if p.Text != "" {
			seen = append(seen, p)
		}
	}
	for len(seen) > 0 && lengthOf(seen, gap) > room {
		least := 0
		for i := range seen {
			if seen[i].Rank >= seen[least].Rank {
				least = i
			}
		}
		seen = append(seen[:least], seen[least+1:]...)
	}
	return seen
}

func lengthOf(parts []Part, gap int) int {
	sum := gap * (len(parts) - 1)
	for _, p := range parts {
		sum += Width(p.Text)
	}
	return sum
}
