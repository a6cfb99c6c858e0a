package tui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// A branch is a long one beside the selected chain, as after a partition: so many
// blocks at so many milliseconds each, the last of them so many before the sink's.
type branch struct {
	name           string
	blocks         int
	spacing, since int64
	merged         bool // by the sink
}

var branches = []branch{
	{"unmerged", 60, 1250, 600, false},
	{"merged", 60, 1250, 600, true},
	{"older unmerged", 60, 1000, 50_000, false},
	{"older merged", 60, 1000, 50_000, true},
	{"long unmerged", 300, 250, 600, false},
	{"long merged", 300, 250, 600, true},
	{"on top of the sink", 40, 100, -40 * 100, false},
}

// The blocks of a branch are named from here on, those of the chain from chainNames
// on.
const (
	branchNames = 20_000
	chainNames  = 10_000
)

// window returns a chain of eighty blocks, some with a blue one beside, and the
// branch. It begins where the branch of sixty blocks in the same time does, further
// back for a longer one.
func (b branch) window() api.DagWindow {
	const chain = 80
	at := noon.UnixMilli()
	w := api.DagWindow{Sink: hash(chainNames + chain - 1)}
	side := b.side(at)
	for n := range chain {
		block := api.DagBlock{
			Hash: hash(chainNames + n), Parents: []types.Hash{hash(chainNames + n - 1)}, Fate: "chain", BlueScore: uint64(1000 + n), DAAScore: uint64(1000 + n),
			Timestamp: at - int64(chain-1-n)*1000, Miner: payTo,
		}
		if n%5 == 4 {
			beside := block
			beside.Hash, beside.Fate, beside.MergedBy = hash(chainNames+500+n), "blue", block.Hash
			beside.Parents, beside.Timestamp = []types.Hash{hash(chainNames + n - 2)}, block.Timestamp-900
			block.Parents = append(block.Parents, beside.Hash)
			w.Blocks = append(w.Blocks, beside)
		}
		if n == chain-1 && b.merged {
			w.Blocks = append(w.Blocks, side...)
			block.Parents = append(block.Parents, side[len(side)-1].Hash)
		}
		w.Blocks = append(w.Blocks, block)
	}
	if !b.merged {
		w.Blocks = append(w.Blocks, side...)
	}
	return w
}

func (b branch) side(at int64) (blocks []api.DagBlock) {
	for n := range b.blocks {
		block := api.DagBlock{
			Hash: hash(branchNames + n), Parents: []types.Hash{hash(branchNames + n - 1)}, Fate: "pending", BlueScore: uint64(1010 + n*60/b.blocks), DAAScore: uint64(1010 + n*60/b.blocks),
			Timestamp: at - b.since - int64(b.blocks-1-n)*b.spacing, Miner: payTo,
		}
		if b.merged {
			block.Fate, block.MergedBy = "red", hash(chainNames+79)
		}
		if b.since < 0 && n == 0 {
			block.Parents = []types.Hash{hash(chainNames + 79)}
		}
		blocks = append(blocks, block)
	}
	return blocks
}

func (b branch) fake() *fake {
	f := newFake()
	w := b.window()
	f.answers["getDag"] = w
	f.status.Sink, f.status.SinkBlueScore = w.Sink, 1079
	if f.status.Tips = []types.Hash{w.Sink}; !b.merged {
		f.status.Tips = append(f.status.Tips, w.Blocks[len(w.Blocks)-1].Hash)
	}
	return f
}

// TestBranches holds the picture of the DAG page, while there is a long branch and
// when it was just merged, against golden frames.
func TestBranches(t *testing.T) {
	for _, b := range branches {
		var frames string
		for _, size := range sizes {
			for _, glyphs := range glyphSets {
				m := dashboard(t, b.fake(), size[0], size[1])
				press(m, "2")
				shown, _, _ := strings.Cut(shot(m, size, glyphs), "unmerged  ") // of the legend below it
				lines := strings.Split(shown, "\n")
				frames += lines[0] + "\n" + strings.Join(lines[3:len(lines)-1], "\n") + "\n"
			}
		}
		compare(t, filepath.Join("testdata", "branches", strings.ReplaceAll(b.name, " ", "-")+".golden"), frames)
	}
}

// Whatever stands beside it, the chain is drawn up to the sink, in one row that ends
// near the right edge, and every chain block of the frame is on it.
func TestTheSinkIsSeenBesideALongBranch(t *testing.T) {
	for _, b := range branches {
		for _, size := range sizes {
			for _, key := range []string{"1", "2"} {
				m := dashboard(t, b.fake(), size[0], size[1])
				press(m, key)
				if key == "1" && size[0] < 80 {
					continue // a column of text
				}
				picture := pictureRows(m)
				y := slices.IndexFunc(picture, func(row string) bool { return strings.ContainsRune(row, style.Unicode.Sink) })
				if y < 0 {
					t.Errorf("%s at %v, page %s: the sink is not seen:\n%s", b.name, size, key, screen(m))
					continue
				}
				for i, row := range picture {
					if n := strings.Count(row, string(style.Unicode.Chain)); n > 0 && i != y || i == y && n < 8 {
						t.Errorf("%s at %v, page %s: %d chain blocks in row %d, the sink in row %d:\n%s", b.name, size, key, n, i, y, screen(m))
					}
				}
			}
		}
	}
}

// pictureRows are the rows of the frame that hold the picture of the DAG: those of
// its panel above the legend or the figures, up to the first panel beside it.
func pictureRows(m *Model) (rows []string) {
	for _, line := range strings.Split(screen(m), "\n")[3:] {
		if strings.Contains(line, "virtual") || strings.Contains(line, "chain  ") {
			return rows
		}
		row := []rune(line)[1:]
		if i := slices.Index(row, '│'); i > 0 && strings.ContainsRune(string(row[i:]), 'S') {
			row = row[:i]
		}
		rows = append(rows, string(row))
	}
	return rows
}

// What of a branch does not fit into the frame is told of.
func TestWhatIsOlderIsSaid(t *testing.T) {
	for name, want := range map[string]string{
		"unmerged":           "+29 older unmerged",
		"older unmerged":     "+60 older unmerged",
		"long unmerged":      "+261 older unmerged",
		"older merged":       "+30 older merged",
		"long merged":        "+221 older merged",
		"on top of the sink": "37 blocks without a lane",
	} {
		i := slices.IndexFunc(branches, func(b branch) bool { return b.name == name })
		m := dashboard(t, branches[i].fake(), 160, 48)
		press(m, "2")
		wantScreen(t, m, want)
	}
}
