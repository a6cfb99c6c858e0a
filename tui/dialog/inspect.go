package dialog

import (
	"cmp"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A fact is a line of a detail. One with a link opens another detail.
type fact struct {
	label string
	text  component.Cell
	link  page.Open
	copy  string // what y copies; the link's name when empty

	private bool // an amount or an address, which private mode does not show
}

// An inspect shows a block, a transaction or an address, and leads from there to
// what it names.
type inspect struct {
	page.Open
	begun  bool // it was asked for
	title  string
	facts  []fact
	shown  []fact // those lines, as broken to the width of the last frame
	scroll component.Scroll
	failed string
}

// NewInspect returns the dialog of a thing by its name.
func NewInspect(what page.Open) page.Page {
	return &inspect{Open: what}
}

// inspected is an answer to an inspect.
type inspected struct {
	to    *inspect
	title string
	facts []fact
	next  *page.Open // what a search came upon
	err   error
}

// Title implements page.Page.
func (d *inspect) Title() string { return "Detail" }

// Typing implements page.Page.
func (d *inspect) Typing() bool { return false }

// Keys implements page.Page.
func (d *inspect) Keys() []page.Binding {
	return []page.Binding{
		{Keys: []string{"enter"}, Short: "open", Help: "Open what the line names."},
		{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy what the line names."},
		{Keys: []string{"esc", "backspace", "q"}, Short: "back", Help: "Go back to what this was opened from."},
		page.Moves[0], page.Moves[1],
	}
}

// Update implements page.Page.
func (d *inspect) Update(c page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page.Tick:
		if d.begun {
			return nil
		}
		d.begun = true
		return d.ask(c)
	case inspected:
		if msg.to == d {
			return d.take(c, msg)
		}
	case page.Click:
		if _, again := d.scroll.Click(msg.X, msg.Y); again {
			return d.key("enter")
		}
	case tea.KeyMsg:
		return d.key(msg.String())
	}
	return nil
}

func (d *inspect) key(key string) tea.Cmd {
	if d.scroll.Key(key, len(d.shown)) {
		return nil
	}
	switch key {
	case "esc", "backspace", "q":
		return closeDialog
	case "enter":
		if f := d.selected(); f != nil && f.link.Name != "" {
			return page.Send(f.link)
		}
	case "y", "Y":
		if f := d.selected(); f != nil && (f.copy != "" || f.link.Name != "") {
			text := f.copy
			if text == "" {
				text = f.link.Name
			}
			return page.Send(page.Copy{Text: text, What: cmp.Or(f.label, "text")})
		}
	}
	return nil
}

func (d *inspect) selected() *fact {
	if d.scroll.Selected >= len(d.shown) {
		return nil
	}
	return &d.shown[d.scroll.Selected]
}

// ask asks once: a detail that changes under the reader's eyes is hard to read,
// and opening it again is one key.
func (d *inspect) ask(c page.Context) tea.Cmd {
	switch d.Kind {
	case "block":
		var hash types.Hash
		if err := hash.UnmarshalText([]byte(d.Name)); err != nil {
			return d.fail(err)
		}
		return page.Ask(c, api.GetBlock, api.BlockParams{Hash: hash, Transactions: true}, func(b api.Block, err error) tea.Msg {
			return inspected{to: d, title: "Block " + d.Name, facts: blockFacts(&b), err: err}
		})
	case "transaction":
		var id types.Hash
		if err := id.UnmarshalText([]byte(d.Name)); err != nil {
			return d.fail(err)
		}
		return page.Ask(c, api.GetTransaction, api.TransactionParams{ID: id}, func(tx api.Transaction, err error) tea.Msg {
			return inspected{to: d, title: "Transaction " + d.Name, facts: transactionFacts(&tx), err: err}
		})
	case "address":
		return d.askAddress(c)
	}
	return page.Ask(c, api.Search, api.SearchParams{Text: d.Name}, func(f api.Found, err error) tea.Msg {
		if err == nil && f.Kind == "" {
			err = fmt.Errorf("nothing here is called %q", d.Name)
		}
		return inspected{to: d, next: &page.Open{Kind: f.Kind, Name: f.Name}, err: err}
	})
}

func (d *inspect) fail(err error) tea.Cmd { return page.Send(inspected{to: d, err: err}) }

// askAddress asks for the balance and then for the history.
func (d *inspect) askAddress(c page.Context) tea.Cmd {
	balances := page.Ask(c, api.GetBalancesByAddresses, api.AddressesParams{Addresses: []string{d.Name}}, func(b api.Balances, err error) tea.Msg {
		return inspected{to: d, title: "Address", facts: balanceFacts(b), err: err}
	})
	history := page.Ask(c, api.GetAddressHistory, api.AddressHistoryParams{Address: d.Name, Limit: 100}, func(h api.AddressHistory, err error) tea.Msg {
		return inspected{to: d, title: "Address", facts: historyFacts(h), err: err}
	})
	d.facts = []fact{{label: "address", text: component.Cell{Text: d.Name}, copy: d.Name, private: true}}
	return tea.Sequence(balances, history)
}

func (d *inspect) take(c page.Context, answer inspected) tea.Cmd {
	switch {
	case answer.err != nil:
		d.failed = answer.err.Error()
	case answer.next != nil:
		d.Open = *answer.next
		return d.ask(c)
	default:
		d.title = answer.title
		d.facts = append(d.facts, answer.facts...)
	}
	return nil
}

// Draw implements page.Page.
func (d *inspect) Draw(c page.Context, a component.Area) {
	title := d.title
	if title == "" {
		title = "Looking for " + c.Hidden(d.Name)
	}
	title = component.Fit(min(116, a.Width)-20, title, strings.ReplaceAll(title, d.Name, component.Short(d.Name, c.Glyphs.Ellipsis)))
	d.shown = d.broken(c, min(116, a.Width)-4-factColumn)
	a = box(c, a, title, 116, max(len(d.shown)+3, 6))
	if d.failed != "" {
		for y, line := range component.Wrap(d.failed, a.Width) {
			a.Print(0, y, style.Bad, line)
		}
		return
	}
	if len(d.shown) == 0 {
		a.Print(0, 0, style.Dim, "asking the node")
		return
	}
	first := d.scroll.See(a, len(d.shown))
	for y := 0; y < a.Height && first+y < len(d.shown); y++ {
		f := &d.shown[first+y]
		a.Print(2, y, style.Dim, f.label)
		a.Print(factColumn, y, f.text.Token, f.text.Text)
		if first+y == d.scroll.Selected {
			a.Highlight(y, style.Cursor)
			a.Put(0, y, style.Cursor, c.Glyphs.Pointer)
		}
	}
}

// factColumn is where the texts begin.
const factColumn = 18

// broken returns the facts in lines of at most so many cells. What a line is broken
// into leads where the line does.
func (d *inspect) broken(c page.Context, width int) (lines []fact) {
	for _, f := range d.facts {
		if f.private {
			f.text.Text = c.Hidden(f.text.Text)
		}
		if component.Width(f.text.Text) <= width {
			lines = append(lines, f)
			continue
		}
		for _, part := range component.Wrap(f.text.Text, width) {
			f.text.Text = part
			lines = append(lines, f)
			f.label = ""
		}
	}
	return lines
}
