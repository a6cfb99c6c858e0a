package dialog

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// A walletWord is what may stand after "wallet": a key of the wallet page, one of its
// lists, or something that is done here with a wallet that is named. Those that say
// why are typed in a shell.
type walletWord struct{ word, key, list, help, shell string }

const here = "takes a NAME"

var walletWords = []walletWord{
	{word: "create", key: "N", help: "make one from new words"},
	{word: "restore", key: "N", help: "make one from words that were written down"},
	{word: "watch", key: "N", help: "make one that watches"},
	{word: "list", key: "o", help: "list those there are, and open one"},
	{word: "open", help: "open one; " + here},
	{word: "close", help: "close one; " + here},
	{word: "lock", help: "lock one; " + here},
	{word: "unlock", help: "unlock one; " + here},
	{word: "balance", list: "History", help: "what there is"},
	{word: "history", list: "History", help: "what came and went"},
	{word: "address", key: "n", help: "a fresh address to receive at"},
	{word: "addresses", list: "Addresses", help: "those that were handed out"},
	{word: "account", key: "A", help: "add an account"},
	{word: "send", help: "pay somebody"},
	{word: "coins", list: "Coins", help: "the unspent coins; f freezes one, or thaws it"},
	{word: "freeze", list: "Coins", help: "keep a coin from being spent: f on its line"},
	{word: "thaw", list: "Coins", help: "let a frozen coin be spent: f on its line"},
	{word: "contacts", list: "Contacts", help: "the address book"},
	{word: "label", list: "History", help: "put a label on a line: a"},
	{word: "bump", list: "History", help: "raise the fee of a pending payment: b on its line"},
	{word: "cancel", list: "History", help: "take a pending payment back: c on its line"},
	{word: "sign", list: "Addresses", help: "sign a message: x on the line of an address"},
	{word: "verify", key: "v", help: "verify a signed message"},
	{word: "passwd", key: "p", help: "change the password"},
	{word: "backup", key: "w", help: "write an encrypted backup"},
	{word: "words", key: "M", help: "show the words again"},
	{word: "scan", key: "r", help: "search further for used addresses"},
	{word: "export", key: "e", help: "write the history to a CSV file"},
	{word: "abandon", help: "give a payment up: in a shell", shell: "gives up a payment that no block takes, so that its coins are free again."},
	{word: "rename-account", help: "rename an account: in a shell", shell: "gives an account another name."},
	{word: "restore-backup", help: "bring back a backup: in a shell", shell: "makes a wallet of a backup file, whose password it asks for."},
	{word: "import-mining-key", help: "take over the mining key: in a shell", shell: "takes the node's throwaway mining key over into a wallet."},
	{word: "policy", help: "an address of several keys: in a shell", shell: "makes an address whose coins need several keys, from files and words."},
	{word: "partial", help: "payments of several signers: in a shell", shell: "makes, signs, joins and sends payments that several sign, from one file to the next."},
}

// walletVerbs are the words as commands.
func walletVerbs() []verb {
	all := make([]verb, len(walletWords))
	for i, w := range walletWords {
		all[i] = verb{name: "wallet " + w.word, help: w.help}
	}
	return all
}

// usageOf is how a command is used; of "wallet" and a word, that word's.
func usageOf(v verb, words []string) string {
	if v.name == "wallet" && len(words) > 1 {
		for _, w := range walletVerbs() {
			if w.name == "wallet "+words[1] {
				return w.name + ", to " + w.help
			}
		}
	}
	return strings.TrimSpace(v.name + " " + v.usage)
}

func walletVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) == 0 {
		return page.Send(page.Go{Title: "Wallet"}), nil
	}
	i := slices.IndexFunc(walletWords, func(w walletWord) bool { return w.word == args[0] })
	if i < 0 || len(args) > 2 {
		return nil, errArguments
	}
	w := walletWords[i]
	if w.shell != "" {
		return explains("jio wallet "+w.word, w.shell)(c, nil)
	}
	if w.key == "" && w.list == "" && w.word != "send" {
		return onWallet(c, w.word, strings.Join(args[1:], "")), nil
	}
	switch {
	case len(args) > 1:
		return nil, errArguments
	case w.word == "send":
		return page.Send(page.Go{Title: "Send"}), nil
	case w.list != "":
		return tea.Sequence(page.Send(page.Go{Title: "Wallet"}), page.Send(page.List{Title: w.list})), nil
	}
	return page.Send(page.Go{Title: "Wallet", Key: w.key}), nil
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
