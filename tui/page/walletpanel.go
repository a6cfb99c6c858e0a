package page

import (
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// ShownWallet returns the open wallet that the pages show, nil when none is open.
func (c Context) ShownWallet() *api.WalletSummary {
	var first *api.WalletSummary
	for i := range c.Status.Wallets {
		w := &c.Status.Wallets[i]
		switch {
		case !w.Open:
		case w.Name == c.Wallet:
			return w
		case first == nil:
			first = w
		}
	}
	return first
}

// drawWallet draws the balances of the open wallet and the latest of its
// history.
func drawWallet(c Context, a component.Area, history []api.HistoryEntry) {
	w := c.ShownWallet()
	if w == nil {
		a = component.Panel{Title: "Wallet", Note: "3 opens it"}.Draw(a, c.Glyphs)
		a.Print(0, 0, style.Dim, "No wallet is open.")
		return
	}
	note := component.Fit(a.Width-component.Width(w.Name)-20, lockState(c, w), LockWord(w))
	a = component.Panel{Title: "Wallet  " + w.Name, Note: note}.Draw(a, c.Glyphs)
	if a.Width >= 76 {
		drawFigures(c, a, w)
		columns := historyColumns[:5]
		component.Table{
			Columns: columns, Rows: len(history), Empty: "Nothing came or went yet.",
			Row: func(i int) []component.Cell { return historyRow(c, &history[i])[:len(columns)] },
		}.Draw(a.Sub(0, 3, a.Width, a.Height-3), c.Glyphs)
		return
	}
	y := drawBalances(c, a, w)
	for i := 0; i < len(history) && y < a.Height; i++ {
		drawHistoryLine(c, a, y, &history[i])
		y++
	}
}

// drawFigures draws the four figures in two rows, and how current they are.
func drawFigures(c Context, a component.Area, w *api.WalletSummary) {
	figures, half := balanceFigures(w), a.Width/2
	for i, f := range figures {
		place := a.Sub(i%2*half, i/2, half-2, 1)
		place.Print(0, 0, style.Dim, f.name)
		place.PrintRight(0, style.Money, c.money(component.Money(f.amount))+" JIO")
	}
	if !w.Synced {
		a.Print(0, 2, style.Warn, atLeast(w))
	}
}

func atLeast(w *api.WalletSummary) string {
	return "at least (synced to " + component.Millis(w.SyncedAt).Format("2 Jan 2006 15:04") + ")"
}

// A figure is an amount with its name.
type figure struct {
	name   string
	amount types.Amount
}

func balanceFigures(w *api.WalletSummary) [4]figure {
	b := w.Balance
	return [4]figure{{"Available", b.Available}, {"Maturing", b.Maturing}, {"Pending", b.Pending}, {"Locked", b.Locked}}
}

// LockWord says in a word whether a wallet can sign.
func LockWord(w *api.WalletSummary) string {
	switch {
	case w.WatchOnly:
		return "watches only"
	case !w.Unlocked:
		return "locked"
	}
	return "unlocked"
}

func lockState(c Context, w *api.WalletSummary) string {
	word := LockWord(w)
	if word == "unlocked" && w.UnlockedUntil > 0 {
		word += ", locks in " + component.Span(time.UnixMilli(w.UnlockedUntil).Sub(c.Now))
	}
	return word
}

// drawBalances draws the four figures and returns the row after them. While the
// wallet or the node is behind they are a lower bound, and said to be one.
func drawBalances(c Context, a component.Area, w *api.WalletSummary) int {
	y := 0
	if !w.Synced {
		a.Print(0, 0, style.Warn, component.Fit(a.Width, atLeast(w), "at least"))
		y++
	}
	for _, f := range balanceFigures(w) {
		text := c.money(component.Money(f.amount))
		a.Print(0, y, style.Dim, f.name)
		x := a.Print(max(10, 32-component.Width(text)), y, style.Money, text)
		a.Print(x+1, y, style.Dim, component.Fit(a.Width-x-1, "JIO"))
		y++
	}
	return y + 1
}

// drawHistoryLine draws an entry of the history in one line.
func drawHistoryLine(c Context, a component.Area, y int, e *api.HistoryEntry) {
	token, amount := signed(e)
	text := c.money(amount)
	x := a.Print(max(0, 16-component.Width(text)), y, token, text)
	state := progressOf(c, e)
	short := shortProgress(c, e)
	room := a.Width - x - 2 - component.Width(e.Kind)
	a.Parts(x+1, y, 1,
		component.Part{Text: component.Fit(a.Width-x-1, e.Kind)},
		component.Part{Text: component.Fit(room, state, short), Token: style.Dim, Rank: 1})
}

// signed returns the amount with its direction; what stays within the wallet has
// none.
func signed(e *api.HistoryEntry) (style.Token, string) {
	if e.Incoming {
		return style.Good, "+" + component.Money(e.Amount)
	}
	if e.Kind == "self" || e.Kind == "compound" {
		return style.Plain, component.Money(e.Amount)
	}
	return style.Plain, "-" + component.Money(e.Amount)
}
