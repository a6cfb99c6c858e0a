package page

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Payment pays: a form, then a preview of what sending would do, then an explicit
// Yes, then the payment's way to its confirmations.
type Payment struct {
	form     sendForm
	plan     *api.SendPlan // the preview, nil while the form is seen
	top      int           // first line of the preview that is seen
	request  api.SendRequest
	waiting  string // what is being asked of the node
	sent     *api.Sent
	paid     types.Amount
	progress api.Transaction
	asked    Asked
	estimate api.FeeEstimate
	contacts []api.Contact
	own      map[string]bool // the addresses of the wallet that pays, as of the preview
	wrong    *lineError      // why there was no preview, until the next key
}

// NewPayment returns the page.
func NewPayment() *Payment { return &Payment{form: newSendForm()} }

// A Draft asks the page to begin a payment: of some coins only, when there are
// any, and to an address or a contact, when there is one.
type Draft struct {
	Coins []api.Outpoint
	To    string
}

type (
	planAnswer struct {
		plan api.SendPlan
		own  map[string]bool
		err  error
	}
	sentAnswer struct {
		sent api.Sent
		err  error
	}
	progressAnswer struct {
		tx  api.Transaction
		err error
	}
	formAnswer struct {
		estimate api.FeeEstimate
		contacts []api.Contact
		err      error
	}
)

// Title implements Page.
func (s *Payment) Title() string { return "Send" }

// Typing implements Page.
func (s *Payment) Typing() bool { return s.plan == nil && s.sent == nil && s.form.active }

// Busy implements Busy.
func (s *Payment) Busy() string {
	switch {
	case s.sent != nil && s.sent.Step < s.sent.Steps:
		return "A payment is between two of its steps."
	case s.plan != nil || s.waiting != "":
		return "A payment was begun and is not sent."
	}
	return ""
}

// Keys implements Page.
func (s *Payment) Keys() []Binding {
	switch {
	case s.sent != nil:
		return []Binding{
			{Keys: []string{"enter"}, Short: "another", Help: "Make another payment."},
			{Keys: []string{"y", "Y"}, Short: "copy id", Help: "Copy the transaction's id."},
			{Keys: []string{"o"}, Short: "open", Help: "Open the transaction."},
		}
	case s.plan != nil:
		return []Binding{
			{Keys: []string{"S", "enter"}, Short: "SEND", Help: "Send what the preview shows; asks once more."},
			{Keys: []string{"up", "down"}, Short: "read", Help: "Read the rest of a long preview."},
			{Keys: []string{"esc"}, Short: "change", Help: "Go back to the form."},
		}
	}
	if !s.form.active {
		return []Binding{{Keys: []string{"enter"}, Short: "begin", Help: "Begin to type."}}
	}
	return []Binding{
		{Keys: []string{"enter"}, Short: "next", Help: "Go to the next line; after the last, to the preview."},
		{Keys: []string{"tab", "shift+tab", "up", "down"}, Short: "line", Help: "Go to another line."},
		{Keys: []string{"left", "right"}, Short: "choose", Help: "Choose the account or the fee, on its line."},
		{Keys: []string{"ctrl+o"}, Short: "contacts", Help: "Choose a contact."},
		{Keys: []string{"ctrl+x"}, Short: "max", Help: "Send everything."},
		{Keys: []string{"ctrl+n"}, Short: "add", Help: "Add another recipient."},
		{Keys: []string{"ctrl+r"}, Short: "clear", Help: "Empty the form."},
		{Keys: []string{"esc"}, Short: "leave", Help: "Stop typing, so that keys are keys again."},
	}
}

// Update implements Page.
func (s *Payment) Update(c Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Tick:
		return s.ask(c)
	case sendNow:
		return s.send(c)
	case Draft:
		s.begin(msg)
	case chosenContact:
		s.form.fields[lineTo].Set(msg.name)
		s.form.line = lineAmount
	case planAnswer:
		return s.takePlan(msg)
	case sentAnswer:
		return s.takeSent(msg)
	case progressAnswer:
		s.asked.Answered()
		if msg.err == nil {
			s.progress = msg.tx
		}
	case formAnswer:
		s.asked.Answered()
		if msg.err == nil {
			s.estimate, s.contacts = msg.estimate, msg.contacts
		}
	case tea.KeyMsg:
		return s.key(c, msg)
	}
	return nil
}

