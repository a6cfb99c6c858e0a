package page

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

type (
	// Wizard asks the host to lead through making a wallet.
	Wizard struct{}
	// ShowWallet makes an open wallet the one that the pages show.
	ShowWallet struct{ Name string }
)

// openKey is what a key means while a wallet is open.
func (w *Wallet) openKey(c Context, key string) tea.Cmd {
	name := c.ShownWallet().Name
	switch key {
	case "n":
		return receive(c)
	case "i":
		return Send(askRequest(c))
	case "A":
		return Send(askAccount(c, name))
	case "o":
		return pickWallet(c)
	case "s":
		return tea.Sequence(Send(w.draft()), Send(Go{Title: "Send"}))
	case "esc":
		w.filter.Clear()
		w.marked = nil
		return w.anew(c, 0)
	case "[":
		return w.turn(c, sections-1)
	case "]":
		return w.turn(c, 1)
	case "u":
		return Send(AskUnlock(c, name))
	case "l":
		return Do(c, api.LockWallet, api.WalletParams{Wallet: name}, func(api.WalletSummary) string { return "the wallet " + name + " is locked" })
	case "/":
		w.filter.typing = true
	case "r":
		return Send(askScan(c, name))
	case "e":
		return Send(askCSV(c, api.HistoryParams{Wallet: name, Limit: listPage, Filter: w.filter.Text()}))
	case "p":
		return Send(askPassword(c, name))
	case "w":
		return Send(askBackup(c, name))
	case "M":
		return Send(askWords(c, name))
	case "C":
		return Do(c, api.CloseWallet, api.WalletParams{Wallet: name}, func(api.None) string { return "the wallet " + name + " is closed" })
	default:
		return w.line(c, name, key)
	}
	return nil
}

// draft is the payment that the marked lines are the beginning of.
func (w *Wallet) draft() (d Draft) {
	switch i := w.scroll.Selected; w.section {
	case sectionCoins:
		for _, coin := range w.marked {
			d.Coins = append(d.Coins, coin.outpoint)
		}
	case sectionContacts:
		if i < len(w.contacts) {
			d.To = w.contacts[i].Name
		}
	}
	return d
}

func (w *Wallet) turn(c Context, by section) tea.Cmd {
	return w.list(c, (w.section+by)%sections)
}

// list goes to one of the lists.
func (w *Wallet) list(c Context, s section) tea.Cmd {
	w.section = s
	w.filter.Clear()
	return w.anew(c, 0)
}

// line does something with the selected line of the list that is seen.
func (w *Wallet) line(c Context, name, key string) tea.Cmd {
	switch {
	case (key == "<" || key == ">") && (w.section == sectionHistory || w.section == sectionCoins):
		return w.leaf(c, map[string]int{"<": -1, ">": 1}[key])
	case w.section == sectionCoins:
		return w.coinKey(c, name, key)
	case w.section == sectionContacts && key == "a":
		return Send(askContact(c, name))
	}
	i := w.scroll.Selected
	if i >= w.rows(c) {
		return nil
	}
	switch w.section {
	case sectionHistory:
		return historyAction(c, name, key, &w.history.Entries[i])
	case sectionAddresses:
		return addressAction(c, name, key, &w.addresses[i])
	}
	switch key {
	case "enter":
		return Send(Show{Title: w.contacts[i].Name, Lines: []string{w.contacts[i].Address}, QR: w.contacts[i].Address})
	case "y", "Y":
		return Send(Copy{w.contacts[i].Address, "address"})
	}
	return nil
}

func historyAction(c Context, name, key string, e *api.HistoryEntry) tea.Cmd {
	id := e.ID.String()
	switch key {
	case "enter":
		return Send(Open{"transaction", id})
	case "y", "Y":
		return Send(Copy{id, "transaction id"})
	case "a":
		return Send(askLabel(c, name, id, e.Label))
	case "b", "c":
		if e.State != "pending" || e.Incoming {
			return Send(Toast{style.Warn, "only a payment of yours that is still pending can be changed"})
		}
		return Send(askReplace(c, name, key == "c", e.ID))
	}
	return nil
}

