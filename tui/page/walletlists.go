package page

import (
	"fmt"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// drawList draws the list of the section that is seen.
func (w *Wallet) drawList(c Context, a component.Area) {
	table := component.Table{Rows: w.rows(c), Scroll: &w.scroll}
	switch w.section {
	case sectionHistory:
		table.Columns, table.Empty = historyColumns, w.empty("Nothing came or went yet. n shows an address to receive at.")
		table.Row = func(i int) []component.Cell { return historyRow(c, &w.history.Entries[i]) }
	case sectionAddresses:
		table.Columns, table.Empty = addressColumns, w.empty("No address was handed out yet. n shows one.")
		table.Row = func(i int) []component.Cell { return addressRow(c, &w.addresses[i]) }
	case sectionCoins:
		table.Columns, table.Empty = coinColumns, w.empty("There are no coins.")
		table.Row = func(i int) []component.Cell { return coinRow(c, &w.coins[i], w.markOf(w.coins[i].Outpoint) >= 0) }
	case sectionContacts:
		table.Columns, table.Empty = contactColumns, w.empty("The address book is empty. a adds a contact.")
		table.Row = func(i int) []component.Cell {
			return []component.Cell{{Text: w.contacts[i].Name}, addressCell(c, w.contacts[i].Address)}
		}
	}
	table.Draw(a, c.Glyphs)
}

var (
	historyColumns = []component.Column{
		{Title: "time", Width: 14, Rank: 1},
		{Title: "amount JIO", Width: 20, Right: true},
		{Title: "kind", Width: 9},
		{Title: "state", Least: 16},
		{Title: "to or from", Width: 24, Rank: 2},
		{Title: "fee", Width: 12, Rank: 3, Right: true},
	}
	addressColumns = []component.Column{
		{Title: "path", Width: 10, Rank: 1},
		{Title: "address", Least: 22},
		{Title: "used", Width: 4, Rank: 2},
		{Title: "balance JIO", Width: 18, Right: true},
		{Title: "label", Width: 20, Rank: 3},
	}
	coinColumns = []component.Column{
		{Title: "coin", Width: 24},
		{Title: "amount JIO", Width: 18, Right: true},
		{Title: "state", Width: 26, Rank: 1},
		{Title: "label", Least: 12, Rank: 2},
		{Title: "blue score", Width: 12, Rank: 3, Right: true},
	}
	contactColumns = []component.Column{{Title: "name", Width: 20}, {Title: "address"}}
)

func historyRow(c Context, e *api.HistoryEntry) []component.Cell {
	token, amount := signed(e)
	with, fee := "", ""
	if len(e.Addresses) > 0 {
		with = c.Hidden(c.short(e.Addresses[0]))
	}
	if e.Fee != nil {
		fee = c.money(component.Money(*e.Fee))
	}
	return []component.Cell{
		{Text: component.Millis(e.Time).Format("01-02 15:04:05"), Token: style.Dim},
		{Text: c.money(amount), Token: token},
		{Text: e.Kind},
		{Text: stateText(c, e), Token: stateToken(e.State), Short: shortProgress(c, e)},
		{Text: with, Token: style.Dim},
		{Text: fee, Token: style.Dim},
	}
}

func stateText(c Context, e *api.HistoryEntry) string {
	if e.Note != "" {
		return progressOf(c, e) + ": " + e.Note
	}
	return progressOf(c, e)
}

func stateToken(state string) style.Token {
	switch state {
	case "confirmed":
		return style.Good
	case "conflicted", "abandoned", "unpaid":
		return style.Bad
	}
	return style.Warn
}

func addressRow(c Context, w *api.WalletAddress) []component.Cell {
	path := fmt.Sprintf("%d/%d", w.Account, w.Index)
	if w.Change {
		path += " change"
	}
	used := ""
	if w.Used {
		used = "yes"
	}
	return []component.Cell{{Text: path, Token: style.Dim}, addressCell(c, w.Address), {Text: used}, {Text: c.money(component.Money(w.Balance)), Token: style.Money}, {Text: w.Label}}
}

// addressCell is an address, shortened where it does not fit.
func addressCell(c Context, address string) component.Cell {
	return component.Cell{Text: c.Hidden(address), Short: c.Hidden(c.short(address))}
}

func coinRow(c Context, w *api.WalletCoin, marked bool) []component.Cell {
	state, mark := w.State, "[ ] "
	if marked {
		mark = "[x] "
	}
	if w.Until > 0 {
		state += fmt.Sprintf(" until %s", component.Count(w.Until))
	}
	return []component.Cell{
		{Text: mark + c.short(w.Outpoint.TransactionID.String()) + fmt.Sprintf(":%d", w.Outpoint.Index)},
		{Text: c.money(component.Money(w.Amount)), Token: style.Money},
		{Text: state, Token: coinToken(w.State)},
		{Text: w.Label},
		{Text: component.Count(w.BlueScore), Token: style.Dim},
	}
}

func coinToken(state string) style.Token {
	if state == "available" {
		return style.Good
	}
	return style.Warn
}
