package dialog

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// A walletWord is what may stand after "wallet": a key of the wallet page or one of
// its lists. Those that stay empty take the name of a wallet and are done here.
type walletWord struct{ word, key, list string }

var walletWords = []walletWord{
	{"create", "N", ""},
	{"restore", "N", ""},
	{"open", "", ""},
	{"close", "", ""},
	{"lock", "", ""},
	{"unlock", "", ""},
	{"balance", "", "History"},
	{"history", "", "History"},
	{"address", "n", ""},
	{"addresses", "", "Addresses"},
	{"coins", "", "Coins"},
	{"contacts", "", "Contacts"},
	{"verify", "v", ""},
	{"backup", "w", ""},
	{"words", "M", ""},
}

// walletUsage lists the words, the likeliest first.
var walletUsage = func() string {
	words := make([]string, len(walletWords))
	for i, w := range walletWords {
		words[i] = w.word
	}
	return strings.Join(words, "|")
}()

func walletVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) == 0 {
		return page.Send(page.Go{Title: "Wallet"}), nil
	}
	i := slices.IndexFunc(walletWords, func(w walletWord) bool { return w.word == args[0] })
	if i < 0 || len(args) > 2 {
		return nil, errArguments
	}
	switch w := walletWords[i]; {
	case w.key == "" && w.list == "":
		return onWallet(c, w.word, strings.Join(args[1:], "")), nil
	case len(args) > 1:
		return nil, errArguments
	case w.list != "":
		return tea.Sequence(page.Send(page.Go{Title: "Wallet"}), page.Send(page.List{Title: w.list})), nil
	default:
		return page.Send(page.Go{Title: "Wallet", Key: w.key}), nil
	}
}

// onWallet does something with a wallet by its name, the one that is shown for "".
func onWallet(c page.Context, word, name string) tea.Cmd {
	if shown := c.ShownWallet(); name == "" && shown != nil {
		name = shown.Name
	}
	params := api.WalletParams{Wallet: name}
	switch word {
	case "open":
		return page.Do(c, api.OpenWallet, params, func(w api.WalletSummary) string { return "the wallet " + w.Name + " is open" })
	case "close":
		return page.Do(c, api.CloseWallet, params, func(api.None) string { return "the wallet is closed" })
	case "lock":
		return page.Do(c, api.LockWallet, params, func(w api.WalletSummary) string { return "the wallet " + w.Name + " is locked" })
	}
	return page.Send(page.AskUnlock(c, name))
}
