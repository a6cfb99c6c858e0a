package tui

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
)

// rich returns a backend that answers everything, with lists of three.
func rich() *fake {
	f := newFake()
	maps.Copy(f.answers, restOfAnswers())
	for _, list := range []string{"getAddresses", "getCoins", "getContacts", "listWallets"} {
		f.answers[list] = longer(f.answers[list])
	}
	return f
}

// asked returns the parameters of the latest call of a method.
func (f *fake) asked(t *testing.T, method string, into any) {
	t.Helper()
	for i := len(f.calls) - 1; i >= 0; i-- {
		if text, ok := strings.CutPrefix(f.calls[i], method+"{"); ok {
			reflect.ValueOf(into).Elem().SetZero() // what is left out is empty
			if err := json.Unmarshal([]byte("{"+text), into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("%s was not called", method)
}

// The marked coins, and no others, are spent.
func TestMarkedCoinsAreSpent(t *testing.T) {
	f := rich()
	for i := range f.answers["getCoins"].(api.WalletCoins).Coins {
		f.answers["getCoins"].(api.WalletCoins).Coins[i].State = "available"
	}
	m := dashboard(t, f, 110, 34)
	press(m, "3", "]", "]")
	settle(m, m.sample())
	press(m, " ", " ")
	wantScreen(t, m, "2 marked, 1,000.00000000 JIO", "[x]")
	press(m, "up", " ")
	wantScreen(t, m, "1 marked, 500.00000000 JIO")
	press(m, " ")
	wantScreen(t, m, "2 marked, 1,000.00000000 JIO")
	press(m, "s")
	wantScreen(t, m, "only 2 chosen coins are spent")
	press(m, payTo, "tab", "5", "tab", "tab", "enter")
	var r api.SendRequest
	f.asked(t, "planSend", &r)
	coins := f.answers["getCoins"].(api.WalletCoins).Coins
	if len(r.Coins) != 2 || r.Coins[0] != coins[0].Outpoint || r.Coins[1] != coins[2].Outpoint {
		t.Errorf("spends %v", r.Coins)
	}
}

// What a preview said is what sending may cost.
func TestSendingKeepsToThePreview(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 110, 34)
	press(m, toPreview...)
	press(m, "S", "y")
	var r api.SendRequest
	f.asked(t, "send", &r)
	if r.MaxFee == nil || *r.MaxFee != jio("0.0002") || r.Label != "rent" {
		t.Errorf("sends %+v", r)
	}
}

// A wallet that locked itself meanwhile is unlocked on the way.
func TestSendingUnlocks(t *testing.T) {
	f := rich()
	f.status.Wallets[0].Unlocked = false
	m := dashboard(t, f, 110, 34)
	press(m, toPreview...)
	press(m, "S")
	wantScreen(t, m, "Unlock default")
	f.answers["unlockWallet"] = errors.New("wrong password")
	press(m, "w", "enter")
	wantScreen(t, m, "Unlock default", "wrong password")
	f.answers["unlockWallet"] = f.status.Wallets[0]
	press(m, "x", "enter")
	wantScreen(t, m, "Send 5.00000000 JIO to")
	press(m, "y")
	var r api.SendRequest
	f.asked(t, "send", &r)
}

// What is wrong with the form is said where it is, and goes with the next key; what
// nobody asked for takes no other's place.
func TestTheFormSaysWhatIsWrong(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "4", "enter", "tab", "5", "tab", "tab", "enter")
	settle(m, page.Send(page.Aside{Toast: page.Toast{Text: "your miner found 3 blocks"}}))
	wantScreen(t, m, "note: whom to pay")
	if n := strings.Count(screen(m), "whom to pay: an address, the name of a contact, or a link"); n != 2 {
		t.Errorf("it is said %d times:\n%s", n, screen(m))
	}
	press(m, payTo, "tab")
	wantScreen(t, m, "an address of devnet")
	press(m, "ctrl+u", "tab", "tab", "enter")
	wantScreen(t, m, "note: how much: an amount in JIO, or max")
	press(m, "5", "tab", "tab", "enter")
	wantScreen(t, m, "Preview")
}

func TestAccountsAreChosen(t *testing.T) {
	f := rich()
	f.status.Wallets[0].Accounts = []api.Account{{Name: "savings"}, {Index: 7, Name: "rent"}}
	m := dashboard(t, f, 110, 34)
	press(m, "3", "n")
	wantScreen(t, m, "account 7 rent")
	press(m, "down", "enter")
	var fresh api.AccountParams
	if f.asked(t, "newAddress", &fresh); fresh.Account != 7 {
		t.Errorf("an address of account %d", fresh.Account)
	}
	press(m, "esc", "4", "enter", "shift+tab", "right", "tab", payTo, "tab", "5", "tab", "tab", "enter")
	var r api.SendRequest
	if f.asked(t, "planSend", &r); r.Account != 7 {
		t.Errorf("sends from account %d", r.Account)
	}
}

func TestOpenWalletsTakeTurns(t *testing.T) {
	f := rich()
	second := f.status.Wallets[0]
	second.Name = "second"
	f.status.Wallets = append(f.status.Wallets, second)
	m := dashboard(t, f, 160, 40)
	for _, want := range []string{"second", "default", "second"} {
		press(m, "W")
		wantScreen(t, m, "wallet "+want+" (unlocked)", "Wallet  "+want)
	}
	press(m, "3", "l")
	var locked api.WalletParams
	if f.asked(t, "lockWallet", &locked); locked.Wallet != "second" {
		t.Errorf("locked %q", locked.Wallet)
	}
}

func TestContactsArePicked(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "4")
	settle(m, m.sample())
	press(m, "enter", "ctrl+o", "enter")
	wantScreen(t, m, "To          alice")
}

