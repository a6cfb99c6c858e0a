package page

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Dag draws the DAG at the full width of the screen, with a list of the same
// blocks below. It is live until it is frozen or scrubbed back.
type Dag struct {
	feed     dagFeed
	frozen   bool
	until    uint64 // blue score of the newest chain block, 0 for the tips
	span     uint64 // chain blocks of a picture that looks back
	selected types.Hash
	chosen   bool   // selected was chosen by the user, not by being the sink
	sought   string // what was looked for last
	picture  picture
	place    component.Area   // of the picture
	rows     component.Scroll // of the list
}

// NewDag returns the page.
func NewDag() *Dag { return &Dag{span: dagBlocks} }

// dagBlocks is how many chain blocks the page asks for.
const dagBlocks = 80

// Title implements Page.
func (d *Dag) Title() string { return "DAG" }

// Typing implements Page.
func (d *Dag) Typing() bool { return false }

// Keys implements Page.
func (d *Dag) Keys() []Binding {
	var keys []Binding
	if d.sought != "" {
		keys = []Binding{keyBlockMatches}
	}
	return append(keys, []Binding{
		{Keys: []string{"left", "right", "h", "l"}, Short: "along", Help: "Go to the block before or after."},
		{Keys: []string{"up", "down", "k", "j"}, Short: "across", Help: "Go to a block beside."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the block."},
		{Keys: []string{" "}, Short: "freeze", Help: "Freeze the picture, or let it go on."},
		{Keys: []string{"[", "]"}, Short: "scrub", Help: "Go half a picture back, or on."},
		{Keys: []string{"g"}, Short: "sink", Help: "Go back to the sink and live."},
		{Keys: []string{"G"}, Help: "Go to a blue score, a DAA score or a hash."},
		{Keys: []string{"/"}, Short: "find", Help: "Find a block of the picture by hash, miner or kind, such as red; any other as G does."},
		{Keys: []string{"r", "R"}, Help: "Go to the next red block to the left, or to the right."},
		{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy the block's hash."},
	}...)
}

// Update implements Page.
func (d *Dag) Update(c Context, msg tea.Msg) tea.Cmd {
	if _, live := msg.(liveAnswer); !live || !d.frozen {
		before := d.feed.window
		d.feed.take(c, msg)
		d.follow(before)
	}
	switch msg := msg.(type) {
	case Tick:
		if d.frozen && d.feed.window != nil {
			return nil
		}
		return d.ask(c)
	case dagJump:
		d.jump(msg)
		return d.ask(c)
	case dagSearch:
		d.sought = msg.text
		return d.match(c, "n")
	case Click:
		return d.click(msg)
	case tea.KeyMsg:
		return d.key(c, msg.String())
	}
	return nil
}

// ask asks for the picture; a live one may be there already.
func (d *Dag) ask(c Context) tea.Cmd {
	before := d.feed.window
	cmd := d.feed.ask(c, d.until, int(d.span))
	d.follow(before)
	return cmd
}

// follow selects the newest chain block of a picture that is another than before,
// until the user chose a block, and again when that has left the picture. What was
// chosen stays while its picture is still to come.
func (d *Dag) follow(before *api.DagWindow) {
	w := d.feed.window
	if w == nil || w == before {
		return
	}
	if !d.chosen || d.feed.rowOf(d.selected) < 0 {
		d.selected, d.chosen = newestOnChain(w), false
	}
}

// newestOnChain is the sink of a live window, and of any other what stands in for it.
func newestOnChain(w *api.DagWindow) types.Hash {
	for i := range slices.Backward(w.Blocks) {
		if w.Blocks[i].Fate == "chain" {
			return w.Blocks[i].Hash
		}
	}
	return w.Sink
}

func (d *Dag) key(c Context, key string) tea.Cmd {
	switch key {
	case "left", "h":
		return d.step(c, -1, 0)
	case "right", "l":
		return d.step(c, 1, 0)
	case "up", "k":
		return d.step(c, 0, -1)
	case "down", "j":
		return d.step(c, 0, 1)
	case "enter":
		return Send(Open{"block", d.selected.String()})
	case " ":
		d.frozen = !d.frozen
	case "[":
		return d.scrub(c, -dagBlocks/2)
	case "]":
		return d.scrub(c, dagBlocks/2)
	case "g":
		d.frozen, d.until, d.chosen = false, 0, false
		cmd := d.ask(c)
		d.follow(nil)
		return cmd
	case "G":
		return Send(d.askWhere(c))
	case "/":
		return Send(askSearch())
	case "n", "N":
		return d.match(c, key)
	case "r":
		return d.nextRed(-1)
	case "R":
		return d.nextRed(1)
	case "y", "Y":
		return Send(Copy{d.selected.String(), "block hash"})
	}
	return nil
}

// step selects the block beside the selected one; to the left of the picture it
// scrubs back.
func (d *Dag) step(c Context, dx, dy int) tea.Cmd {
	layout := d.feed.laid(d.feed.lanes)
	if layout == nil {
		return nil
	}
	next := layout.Step(d.selected, dx, dy)
	if next == d.selected && dx < 0 {
		return d.scrub(c, -dagBlocks/2)
	}
	d.selected, d.chosen = next, true
	return nil
}

// scrub moves the picture by so many blue scores, back to where it begins with
// genesis; past the tips it is live again.
func (d *Dag) scrub(c Context, by int) tea.Cmd {
	until := int64(d.until)
	if until == 0 {
		until = int64(c.Status.SinkBlueScore)
	}
	before := d.until
	until = max(until+int64(by), dagBlocks)
	if d.until = uint64(until); d.until >= c.Status.SinkBlueScore {
		d.until = 0
	}
	if by < 0 && d.until == before {
		return say(style.Warn, "the picture begins with genesis; arrows go there")
	}
	d.chosen, d.frozen, d.span = false, false, dagBlocks
	return d.ask(c)
}

// nextRed selects the nearest red block in a direction, and says so where there is
// none in the picture.
func (d *Dag) nextRed(direction int) tea.Cmd {
	layout := d.feed.laid(d.feed.lanes)
	if layout == nil {
		return nil
	}
	before := d.selected
	from, _ := layout.Column(d.selected)
	nearest := layout.Columns
	for i := range d.feed.window.Blocks {
		b := &d.feed.window.Blocks[i]
		if column, ok := layout.Column(b.Hash); ok && b.Fate == "red" && (column-from)*direction > 0 && (column-from)*direction < nearest {
			nearest, d.selected, d.chosen = (column-from)*direction, b.Hash, true
		}
	}
	if d.selected != before {
		return nil
	}
	side := map[int]string{-1: "left", 1: "right"}[direction]
	return say(style.Warn, "no red block stands further to the "+side+"; [ and ] look elsewhere")
}

// Draw implements Page.
func (d *Dag) Draw(c Context, a component.Area) {
	note := "live, space freezes"
	switch {
	case d.frozen:
		note = "frozen, space goes on"
	case d.until != 0:
		note = "looking back, g goes to the sink"
	}
	panel := component.Panel{Note: note, Focus: true}
	inside := panel.Inside(a)
	const text = 2
	list := inside.Sub(0, 0, 0, 0)
	if inside.Height >= 20 && !c.Full { // a low screen has no list
		inside, list = inside.Top(wantedHeight(&d.feed, inside.Height) + text)
	}
	place, lines := inside.Bottom(text)
	d.place, d.picture = place, pictureOf(place, &d.feed)
	d.picture.Selected, d.picture.Left = d.selected, c.Reorg.left()
	d.picture.Last -= d.back(d.picture.fit(place))
	d.picture.draw(c, place, &d.feed)
	panel.Title = dagTitle(c, d.picture, place)
	panel.Draw(a, c.Glyphs)
	drawLegend(c, lines, 0, d.feed.hasLeft(c.Reorg))
	d.drawSelected(c, lines)
	d.drawList(c, list)
}

// back is how many columns are left out at the right so that the selected block
// is in the picture, which so many fit in.
func (d *Dag) back(fit int) int {
	layout := d.feed.layout
	if layout == nil {
		return 0
	}
	column, ok := layout.Column(d.selected)
	if !ok {
		return 0
	}
	return max(0, layout.Columns-column-fit)
}

func (d *Dag) drawSelected(c Context, a component.Area) {
	layout := d.feed.layout
	if layout == nil {
		return
	}
	b := layout.Block(d.selected)
	if b == nil {
		return
	}
	kind := kindCell(c, b, d.feed.window.Sink)
	x := a.Print(0, 1, kind.Token, kind.Text)
	a.Parts(x+2, 1, 2,
		component.Part{Text: c.short(b.Hash.String())},
		component.Part{Text: "DAA " + component.Count(b.DAAScore), Rank: 2},
		component.Part{Text: "blue " + component.Count(b.BlueScore), Rank: 1},
		component.Part{Text: fmt.Sprintf("parents %d", len(b.Parents)), Rank: 4},
		component.Part{Text: fmt.Sprintf("txs %d", b.TxCount), Rank: 5},
		component.Part{Text: c.age(b.Timestamp) + " ago", Rank: 3})
}

// drawList lists the blocks of the picture, the newest first.
func (d *Dag) drawList(c Context, a component.Area) {
	if a.Height < 3 || d.feed.window == nil {
		return
	}
	d.rows.Selected = d.feed.rowOf(d.selected)
	d.feed.list(c, &d.rows).Draw(a, c.Glyphs)
}

// click selects the block that was clicked on, and opens it when it was selected
// already.
func (d *Dag) click(at Click) tea.Cmd {
	hash, ok := d.blockAt(at)
	switch {
	case !ok:
		return nil
	case hash == d.selected:
		return Send(Open{"block", hash.String()})
	}
	d.selected, d.chosen = hash, true
	return nil
}

// blockAt returns the block at a place of the picture or of the list.
func (d *Dag) blockAt(at Click) (types.Hash, bool) {
	if d.picture.Layout == nil {
		return types.Hash{}, false
	}
	if hash, ok := d.picture.At(d.place, at.X, at.Y); ok {
		return hash, true
	}
	if hit, _ := d.rows.Click(at.X, at.Y); hit {
		if b := d.feed.row(d.rows.Selected); b != nil {
			return b.Hash, true
		}
	}
	return types.Hash{}, false
}
