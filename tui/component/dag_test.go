package component

import (
	"fmt"
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

// partition is a chain beside a branch that began before both of them are seen: of
// the branch the first blocks are older than the chain's, and the last are not
// merged.
func partition(chain, branch, merged int) *api.DagWindow {
	w := new(api.DagWindow)
	side := func(n int) types.Hash { return named(fmt.Sprintf("s%d", n)) }
	var open []api.DagBlock
	for n := range branch {
		b := api.DagBlock{Hash: side(n), Parents: []types.Hash{side(n - 1)}, Fate: "pending", Timestamp: int64(n*1000 - 2500)}
		if n < merged {
			b.Fate, b.MergedBy = "red", named(fmt.Sprintf("c%d", chain-2))
		}
		open = append(open, b)
	}
	for n := range chain {
		b := api.DagBlock{Hash: named(fmt.Sprintf("c%d", n)), Parents: []types.Hash{named(fmt.Sprintf("c%d", n-1))}, Fate: "chain", Timestamp: int64(n * 1000), DAAScore: uint64(100 + n)}
		if n == chain-2 {
			w.Blocks = append(w.Blocks, open[:merged]...)
			if merged > 0 {
				b.Parents = append(b.Parents, side(merged-1))
			}
		}
		w.Blocks, w.Sink = append(w.Blocks, b), b.Hash
	}
	w.Blocks = append(w.Blocks, open[merged:]...)
	return w
}

// A branch that comes from further back than the picture does stands where the
// chain was at its time, and keeps a lane from its first block to its merger.
func TestABranchFromFurtherBack(t *testing.T) {
	for _, c := range []struct {
		name                  string
		chain, branch, merged int
		want                  []string
	}{
		{"unmerged", 8, 11, 0, []string{
			`+3 older`,
			`     -o--o--o--o--o--o--o--o`,
			`  -*--*--*--*--*--*--*-->`,
		}},
		{"merged", 8, 11, 11, []string{
			`+5 older`,
			`  -R--R--R--R--R--R-+`,
			`  -*--*--*--*--*--*-+*-->`,
		}},
		{"longer than the chain", 3, 11, 0, []string{
			`+5 older`,
			`  -o--o--o--o--o--o`,
			`  -*--*-->`,
		}},
	} {
		l := Lay(partition(c.chain, c.branch, c.merged), 1)
		canvas := NewCanvas(l.Columns*3+2, 5)
		DagPicture{Layout: l, Last: l.Columns - 1, Pitch: 3}.Draw(canvas.Area(), &style.ASCII)
		if got, want := strings.TrimRight(canvas.String(), "\n"), strings.Join(c.want, "\n"); got != want {
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
// either placed or counted, whatever the clocks say and however much is missing.
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
			if seen[at] || p.column < 0 || p.column >= l.Columns || abs(p.lane) > lanes {
				t.Fatalf("a block at column %d of %d, lane %d of %d, where one may be already", p.column, l.Columns, p.lane, lanes)
			}
			seen[at] = true
			if l.onChain(i) != (p.lane == 0) {
				t.Fatalf("a block of fate %q stands on lane %d", w.Blocks[i].Fate, p.lane)
			}
			for _, parent := range w.Blocks[i].Parents {
				if j, ok := l.index[parent]; ok && !l.places[j].hidden && l.places[j].column >= p.column {
					t.Fatalf("a parent in column %d of a block in column %d", l.places[j].column, p.column)
				}
			}
			if j, ok := l.index[w.Blocks[i].MergedBy]; ok && l.places[j].column <= p.column {
				t.Fatalf("merged in column %d, by a block in column %d", p.column, l.places[j].column)
			}
		}
		for _, p := range l.places {
			for column := p.column + 1; !p.hidden && !p.continued && p.merger >= 0 && column < l.places[p.merger].column; column++ {
				if seen[[2]int{column, p.lane}] {
					t.Fatalf("a block on the edge from column %d, lane %d to its merger", p.column, p.lane)
				}
			}
		}
		if hidden != l.Hidden()+l.Older {
			t.Fatalf("%d blocks are not drawn and %d are counted, %d as older", hidden, l.Hidden()+l.Older, l.Older)
		}
		canvas := NewCanvas(rapid.IntRange(0, 60).Draw(t, "width"), rapid.IntRange(0, 12).Draw(t, "height"))
		DagPicture{Layout: l, Last: rapid.IntRange(-2, l.Columns+2).Draw(t, "last"), Pitch: 3, Axis: true}.Draw(canvas.Area(), &style.Unicode)
	})
}