// An address that is wrong stays in the dialog where it was typed, with the reason.
func TestWrongAddressesStay(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 110, 34)
	wrong := payTo[:len(payTo)-1]
	press(m, "3", "[", "a", "bob", "tab", wrong, "enter")
	wantScreen(t, m, "Name: bob", wrong+"▏", "the checksum does not match")
	if n := f.count("setContact"); n != 0 {
		t.Errorf("asked %d times", n)
	}
	press(m, payTo[len(payTo)-1:], "enter")
	var contact api.ContactParams
	f.asked(t, "setContact", &contact)
	if contact.Name != "bob" || contact.Address != payTo {
		t.Errorf("keeps %+v", contact)
	}
	press(m, "5", "a", wrong, "enter")
	wantScreen(t, m, "Pay mining to", "the checksum does not match")
}

func TestLockScreen(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 110, 34)
	press(m, "ctrl+k")
	wantScreen(t, m, "The wallet default is locked.")
	for _, key := range []string{"esc", "3", "q", "tab"} {
		press(m, key)
		if strings.Contains(screen(m), "12,408") || len(m.dialogs) != 1 {
			t.Fatalf("%s leads past the lock:\n%s", key, screen(m))
		}
	}
	f.answers["unlockWallet"] = errors.New("the password is wrong")
	press(m, "x", "enter")
	wantScreen(t, m, "the password is wrong")
	f.answers["unlockWallet"] = f.status.Wallets[0]
	press(m, "y", "enter")
	if len(m.dialogs) != 0 {
		t.Error("the right password does not lead back")
	}
	if !strings.Contains(screen(m), component.Masked) {
		t.Error("amounts are not hidden after a lock")
	}
}

