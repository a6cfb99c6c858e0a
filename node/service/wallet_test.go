package service_test

import (
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

const knownWords = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"

// TestWalletStory makes a wallet of known words, mines to it, pays from it and
// looks at everything it shows on the way.
func TestWalletStory(t *testing.T) {
	f := newFixture(t, smallNet())
	password := api.Secret("long enough")
	created := ask(f, api.CreateWallet, api.CreateParams{Wallet: "main", Password: password, Words: api.Secret(knownWords)})
	if w := created.Wallet; len(created.Words) != 0 || !w.BackedUp || !w.Unlocked || w.UnlockedUntil == 0 || len(w.Accounts) == 0 {
		t.Errorf("created %+v", created)
	}
	mine := ask(f, api.NewAddress, api.AddressParams{Label: "pay day"})
	if len(mine.Key) != 64 || mine.Policy != "" || mine.Label != "pay day" {
		t.Errorf("the address is %+v", mine)
	}
	for range 9 {
		f.mineToText(mine.Address)
	}
	// Of nine coinbases seven are accepted with their own sums, and those need a
	// depth of three.
	coins := ask(f, api.GetCoins, api.CoinsParams{}).Coins
	s := ask(f, api.GetWallet, api.WalletParams{})
	if len(coins) == 0 || s.Balance.Available.IsZero() || s.Balance.Maturing.IsZero() || !s.Synced || s.SyncedTo != f.sink().BlueScore {
		t.Fatalf("%d coins, wallet %+v", len(coins), s)
	}
	checkPages(t, f, coins)
	checkPayment(t, f, mine.Address)
	checkBook(t, f, mine.Address, coins[0].Outpoint)
	if got := ask(f, api.ShowWords, api.ConfirmParams{Password: password}); string(got.Words) != knownWords || got.Passphrase {
		t.Error("the words are others")
	}
	refuse(f, api.ShowWords, api.ConfirmParams{Password: api.Secret("wrong")}, api.CodeLocked)
	if got := ask(f, api.LockWallet, api.WalletParams{}); got.Unlocked || got.UnlockedUntil != 0 {
		t.Errorf("locked it is %+v", got)
	}
	locked := refuse(f, api.SignMessage, api.MessageParams{Address: mine.Address, Message: "m"}, api.CodeLocked)
	if locked.Reason != "locked" {
		t.Errorf("a locked wallet refuses with %+v", locked)
	}
	ask(f, api.CloseWallet, api.WalletParams{})
	which := refuse(f, api.GetCoins, api.CoinsParams{}, api.CodeInvalidParams)
	if which.Reason != "which-wallet" || which.Field != "wallet" || which.Message != "wallet: say which one: main" {
		t.Errorf("closed it is asked for with %+v", which)
	}
	if list := ask(f, api.ListWallets, api.None{}).Wallets; len(list) != 1 || list[0].Open {
		t.Errorf("closed it is listed as %+v", list)
	}
	if s := ask(f, api.OpenWallet, api.WalletParams{Wallet: "main"}); s.Unlocked || !s.Open {
		t.Errorf("opened again it is %+v", s)
	}
}

// mineToText makes a block for an address in text.
func (f *fixture) mineToText(address string) {
	f.t.Helper()
	template := ask(f, api.GetBlockTemplate, api.TemplateParams{PayTo: address})
	f.solve(template.Block)
}

// checkPayment plans a payment, sends it, and finds it in the history.
func checkPayment(t *testing.T, f *fixture, from string) {
	t.Helper()
	bob := f.text(f.builder.Wallet("bob").Address)
	amount := types.Jots(3 * types.JotsPerJIO)
	request := api.SendRequest{Payments: []api.Payment{{Address: bob, Amount: amount}}, Label: "rent"}
	plan := ask(f, api.PlanSend, request)
	if plan.Amount != amount || len(plan.Steps) != 1 || plan.Total.Jots() != plan.Amount.Jots()+plan.Fee.Jots() || plan.Steps[0].Change == nil ||
		len(plan.Payments) != 1 || plan.Payments[0].Address != bob || len(plan.Steps[0].Inputs) == 0 {
		t.Fatalf("the plan is %+v", plan)
	}
	less := types.Jots(plan.Fee.Jots() - 1)
	request.MaxFee = &less
	refuse(f, api.Send, request, api.CodeFeeGuard)
	request.MaxFee = &plan.Fee
	sent := ask(f, api.Send, request)
	if len(sent.IDs) != 1 || sent.Step != 1 || sent.Steps != 1 || sent.Kept != "" || sent.Fee.Cmp(plan.Fee) > 0 {
		t.Fatalf("sent %+v", sent)
	}
	history := ask(f, api.GetHistory, api.HistoryParams{Filter: "rent"})
	if e := history.Entries[0]; history.Total != 1 || e.ID != sent.IDs[0] || e.State != "pending" || e.Kind != "sent" || e.Incoming ||
		e.Amount != amount || e.Fee == nil || len(e.Addresses) != 1 || e.Addresses[0] != bob {
		t.Errorf("the history is %+v", history)
	}
	f.mineToText(from) // carries it
	f.mineToText(from) // accepts it
	if e := ask(f, api.GetHistory, api.HistoryParams{Filter: "rent"}).Entries[0]; e.State != "accepted" || e.Confirmations != 1 || e.AcceptedBy != f.sink().Hash {
		t.Errorf("accepted it is %+v", e)
	}
	for range 10 {
		f.mineToText(from)
	}
	if e := ask(f, api.GetHistory, api.HistoryParams{Filter: "rent"}).Entries[0]; e.State != "confirmed" {
		t.Errorf("ten seconds of blocks later it is %+v", e)
	}
}

// checkBook freezes a coin, labels things, keeps a contact and signs a message.
// checkPages puts the pages of each order together again.
func checkPages(t *testing.T, f *fixture, all []api.WalletCoin) {
	t.Helper()
	largest := slices.Clone(all)
	slices.Reverse(largest)
	newest := slices.Clone(largest)
	slices.SortStableFunc(largest, func(a, b api.WalletCoin) int { return b.Amount.Cmp(a.Amount) })
	for order, want := range map[string][]api.WalletCoin{"": all, "newest": newest, "largest": largest} {
		var got []api.WalletCoin
		for {
			page := ask(f, api.GetCoins, api.CoinsParams{Offset: len(got), Limit: 2, Order: order})
			if page.Total != len(all) || len(page.Coins) > 2 {
				t.Fatalf("a page of two has %d coins of %d", len(page.Coins), page.Total)
			}
			if len(page.Coins) == 0 {
				break
			}
			got = append(got, page.Coins...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", order, got, want)
		}
	}
	maturing := len(slices.DeleteFunc(slices.Clone(all), func(c api.WalletCoin) bool { return c.State != "maturing" }))
	id := all[0].Outpoint.TransactionID.String()
	for filter, want := range map[string]int{strings.ToUpper(id): 1, id[8:40]: 1, "maturing": maturing, all[0].Address: len(all), "nothing": 0} {
		if got := ask(f, api.GetCoins, api.CoinsParams{Filter: filter}); got.Total != want || len(got.Coins) != want {
			t.Errorf("%d of %d coins have %q, want %d", len(got.Coins), got.Total, filter, want)
		}
	}
}

func checkBook(t *testing.T, f *fixture, address string, coin api.Outpoint) {
	t.Helper()
	ask(f, api.FreezeCoins, api.FreezeParams{Coins: []api.Outpoint{coin}, Frozen: true})
	if s := ask(f, api.GetWallet, api.WalletParams{}); s.Balance.Locked.IsZero() {
		t.Errorf("after a coin was frozen the balance is %+v", s.Balance)
	}
	ask(f, api.FreezeCoins, api.FreezeParams{Coins: []api.Outpoint{coin}})
	ask(f, api.SetLabel, api.LabelParams{Target: address, Label: "mine"})
	ask(f, api.SetLabel, api.LabelParams{Target: coin.TransactionID.String() + ":0", Label: "old coin"})
	bob := f.text(f.builder.Wallet("bob").Address)
	ask(f, api.SetContact, api.ContactParams{Name: "Bob", Address: bob})
	if book := ask(f, api.GetContacts, api.WalletParams{}).Contacts; len(book) != 1 || book[0].Address != bob {
		t.Errorf("the address book is %+v", book)
	}
	ask(f, api.SetContact, api.ContactParams{Name: "Bob"})
	if book := ask(f, api.GetContacts, api.WalletParams{}).Contacts; len(book) != 0 {
		t.Errorf("without Bob the address book is %+v", book)
	}
	for _, a := range ask(f, api.GetAddresses, api.WalletParams{}).Addresses {
		if a.Address == address && (a.Label != "mine" || !a.Used || a.Balance.IsZero()) {
			t.Errorf("the address is %+v", a)
		}
	}
	signed := ask(f, api.SignMessage, api.MessageParams{Address: address, Message: "hello"})
	for message, valid := range map[string]bool{"hello": true, "hallo": false} {
		got := ask(f, api.VerifyMessage, api.VerifyParams{Address: address, Message: message, Signature: signed.Signature})
		if got.Valid != valid {
			t.Errorf("%q: valid %v", message, got.Valid)
		}
	}
}

// TestWalletParametersAreJudged refuses what makes no sense before any password
// is made costly use of.
func TestWalletParametersAreJudged(t *testing.T) {
	f := newFixture(t, smallNet())
	if s := refuse(f, api.GetWallet, api.WalletParams{}, api.CodeNotFound); s.Reason != "wallet" {
		t.Errorf("without any wallet: %+v", s)
	}
	alice := f.builder.Wallet("alice")
	good, foreign := f.text(alice.Address), alice.Address.Text(params.MainNet().AddressPrefix)
	key := hex.EncodeToString(alice.Policy.Key[:])
	eyes := ask(f, api.CreateWallet, api.CreateParams{Wallet: "eyes", Watch: []string{key}}).Wallet
	if !eyes.WatchOnly {
		t.Errorf("the wallet is %+v", eyes)
	}
	one := types.Jots(1)
	pay := func(address string, amount types.Amount) api.SendRequest {
		return api.SendRequest{Payments: []api.Payment{{Address: address, Amount: amount}}}
	}
	with := func(change func(*api.SendRequest)) api.SendRequest {
		r := pay(good, one)
		change(&r)
		return r
	}
	coin := api.Outpoint{TransactionID: types.Hash{1}}
	secret := api.Secret("long enough")
	for _, c := range []struct {
		says    string
		refusal *api.Error
	}{
		{"name", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "No Name", Watch: []string{key}}, api.CodeInvalidParams)},
		{"already", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "eyes", Watch: []string{key}}, api.CodeInvalidParams)},
		{"watch[1]", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Watch: []string{key, foreign}}, api.CodeInvalidParams)},
		{"public key", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Watch: []string{strings.Repeat("00", 32)}}, api.CodeInvalidParams)},
		{"only watches", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Watch: []string{key}, Password: secret}, api.CodeInvalidParams)},
		{"wordCount", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Password: secret, WordCount: 13}, api.CodeInvalidParams)},
		{"words", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Password: secret, Words: api.Secret("abandon about")}, api.CodeInvalidParams)},
		{"birthday", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Password: secret, Birthday: -1}, api.CodeInvalidParams)},
		{"to come", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w", Watch: []string{key}, Birthday: f.clock().UnixMilli() + 1}, api.CodeInvalidParams)},
		{"to come", refuse(f, api.ScanFurther, api.ScanParams{Birthday: math.MaxInt64}, api.CodeInvalidParams)},
		{"empty password", refuse(f, api.CreateWallet, api.CreateParams{Wallet: "w"}, api.CodeInvalidParams)},
		{"seconds", refuse(f, api.UnlockWallet, api.UnlockParams{Seconds: -1}, api.CodeInvalidParams)},
		{"seconds", refuse(f, api.UnlockWallet, api.UnlockParams{Seconds: 1 << 40}, api.CodeInvalidParams)},
		{"full path", refuse(f, api.BackupWallet, api.FileParams{File: "here"}, api.CodeInvalidParams)},
		{"full path", refuse(f, api.RestoreBackup, api.RestoreParams{Wallet: "w", File: "here"}, api.CodeInvalidParams)},
		{"file", refuse(f, api.RestoreBackup, api.RestoreParams{Wallet: "w", File: filepath.Join(t.TempDir(), "none"), Password: secret}, api.CodeInvalidParams)},
		{"gap", refuse(f, api.ScanFurther, api.ScanParams{Gap: -1}, api.CodeInvalidParams)},
		{"mining key", refuse(f, api.ImportMiningKey, api.ConfirmParams{Password: secret}, api.CodeNotFound)},
		{"no wallet", refuse(f, api.OpenWallet, api.WalletParams{Wallet: "nobody"}, api.CodeNotFound)},
		{"no wallet", refuse(f, api.GetCoins, api.CoinsParams{Wallet: "../eyes"}, api.CodeNotFound)},

		{"offset", refuse(f, api.GetCoins, api.CoinsParams{Offset: -1}, api.CodeInvalidParams)},
		{"limit", refuse(f, api.GetCoins, api.CoinsParams{Limit: 1 << 30}, api.CodeTooLarge)},
		{"order", refuse(f, api.GetCoins, api.CoinsParams{Order: "prettiest"}, api.CodeInvalidParams)},
		{"filter", refuse(f, api.GetCoins, api.CoinsParams{Filter: strings.Repeat("x", 1000)}, api.CodeTooLarge)},

		{"payments", refuse(f, api.PlanSend, api.SendRequest{}, api.CodeInvalidParams)},
		{"feeRate: fee is given as well", refuse(f, api.PlanSend, api.SendRequest{Payments: pay(good, one).Payments, Fee: "low", FeeRate: 2}, api.CodeInvalidParams)},
		{"mainnet", refuse(f, api.PlanSend, pay(foreign, one), api.CodeInvalidParams)},
		{"version 1", refuse(f, api.PlanSend, pay(f.text(types.Address{Version: 1}), one), api.CodeInvalidParams)},
		{"amount", refuse(f, api.PlanSend, pay(good, types.Amount{}), api.CodeInvalidParams)},
		{"max", refuse(f, api.PlanSend, with(func(r *api.SendRequest) { r.Max = true }), api.CodeInvalidParams)},
		{"fee", refuse(f, api.PlanSend, with(func(r *api.SendRequest) { r.Fee = "dear" }), api.CodeInvalidParams)},
		{"feeRate", refuse(f, api.PlanSend, with(func(r *api.SendRequest) { r.FeeRate = -1 }), api.CodeInvalidParams)},
		{"twice", refuse(f, api.PlanSend, with(func(r *api.SendRequest) { r.Coins = []api.Outpoint{coin, coin} }), api.CodeInvalidParams)},
		{"label", refuse(f, api.PlanSend, with(func(r *api.SendRequest) { r.Label = strings.Repeat("x", 1000) }), api.CodeTooLarge)},
		{"only watches", refuse(f, api.PlanSend, pay(good, one), api.CodeRejected)},
		{"only watches", refuse(f, api.UnlockWallet, api.UnlockParams{Password: secret}, api.CodeRejected)},

		{"coins[1]", refuse(f, api.FreezeCoins, api.FreezeParams{Coins: []api.Outpoint{coin, coin}}, api.CodeInvalidParams)},
		{"offset", refuse(f, api.GetHistory, api.HistoryParams{Offset: -1}, api.CodeInvalidParams)},
		{"limit", refuse(f, api.GetHistory, api.HistoryParams{Limit: 1 << 30}, api.CodeTooLarge)},
		{"target", refuse(f, api.SetLabel, api.LabelParams{Target: "what"}, api.CodeInvalidParams)},
		{"number", refuse(f, api.SetLabel, api.LabelParams{Target: types.Hash{1}.String() + ":x"}, api.CodeInvalidParams)},
		{"name", refuse(f, api.SetContact, api.ContactParams{Address: good}, api.CodeInvalidParams)},
		{"mainnet", refuse(f, api.SetContact, api.ContactParams{Name: "n", Address: foreign}, api.CodeInvalidParams)},
		{"message", refuse(f, api.VerifyMessage, api.VerifyParams{Address: good, Message: strings.Repeat("x", 1<<17)}, api.CodeTooLarge)},
		{"policy", refuse(f, api.NewPolicy, api.PolicyParams{Policy: "multi(3," + key + ")"}, api.CodeInvalidParams)},
		{"partials", refuse(f, api.CombinePartial, api.PartialParams{}, api.CodeInvalidParams)},
		{"partials[0]", refuse(f, api.SendPartial, api.PartialParams{Partials: []string{"{}"}}, api.CodeInvalidParams)},
		{"preimages[0]", refuse(f, api.SignPartial, api.SignPartialParams{PartialParams: api.PartialParams{Partials: []string{"{}"}, Preimages: []string{"00"}}}, api.CodeInvalidParams)},
		{"from", refuse(f, api.CreatePartial, api.PartialRequest{SendRequest: pay(good, one), From: foreign}, api.CodeInvalidParams)},
	} {
		if !strings.Contains(c.refusal.Message, c.says) {
			t.Errorf("%q does not say %q", c.refusal.Message, c.says)
		}
		if strings.Contains(c.refusal.Message, string(secret)) {
			t.Errorf("%q repeats a secret", c.refusal.Message)
		}
	}
	if left, err := os.ReadDir(f.walletDir); err != nil || len(left) != 1 {
		t.Errorf("refused calls made %v (%v)", left, err)
	}
}
