package page

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Wallet shows the open wallet: history, addresses, coins and contacts. Without
// an open wallet it lists those there are.
type Wallet struct {
	section   section
	asked     Asked
	history   api.History
	addresses []api.WalletAddress
	coins     []api.WalletCoin
	contacts  []api.Contact
	wallets   []api.WalletSummary
	failed    string
	scroll    component.Scroll
	filter    component.Field
	typing    bool
}

// NewWallet returns the page.
func NewWallet() *Wallet { return &Wallet{} }

// A section is one of the lists of the wallet page.
type section int

const (
	sectionHistory section = iota
	sectionAddresses
	sectionCoins
	sectionContacts
	sections
)

func (s section) String() string {
	return [...]string{"History", "Addresses", "Coins", "Contacts"}[s]
}

// Title implements Page.
func (w *Wallet) Title() string { return "Wallet" }

// Typing implements Page.
func (w *Wallet) Typing() bool { return w.typing }

// Keys implements Page.
func (w *Wallet) Keys() []Binding {
	return []Binding{
		{Keys: []string{"n"}, Short: "receive", Help: "Show a fresh address with its code."},
		{Keys: []string{"s"}, Short: "send", Help: "Send coins."},
		{Keys: []string{"[", "]"}, Short: "list", Help: "Go to another list: history, addresses, coins, contacts."},
		{Keys: []string{"u"}, Short: "unlock", Help: "Unlock the wallet."},
		{Keys: []string{"l"}, Short: "lock", Help: "Lock the wallet."},
		{Keys: []string{"enter"}, Short: "open", Help: "Open the wallet, or what the line names."},
		{Keys: []string{"/"}, Short: "filter", Help: "Show only history with a text in it."},
		{Keys: []string{"a"}, Help: "Label the line, or add a contact."},
		{Keys: []string{"f"}, Help: "Freeze the coin, or thaw it."},
		{Keys: []string{"b"}, Help: "Raise the fee of the pending payment."},
		{Keys: []string{"c"}, Help: "Cancel the pending payment."},
		{Keys: []string{"x"}, Help: "Sign a message with the address's key."},
		{Keys: []string{"v"}, Help: "Verify a signed message."},
		{Keys: []string{"r"}, Help: "Search further for used addresses."},
		{Keys: []string{"e"}, Help: "Write the history to a CSV file."},
		{Keys: []string{"p"}, Help: "Change the password."},
		{Keys: []string{"w"}, Help: "Write an encrypted backup of the wallet."},
		{Keys: []string{"N"}, Short: "new", Help: "Create or restore a wallet."},
		{Keys: []string{"C"}, Help: "Close the wallet."},
		{Keys: []string{"y"}, Short: "copy", Help: "Copy what the line names."},
	}
}

// walletAnswer is what one of the lists was answered.
type walletAnswer struct {
	apply func(*Wallet)
	err   error
}

// Update implements Page.
func (w *Wallet) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return w.asked.Again(w.ask(c))
	case walletAnswer:
		w.asked.Answered()
		w.failed = ""
		if msg.err != nil {
			w.failed = msg.err.Error()
			return nil
		}
		msg.apply(w)
		w.scroll.Move(0, w.rows(c))
	case tea.KeyMsg:
		if w.typing {
			w.typed(msg)
			return nil
		}
		return w.key(c, msg.String())
	}
	return nil
}

// ask asks for the list that is seen.
func (w *Wallet) ask(c Context) tea.Cmd {
	open := c.wallet()
	if open == nil {
		return Ask(c, api.ListWallets, api.None{}, func(r api.Wallets, err error) tea.Msg {
			return walletAnswer{func(w *Wallet) { w.wallets = r.Wallets }, err}
		})
	}
	name := api.WalletParams{Wallet: open.Name}
	switch w.section {
	case sectionAddresses:
		return Ask(c, api.GetAddresses, name, func(r api.WalletAddresses, err error) tea.Msg {
			return walletAnswer{func(w *Wallet) { w.addresses = r.Addresses }, err}
		})
	case sectionCoins:
		return Ask(c, api.GetCoins, name, func(r api.WalletCoins, err error) tea.Msg {
			return walletAnswer{func(w *Wallet) { w.coins = r.Coins }, err}
		})
	case sectionContacts:
		return Ask(c, api.GetContacts, name, func(r api.Contacts, err error) tea.Msg {
			return walletAnswer{func(w *Wallet) { w.contacts = r.Contacts }, err}
		})
	}
	params := api.HistoryParams{Wallet: open.Name, Limit: 500, Filter: w.filter.Text()}
	return Ask(c, api.GetHistory, params, func(r api.History, err error) tea.Msg {
		return walletAnswer{func(w *Wallet) { w.history = r }, err}
	})
}

