package tui

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// count returns how often a method was called.
func (f *fake) count(method string) (n int) {
	for _, call := range f.calls {
		if strings.HasPrefix(call, method+"{") {
			n++
		}
	}
	return n
}

// Home, DAG and Explorer show one and the same window, which is asked for again
// only when the DAG has changed.
func TestThePagesShareTheLiveDag(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 120, 40)
	for _, key := range []string{"1", "2", "8", "2", "1"} {
		press(m, key)
		settle(m, m.sample())
	}
	if n := f.count("getDag"); n != 1 {
		t.Errorf("the same DAG was asked for %d times", n)
	}
	window := lively(f.status)
	window.Blocks = append(window.Blocks, api.DagBlock{Hash: hash(43), Parents: window.Blocks[0].Parents, Fate: "pending", Tip: true, DAAScore: f.status.DAAScore})
	f.answers["getDag"] = window
	f.status.Blocks++
	settle(m, m.sample())
	for _, key := range []string{"1", "2", "8"} {
		press(m, key)
		wantScreen(t, m, hash(43).String()[:12])
	}
	if n := f.count("getDag"); n != 2 {
		t.Errorf("asked %d times for two DAGs", n)
	}
}

// Places in the DAG are found by DAA score: where a number is no blue score, or is
// said to be one.
func TestDagIsSearchedByDAAScore(t *testing.T) {
	f := newFake()
	const last = 1000 // blue scores; DAA scores are three times as large
	f.status.SinkBlueScore = last
	f.answers["getHeaders"] = func(asked []byte) any {
		var p api.HeadersParams
		if err := json.Unmarshal(asked, &p); err != nil {
			return err
		}
		if p.From < 100 {
			return errors.New("pruned")
		}
		h := api.HashedHeader{Hash: hash(int(p.From)), Header: api.Header{BlueScore: p.From, DAAScore: 3 * p.From}}
		return api.Headers{Headers: []api.HashedHeader{h}}
	}
	f.answers["search"] = api.Found{}
	m := dashboard(t, f, 120, 40)
	for text, until := range map[string]uint64{"daa 1503": 501, "DAA 1501": 501, "2400": 800, "daa 3": 100} {
		press(m, "2", "G", text, "enter")
		var p api.DagParams
		if f.asked(t, "getDag", &p); p.Until != until+40 {
			t.Errorf("%s leads to %d", text, p.Until)
		}
	}
	press(m, "G", "daa 3001", "enter")
	wantScreen(t, m, "no chain block has a DAA score of 3001 or more")
	press(m, ":", "dag daa 600", "enter")
	var p api.DagParams
	if f.asked(t, "getDag", &p); p.Until != 240 {
		t.Errorf(":dag leads to %d", p.Until)
	}
}

// A frozen picture stays, whatever other pages are shown meanwhile.
func TestAFrozenDagStays(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 120, 40)
	press(m, "2", " ")
	before := screen(m)
	f.answers["getDag"] = wideWindow(1, 40, 3)
	f.status.Blocks++
	press(m, "1")
	settle(m, m.sample())
	press(m, "2")
	if got := screen(m); got != before {
		t.Errorf("the frozen picture changed:\n%s", got)
	}
	press(m, " ")
	settle(m, m.sample())
	if got := screen(m); got == before {
		t.Error("the picture does not go on")
	}
}

// A selected chain that takes another way is said, told in the title, and shown on
// the blocks that it left.
func TestReorgIsSeen(t *testing.T) {
	f := newFake()
	now := noon
	m := dashboard(t, f, 120, 40)
	m.cfg.Now = func() time.Time { return now }
	press(m, "2")
	window := lively(f.status)
	left := []types.Hash{}
	for i := len(window.Blocks) - 1; i >= 0 && len(left) < 6; i-- {
		if b := &window.Blocks[i]; b.Fate == "chain" && b.Hash != window.Sink {
			b.Fate = []string{"blue", "red", "pending"}[len(left)%3]
			left = append(left, b.Hash)
		}
	}
	f.answers["getDag"] = window
	f.answers["getVirtualChain"] = api.VirtualChanged{Removed: left, Added: []api.AcceptingBlock{{Hash: hash(99)}}, Cursor: hash(99)}
	f.status.Blocks, f.status.Sink = f.status.Blocks+1, hash(99)
	settle(m, m.sample())
	wantScreen(t, m, "reorg 0s ago: 6 blocks left", "took another way: 6 blocks left", "b left", "r left", "x left", "left the chain")
	if n := f.count("getVirtualChain"); n != 1 {
		t.Errorf("asked for the way %d times", n)
	}
	now = now.Add(2 * time.Minute)
	settle(m, m.sample())
	if strings.Contains(screen(m), "reorg") {
		t.Error("it is still spoken of")
	}
	wantScreen(t, m, "r left", "left the chain")
	for kind, want := range map[string]string{"red": "r left", "blue": "b left", "open": "x left"} {
		press(m, "g", "/", kind, "enter")
		m.View()
		if row := markedRow(m); !strings.Contains(row, want) && !strings.Contains(row, kind) {
			t.Errorf("looking for %s leads to %q", kind, row)
		}
	}
}