// The words are shown to who knows the password, go when the dialog does or when it
// was forgotten, and are nowhere else on the screen.
func TestWordsAreShownAndWiped(t *testing.T) {
	f := rich()
	words := api.Secret(someWords)
	f.answers["showWords"] = api.Words{Words: words, Passphrase: true}
	now := noon
	m := dashboard(t, f, 110, 34)
	m.cfg.Now = func() time.Time { return now }
	press(m, "3", "M", "x", "enter")
	wantScreen(t, m, "Words of default", " 1 abandon", "12 accident", "The passphrase")
	press(m, "y")
	wantScreen(t, m, "12 accident")
	now = now.Add(time.Minute)
	settle(m, m.sample())
	wantScreen(t, m, "12 accident")
	now = now.Add(2 * time.Minute)
	settle(m, m.sample())
	settle(m, m.sample())
	if got := screen(m); strings.Contains(got, "accident") || string(words) != strings.Repeat("\x00", len(words)) {
		t.Errorf("the words are still there: %q\n%s", string(words), got)
	}
}

// The detail of an address stays what it is while time goes on.
func TestAddressDetailStays(t *testing.T) {
	f := rich()
	f.answers["search"] = api.Found{Kind: "address", Name: payTo}
	m := dashboard(t, f, 110, 34)
	press(m, "ctrl+f", payTo, "enter")
	before := screen(m)
	wantScreen(t, m, "maturing", "500.00000000 JIO", "-5.00000000")
	for range 3 {
		settle(m, m.sample())
	}
	if got := screen(m); got != before {
		t.Errorf("it became\n%s", got)
	}
}

// Nothing opens above the lock screen, not even what was asked for before.
func TestNothingOpensAboveTheLock(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 110, 34)
	press(m, "3", "M", "x")
	_, late := m.Update(keyNamed("enter"))
	press(m, "esc", "ctrl+k")
	settle(m, late)
	wantScreen(t, m, "The wallet default is locked.")
	if strings.Contains(screen(m), "accident") {
		t.Error("the words stand on the lock screen")
	}
}

// What comes while nobody looks is said, and rung when that is wanted.
func TestWatch(t *testing.T) {
	f := rich()
	now, rung := noon, 0
	m := dashboard(t, f, 110, 34)
	m.cfg.Now, m.cfg.Bell = func() time.Time { return now }, func() { rung++ }
	next := func(change func(s *api.Status)) {
		now = now.Add(time.Second)
		s := *f.status
		s.Wallets = append([]api.WalletSummary(nil), s.Wallets...)
		change(&s)
		f.status = &s
		settle(m, m.sample())
		settle(m, m.sample())
	}
	history := f.answers["getHistory"].(api.History)
	history.Entries = append([]api.HistoryEntry{{ID: hash(700), Kind: "received", Incoming: true, Amount: jio("8"), Label: "rent"}}, history.Entries...)
	f.answers["getHistory"] = history
	next(func(s *api.Status) { s.Wallets[0].Balance.Pending = jio("33") })
	wantScreen(t, m, "received 8.00000000 JIO in default: rent")
	if rung != 0 {
		t.Error("the bell rang unasked")
	}
	press(m, "ctrl+b")
	now = now.Add(toastTime)
	next(func(s *api.Status) { s.Miner.Found += 3 })
	wantScreen(t, m, "your miner found 3 blocks")
	if rung != 1 {
		t.Errorf("the bell rang %d times", rung)
	}
	next(func(s *api.Status) { s.Miner.Found++ })
	if said := len(m.toasts.all()); said != 3 {
		t.Errorf("%d sentences within ten seconds", said)
	}
	now = now.Add(5 * time.Minute)
	next(func(s *api.Status) { s.Wallets[0].Unlocked, s.Wallets[0].UnlockedUntil = false, 0 })
	var all strings.Builder
	for _, e := range m.toasts.all() {
		all.WriteString(e.Text)
	}
	if !strings.Contains(all.String(), "default locked itself") {
		t.Errorf("said %s", &all)
	}
}