func (w *Wallet) rows(c Context) int {
	if c.wallet() == nil {
		return len(w.wallets)
	}
	return [...]int{len(w.history.Entries), len(w.addresses), len(w.coins), len(w.contacts)}[w.section]
}

func (w *Wallet) typed(key tea.KeyMsg) {
	switch key.String() {
	case "esc":
		w.typing = false
		w.filter.Clear()
	case "enter":
		w.typing = false
	default:
		component.Edit(&w.filter, key)
	}
}

// key does what a key means on this page: moving, then what needs an open
// wallet, then what does not.
func (w *Wallet) key(c Context, key string) tea.Cmd {
	switch key {
	case "up", "k":
		w.scroll.Move(-1, w.rows(c))
		return nil
	case "down", "j":
		w.scroll.Move(1, w.rows(c))
		return nil
	case "pgup":
		w.scroll.Move(-20, w.rows(c))
		return nil
	case "pgdown":
		w.scroll.Move(20, w.rows(c))
		return nil
	case "N":
		return Send(Wizard{})
	case "v":
		return Send(askVerify(c))
	}
	if c.wallet() == nil {
		return w.closedKey(c, key)
	}
	return w.openKey(c, key)
}

// closedKey is what a key means while no wallet is open.
func (w *Wallet) closedKey(c Context, key string) tea.Cmd {
	if key != "enter" || w.scroll.Selected >= len(w.wallets) {
		return nil
	}
	name := w.wallets[w.scroll.Selected].Name
	return Do(c, api.OpenWallet, api.WalletParams{Wallet: name}, func(api.WalletSummary) string { return "the wallet " + name + " is open" })
}

// Draw implements Page.
func (w *Wallet) Draw(c Context, a component.Area) {
	open := c.wallet()
	if open == nil {
		w.drawClosed(c, a)
		return
	}
	a = component.Panel{Title: "Wallet  " + open.Name, Note: lockState(c, open), Focus: true}.Draw(a, c.Glyphs)
	figures := 5
	if !open.Synced {
		figures++
	}
	head, list := a.Top(figures)
	drawBalances(c, head, open)
	drawAccounts(c, head, open)
	w.drawSections(c, list)
	w.drawList(c, list.Sub(0, 1, list.Width, list.Height-1))
}

// drawAccounts draws what is worth knowing beside the balances.
func drawAccounts(c Context, a component.Area, w *api.WalletSummary) {
	const column = 40
	y := 0
	say := func(token style.Token, text string) {
		a.Print(column, y, token, component.Cut(text, a.Width-column, c.Glyphs.Ellipsis))
		y++
	}
	if w.Scan != nil {
		say(style.Warn, fmt.Sprintf("searching: %d addresses, %d used, %s JIO found", w.Scan.Derived, w.Scan.Used, c.money(component.Money(w.Scan.Found))))
	}
	if !w.BackedUp && !w.WatchOnly {
		say(style.Warn, "never backed up: w writes a backup")
	}
	for _, account := range w.Accounts {
		address := c.short(account.Address)
		if c.Private {
			address = component.Masked
		}
		say(style.Dim, fmt.Sprintf("account %d %s  %s", account.Index, account.Name, address))
	}
}

func (w *Wallet) drawSections(c Context, a component.Area) {
	x := 0
	for s := range sections {
		token := style.Dim
		if s == w.section {
			token = style.Tab
		}
		x = a.Print(x, 0, token, " "+s.String()+" ") + 1
	}
	if w.typing || w.filter.Len() > 0 {
		x = a.Print(x+1, 0, style.Key, "/")
		w.filter.Draw(a.Sub(x, 0, a.Width-x, 1), w.typing, c.Glyphs)
	}
}

func (w *Wallet) drawClosed(c Context, a component.Area) {
	a = component.Panel{Title: "Wallets", Note: "enter opens", Focus: true}.Draw(a, c.Glyphs)
	component.Table{
		Columns: []component.Column{{Title: "name"}, {Title: "kind", Width: 12}},
		Rows:    len(w.wallets), Focus: true, Scroll: w.scroll, Empty: w.empty("There is no wallet yet. N makes one."),
		Row: func(i int) []component.Cell {
			kind := "words"
			if w.wallets[i].WatchOnly {
				kind = "watches only"
			}
			return []component.Cell{{Text: w.wallets[i].Name}, {Text: kind, Token: style.Dim}}
		},
	}.Draw(a, c.Glyphs)
}

func (w *Wallet) empty(otherwise string) string {
	if w.failed != "" {
		return waitingFor(w.failed)
	}
	return otherwise
}
