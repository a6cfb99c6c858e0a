package page

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// listPage is how many lines of the history or of the coins are asked for at once.
// A wallet that mines has thousands of coins; < and > go through them, and the
// filter looks at all.
const listPage = 500

// restBetween is how long a list of several pages is left alone before it is asked
// for again: the node sorts all of it for every page.
const restBetween = time.Second

// A markedCoin is a coin that is to be spent, on whichever page it was marked.
type markedCoin struct {
	outpoint api.Outpoint
	amount   types.Amount
}

// askCoins asks for the page of coins that is seen.
func (w *Wallet) askCoins(c Context, name string) tea.Cmd {
	params := api.CoinsParams{Wallet: name, Offset: w.from, Limit: listPage, Filter: w.filter.Text(), Order: w.order()}
	question := w.question
	return Ask(c, api.GetCoins, params, func(r api.WalletCoins, err error) tea.Msg {
		return walletAnswer{question, func(w *Wallet) { w.takeCoins(r) }, err}
	})
}

func (w *Wallet) order() string {
	if w.largest {
		return "largest"
	}
	return "newest"
}

// takeCoins takes a page. Where it is all there is, marks of coins that are gone go.
func (w *Wallet) takeCoins(r api.WalletCoins) {
	w.coins, w.coinsTotal = r.Coins, r.Total
	if len(r.Coins) == r.Total && w.filter.Len() == 0 {
		w.marked = slices.DeleteFunc(w.marked, func(m markedCoin) bool {
			return !slices.ContainsFunc(r.Coins, func(coin api.WalletCoin) bool { return coin.Outpoint == m.outpoint })
		})
	}
}

// mark marks a coin, or takes the mark away.
func (w *Wallet) mark(coin *api.WalletCoin) {
	if i := w.markOf(coin.Outpoint); i >= 0 {
		w.marked = slices.Delete(w.marked, i, i+1)
		return
	}
	w.marked = append(w.marked, markedCoin{coin.Outpoint, coin.Amount})
}

// markOf is the place of a coin among those that are marked, -1 for none.
func (w *Wallet) markOf(coin api.Outpoint) int {
	return slices.IndexFunc(w.marked, func(m markedCoin) bool { return m.outpoint == coin })
}

// sumMarked is what the marked coins are worth.
func (w *Wallet) sumMarked() (sum types.Amount) {
	for _, m := range w.marked {
		sum, _ = sum.Add(m.amount) // all coins there are fit in an amount
	}
	return sum
}

// coinKey does what a key means in the list of coins, besides what it means for the
// selected one.
func (w *Wallet) coinKey(c Context, name, key string) tea.Cmd {
	if key == "O" {
		w.largest = !w.largest
		return w.anew(c, 0)
	}
	if w.scroll.Selected >= len(w.coins) {
		return nil
	}
	coin := &w.coins[w.scroll.Selected]
	if key == " " {
		if why := unspendable(coin); why != "" && w.markOf(coin.Outpoint) < 0 {
			return say(style.Warn, why)
		}
		w.mark(coin)
		w.scroll.Move(1, len(w.coins))
		return nil
	}
	return coinAction(c, name, key, coin)
}

// unspendable says why no payment can spend a coin, "" where one can.
func unspendable(coin *api.WalletCoin) string {
	switch {
	case coin.State == "available":
		return ""
	case coin.State == "frozen":
		return "the coin is frozen; f thaws it"
	case coin.Until > 0:
		return fmt.Sprintf("the coin is %s until %s: no payment can spend it yet", coin.State, component.Count(coin.Until))
	}
	return "the coin is " + coin.State + ": no payment can spend it now"
}

func coinAction(c Context, name, key string, coin *api.WalletCoin) tea.Cmd {
	outpoint := fmt.Sprintf("%s:%d", coin.Outpoint.TransactionID, coin.Outpoint.Index)
	switch key {
	case "enter":
		return Send(Open{"transaction", coin.Outpoint.TransactionID.String()})
	case "y", "Y":
		return Send(Copy{outpoint, "coin"})
	case "a":
		return Send(askLabel(c, name, outpoint, coin.Label))
	case "f":
		frozen := !coin.Frozen
		word := "thawed"
		if frozen {
			word = "frozen"
		}
		return Do(c, api.FreezeCoins, api.FreezeParams{Wallet: name, Coins: []api.Outpoint{coin.Outpoint}, Frozen: frozen}, func(api.None) string { return "the coin is " + word })
	}
	return nil
}

// anew asks at once for the list from one line on: what was asked before is for
// another one, and its answer will not be taken.
func (w *Wallet) anew(c Context, from int) tea.Cmd {
	w.from, w.scroll.Selected = from, 0
	w.question++
	w.asked.Answered()
	return w.asked.Again(w.ask(c))
}

// again asks for what is seen, unless it is a long list that was asked for just now.
func (w *Wallet) again(c Context) tea.Cmd {
	if _, total := w.listed(); total > listPage && c.Now.Sub(w.askedAt) < restBetween {
		return nil
	}
	cmd := w.asked.Again(w.ask(c))
	if cmd != nil {
		w.askedAt = c.Now
	}
	return cmd
}

// leaf goes to the next page of a list that has several, or to the one before.
func (w *Wallet) leaf(c Context, by int) tea.Cmd {
	from := w.from + by*listPage
	if _, total := w.listed(); from < 0 || from >= total {
		return say(style.Warn, "the list has no more that way")
	}
	return w.anew(c, from)
}

// listed is how many lines of the list that is seen are here, and of how many.
func (w *Wallet) listed() (here, total int) {
	switch w.section {
	case sectionHistory:
		return len(w.history.Entries), w.history.Total
	case sectionCoins:
		return len(w.coins), w.coinsTotal
	case sectionAddresses:
		return len(w.addresses), len(w.addresses)
	}
	return len(w.contacts), len(w.contacts)
}

// listNotes say which part of a list is seen where not all of it is, and what is
// marked; the longest first.
func (w *Wallet) listNotes(c Context) []string {
	here, total := w.listed()
	if w.section == sectionCoins && len(w.marked) > 0 {
		note := fmt.Sprintf("%d marked, %s JIO", len(w.marked), c.money(component.Money(w.sumMarked())))
		return []string{note + ": s sends them", note}
	}
	count := component.Count(uint64(total))
	first := "newest"
	if w.section == sectionCoins {
		first = w.order()
	}
	switch {
	case here == total:
		return nil
	case w.from > 0:
		return []string{fmt.Sprintf("%s to %s of %s", component.Count(uint64(w.from+1)), component.Count(uint64(w.from+here)), count), "of " + count}
	}
	return []string{fmt.Sprintf("%s %d of %s", first, here, count), "of " + count}
}