// A click selects, a second one on the same row opens.
func TestClicks(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "8")
	settle(m, m.sample())
	row := func(text string) int {
		for y, line := range strings.Split(screen(m), "\n") {
			if strings.Contains(line, text) {
				return y
			}
		}
		t.Fatalf("%q is not seen:\n%s", text, screen(m))
		return 0
	}
	click := func(x, y int) {
		_, cmd := m.Update(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
		settle(m, cmd)
	}
	y := row(hash(35).String()[:12])
	click(20, y)
	wantScreen(t, m, "> "+hash(35).String()[:12])
	if len(m.dialogs) != 0 {
		t.Error("the first click opened something")
	}
	click(20, y)
	wantScreen(t, m, "why red")
	press(m, "esc")
	click(strings.Index(strings.Split(screen(m), "\n")[1], "6 Peers"), 1)
	wantScreen(t, m, "203.0.113.7")
}

// In private mode nothing tells an amount or an address, but what is being paid.
func TestPrivateMode(t *testing.T) {
	ends := component.Short(payTo, '…')
	for _, s := range situations {
		if strings.HasPrefix(s.name, "Sen") {
			continue
		}
		s.keys = append([]string{"$"}, s.keys...)
		m := s.reach(t)
		for _, tell := range []string{"12,408", payTo, ends, "203.0.113.7", "500.00000000", "5.00000000"} {
			if strings.Contains(screen(m), tell) {
				t.Errorf("%s tells %s:\n%s", s.name, tell, screen(m))
			}
		}
	}
}

func TestSearchesComeBack(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "8", "/", "one", "enter", "esc", "/")
	if strings.Contains(screen(m), "/ one") {
		t.Error("the search before stands in the line of the next")
	}
	press(m, "two", "enter", "esc", "/", "up")
	wantScreen(t, m, "/ two")
	press(m, "up", "up")
	wantScreen(t, m, "/ one")
	press(m, "down", "down")
	if strings.Contains(screen(m), "/ two") {
		t.Error("past the latest, something is left")
	}
}

// A node that cannot list all its tips is asked for the chain below its sink.
func TestCrowdedDag(t *testing.T) {
	f := rich()
	f.answers["getDag"] = errors.New("more than 2000 blocks")
	m := dashboard(t, f, 110, 34)
	var p api.DagParams
	if f.asked(t, "getDag", &p); p.Until != f.status.SinkBlueScore-1 {
		t.Errorf("asked up to %d", p.Until)
	}
	f.answers["getDag"] = lively(f.status)
	for range 3 {
		f.status.Blocks++
		settle(m, m.sample())
	}
	if f.asked(t, "getDag", &p); p.Until != 0 {
		t.Errorf("later asked up to %d", p.Until)
	}
	if (types.Hash{}) == f.status.Sink || strings.Contains(screen(m), "does not answer") {
		t.Error("the picture did not come back")
	}
}

// manyCoins answers as a node does whose wallet has so many coins, those with an
// even index in the state that is asked for by "maturing".
func manyCoins(t *testing.T, total int) func(asked []byte) any {
	return func(asked []byte) any {
		var p api.CoinsParams
		if err := json.Unmarshal(asked, &p); err != nil {
			t.Error(err)
		}
		r := api.WalletCoins{Total: total}
		if p.Filter != "" {
			r.Total = 1
		}
		for i := p.Offset; i < min(p.Offset+p.Limit, r.Total); i++ {
			r.Coins = append(r.Coins, api.WalletCoin{State: "available", UTXO: api.UTXO{
				Outpoint: api.Outpoint{TransactionID: hash(i), Index: uint32(i)}, Amount: jio("2"), BlueScore: uint64(i),
			}})
		}
		return r
	}
}

// The preview says on the smallest screen with panels what comes back and what the
// payment weighs, without scrolling, and the address in one line.
func TestThePreviewSaysItAll(t *testing.T) {
	for _, inputs := range []int{1, 3, 240} {
		f := rich()
		plan := f.answers["planSend"].(api.SendPlan)
		plan.Steps = plan.Steps[1:]
		plan.Steps[0].Inputs = slices.Repeat(plan.Steps[0].Inputs, inputs)
		f.answers["planSend"] = plan
		m := dashboard(t, f, 80, 24)
		press(m, toPreview...)
		wantScreen(t, m, "To  "+payTo, "Fee         0.00020000 JIO", "Change      494.00000000 JIO to", "Weight      2,000")
	}
}

