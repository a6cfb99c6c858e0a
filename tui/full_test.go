package tui

import (
	"fmt"
	"strings"
	"testing"
)

// On the whole screen a page has the rows of the head too and nothing beside its
// panel; 0 and esc both lead back.
func TestAPanelOnTheWholeScreen(t *testing.T) {
	for i, p := range pages() {
		for _, size := range sizes {
			m := dashboard(t, newFake(), size[0], size[1])
			press(m, fmt.Sprint(i+1))
			head := func() string { return strings.Join(strings.Split(screen(m), "\n")[:3], "\n") }
			before := head()
			for _, back := range []string{"0", "esc"} {
				press(m, "0")
				m.View()
				fits(t, m)
				if full := screen(m); strings.Contains(full, "JIO 0.1.0") || p.Title() != "Home" && !strings.Contains(strings.Split(full, "\n")[0], p.Title()) {
					t.Errorf("%s at %v on the whole screen:\n%s", p.Title(), size, full)
				}
				if press(m, back); head() != before {
					t.Errorf("%s at %v: %s does not lead back", p.Title(), size, back)
				}
			}
		}
	}
}

// On Home the whole screen shows the panel that has the keys, and going on to the next
// shows that one.
func TestHomeShowsOnePanelAfterTheOther(t *testing.T) {
	m := dashboard(t, newFake(), 160, 48)
	press(m, "1", "0")
	m.View()
	seen := map[string]bool{}
	for range 6 {
		title := strings.Fields(strings.Split(screen(m), "\n")[0])[1]
		if seen[title] {
			t.Errorf("%s is seen twice", title)
		}
		seen[title] = true
		press(m, "right")
	}
	for _, want := range []string{"DAG", "Node", "Peers", "Miner", "Wallet", "Logs"} {
		if !seen[want] {
			t.Errorf("%s is not seen: %v", want, seen)
		}
	}
}

// n and N go round among the lines with what was looked for, also when all lines
// are shown again.
func TestNextAndPreviousMatch(t *testing.T) {
	m := situation{keys: []string{"9", "/", "line 3", "enter", "esc"}}.reach(t)
	if row := markedRow(m); row != "" {
		t.Fatalf("%q is marked before n", row)
	}
	found := map[string]bool{}
	for range 11 { // line 3, and lines 30 to 39
		press(m, "n")
		m.View()
		row := markedRow(m)
		if !strings.Contains(row, "line 3") || found[row] {
			t.Errorf("n leads to %q, after %d others", row, len(found))
		}
		found[row] = true
	}
	last := markedRow(m)
	press(m, "n", "N")
	if m.View(); markedRow(m) != last {
		t.Errorf("N leads to %q, not back to %q", markedRow(m), last)
	}
}

const cursorLetter = "i" // of style.Cursor among the tokens of a canvas

// markedRow returns the characters of the row that is marked.
func markedRow(m *Model) string {
	c := canvasOf(m)
	text := strings.Split(c.String(), "\n")
	for y, row := range strings.Split(c.Tokens(), "\n") {
		if strings.Contains(row, strings.Repeat(cursorLetter, 20)) {
			return text[y]
		}
	}
	return ""
}

// What is looked for on the DAG page is selected there, block by block; what the
// picture lacks is asked of the node.
func TestTheDagIsSearched(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 120, 40)
	press(m, "2", "/", "red", "enter")
	reds := 0
	for i := range lively(f.status).Blocks {
		if lively(f.status).Blocks[i].Fate == "red" {
			reds++
		}
	}
	seen := map[string]bool{}
	for range reds {
		row := markedRow(m)
		if !strings.Contains(row, "R red") || seen[row] {
			t.Errorf("n leads to %q, after %d others", row, len(seen))
		}
		seen[row] = true
		press(m, "n")
	}
	if !seen[markedRow(m)] {
		t.Errorf("n does not go round: %q", markedRow(m))
	}
	if n := f.count("search"); n != 0 {
		t.Errorf("the node was asked %d times for what is in the picture", n)
	}
	press(m, "/", "not here", "enter")
	if n := f.count("search"); n != 1 {
		t.Errorf("the node was asked %d times for what is not in the picture", n)
	}
}
