package page

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// dagJump leads to a block. Seen is the blue score of the chain block in whose merge
// set the block is, its own on the chain, 0 while nothing has merged it: only a
// picture with that has the block.
type dagJump struct {
	hash       types.Hash
	blue, seen uint64
}

// mostDagBlocks is how many chain blocks the page asks for at most.
const mostDagBlocks = 500

// jump asks for a picture from before the block to after what merged it. What is not
// merged is in the live one alone.
func (d *Dag) jump(to dagJump) {
	d.until, d.span, d.selected, d.chosen, d.frozen = 0, dagBlocks, to.hash, true, false
	if to.seen > 0 {
		d.until = to.seen + dagBlocks/2
		d.span = min(max(to.seen, to.blue)-to.blue+dagBlocks, mostDagBlocks)
	}
}

// askWhere asks for a place in the DAG and finds it.
func (d *Dag) askWhere(c Context) Prompt {
	return Prompt{
		Title: "Go to", Text: "A block's hash or the beginning of it, a blue score, or daa and a DAA score; a number that is no blue score is a DAA score too.",
		Fields: []PromptField{{Label: "Go to"}},
		Done: func(values [][]byte) tea.Cmd {
			return FindBlock(c, string(values[0]))
		},
	}
}

// dagSearch is a text to be found in the picture.
type dagSearch struct{ text string }

func askSearch() Prompt {
	return Prompt{
		Title: "Find", Text: "A part of a block's hash or of its miner's address, or a kind: chain, blue, red, open, tip, sink. n goes on to the next older one, N to the newer. What is not in the picture is looked for in the whole DAG, as G does.",
		Fields: []PromptField{{Label: "Find"}},
		Done: func(values [][]byte) tea.Cmd {
			return Send(dagSearch{strings.TrimSpace(string(values[0]))})
		},
	}
}

// match selects the next block with what was looked for, or the one before, and asks
// the node when there is none here.
func (d *Dag) match(c Context, key string) tea.Cmd {
	if d.sought == "" {
		return nil
	}
	row, found := d.feed.match(c, key, d.sought, d.feed.rowOf(d.selected))
	if !found {
		return FindBlock(c, d.sought)
	}
	d.selected, d.chosen = d.feed.row(row).Hash, true
	return nil
}

// FindBlock returns a command that leads the DAG page to a block: by its hash or the
// beginning of it, a blue score, or a DAA score.
func FindBlock(c Context, name string) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		to, err := find(ctx, c, strings.ToLower(strings.TrimSpace(name)))
		if err != nil {
			return Toast{style.Warn, err.Error()}
		}
		return to
	}
}

func find(ctx context.Context, c Context, name string) (to dagJump, err error) {
	daa, says := strings.CutPrefix(name, "daa")
	score, notNumber := strconv.ParseUint(strings.TrimSpace(daa), 10, 64)
	if says && notNumber == nil {
		return findDAA(ctx, c, score)
	}
	f, err := api.Search.Call(ctx, c.Caller, api.SearchParams{Text: name})
	if err != nil {
		return to, err
	}
	if f.Kind != "block" || to.hash.UnmarshalText([]byte(f.Name)) != nil {
		if notNumber == nil {
			return findDAA(ctx, c, score)
		}
		return to, fmt.Errorf("no block here is called %q", name)
	}
	b, err := api.GetBlock.Call(ctx, c.Caller, api.BlockParams{Hash: to.hash})
	if err != nil {
		return to, err
	}
	return findMerger(ctx, c, &b)
}

// findMerger completes a jump to a block.
func findMerger(ctx context.Context, c Context, b *api.Block) (to dagJump, err error) {
	to = dagJump{b.Hash, b.Header.BlueScore, b.Header.BlueScore}
	switch {
	case b.Fate == "pending":
		to.seen = 0
	case b.Fate != "chain" && !b.MergedBy.IsZero():
		merger, err := api.GetBlock.Call(ctx, c.Caller, api.BlockParams{Hash: b.MergedBy})
		to.seen = merger.Header.BlueScore
		return to, err
	}
	return to, nil
}

// findDAA finds the lowest chain block of at least a DAA score, which grows along
// the selected chain as the blue score does. What a pruned node has no headers of
// counts as lower.
func findDAA(ctx context.Context, c Context, score uint64) (to dagJump, err error) {
	at := func(blue int) (h api.HashedHeader, err error) {
		r, err := api.GetHeaders.Call(ctx, c.Caller, api.HeadersParams{From: uint64(blue), Limit: 1})
		if err == nil && len(r.Headers) == 1 {
			return r.Headers[0], nil
		}
		return h, err
	}
	blue := sort.Search(int(c.Status.SinkBlueScore), func(blue int) bool {
		h, err := at(blue)
		return err == nil && h.Header.DAAScore >= score && h.Hash != (types.Hash{})
	})
	h, err := at(blue)
	if err == nil && h.Header.DAAScore < score {
		err = fmt.Errorf("no chain block has a DAA score of %d or more", score)
	}
	return dagJump{h.Hash, h.Header.BlueScore, h.Header.BlueScore}, err
}
