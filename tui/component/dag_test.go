package component

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// window reads a DAG from lines such as "d blue e: b c": a block, its fate, its
// merger ("-" for none) and its parents, the selected one first.
func window(text string) *api.DagWindow {
	w := new(api.DagWindow)
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		b := api.DagBlock{Hash: named(fields[0]), Fate: fields[1], DAAScore: uint64(100 + len(w.Blocks))}
		if merger := strings.TrimSuffix(fields[2], ":"); merger != "-" {
			b.MergedBy = named(merger)
		}
		for _, p := range fields[3:] {
			b.Parents = append(b.Parents, named(p))
		}
		w.Blocks = append(w.Blocks, b)
		if b.Fate == "chain" {
			w.Sink = b.Hash
		}
	}
	return w
}

func named(s string) (h types.Hash) {
	copy(h[:], s)
	return h
}

const branches = `
	a chain -: 
	b chain -: a
	c blue  e: b
	d chain -: b
	e chain -: d c
	f red   h: c
	g chain -: e
	h chain -: g f
	i pending -: h
	j chain -: h
	k pending -: h`

func TestDagPicture(t *testing.T) {
	for _, c := range []struct {
		name   string
		lanes  int
		glyphs *style.Glyphs
		want   []string
	}{
		{"unicode", 1, &style.Unicode, []string{
			`      ╭──B───R──────╮ ╭──○`,
			`─◆───◆┴──◆───◆───◆──┴◆┼──▶`,
			`                      ╰──○`,
		}},
		{"no lanes", 0, &style.ASCII, []string{
			`         +1  +1          +2`,
			`-*---*---*---*---*---*--->`,
			``,
		}},
	} {
		l := Lay(window(branches), c.lanes)
		canvas := NewCanvas(27, 3)
		DagPicture{Layout: l, Last: l.Columns - 1, Pitch: 4}.Draw(canvas.Area(), c.glyphs)
		if got, want := canvas.String(), strings.Join(c.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, want)
		}
	}
}

// Every step leads somewhere the arrow points to.
func TestSteps(t *testing.T) {
	l := Lay(window(branches), 1)
	for _, c := range []struct {
		from   string
		dx, dy int
		want   string
	}{
		{"d", 1, 0, "e"},
		{"d", -1, 0, "b"},
		{"d", 0, -1, "c"},
		{"c", 0, 1, "d"},
		{"j", 0, 1, "k"},
		{"j", 0, -1, "i"},
		{"a", -1, 0, "a"},
		{"gone", 1, 0, "j"},
	} {
		if got := l.Step(named(c.from), c.dx, c.dy); got != named(c.want) {
			t.Errorf("from %s by (%d, %d): got %.1s, want %s", c.from, c.dx, c.dy, got[:], c.want)
		}
	}
}

// No two blocks stand in one cell, edges point to the left, and every block is
// either placed or counted.
func TestLayoutsAreLegible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := randomWindow(t)
		lanes := rapid.IntRange(0, 4).Draw(t, "lanes")
		l := Lay(w, lanes)
		seen := map[[2]int]bool{}
		hidden := 0
		for i, p := range l.places {
			if p.hidden {
				hidden++
				continue
			}
			at := [2]int{p.column, p.lane}
			if seen[at] {
				t.Fatalf("two blocks at column %d, lane %d", p.column, p.lane)
			}
			seen[at] = true
			if l.onChain(i) != (p.lane == 0) {
				t.Fatalf("a block of fate %q stands on lane %d", w.Blocks[i].Fate, p.lane)
			}
			if abs(p.lane) > lanes {
				t.Fatalf("lane %d of %d", p.lane, lanes)
			}
			for _, parent := range w.Blocks[i].Parents {
				if column, ok := l.Column(parent); ok && column >= p.column {
					t.Fatalf("a parent in column %d of a block in column %d", column, p.column)
				}
			}
		}
		if hidden != l.Hidden() {
			t.Fatalf("%d blocks are hidden and %d are counted", hidden, l.Hidden())
		}
		canvas := NewCanvas(rapid.IntRange(0, 60).Draw(t, "width"), rapid.IntRange(0, 12).Draw(t, "height"))
		DagPicture{Layout: l, Last: rapid.IntRange(-2, l.Columns+2).Draw(t, "last"), Pitch: 3, Axis: true}.Draw(canvas.Area(), &style.Unicode)
	})
}

// randomWindow makes a chain with blocks beside it, each merged by a later
// chain block or by none.
func randomWindow(t *rapid.T) *api.DagWindow {
	w := new(api.DagWindow)
	var tip types.Hash
	var open []int
	for n := range rapid.IntRange(1, 40).Draw(t, "blocks") {
		b := api.DagBlock{Hash: named("x" + string(rune('A'+n))), Fate: "pending"}
		if n > 0 {
			b.Parents = append(b.Parents, tip)
		}
		if n == 0 || rapid.Bool().Draw(t, "chain") {
			b.Fate = "chain"
			for _, i := range open {
				if rapid.Bool().Draw(t, "merge") {
					w.Blocks[i].Fate, w.Blocks[i].MergedBy = rapid.SampledFrom([]string{"blue", "red"}).Draw(t, "colour"), b.Hash
					b.Parents = append(b.Parents, w.Blocks[i].Hash)
				}
			}
			open, tip, w.Sink = nil, b.Hash, b.Hash
		} else {
			if len(open) > 0 && rapid.Bool().Draw(t, "branch") {
				b.Parents[0] = w.Blocks[open[len(open)-1]].Hash
			}
			open = append(open, len(w.Blocks))
		}
		w.Blocks = append(w.Blocks, b)
	}
	return w
}