// ask keeps the fees of the form, or the state of what was sent, up to date.
func (s *Payment) ask(c Context) tea.Cmd {
	if s.sent != nil {
		id := s.sentID()
		return s.asked.Again(Ask(c, api.GetTransaction, api.TransactionParams{ID: id}, func(tx api.Transaction, err error) tea.Msg { return progressAnswer{tx, err} }))
	}
	w := c.ShownWallet()
	if w == nil {
		return nil
	}
	return s.asked.Again(askForm(c, w.Name))
}

func (s *Payment) key(c Context, key tea.KeyMsg) tea.Cmd {
	switch {
	case s.waiting != "":
		return nil
	case s.sent != nil:
		return s.sentKey(key.String())
	case s.plan != nil:
		return s.planKey(c, key.String())
	}
	return s.formKey(c, key)
}

func (s *Payment) formKey(c Context, key tea.KeyMsg) tea.Cmd {
	w := c.ShownWallet()
	if w == nil {
		return nil
	}
	s.form.accounts, s.wrong = w.Accounts, nil
	step := s.form.key(key)
	if s.form.line != lineTo {
		s.form.takeLink(c)
	}
	switch step {
	case formContacts:
		return s.pickContact()
	case formPreview:
		return s.preview(c, w)
	case formAnother:
		return s.another(c)
	}
	return nil
}

// begin begins a payment in place of the one before, unless that is being sent.
func (s *Payment) begin(d Draft) {
	if s.waiting != "" {
		return
	}
	s.reset()
	s.form.coins = d.Coins
	s.form.fields[lineTo].Set(d.To)
	s.form.active = d.To != "" || len(d.Coins) > 0
	if d.To != "" {
		s.form.line = lineAmount
	}
}

// chosenContact is the contact that was picked.
type chosenContact struct{ name string }

func (s *Payment) pickContact() tea.Cmd {
	if len(s.contacts) == 0 {
		return say(style.Warn, "the address book is empty; page 3 has it")
	}
	pick := Pick{Title: "Pay a contact"}
	for _, contact := range s.contacts {
		pick.Options = append(pick.Options, contact.Name)
	}
	contacts := s.contacts
	pick.Done = func(i int) tea.Cmd { return Send(chosenContact{contacts[i].Name}) }
	return Send(pick)
}

// another keeps the recipient of the form and asks for one more.
func (s *Payment) another(c Context) tea.Cmd {
	payment, err := s.form.payment(c, s.contacts)
	if err != nil {
		return s.refuse(err)
	}
	s.form.keep(payment)
	return nil
}

// refuse says what is wrong with the form and goes to the line, where it stands
// until a key is pressed.
func (s *Payment) refuse(err error) tea.Cmd {
	if errors.As(err, &s.wrong) {
		s.form.line = s.wrong.line
	}
	return say(style.Warn, err.Error())
}

// preview asks what sending would do.
func (s *Payment) preview(c Context, w *api.WalletSummary) tea.Cmd {
	request, err := s.form.request(c, w, s.contacts)
	if err != nil {
		return s.refuse(err)
	}
	s.request, s.waiting = request, "choosing coins"
	return Ask(c, api.PlanSend, request, func(p api.SendPlan, err error) tea.Msg {
		if err != nil {
			return planAnswer{err: err}
		}
		return planAnswer{p, ownAddresses(c, w.Name), nil}
	})
}

func (s *Payment) takePlan(msg planAnswer) tea.Cmd {
	s.waiting = ""
	if msg.err != nil {
		return say(style.Bad, refusal(msg.err))
	}
	s.plan, s.own, s.top = &msg.plan, msg.own, 0
	return nil
}

// ownAddresses are those of a wallet. Without an answer there are none: they only
// say more of what is seen anyway.
func ownAddresses(c Context, wallet string) map[string]bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	list, err := api.GetAddresses.Call(ctx, c.Caller, api.WalletParams{Wallet: wallet})
	if err != nil {
		return nil
	}
	own := make(map[string]bool, len(list.Addresses))
	for _, a := range list.Addresses {
		own[a.Address] = true
	}
	return own
}

