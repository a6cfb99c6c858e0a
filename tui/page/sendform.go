package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

// The lines of the form.
const (
	lineFrom = iota
	lineTo
	lineAmount
	lineFee
	lineRate
	lineLabel
	formLines
)

// feeChoices are the names of the fees one can choose, as api.SendRequest has
// them; the last stands for a rate that is typed.
var feeChoices = []string{"low", "normal", "priority", "custom"}

// A sendForm is what the user typed so far.
type sendForm struct {
	active   bool          // text is being typed
	accounts []api.Account // of the wallet that pays
	account  int           // index into accounts
	line     int
	fields   [formLines]component.Field
	fee      int           // index into feeChoices
	payments []api.Payment // kept recipients, besides that of the form
	coins    []api.Outpoint
}

func newSendForm() sendForm {
	f := sendForm{fee: 1, line: lineTo}
	f.fields[lineAmount].Max = 24
	f.fields[lineRate].Max = 16
	return f
}

// A formStep is what a key of the form leads to.
type formStep int

const (
	formGoesOn formStep = iota
	formPreview
	formAnother
	formContacts
)

// key lets a key change the form.
func (f *sendForm) key(key tea.KeyMsg) formStep {
	name := key.String()
	if !f.active {
		f.active = name == "enter"
		return formGoesOn
	}
	switch name {
	case "esc":
		f.active = false
	case "tab", "down":
		f.move(1)
	case "shift+tab", "up":
		f.move(-1)
	case "enter":
		if f.line == lineLabel {
			return formPreview
		}
		f.move(1)
	case "ctrl+x":
		f.fields[lineAmount].Set("max")
	case "ctrl+n":
		return formAnother
	case "ctrl+o":
		return formContacts
	case "ctrl+r":
		*f = newSendForm()
		f.active = true
	default:
		f.edit(key)
	}
	return formGoesOn
}

// has reports whether a line is there: that of an account only where there are
// several, that of a rate only when one is typed.
func (f *sendForm) has(line int) bool {
	switch line {
	case lineFrom:
		return len(f.accounts) > 1
	case lineRate:
		return feeChoices[f.fee] == "custom"
	}
	return true
}

func (f *sendForm) move(by int) {
	f.line = (f.line + by + formLines) % formLines
	for !f.has(f.line) {
		f.line = (f.line + by + formLines) % formLines
	}
}

func (f *sendForm) edit(key tea.KeyMsg) {
	by := 0
	switch key.String() {
	case "left", "h":
		by = -1
	case "right", "l", " ":
		by = 1
	}
	switch f.line {
	case lineFrom:
		f.account = turned(f.account, by, len(f.accounts))
	case lineFee:
		f.fee = turned(f.fee, by, len(feeChoices))
	default:
		component.Edit(&f.fields[f.line], key)
	}
}

// turned is a choice of so many after going on by some, around the end.
func turned(i, by, n int) int { return (i + by + n) % max(n, 1) }

// takeLink fills the lines from a link that asks for a payment.
func (f *sendForm) takeLink(c Context) {
	asked, err := c.Links.Read(c.Status.Network, f.fields[lineTo].Text())
	if err != nil {
		return
	}
	f.fields[lineTo].Set(asked.Address)
	if !asked.Amount.IsZero() {
		f.fields[lineAmount].Set(plainAmount(asked.Amount))
	}
	if asked.Label != "" {
		f.fields[lineLabel].Set(asked.Label)
	}
}

// keep puts a recipient aside and empties the lines for the next.
func (f *sendForm) keep(p api.Payment) {
	f.payments = append(f.payments, p)
	for _, line := range []int{lineTo, lineAmount, lineLabel} {
		f.fields[line].Clear()
	}
	f.line = lineTo
}

// address returns the address that was typed, or that of the contact whose name
// was typed, or what is wrong with it.
func (f *sendForm) address(c Context, contacts []api.Contact) (string, error) {
	text := strings.TrimSpace(f.fields[lineTo].Text())
	for _, contact := range contacts {
		if strings.EqualFold(contact.Name, text) {
			return contact.Address, nil
		}
	}
	if len(text) >= 4 && strings.EqualFold(text[:4], "jio:") {
		asked, err := c.Links.Read(c.Status.Network, text)
		return asked.Address, err
	}
	if len(text) < 3 || !strings.EqualFold(text[:3], "jio") { // as the addresses of all networks begin
		return "", errors.New("no contact has this name, and it is no address")
	}
	_, err := types.ParseAddress(c.Status.AddressPrefix, text)
	return text, err
}

