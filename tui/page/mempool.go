package page

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Mempool shows the unconfirmed transactions and what they pay.
type Mempool struct {
	asked    Asked
	pool     api.Mempool
	estimate api.FeeEstimate
	failed   string
	scroll   component.Scroll
	filter   filter
}

// NewMempool returns the page.
func NewMempool() *Mempool { return &Mempool{} }

// mempoolListed is how many entries the page asks for.
const mempoolListed = 200

type mempoolAnswer struct {
	pool     api.Mempool
	estimate api.FeeEstimate
	err      error
}

// Title implements Page.
func (m *Mempool) Title() string { return "Mempool" }

// Typing implements Page.
func (m *Mempool) Typing() bool { return m.filter.typing }

// Keys implements Page.
func (m *Mempool) Keys() []Binding {
	if m.filter.typing {
		return filterKeys
	}
	return append(m.filter.keys(), []Binding{
		{Keys: []string{"/"}, Short: "filter", Help: "Show only transactions with a text in their ids."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the transaction."},
		{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy the transaction's id."},
		Moves[0], Moves[1],
	}...)
}

// Update implements Page.
func (m *Mempool) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return m.asked.Again(askMempool(c))
	case mempoolAnswer:
		m.asked.Answered()
		m.failed = ""
		if msg.err != nil {
			m.failed = msg.err.Error()
			return nil
		}
		m.pool, m.estimate = msg.pool, msg.estimate
		m.pool.Listed = filtered(&m.filter, m.pool.Listed, func(e *api.MempoolEntry) []string { return []string{e.ID.String()} })
		m.scroll.Move(0, len(m.pool.Listed))
	case Click:
		if _, again := m.scroll.Click(msg.X, msg.Y); again {
			return m.key("enter")
		}
	case tea.KeyMsg:
		if m.filter.typing {
			m.filter.typed(msg)
			return nil
		}
		return m.key(msg.String())
	}
	return nil
}

func askMempool(c Context) tea.Cmd {
	return Ask(c, api.GetMempool, api.MempoolParams{Limit: mempoolListed}, func(pool api.Mempool, err error) tea.Msg {
		if err != nil {
			return mempoolAnswer{err: err}
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		estimate, err := api.GetFeeEstimate.Call(ctx, c.Caller, api.None{})
		return mempoolAnswer{pool, estimate, err}
	})
}

func (m *Mempool) key(key string) tea.Cmd {
	switch key {
	case "/":
		m.filter.typing = true
	case "esc":
		m.filter.Clear()
	case "n", "N":
		m.filter.match(key, &m.scroll, len(m.pool.Listed), func(i int) []string { return []string{m.pool.Listed[i].ID.String()} })
	}
	if m.scroll.Key(key, len(m.pool.Listed)) || m.scroll.Selected >= len(m.pool.Listed) {
		return nil
	}
	id := m.pool.Listed[m.scroll.Selected].ID.String()
	switch key {
	case "enter":
		return Send(Open{"transaction", id})
	case "y", "Y":
		return Send(Copy{id, "transaction id"})
	}
	return nil
}

var mempoolColumns = []component.Column{
	{Title: "transaction", Least: 13},
	{Title: "fee JIO", Width: 13, Right: true},
	{Title: "per weight", Width: 10, Right: true},
	{Title: "weight", Width: 9, Rank: 1, Right: true},
	{Title: "waits", Width: 7, Right: true},
}

// Draw implements Page.
func (m *Mempool) Draw(c Context, a component.Area) {
	p := c.Status.Mempool
	a = component.Panel{Title: fmt.Sprintf("Mempool  %d transactions  %s of %s", p.Entries, component.Bytes(uint64(p.Bytes)), component.Bytes(uint64(p.MaxBytes))), Focus: true}.Draw(a, c.Glyphs)
	list := a
	if m.filter.seen() {
		var foot component.Area
		a, foot = a.Bottom(1)
		list = a
		m.filter.draw(c, foot)
	}
	if a.Height >= 14 && a.Width >= 76 && !c.Full {
		var side component.Area
		list, side = a.Left(a.Width - 26)
		m.drawFees(c, side.Sub(2, 0, 24, side.Height))
	}
	component.Table{
		Columns: mempoolColumns, Rows: len(m.pool.Listed), Scroll: &m.scroll, Empty: m.empty(),
		Row: func(i int) []component.Cell {
			e := &m.pool.Listed[i]
			return []component.Cell{
				{Text: e.ID.String(), Short: c.short(e.ID.String())},
				{Text: c.money(component.Money(e.Fee)), Token: style.Money},
				{Text: fmt.Sprintf("%.1f", e.FeeRate)},
				{Text: component.Count(e.Weight), Token: style.Dim},
				{Text: c.age(e.Added), Token: style.Dim},
			}
		},
	}.Draw(list, c.Glyphs)
}

func (m *Mempool) empty() string {
	if m.failed != "" {
		return waitingFor(m.failed)
	}
	if m.filter.Len() > 0 {
		return "No transaction passes the filter."
	}
	return "No transaction waits for a block."
}

// drawFees draws what a payment sent now would pay, and how many pay which rate.
func (m *Mempool) drawFees(c Context, a component.Area) {
	a.Print(0, 0, style.Title, "Fees")
	for i, choice := range []struct {
		name string
		fee  api.FeeChoice
	}{{"priority", m.estimate.Priority}, {"normal", m.estimate.Normal}, {"low", m.estimate.Low}} {
		a.Print(0, 1+i, style.Plain, fmt.Sprintf("%-9s%6.1f  ~%s", choice.name, choice.fee.FeeRate, waitOf(choice.fee)))
	}
	a.Print(0, 5, style.Title, "By jots per weight")
	top := 1
	for _, b := range m.pool.Histogram {
		top = max(top, b.Entries)
	}
	for i := range m.pool.Histogram {
		b := m.pool.Histogram[len(m.pool.Histogram)-1-i]
		a.Print(0, 6+i, style.Dim, fmt.Sprintf("%7.1f", b.FeeRate))
		width := b.Entries * 10 / top
		for x := range width {
			a.Put(8+x, 6+i, style.Graph, c.Glyphs.Full)
		}
		a.Print(9+width, 6+i, style.Plain, fmt.Sprint(b.Entries))
	}
}