// All of the address that is typed can be seen, its prefix and its end.
func TestTheFormShowsTheWholeAddress(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {72, 20}, {80, 24}, {120, 40}} {
		for _, key := range []string{"", "enter"} {
			m := dashboard(t, rich(), size[0], size[1])
			press(m, "4", "enter", payTo)
			if key != "" {
				press(m, key)
			}
			shown := strings.NewReplacer("\n", "", " ", "", "│", "").Replace(screen(m))
			if !strings.Contains(shown, payTo) || !strings.Contains(shown, "anaddressofdevnet") || !strings.Contains(shown, "Label") {
				t.Errorf("at %v:\n%s", size, screen(m))
			}
		}
	}
}

// The whole address that is shown to receive at can be seen, at every size, with a
// code where that has room too.
func TestReceiveShowsTheWholeAddress(t *testing.T) {
	for size, code := range map[[2]int]bool{{60, 16}: false, {80, 24}: true, {120, 40}: true} {
		m := dashboard(t, rich(), size[0], size[1])
		for _, keys := range [][]string{{"3", "n"}, {"esc", "]", "enter"}} {
			press(m, keys...)
			shown := strings.NewReplacer("\n", "", " ", "", "│", "").Replace(screen(m))
			if !strings.Contains(shown, payTo) || strings.Contains(screen(m), "more below") {
				t.Errorf("at %v the address is not whole:\n%s", size, screen(m))
			}
			if strings.Contains(shown, "▀▀▀▀▀▀▀") != code {
				t.Errorf("at %v with a code: %t\n%s", size, !code, screen(m))
			}
		}
	}
}

// However many coins a wallet has, a page of them is seen, with how many there are;
// marks stay while the page, the order or the filter changes.
func TestManyCoins(t *testing.T) {
	f := rich()
	f.answers["getCoins"] = manyCoins(t, 23_456)
	m := dashboard(t, f, 80, 24)
	press(m, "3", "]", "]", " ")
	wantScreen(t, m, "1 marked, 2.00000000 JIO", "[x]")
	press(m, ">", ">", " ")
	wantScreen(t, m, "2 marked, 4.00000000 JIO", "[ ] "+component.Short(hash(1001).String(), '…'))
	var p api.CoinsParams
	if f.asked(t, "getCoins", &p); p.Offset != 1000 || p.Order != "newest" {
		t.Errorf("the third page is asked for with %+v", p)
	}
	press(m, "O", "/", "a", "enter")
	if f.asked(t, "getCoins", &p); p.Offset != 0 || p.Order != "largest" || p.Filter != "a" {
		t.Errorf("after another order and a filter, %+v is asked for", p)
	}
	press(m, "s")
	wantScreen(t, m, "only 2 chosen coins are spent")
	press(m, "esc", "3", "esc", "<")
	wantScreen(t, m, "largest 500 of 23,456", "note: the list has no more that way")
	press(m, ">")
	wantScreen(t, m, "501 to 1,000 of 23,456")
}

// A long list is not asked for four times a second.
func TestLongListsAreLeftAlone(t *testing.T) {
	f := rich()
	f.answers["getCoins"] = manyCoins(t, 23_456)
	m := dashboard(t, f, 80, 24)
	now := noon
	m.cfg.Now = func() time.Time { return now }
	press(m, "3", "]", "]")
	f.calls = nil
	for range 40 { // ten seconds
		now = now.Add(interval)
		settle(m, m.sample())
	}
	asked := 0
	for _, call := range f.calls {
		if strings.HasPrefix(call, "getCoins") {
			asked++
		}
	}
	if asked < 9 || asked > 11 {
		t.Errorf("it was asked for %d times in ten seconds", asked)
	}
}
