package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/dialog"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// global does what a key means everywhere and reports whether it means
// something.
func (m *Model) global(key string) (tea.Cmd, bool) {
	switch {
	case keyHelp.Has(key):
		return m.open(dialog.NewHelp(m.pages[m.current].Title(), m.pages[m.current].Keys(), globalKeys)), true
	case keyPages.Has(key):
		return m.show(int(key[0] - '1')), true
	case keyNext.Has(key):
		return m.show((m.current + 1) % len(m.pages)), true
	case keyBefore.Has(key):
		return m.show((m.current + len(m.pages) - 1) % len(m.pages)), true
	case keyFull.Has(key), m.full && keyBack.Has(key):
		m.full = !m.full
		return m.sample(), true
	case keyMine.Has(key):
		return m.toggleMining(), true
	case keyCommand.Has(key):
		return m.open(dialog.NewCommand()), true
	case keySearch.Has(key):
		return m.open(dialog.NewSearch()), true
	case keyLock.Has(key):
		return m.lock(), true
	case keyWallet.Has(key):
		return m.nextWallet(), true
	case keyBell.Has(key):
		m.bell = !m.bell
		return page.Send(page.Toast{Token: style.Good, Text: "the bell is " + onOff(m.bell)}), true
	case keyEvents.Has(key):
		return m.open(dialog.NewEvents(m.toasts.all())), true
	case keyPrivate.Has(key):
		m.private = !m.private
		return nil, true
	case keyTheme.Has(key):
		return m.nextTheme(), true
	case keyMouse.Has(key):
		return m.toggleMouse(), true
	case keyRedraw.Has(key):
		return tea.ClearScreen, true
	case keyQuit.Has(key):
		return m.quit(), true
	}
	return nil, false
}

// host does what a page asked its host for and reports whether msg was such a
// wish.
func (m *Model) host(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case page.Toast:
		m.toasts.add(m.cfg.Now(), msg, false)
		return nil, true
	case page.Aside:
		m.toasts.add(m.cfg.Now(), msg.Toast, true)
		return nil, true
	case page.Copy:
		return m.cfg.Clipboard.copy(msg), true
	case page.Go:
		return m.goTo(msg), true
	case page.ShowWallet:
		m.wallet = msg.Name
		return m.sample(), true
	case page.Ring:
		if m.bell && m.cfg.Bell != nil {
			m.cfg.Bell()
		}
		return nil, true
	case page.Wizard:
		return m.open(m.walletWizard()), true
	case page.Quit:
		return m.quit(), true
	case page.Close:
		if n := len(m.dialogs); n > 0 && dialog.Covers(m.dialogs[n-1]) == msg.Lock {
			m.dialogs = m.dialogs[:n-1]
		}
		return nil, true
	}
	if d := dialog.For(msg); d != nil {
		return m.open(d), true
	}
	return nil, false
}

// goTo shows a page and gives it a key, as if the user had gone there.
func (m *Model) goTo(to page.Go) tea.Cmd {
	i := slices.IndexFunc(m.pages, func(p page.Page) bool { return p.Title() == to.Title })
	cmd := m.show(i)
	if to.Key == "" || i < 0 {
		return cmd
	}
	return tea.Batch(cmd, m.pages[i].Update(m.context(), tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(to.Key)}))
}

func (m *Model) show(i int) tea.Cmd {
	if i < 0 || i >= len(m.pages) {
		return nil
	}
	m.current = i
	return m.sample()
}

// open opens a dialog, below the lock screen where that covers everything.
func (m *Model) open(d page.Page) tea.Cmd {
	at := len(m.dialogs)
	if at > 0 && dialog.Covers(m.dialogs[at-1]) {
		at--
	}
	m.dialogs = slices.Insert(m.dialogs, at, d)
	return d.Update(m.context(), page.Tick{})
}

