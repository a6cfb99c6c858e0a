package page

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// A Watch tells the user what happened while nobody looked: blocks found, coins
// received, a wallet that locked itself, a chain that took another way. It looks at each status and asks only
// for what changed.
type Watch struct {
	last   *api.Status
	found  uint64    // blocks not told of yet
	told   time.Time // when blocks were told of last
	wallet string    // whose history is known
	known  map[types.Hash]bool
	asked  Asked
	chain  chainWatch
}

// Reorg is the latest time that the selected chain took another way, read-only.
func (w *Watch) Reorg() *Reorg { return &w.chain.latest }

// Ring asks the host to ring the terminal's bell, if the user wants it to.
type Ring struct{}

// foundEvery is the least time between two reports of blocks found: a miner of a
// small network finds several a second.
const foundEvery = 10 * time.Second

// watched is the latest history of a wallet.
type watched struct {
	wallet  string
	history api.History
	err     error
}

// Update takes a Tick or an answer to what the watch asked.
func (w *Watch) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		before := w.last
		w.last = c.Status
		if before == nil {
			before = c.Status
		}
		return tea.Batch(w.blocks(c, before), locked(before, c), w.coins(c, before), w.chain.ask(c))
	case chainMoved:
		return w.chain.take(c, msg)
	case watched:
		w.asked.Answered()
		if msg.err == nil {
			return w.take(c, msg)
		}
	}
	return nil
}

func (w *Watch) blocks(c Context, before *api.Status) tea.Cmd {
	if now := c.Status.Miner.Found; now > before.Miner.Found {
		w.found += now - before.Miner.Found
	}
	if w.found == 0 || c.Now.Sub(w.told) < foundEvery {
		return nil
	}
	text := "your miner found a block"
	if w.found > 1 {
		text = fmt.Sprintf("your miner found %d blocks", w.found)
	}
	w.found, w.told = 0, c.Now
	return tea.Batch(Send(Aside{Toast{style.Good, text}}), Send(Ring{}))
}

// locked tells of a wallet whose time of not being used is over.
func locked(before *api.Status, c Context) tea.Cmd {
	for i := range before.Wallets {
		was := &before.Wallets[i]
		if !was.Unlocked || was.UnlockedUntil == 0 || c.Now.UnixMilli() < was.UnlockedUntil {
			continue
		}
		for _, is := range c.Status.Wallets {
			if is.Name == was.Name && is.Open && !is.Unlocked {
				return say(style.Warn, "the wallet "+is.Name+" locked itself, because it was not used")
			}
		}
	}
	return nil
}

// coins asks for the history when the balance of the wallet that is shown has
// changed.
func (w *Watch) coins(c Context, before *api.Status) tea.Cmd {
	is := c.ShownWallet()
	if is == nil {
		return nil
	}
	same := func(was *api.WalletSummary) bool { return was.Name == is.Name && was.Balance == is.Balance }
	if w.wallet == is.Name && anyWallet(before, same) {
		return nil
	}
	name := is.Name
	return w.asked.Again(Ask(c, api.GetHistory, api.HistoryParams{Wallet: name, Limit: 50}, func(h api.History, err error) tea.Msg {
		return watched{name, h, err}
	}))
}

func anyWallet(s *api.Status, has func(*api.WalletSummary) bool) bool {
	for i := range s.Wallets {
		if has(&s.Wallets[i]) {
			return true
		}
	}
	return false
}

// take tells of the payments that were not known. Those of the first answer are
// what there was before.
func (w *Watch) take(c Context, msg watched) tea.Cmd {
	first := w.wallet != msg.wallet
	if first {
		w.wallet, w.known = msg.wallet, map[types.Hash]bool{}
	}
	var cmds []tea.Cmd
	for i := range msg.history.Entries {
		e := &msg.history.Entries[i]
		if !first && !w.known[e.ID] && e.Incoming && e.Kind == "received" {
			cmds = append(cmds, say(style.Good, receivedText(c, msg.wallet, e)), Send(Ring{}))
		}
		w.known[e.ID] = true
	}
	return tea.Batch(cmds...)
}

func receivedText(c Context, wallet string, e *api.HistoryEntry) string {
	text := "received " + c.money(component.Money(e.Amount)) + " JIO in " + wallet
	if e.Label != "" {
		text += ": " + e.Label
	}
	return text
}
