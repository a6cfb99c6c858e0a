package page

import (
	"fmt"
	"slices"
	"time"

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
	contacts  []api.Contact
	wallets   []api.WalletSummary
	failed    string
	scroll    component.Scroll
	filter    filter
	closed    bool   // no wallet is open
	of        string // the wallet that is seen
	lock      string // its LockWord

	coins      []api.WalletCoin // a page of them
	coinsTotal int              // those that pass the filter
	largest    bool             // first, else the newest
	marked     []markedCoin
	from       int       // the first line that is asked for of a list of several pages
	question   int       // counts those that a list was changed with
	askedAt    time.Time // when the list was asked for last
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
func (w *Wallet) Typing() bool { return w.filter.typing }

// Keys implements Page.
func (w *Wallet) Keys() []Binding {
	switch {
	case w.filter.typing:
		return filterKeys
	case w.closed:
		return closedKeys
	}
	keys := slices.Concat(openKeys[:4], sectionKeys[w.section], openKeys[4:])
	for i, b := range keys { // the footer has what leads somewhere
		if b.Has("u") && w.lock != "locked" || b.Has("l") && w.lock != "unlocked" {
			keys[i].Short = ""
		}
	}
	if w.filter.Len() > 0 {
		keys = slices.DeleteFunc(keys, func(b Binding) bool { return b.Has("n") || b.Has("N") })
		return append([]Binding{keyFilteredLines}, keys...)
	}
	return keys
}

var (
	keyFilteredLines = Binding{Keys: []string{"n", "N"}, Short: "match", Help: "Go to the next line the filter found, or the one before; without it, n receives."}

	closedKeys = []Binding{
		{Keys: []string{"enter"}, Short: "open", Help: "Open the wallet."},
		keyNewWallet, keyVerify, Moves[0], Moves[1],
	}
	openKeys = []Binding{
		{Keys: []string{"n"}, Short: "receive", Help: "Show a fresh address with its code."},
		{Keys: []string{"s"}, Short: "send", Help: "Send: the marked coins, to the marked contact, or freely."},
		{Keys: []string{"[", "]"}, Short: "list", Help: "Go to another list: history, addresses, coins, contacts."},
		{Keys: []string{"u"}, Short: "unlock", Help: "Unlock the wallet."},
		{Keys: []string{"l"}, Short: "lock", Help: "Lock the wallet."},
		{Keys: []string{"/"}, Short: "filter", Help: "Show only lines of the list with a text in them."},
		{Keys: []string{"i"}, Help: "Ask somebody for an amount: a link with its code."},
		{Keys: []string{"A"}, Help: "Add an account, with coins and addresses of its own."},
		{Keys: []string{"r"}, Help: "Search further for used addresses."},
		{Keys: []string{"e"}, Help: "Write the history to a CSV file."},
		{Keys: []string{"p"}, Help: "Change the password."},
		{Keys: []string{"w"}, Help: "Write an encrypted backup of the wallet."},
		{Keys: []string{"M"}, Help: "Show the words of the wallet again; asks for the password."},
		{Keys: []string{"C"}, Help: "Close the wallet."},
		{Keys: []string{"o"}, Help: "Open another wallet besides."},
		keyNewWallet, keyVerify, Moves[0], Moves[1],
	}
	keyNewWallet = Binding{Keys: []string{"N"}, Short: "new", Help: "Create or restore a wallet."}
	keyVerify    = Binding{Keys: []string{"v"}, Help: "Verify a signed message."}
	keyCopyLine  = Binding{Keys: []string{"y", "Y"}, Short: "copy", Help: "Copy what the line names."}
	keyOpenLine  = Binding{Keys: []string{"enter"}, Short: "open", Help: "Open what the line names."}
	keyLabel     = Binding{Keys: []string{"a"}, Help: "Label the line."}
	keyLeaf      = Binding{Keys: []string{"<", ">"}, Help: "Go to the page of a long list before or after."}

	sectionKeys = [sections][]Binding{
		sectionHistory: {
			keyOpenLine, keyCopyLine, keyLabel, keyLeaf,
			{Keys: []string{"b"}, Help: "Raise the fee of the pending payment."},
			{Keys: []string{"c"}, Help: "Cancel the pending payment."},
		},
		sectionAddresses: {keyOpenLine, keyCopyLine, keyLabel, {Keys: []string{"x"}, Help: "Sign a message with the address's key."}},
		sectionCoins: {
			{Keys: []string{" "}, Short: "mark", Help: "Mark the coin: s then spends only marked ones."},
			keyOpenLine, keyCopyLine, keyLabel, keyLeaf,
			{Keys: []string{"f"}, Short: "freeze", Help: "Freeze the coin, or thaw it."},
			{Keys: []string{"O"}, Short: "order", Help: "List the largest coins first, or the newest."},
		},
		sectionContacts: {keyOpenLine, keyCopyLine, {Keys: []string{"a"}, Short: "add", Help: "Add a contact, or change one."}},
	}
)

// walletAnswer is what one of the lists was answered.
type walletAnswer struct {
	question int
	apply    func(*Wallet)
	err      error
}

// Update implements Page.
func (w *Wallet) Update(c Context, msg tea.Msg) tea.Cmd {
	w.see(c.ShownWallet())
	switch msg := msg.(type) {
	case Tick:
		return w.again(c)
	case List:
		for s := range sections {
			if s.String() == msg.Title {
				return w.list(c, s)
			}
		}
	case walletAnswer:
		if msg.question == w.question {
			w.take(c, msg)
		}
	case Click:
		if _, again := w.scroll.Click(msg.X, msg.Y); again {
			return w.key(c, "enter")
		}
	case tea.KeyMsg:
		if w.filter.typing {
			if w.filter.typed(msg) {
				return w.anew(c, 0)
			}
			return nil
		}
		return w.key(c, msg.String())
	}
	return nil
}

// see begins anew with what was picked and paged when another wallet is seen.
func (w *Wallet) see(open *api.WalletSummary) {
	w.closed = open == nil
	if open != nil {
		w.lock = LockWord(open)
	}
	if open != nil && open.Name != w.of {
		w.of, w.marked, w.from = open.Name, nil, 0
		w.question++
		w.asked.Answered()
	}
}

func (w *Wallet) take(c Context, msg walletAnswer) {
	w.asked.Answered()
	w.failed = ""
	if msg.err != nil {
		w.failed = msg.err.Error()
		return
	}
	msg.apply(w)
	w.scroll.Move(0, w.rows(c))
}

// ask asks for the list that is seen.
func (w *Wallet) ask(c Context) tea.Cmd {
	open, question := c.ShownWallet(), w.question
	if open == nil {
		return Ask(c, api.ListWallets, api.None{}, func(r api.Wallets, err error) tea.Msg {
			return walletAnswer{question, func(w *Wallet) { w.wallets = r.Wallets }, err}
		})
	}
	name := api.WalletParams{Wallet: open.Name}
	switch w.section {
	case sectionAddresses:
		return Ask(c, api.GetAddresses, name, func(r api.WalletAddresses, err error) tea.Msg {
			return walletAnswer{question, func(w *Wallet) { w.addresses = filtered(&w.filter, r.Addresses, addressTexts) }, err}
		})
	case sectionCoins:
		return w.askCoins(c, open.Name)
	case sectionContacts:
		return Ask(c, api.GetContacts, name, func(r api.Contacts, err error) tea.Msg {
			return walletAnswer{question, func(w *Wallet) { w.contacts = filtered(&w.filter, r.Contacts, contactTexts) }, err}
		})
	}
	params := api.HistoryParams{Wallet: open.Name, Offset: w.from, Limit: listPage, Filter: w.filter.Text()}
	return Ask(c, api.GetHistory, params, func(r api.History, err error) tea.Msg {
		return walletAnswer{question, func(w *Wallet) { w.history = r }, err}
	})
}

func (w *Wallet) rows(c Context) int {
	if c.ShownWallet() == nil {
		return len(w.wallets)
	}
	here, _ := w.listed()
	return here
}

// The texts of a line that a filter looks at.
func addressTexts(a *api.WalletAddress) []string { return []string{a.Address, a.Label} }

func contactTexts(c *api.Contact) []string { return []string{c.Name, c.Address} }

// key does what a key means on this page: moving, then what needs an open
// wallet, then what does not.
func (w *Wallet) key(c Context, key string) tea.Cmd {
	if w.scroll.Key(key, w.rows(c)) {
		return nil
	}
	if w.filter.Len() > 0 && keyFilteredLines.Has(key) {
		w.filter.match(key, &w.scroll, w.rows(c), func(int) []string { return []string{w.filter.last} })
		return nil
	}
	switch key {
	case "N":
		return Send(Wizard{})
	case "v":
		return Send(askVerify(c))
	}
	if c.ShownWallet() == nil {
		return w.closedKey(c, key)
	}
	return w.openKey(c, key)
}

// closedKey is what a key means while no wallet is open.
func (w *Wallet) closedKey(c Context, key string) tea.Cmd {
	if key != "enter" || w.scroll.Selected >= len(w.wallets) {
		return nil
	}
	return openWallet(c, w.wallets[w.scroll.Selected].Name)
}

func openWallet(c Context, name string) tea.Cmd {
	return tea.Sequence(
		Do(c, api.OpenWallet, api.WalletParams{Wallet: name}, func(api.WalletSummary) string { return "the wallet " + name + " is open" }),
		Send(ShowWallet{name}),
	)
}

// Draw implements Page.
func (w *Wallet) Draw(c Context, a component.Area) {
	open := c.ShownWallet()
	if open == nil {
		w.drawClosed(c, a)
		return
	}
	a = component.Panel{Title: "Wallet  " + open.Name, Note: lockState(c, open), Focus: true}.Draw(a, c.Glyphs)
	figures := 5
	if !open.Synced {
		figures++
	}
	head, list := a.Top(max(figures, min(a.Height/3, len(aboutWallet(c, open))+1)))
	if c.Full {
		head, list = a.Top(0)
	}
	drawBalances(c, head, open)
	drawAbout(head, aboutWallet(c, open), c.Glyphs)
	w.drawSections(c, list)
	w.drawList(c, list.Sub(0, 1, list.Width, list.Height-1))
}

// A remark is a line beside the balances, in ways to say it, the longest first, with
// a bar of something that goes on.
type remark struct {
	ways   []string
	token  style.Token
	goesOn bool
	share  float64
}

// aboutWallet is what is worth knowing beside the balances.
func aboutWallet(c Context, w *api.WalletSummary) (lines []remark) {
	say := func(token style.Token, ways ...string) { lines = append(lines, remark{ways: ways, token: token}) }
	if w.Failure != "" {
		say(style.Bad, "stopped: "+w.Failure, "stopped")
	}
	if w.WatchOnly {
		say(style.Warn, "it watches only: it holds no key and can send nothing", "it watches only, and sends nothing", "watches only")
	}
	if w.NeedsUnlock {
		say(style.Warn, "u unlocks it: further addresses may have coins", "u unlocks it, to find more coins", "u unlocks it")
	}
	if s := w.Scan; s != nil {
		going := remark{[]string{"searching " + component.Share(s.Done, s.Total)}, style.Warn, true, float64(s.Done) / float64(max(s.Total, 1))}
		found := c.money(component.Money(s.Found)) + " JIO"
		lines = append(lines, going)
		say(style.Warn, fmt.Sprintf("%d addresses, %d used, %s", s.Derived, s.Used, found), fmt.Sprintf("%d used, %s", s.Used, found), found)
	}
	if !w.BackedUp && !w.WatchOnly {
		say(style.Warn, "never backed up: w writes a backup", "never backed up")
	}
	for _, account := range w.Accounts {
		ways := accountNames(c, &account)
		say(style.Plain, slices.Insert(ways, 0, ways[0]+"  "+c.Hidden(c.short(account.Address)))...)
	}
	if n := openWallets(c.Status); n > 1 {
		say(style.Dim, fmt.Sprintf("one of %d open wallets: W shows the next", n), "W shows the next wallet", "W: next wallet")
	}
	return lines
}

func openWallets(s *api.Status) (n int) {
	for i := range s.Wallets {
		if s.Wallets[i].Open {
			n++
		}
	}
	return n
}

func drawAbout(a component.Area, lines []remark, g *style.Glyphs) {
	const column, longest = 40, 24
	for y, line := range lines {
		x := a.Print(column, y, line.token, component.Fit(a.Width-column, line.ways...)) + 1
		if line.goesOn {
			component.Progress(a, x, y, max(0, min(longest, a.Width-x)), line.share, g)
		}
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
	note := component.Fit(a.Width-x-1, w.listNotes(c)...)
	a.PrintRight(0, style.Dim, note)
	a = a.Sub(0, 0, a.Width-component.Width(note), 1)
	if w.filter.seen() {
		w.filter.draw(c, a.Sub(x+1, 0, a.Width-x-2, 1))
	}
}

func (w *Wallet) drawClosed(c Context, a component.Area) {
	a = component.Panel{Title: "Wallets", Note: "enter opens", Focus: true}.Draw(a, c.Glyphs)
	component.Table{
		Columns: []component.Column{{Title: "name"}, {Title: "kind", Width: 12}},
		Rows:    len(w.wallets), Scroll: &w.scroll, Empty: w.empty("There is no wallet yet. N makes one."),
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
	if w.filter.Len() > 0 {
		return "No line passes the filter."
	}
	return otherwise
}
