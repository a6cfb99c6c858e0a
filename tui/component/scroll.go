package component

// A Scroll is the selected row of a list. The rows seen follow it. It remembers
// where they were drawn last, so that they can be clicked on.
type Scroll struct {
	Selected int

	place       Area // of the rows that were drawn
	first, seen int
}

// rowsAPage is how many rows a key moves by that moves by many.
const rowsAPage = 20

// Move selects another row of so many.
func (s *Scroll) Move(by, rows int) { s.Selected = clamp(s.Selected+by, 0, rows-1) }

// Key moves by a key among so many rows and reports whether the key moves at all.
func (s *Scroll) Key(key string, rows int) bool {
	switch key {
	case "up", "k":
		s.Move(-1, rows)
	case "down", "j":
		s.Move(1, rows)
	case "pgup":
		s.Move(-rowsAPage, rows)
	case "pgdown":
		s.Move(rowsAPage, rows)
	case "home":
		s.Move(-rows, rows)
	case "end":
		s.Move(rows, rows)
	default:
		return false
	}
	return true
}

// See returns the first row to draw of so many in an area: the selected row
// stands in the middle unless an end of the list is near.
func (s *Scroll) See(a Area, rows int) int {
	s.place, s.first = a, clamp(s.Selected-a.Height/2, 0, rows-a.Height)
	s.seen = min(rows-s.first, a.Height)
	return s.first
}

// Click selects the row at a position of the canvas. It reports whether there is
// one, and whether it was selected already, so that clicking again opens it.
func (s *Scroll) Click(x, y int) (hit, again bool) {
	x, y = x-s.place.x, y-s.place.y
	if x < 0 || x >= s.place.Width || y < 0 || y >= s.seen {
		return false, false
	}
	again = s.first+y == s.Selected
	s.Selected = s.first + y
	return true, again
}