// A reorganisation whose way comes in parts is one; a chain that was synced, or that
// the node does not remember, is none.
func TestReorgInParts(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 120, 40)
	move := func(sink int, way any) {
		f.answers["getVirtualChain"] = way
		f.status.Sink = hash(sink)
		settle(m, m.sample())
	}
	hashes := func(from, n int) (list []types.Hash) {
		for i := range n {
			list = append(list, hash(from+i))
		}
		return list
	}
	added := func(n int) []api.AcceptingBlock { return make([]api.AcceptingBlock, n) }
	move(201, api.VirtualChanged{Added: added(200), Removed: hashes(300, 9), Cursor: hash(200)})
	move(202, &api.Error{Message: "the cursor is not known"})
	if n := len(m.watch.Reorg().Left); n != 0 {
		t.Errorf("%d blocks were left by a sync", n)
	}
	move(203, api.VirtualChanged{Removed: hashes(400, 8), Cursor: hash(407)})
	move(203, api.VirtualChanged{Removed: hashes(500, 4), Added: added(7), Cursor: hash(203)})
	if n := len(m.watch.Reorg().Left); n != 12 {
		t.Errorf("%d blocks were left, want 12", n)
	}
	move(204, api.VirtualChanged{Removed: hashes(600, 2), Added: added(3), Cursor: hash(204)})
	if n := len(m.watch.Reorg().Left); n != 12 {
		t.Errorf("a change of mind by two blocks counts: %d", n)
	}
}

// Looking back, the newest chain block of the picture is selected as the sink is
// otherwise, arrows go on from there, and a block that was asked for is selected when
// its picture comes, however late.
func TestLookingBackSelectsWhatIsThere(t *testing.T) {
	f := newFake()
	back := wideWindow(100, 40, 2)
	back.Sink = f.status.Sink
	live := lively(f.status)
	f.answers["getDag"] = func(asked []byte) any {
		var p api.DagParams
		if err := json.Unmarshal(asked, &p); err != nil || p.Until > 0 {
			return back
		}
		return live
	}
	m := dashboard(t, f, 120, 40)
	press(m, "2", "[")
	newest := back.Blocks[len(back.Blocks)-2].Hash // before what nothing merges
	m.View()
	if row := markedRow(m); !strings.Contains(row, newest.String()[:12]) {
		t.Errorf("%q is selected, not the newest chain block %v", row, newest)
	}
	press(m, "left")
	m.View()
	if row := markedRow(m); row == "" || strings.Contains(row, newest.String()[:12]) {
		t.Errorf("left leads to %q", row)
	}
	press(m, "g")
	wanted := back.Blocks[6]
	f.answers["search"], f.answers["getBlock"] = api.Found{Kind: "block", Name: wanted.Hash.String()}, api.Block{Hash: wanted.Hash, Header: api.Header{BlueScore: wanted.BlueScore}}
	_, late := m.Update(page.FindBlock(m.context(), wanted.Hash.String())())
	for range 3 {
		m.Update(tick(noon))
	}
	settle(m, late)
	m.View()
	if row := markedRow(m); !strings.Contains(row, wanted.Hash.String()[:12]) {
		t.Errorf("%q is selected, not %v", row, wanted.Hash)
	}
}

// Looking back ends with the picture that begins with genesis, as wide as any, and says
// so; a DAG that is in one picture has nothing to look back to.
func TestLookingBackEndsAtGenesis(t *testing.T) {
	for _, sink := range []uint64{200, 30} {
		f := newFake()
		f.status.SinkBlueScore = sink
		m := dashboard(t, f, 120, 40)
		press(m, "2", "[", "[", "[", "[")
		if !strings.Contains(m.View(), "begins with genesis") {
			t.Errorf("nothing is said at the end:\n%s", m.View())
		}
		var p api.DagParams
		if f.asked(t, "getDag", &p); sink == 200 && p.Until != 80 || sink == 30 && p.Until != 0 {
			t.Errorf("a picture up to blue score %d of %d", p.Until, sink)
		}
	}
}

// A jump to a block that was merged long after it was made asks for a picture with
// what merged it, which is the only one it is in; to one that nothing has merged, for
// the live one.
func TestAJumpToABlockOfABranch(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 120, 40)
	red, merger := hash(700), hash(701)
	fate := "red"
	f.answers["search"] = api.Found{Kind: "block", Name: red.String()}
	f.answers["getBlock"] = func(asked []byte) any {
		var p api.BlockParams
		if err := json.Unmarshal(asked, &p); err != nil {
			return err
		}
		if p.Hash == merger {
			return api.Block{Hash: merger, Fate: "chain", Header: api.Header{BlueScore: 250}}
		}
		b := api.Block{Hash: red, Fate: fate, Header: api.Header{BlueScore: 160}}
		if fate == "red" {
			b.MergedBy = merger
		}
		return b
	}
	press(m, "2", "G", red.String()[:8], "enter")
	var p api.DagParams
	if f.asked(t, "getDag", &p); p.Until != 250+dagHalf || p.Blocks != 250-160+2*dagHalf {
		t.Errorf("a block of score 160 that one of score 250 merged is looked for with %+v", p)
	}
	fate = "pending"
	press(m, "G", red.String()[:8], "enter")
	if !strings.Contains(screen(m), "live, space freezes") {
		t.Errorf("what is not merged is not looked for in the live picture:\n%s", screen(m))
	}
}

// dagHalf is half as many chain blocks as the page asks for.
const dagHalf = 40