// checkAddress says what is wrong with an address of the network, before the node is
// asked.
func checkAddress(c Context, text []byte) error {
	_, err := types.ParseAddress(c.Status.AddressPrefix, string(bytes.TrimSpace(text)))
	return errors.Unwrap(err) // without the address, which stands below
}

func (f *sendForm) max() bool {
	return strings.EqualFold(strings.TrimSpace(f.fields[lineAmount].Text()), "max")
}

// A lineError says what is wrong with a line of the form.
type lineError struct {
	line int
	err  error
}

// Error implements error.
func (e *lineError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong without the line.
func (e *lineError) Unwrap() error { return e.err }

// payment returns the recipient of the form.
func (f *sendForm) payment(c Context, contacts []api.Contact) (p api.Payment, err error) {
	if f.fields[lineTo].Len() == 0 {
		return p, &lineError{lineTo, errors.New("whom to pay: an address, the name of a contact, or a link")}
	}
	if p.Address, err = f.address(c, contacts); err != nil {
		return p, &lineError{lineTo, err}
	}
	p.Label = f.fields[lineLabel].Text()
	if f.max() {
		return p, nil
	}
	if f.fields[lineAmount].Len() == 0 {
		return p, &lineError{lineAmount, errors.New("how much: an amount in JIO, or max")}
	}
	p.Amount, err = types.ParseAmount(strings.ReplaceAll(strings.TrimSpace(f.fields[lineAmount].Text()), ",", ""))
	if err == nil && p.Amount.IsZero() {
		err = errors.New("the amount is nothing")
	}
	if err != nil {
		return p, &lineError{lineAmount, err}
	}
	return p, nil
}

// request returns what the form asks for.
func (f *sendForm) request(c Context, w *api.WalletSummary, contacts []api.Contact) (r api.SendRequest, err error) {
	r = api.SendRequest{Wallet: w.Name, Payments: append([]api.Payment(nil), f.payments...), Coins: f.coins, Label: f.fields[lineLabel].Text()}
	if f.account > 0 && f.account < len(w.Accounts) {
		r.Account = w.Accounts[f.account].Index
	}
	if w.WatchOnly {
		return r, errors.New("this wallet watches only: it holds no key to pay with")
	}
	if !w.Synced {
		return r, errors.New("the node is still syncing; sending waits until the balance is known")
	}
	if len(f.payments) == 0 || f.fields[lineTo].Len() > 0 {
		p, err := f.payment(c, contacts)
		if err != nil {
			return r, err
		}
		r.Payments = append(r.Payments, p)
		r.Max = f.max()
	}
	if r.Max && len(r.Payments) > 1 {
		return r, errors.New("max goes to a single recipient")
	}
	if r.Fee = feeChoices[f.fee]; r.Fee == "custom" {
		r.Fee = ""
		r.FeeRate, err = strconv.ParseFloat(strings.TrimSpace(f.fields[lineRate].Text()), 64)
		if err != nil || !(r.FeeRate > 0) {
			return r, &lineError{lineRate, errors.New("the fee rate must be a number of jots per unit of weight, such as 2.5")}
		}
	}
	return r, nil
}

// askForm asks for what the form offers.
func askForm(c Context, wallet string) tea.Cmd {
	return Ask(c, api.GetFeeEstimate, api.None{}, func(e api.FeeEstimate, err error) tea.Msg {
		if err != nil {
			return formAnswer{err: err}
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		book, err := api.GetContacts.Call(ctx, c.Caller, api.WalletParams{Wallet: wallet})
		return formAnswer{e, book.Contacts, err}
	})
}

// feeTexts say what a choice costs and how long it waits, the longest first.
func feeTexts(choice string, e api.FeeEstimate) []string {
	f := map[string]api.FeeChoice{"low": e.Low, "normal": e.Normal, "priority": e.Priority}[choice]
	if !(f.FeeRate > 0) {
		return nil
	}
	rate := fmt.Sprintf("%.2f jots per weight", f.FeeRate)
	return []string{rate + ", a block in ~" + waitOf(f), rate + ", ~" + waitOf(f), rate}
}