// whose says whose an address is, as far as the wallet knows: "" for a stranger's.
func (s *Payment) whose(address string) string {
	var names []string
	if i := slices.IndexFunc(s.contacts, func(k api.Contact) bool { return k.Address == address }); i >= 0 {
		names = append(names, s.contacts[i].Name)
	}
	if s.own[address] {
		names = append(names, "your own address")
	}
	return strings.Join(names, ", ")
}

func (s *Payment) planKey(c Context, key string) tea.Cmd {
	switch key {
	case "esc":
		s.plan = nil
	case "up":
		s.top = max(0, s.top-1)
	case "down":
		s.top++
	case "S", "enter":
		w := c.ShownWallet()
		if w != nil && !w.Unlocked && !w.WatchOnly { // it may have locked itself meanwhile
			return Send(unlockThen(c, w.Name, s.confirm(c)))
		}
		return Send(s.confirm(c))
	}
	return nil
}

// confirm asks for the last Yes. A large amount must be typed again.
func (s *Payment) confirm(c Context) Confirm {
	p := s.plan
	text := "Send " + component.Money(p.Amount) + " JIO to " + s.recipients() + " for a fee of " + component.Money(p.Fee) + " JIO?"
	retype := ""
	if w := c.ShownWallet(); w != nil && largeShare(p.Amount, w.Balance.Available) {
		retype = plainAmount(p.Amount)
		text += " That is more than half of what is available."
	}
	return Confirm{Title: "Send", Text: text, Retype: retype, Yes: func() tea.Msg { return sendNow{} }}
}

// sendNow is the user's Yes. It comes back as a message, so that the page knows
// that it waits.
type sendNow struct{}

func (s *Payment) send(c Context) tea.Cmd {
	if s.waiting != "" || s.plan == nil {
		return nil
	}
	s.waiting = "signing and sending"
	// This fee was seen and agreed to, and no higher one.
	s.request.AllowHighFee, s.request.MaxFee = true, &s.plan.Fee
	return Ask(c, api.Send, s.request, func(r api.Sent, err error) tea.Msg { return sentAnswer{r, err} })
}

func (s *Payment) takeSent(msg sentAnswer) tea.Cmd {
	s.waiting = ""
	s.request.AllowHighFee, s.request.MaxFee = false, nil
	if msg.err != nil {
		return say(style.Bad, refusal(msg.err))
	}
	s.paid = s.plan.Amount
	s.plan, s.sent, s.progress = nil, &msg.sent, api.Transaction{}
	s.asked.Answered()
	return say(style.Good, "sent")
}

func (s *Payment) sentKey(key string) tea.Cmd {
	id := s.sentID().String()
	switch key {
	case "enter", "esc":
		s.reset()
	case "y", "Y":
		return Send(Copy{id, "transaction id"})
	case "o":
		return Send(Open{"transaction", id})
	}
	return nil
}

// sentID is the transaction that pays, or the last step before it; zero when none
// could be sent yet.
func (s *Payment) sentID() (id types.Hash) {
	if n := len(s.sent.IDs); n > 0 {
		id = s.sent.IDs[n-1]
	}
	return id
}

func (s *Payment) reset() {
	s.form, s.plan, s.sent, s.waiting = newSendForm(), nil, nil, ""
	s.asked.Answered()
}

// recipients are the addresses that are paid, and whose they are.
func (s *Payment) recipients() string {
	names := make([]string, len(s.plan.Payments))
	for i, p := range s.plan.Payments {
		names[i] = p.Address
		if whose := s.whose(p.Address); whose != "" {
			names[i] += " (" + whose + ")"
		}
	}
	return strings.Join(names, ", ")
}

// largeShare reports whether an amount is more than half of what there is.
func largeShare(amount, of types.Amount) bool { return amount.Jots() > of.Jots()/2 }

// plainAmount is an amount as one types it: without zeros that say nothing.
func plainAmount(a types.Amount) string {
	return strings.TrimRight(strings.TrimRight(a.String(), "0"), ".")
}