func addressAction(c Context, name, key string, a *api.WalletAddress) tea.Cmd {
	switch key {
	case "enter":
		return Send(Show{Title: strings.TrimSpace("Receive at  " + a.Label), Lines: []string{a.Address}, QR: a.Address})
	case "y", "Y":
		return Send(Copy{a.Address, "address"})
	case "a":
		return Send(askLabel(c, name, a.Address, a.Label))
	case "x":
		return Send(askSign(c, name, a.Address))
	}
	return nil
}

// AskUnlock asks for the password of a wallet and unlocks it.
func AskUnlock(c Context, name string) Prompt {
	return unlockThen(c, name, Toast{style.Good, "the wallet " + name + " is unlocked"})
}

// unlockThen asks for the password of a wallet, unlocks it, and goes on with a
// message.
func unlockThen(c Context, name string, then tea.Msg) Prompt {
	return Prompt{
		Title: "Unlock " + name, Text: "It locks itself five minutes after it last signed something; looking at it does not count.",
		Fields: []PromptField{{Label: "Password", Secret: true}},
		Done: func(values [][]byte) tea.Cmd {
			return wiping(values, Ask(c, api.UnlockWallet, api.UnlockParams{Wallet: name, Password: values[0]}, func(_ api.WalletSummary, err error) tea.Msg {
				if err != nil { // asked again: nothing else is to get the next try
					again := unlockThen(c, name, then)
					again.Text = refusal(err)
					return again
				}
				return then
			}))
		},
	}
}

// wiping runs a command and overwrites the secrets it used.
func wiping(secrets [][]byte, cmd tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		defer func() {
			for _, s := range secrets {
				clear(s)
			}
		}()
		return cmd()
	}
}

func askPassword(c Context, name string) Prompt {
	return Prompt{
		Title: "Change the password of " + name, Text: "Older backups still open with the old password.",
		Fields: []PromptField{{Label: "Old password", Secret: true}, {Label: "New password", Secret: true}, {Label: "Once more", Secret: true}},
		Done: func(values [][]byte) tea.Cmd {
			if string(values[1]) != string(values[2]) {
				return wiping(values, Send(Toast{style.Bad, "the new passwords differ; nothing was changed"}))
			}
			return wiping(values, Do(c, api.ChangePassword, api.PasswordParams{Wallet: name, Old: values[0], New: values[1]}, func(api.None) string { return "the password is changed" }))
		},
	}
}

func askBackup(c Context, name string) Prompt {
	return Prompt{
		Title: "Back up " + name, Text: "A copy of the encrypted wallet file, on the machine that runs the node. It opens with the wallet's password.",
		Fields: []PromptField{{Label: "New file, its full path"}},
		Done: func(values [][]byte) tea.Cmd {
			file := string(values[0])
			return Do(c, api.BackupWallet, api.FileParams{Wallet: name, File: file}, func(api.None) string { return "backed up to " + file })
		},
	}
}

// askWords asks for the password and shows the words of a wallet, on this screen
// and nowhere else.
func askWords(c Context, name string) Prompt {
	return Prompt{
		Title: "Show the words of " + name, Text: "Nobody must see the screen meanwhile.",
		Fields: []PromptField{{Label: "Password", Secret: true}},
		Done: func(values [][]byte) tea.Cmd {
			return wiping(values, Ask(c, api.ShowWords, api.ConfirmParams{Wallet: name, Password: values[0]}, func(w api.Words, err error) tea.Msg {
				if err != nil {
					return Toast{style.Bad, refusal(err)}
				}
				return ShowWords{Wallet: name, Words: w.Words, Passphrase: w.Passphrase}
			}))
		},
	}
}