// Whatever stands beside it, the newest chain block is one of the last columns, and
// the chain begins the picture.
func TestTheChainIsInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := randomWindow(t)
		l := Lay(w, rapid.IntRange(0, 4).Draw(t, "lanes"))
		if n := l.newest(); n < 0 || l.places[n].column < l.Columns-1-mostAhead {
			t.Fatalf("the newest chain block is not among the last of %d columns", l.Columns)
		}
		if column := l.places[l.chain[0]].column; column != 0 {
			t.Fatalf("the first chain block stands in column %d", column)
		}
	})
}

// The columns are those of the plain definition, found by asking every child and
// every parent again until nothing moves any more.
func TestColumnsAreAsDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := randomWindow(t)
		l := Lay(w, len(w.Blocks))
		want := definedColumns(w)
		for i := range w.Blocks {
			got, ok := l.Column(w.Blocks[i].Hash)
			if column, drawn := want[w.Blocks[i].Hash]; ok && !l.places[i].hidden != drawn || drawn && got != column {
				t.Fatalf("block %.2s stands in column %d, want %d; %v", w.Blocks[i].Hash[:], got, column, drawn)
			}
		}
	})
}

// randomWindow makes a chain with blocks beside it, each merged by a later chain
// block or by none, some of which go on from blocks that are not in the window, and
// clocks that go wrong.
func randomWindow(t *rapid.T) *api.DagWindow {
	w := new(api.DagWindow)
	var tip types.Hash
	var open []int
	clock := int64(1_000_000)
	for n := range rapid.IntRange(1, 40).Draw(t, "blocks") {
		clock += int64(rapid.IntRange(-400, 1000).Draw(t, "clock"))
		b := api.DagBlock{Hash: named("x" + string(rune('A'+n))), Fate: "pending", Timestamp: clock, BlueScore: uint64(n)}
		if n > 0 && !tip.IsZero() {
			b.Parents = append(b.Parents, tip)
		}
		if rapid.IntRange(0, 2).Draw(t, "chain") == 0 {
			b.Fate = "chain"
			open = merge(t, w, &b, open)
			tip, w.Sink = b.Hash, b.Hash
		} else {
			switch rapid.IntRange(0, 6).Draw(t, "branch") {
			case 0, 4, 5:
				if len(open) > 0 {
					b.Parents = []types.Hash{w.Blocks[open[len(open)-1]].Hash}
				}
			case 1:
				b.Parents = []types.Hash{named("not here")}
			case 2:
				b.Timestamp -= 100_000
			}
			open = append(open, n)
		}
		w.Blocks = append(w.Blocks, b)
	}
	if tip.IsZero() {
		w.Blocks = append(w.Blocks, api.DagBlock{Hash: named("sink"), Fate: "chain", Timestamp: clock, BlueScore: 100})
		w.Sink = named("sink")
	}
	return w
}

// merge lets a chain block merge some of what is open and returns the rest.
func merge(t *rapid.T, w *api.DagWindow, b *api.DagBlock, open []int) (rest []int) {
	for _, i := range open {
		if rapid.IntRange(0, 2).Draw(t, "merge") == 0 {
			rest = append(rest, i)
			continue
		}
		w.Blocks[i].Fate, w.Blocks[i].MergedBy = rapid.SampledFrom([]string{"blue", "red"}).Draw(t, "colour"), b.Hash
		if rapid.IntRange(0, 2).Draw(t, "through") > 0 { // else through a block that is not here
			b.Parents = append(b.Parents, w.Blocks[i].Hash)
		}
	}
	return rest
}

// A branch that is merged late, and so stands late in the window, has its lane from
// where it begins: of what comes beside it later, less is hidden.
func TestLanesAreTakenFromTheLeft(t *testing.T) {
	l := Lay(window(`
		a chain -:
		b chain -: a
		c chain -: b
		x blue  e: c
		y blue  e: c
		d chain -: c
		e chain -: d x y
		s red   f: a
		t red   f: s
		u red   f: t
		f chain -: e u`), 1)
	if l.Hidden() != 1 {
		t.Errorf("%d blocks are hidden, want one", l.Hidden())
	}
}