func (m *Model) toggleMining() tea.Cmd {
	on := !m.status.Miner.Wanted
	return page.Do(m.context(), api.SetMiner, api.MinerParams{Mining: &on}, func(r api.Miner) string {
		switch {
		case !on:
			return "mining is off"
		case r.Throwaway && m.shownWallet() == nil:
			return "mining is on and pays a throwaway key, for no wallet is open; a on page 5 takes an address"
		case r.Throwaway:
			return "mining is on and pays a throwaway key; w on page 5 lets it pay your wallet"
		}
		return "mining is on"
	})
}

// lock locks every wallet, hides amounts, and covers the pages until the password
// of the wallet that is shown was typed.
func (m *Model) lock() tea.Cmd {
	shown := m.shownWallet()
	if shown == nil || shown.WatchOnly {
		return page.Send(page.Toast{Token: style.Warn, Text: "no wallet is open that has a password"})
	}
	m.private = true
	cmds := []tea.Cmd{m.open(dialog.NewLock(shown.Name))}
	for _, w := range m.status.Wallets {
		if w.Open && w.Unlocked {
			cmds = append(cmds, page.Do(m.context(), api.LockWallet, api.WalletParams{Wallet: w.Name}, func(api.WalletSummary) string {
				return "the wallet " + w.Name + " is locked, amounts are hidden; $ shows them"
			}))
		}
	}
	return tea.Batch(cmds...)
}

// nextWallet shows the next of several open wallets.
func (m *Model) nextWallet() tea.Cmd {
	var open []string
	for _, w := range m.status.Wallets {
		if w.Open {
			open = append(open, w.Name)
		}
	}
	if len(open) < 2 {
		return page.Send(page.Toast{Token: style.Warn, Text: "no other wallet is open; o on page 3 opens one"})
	}
	i := slices.Index(open, m.shownWallet().Name)
	return page.Send(page.ShowWallet{Name: open[(i+1)%len(open)]})
}

// shownWallet is the open wallet that the pages show, nil when none is open.
func (m *Model) shownWallet() *api.WalletSummary { return m.context().ShownWallet() }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (m *Model) nextTheme() tea.Cmd {
	if m.cfg.NoColor {
		return page.Send(page.Toast{Token: style.Warn, Text: "NO_COLOR is set, so there is one theme: without colours"})
	}
	i := slices.Index(style.Themes, m.cfg.Theme)
	m.cfg.Theme = style.Themes[(i+1)%len(style.Themes)]
	m.painter = style.NewPainter(m.cfg.Theme, m.cfg.Profile)
	return page.Send(page.Toast{Token: style.Good, Text: "theme " + m.cfg.Theme.Name})
}

func (m *Model) toggleMouse() tea.Cmd {
	m.mouse = !m.mouse
	if m.mouse {
		return tea.Batch(tea.EnableMouseCellMotion, page.Send(page.Toast{Token: style.Good, Text: "the mouse works here again"}))
	}
	return tea.Batch(tea.DisableMouse, page.Send(page.Toast{Token: style.Good, Text: "the mouse selects text; % takes it back"}))
}

// quit leaves at once when nothing would be interrupted, else asks.
func (m *Model) quit() tea.Cmd {
	why := m.reasonToStay()
	if why == "" {
		return tea.Quit
	}
	return m.open(dialog.NewConfirm(page.Confirm{Title: "Quit", Text: why, Yes: tea.Quit}))
}

// interrupt is Ctrl+C: it asks as q does, and the second in a row does not ask.
func (m *Model) interrupt() tea.Cmd {
	if m.leaving {
		return tea.Quit
	}
	m.leaving = true
	return m.quit()
}

// reasonToStay is what quitting would interrupt, "" for nothing.
func (m *Model) reasonToStay() string {
	switch {
	case m.cfg.Remote:
		return ""
	case m.status.Miner.Wanted:
		return "The miner is at work. Quit anyway?"
	case !m.status.Synced && m.status.Sync.Total > 0:
		return "The node is syncing; it will go on from here next time. Quit now?"
	}
	for _, p := range m.pages {
		if b, ok := p.(page.Busy); ok && b.Busy() != "" {
			return b.Busy() + " Quit anyway?"
		}
	}
	return ""
}
