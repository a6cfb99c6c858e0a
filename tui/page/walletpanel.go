package page

import (
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// wallet returns the open wallet, nil when there is none.
func (c Context) wallet() *api.WalletSummary {
	for i := range c.Status.Wallets {
		if c.Status.Wallets[i].Open {
			return &c.Status.Wallets[i]
		}
	}
	return nil
}

// drawWallet draws the balances of the open wallet and the latest of its
// history.
func drawWallet(c Context, a component.Area, history []api.HistoryEntry) {
	w := c.wallet()
	if w == nil {
		a = component.Panel{Title: "Wallet", Note: "3 opens it"}.Draw(a, c.Glyphs)
		a.Print(0, 0, style.Dim, "No wallet is open.")
		return
	}
	a = component.Panel{Title: "Wallet  " + w.Name, Note: lockState(c, w)}.Draw(a, c.Glyphs)
	y := drawBalances(c, a, w)
	for i := 0; i < len(history) && y < a.Height; i++ {
		drawHistoryLine(c, a, y, &history[i])
		y++
	}
}

func lockState(c Context, w *api.WalletSummary) string {
	switch {
	case w.WatchOnly:
		return "watches only"
	case !w.Unlocked:
		return "locked"
	case w.UnlockedUntil > 0:
		return "unlocked, locks in " + component.Span(time.UnixMilli(w.UnlockedUntil).Sub(c.Now))
	}
	return "unlocked"
}

// drawBalances draws the four figures and returns the row after them. While the
// wallet or the node is behind they are a lower bound, and said to be one.
func drawBalances(c Context, a component.Area, w *api.WalletSummary) int {
	y := 0
	if !w.Synced {
		a.Print(0, 0, style.Warn, "at least (synced to "+component.Millis(w.SyncedAt).Format("2 Jan 2006 15:04")+")")
		y++
	}
	for _, figure := range []struct {
		name   string
		amount string
	}{
		{"Available", component.Money(w.Balance.Available)},
		{"Maturing", component.Money(w.Balance.Maturing)},
		{"Pending", component.Money(w.Balance.Pending)},
		{"Locked", component.Money(w.Balance.Locked)},
	} {
		a.Print(0, y, style.Dim, figure.name)
		text := c.money(figure.amount)
		a.Print(max(10, 32-component.Width(text)), y, style.Money, text)
		a.Print(33, y, style.Dim, "JIO")
		y++
	}
	return y + 1
}

// drawHistoryLine draws an entry of the history in one line.
func drawHistoryLine(c Context, a component.Area, y int, e *api.HistoryEntry) {
	token, amount := signed(e)
	text := c.money(amount)
	a.Print(max(0, 16-component.Width(text)), y, token, text)
	x := a.Print(17, y, style.Plain, e.Kind+" ")
	a.Print(x, y, style.Dim, component.Cut(progressOf(c, e), a.Width-x, c.Glyphs.Ellipsis))
}

// signed returns the amount with its direction.
func signed(e *api.HistoryEntry) (style.Token, string) {
	if e.Incoming {
		return style.Good, "+" + component.Money(e.Amount)
	}
	return style.Plain, "-" + component.Money(e.Amount)
}