func askScan(c Context, name string) Prompt {
	return Prompt{
		Title: "Search further", Text: "Coins may lie at addresses far behind the last used one. How many unused addresses in a row shall be tried?",
		Fields: []PromptField{{Label: "Addresses", Value: "1000"}},
		Done: func(values [][]byte) tea.Cmd {
			gap, err := strconv.Atoi(string(values[0]))
			if err != nil || gap < 1 {
				return Send(Toast{style.Bad, "a number of addresses was wanted"})
			}
			return Do(c, api.ScanFurther, api.ScanParams{Wallet: name, Gap: gap}, func(api.WalletSummary) string { return "searching" })
		},
	}
}

func askLabel(c Context, name, target, label string) Prompt {
	return Prompt{
		Title: "Label", Text: c.Hidden(target), Fields: []PromptField{{Label: "Label", Value: label}},
		Done: func(values [][]byte) tea.Cmd {
			return Do(c, api.SetLabel, api.LabelParams{Wallet: name, Target: target, Label: string(values[0])}, func(api.None) string { return "labelled" })
		},
	}
}

func askContact(c Context, name string) Prompt {
	return Prompt{
		Title: "Contact", Text: "An empty address removes the contact.",
		Fields: []PromptField{{Label: "Name"}, {Label: "Address"}},
		Check: func(values [][]byte) error {
			if len(values[0]) == 0 {
				return errors.New("a contact needs a name")
			}
			if len(bytes.TrimSpace(values[1])) == 0 {
				return nil
			}
			return checkAddress(c, values[1])
		},
		Done: func(values [][]byte) tea.Cmd {
			return Do(c, api.SetContact, api.ContactParams{Wallet: name, Name: string(values[0]), Address: string(bytes.TrimSpace(values[1]))}, func(api.None) string { return "the address book is changed" })
		},
	}
}

func askReplace(c Context, name string, cancel bool, id types.Hash) Confirm {
	params := api.ReplaceParams{Wallet: name, ID: id}
	if cancel {
		return Confirm{
			Title: "Cancel the payment", Text: "The coins go back to this wallet with a higher fee. Whichever transaction a block takes first wins.",
			Yes: Do(c, api.CancelPayment, params, func(s api.Sent) string { return "cancelling, fee " + s.Fee.String() + " JIO" }),
		}
	}
	return Confirm{
		Title: "Raise the fee", Text: "The same payment is sent again with a higher fee.",
		Yes: Do(c, api.BumpFee, params, func(s api.Sent) string { return "sent again, fee " + s.Fee.String() + " JIO" }),
	}
}

func askSign(c Context, name, address string) Prompt {
	return Prompt{
		Title: "Sign a message", Text: "The signature proves that you hold the key of " + c.Hidden(address) + ".",
		Fields: []PromptField{{Label: "Message"}},
		Done: func(values [][]byte) tea.Cmd {
			message := string(values[0])
			return Ask(c, api.SignMessage, api.MessageParams{Wallet: name, Address: address, Message: message}, func(s api.SignedMessage, err error) tea.Msg {
				if err != nil {
					return Toast{style.Bad, refusal(err)}
				}
				return Show{Title: "Signed", Lines: []string{"address  " + c.Hidden(address), "message  " + message, "signed   " + s.Signature}}
			})
		},
	}
}

func askVerify(c Context) Prompt {
	return Prompt{
		Title: "Verify a message", Text: "Did the owner of this address sign this message?",
		Fields: []PromptField{{Label: "Address"}, {Label: "Message"}, {Label: "Signature"}},
		Done: func(values [][]byte) tea.Cmd {
			params := api.VerifyParams{Address: string(values[0]), Message: string(values[1]), Signature: string(values[2])}
			return Ask(c, api.VerifyMessage, params, func(v api.Verified, err error) tea.Msg {
				switch {
				case err != nil:
					return Toast{style.Bad, refusal(err)}
				case !v.Valid:
					return Toast{style.Bad, "the signature is not right"}
				}
				return Toast{style.Good, "the signature is right"}
			})
		},
	}
}
