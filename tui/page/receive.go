package page

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// A Pick asks for one of several things.
type Pick struct {
	Title   string
	Options []string
	Done    func(i int) tea.Cmd
}

// receive shows a fresh address of the account that the user picks where there
// are several.
func receive(c Context) tea.Cmd {
	w := c.ShownWallet()
	if len(w.Accounts) < 2 {
		return freshAddress(c, w.Name, 0)
	}
	pick := Pick{Title: "Receive into", Done: func(i int) tea.Cmd { return freshAddress(c, w.Name, w.Accounts[i].Index) }}
	for i := range w.Accounts {
		pick.Options = append(pick.Options, accountNames(c, &w.Accounts[i])[0])
	}
	return Send(pick)
}

// accountNames are ways to name an account, the longest first.
func accountNames(c Context, a *api.Account) []string {
	number := fmt.Sprintf("account %d", a.Index)
	name, amount := strings.TrimSpace(number+" "+a.Name), "  "+c.money(component.Money(a.Balance.Available))+" JIO"
	return []string{name + amount, number + amount, number}
}

// freshAddress shows a fresh address as text, on one line, and as a code.
func freshAddress(c Context, name string, account uint32) tea.Cmd {
	return Ask(c, api.NewAddress, api.AddressParams{Wallet: name, Account: account}, func(a api.WalletAddress, err error) tea.Msg {
		if err != nil {
			return Toast{style.Bad, refusal(err)}
		}
		return Show{Title: "Receive at", Lines: []string{a.Address}, QR: a.Address}
	})
}

// askRequest asks for an amount and shows a link that asks a payer for it.
func askRequest(c Context) Prompt {
	w := c.ShownWallet()
	return Prompt{
		Title: "Ask for a payment", Text: "A link with a fresh address that fills in the payer's form.",
		Fields: []PromptField{{Label: "Amount in JIO"}, {Label: "What it is for"}},
		Done: func(values [][]byte) tea.Cmd {
			asked := api.Payment{Label: string(values[1])}
			var err error
			if asked.Amount, err = types.ParseAmount(strings.TrimSpace(string(values[0]))); err != nil {
				return say(style.Bad, refusal(err))
			}
			return Ask(c, api.NewAddress, api.AddressParams{Wallet: w.Name, Label: asked.Label}, func(a api.WalletAddress, err error) tea.Msg {
				if err != nil {
					return Toast{style.Bad, refusal(err)}
				}
				asked.Address = a.Address
				text, err := c.Links.Write(c.Status.Network, asked)
				if err != nil {
					return Toast{style.Bad, refusal(err)}
				}
				return Show{Title: "Ask for a payment", Lines: []string{text}, QR: text}
			})
		},
	}
}

func askAccount(c Context, name string) Prompt {
	return Prompt{
		Title: "New account", Text: "An account has addresses and coins of its own; the same words restore it. The wallet must be unlocked.",
		Fields: []PromptField{{Label: "Name"}},
		Done: func(values [][]byte) tea.Cmd {
			return Do(c, api.NewAccount, api.NewAccountParams{Wallet: name, Name: string(values[0])}, func(a api.Account) string {
				return fmt.Sprintf("account %d %s is there", a.Index, a.Name)
			})
		},
	}
}

// pickWallet offers the wallets that are there.
func pickWallet(c Context) tea.Cmd {
	return Ask(c, api.ListWallets, api.None{}, func(r api.Wallets, err error) tea.Msg {
		if err != nil {
			return Toast{style.Bad, refusal(err)}
		}
		pick := Pick{Title: "Open a wallet", Done: func(i int) tea.Cmd {
			if r.Wallets[i].Open {
				return Send(ShowWallet{r.Wallets[i].Name})
			}
			return openWallet(c, r.Wallets[i].Name)
		}}
		for _, w := range r.Wallets {
			name := w.Name
			if w.Open {
				name += "  (open)"
			}
			pick.Options = append(pick.Options, name)
		}
		return pick
	})
}
