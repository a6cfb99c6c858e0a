package page

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// Draw implements Page.
func (s *Payment) Draw(c Context, a component.Area) {
	w := c.wallet()
	switch {
	case w == nil:
		a = component.Panel{Title: "Send", Focus: true}.Draw(a, c.Glyphs)
		a.Print(0, 0, style.Dim, "No wallet is open. Page 3 opens one.")
	case s.sent != nil:
		s.drawSent(c, a)
	case s.plan != nil:
		s.drawPlan(c, a)
	default:
		s.drawForm(c, a, w)
	}
}

const sendColumn = 12

func (s *Payment) drawForm(c Context, a component.Area, w *api.WalletSummary) {
	f := &s.form
	note := "enter starts"
	if f.active {
		note = "esc leaves"
	}
	a = component.Panel{Title: "Send from " + w.Name, Note: note, Focus: true}.Draw(a, c.Glyphs)
	atLeast := ""
	if !w.Synced {
		atLeast = "at least "
	}
	component.Pair(a, 0, sendColumn, "Available", atLeast+c.money(component.Money(w.Balance.Available))+" JIO  "+lockState(c, w))
	if len(f.coins) > 0 {
		a.Print(sendColumn, 1, style.Warn, fmt.Sprintf("only %d chosen coins are spent", len(f.coins)))
	}
	y := 2
	for _, p := range f.payments {
		component.Pair(a, y, sendColumn, "and", component.Money(p.Amount)+" JIO to "+c.short(p.Address))
		y++
	}
	for line := range formLines {
		if line == lineRate && feeChoices[f.fee] != "custom" {
			continue
		}
		s.drawLine(c, a, line, y)
		y += 2
	}
	if s.waiting != "" {
		a.Print(sendColumn, y, style.Warn, s.waiting)
	}
}

func (s *Payment) drawLine(c Context, a component.Area, line, y int) {
	f := &s.form
	focus := f.active && f.line == line
	token := style.Dim
	if focus {
		token = style.Key
	}
	a.Print(0, y, token, [...]string{"To", "Amount", "Fee", "Fee rate", "Label"}[line])
	if line == lineFee {
		drawChoices(a, y, f.fee)
		a.Print(sendColumn, y+1, style.Dim, feeText(feeChoices[f.fee], s.estimate))
		return
	}
	f.fields[line].Draw(a.Sub(sendColumn, y, a.Width-sendColumn, 1), focus, c.Glyphs)
	if hint, bad := s.hint(c, line); hint != "" {
		token := style.Good
		if bad {
			token = style.Warn
		}
		a.Print(sendColumn, y+1, token, component.Cut(hint, a.Width-sendColumn, c.Glyphs.Ellipsis))
	}
}

func drawChoices(a component.Area, y, chosen int) {
	x := sendColumn
	for i, name := range feeChoices {
		token := style.Plain
		if i == chosen {
			token, name = style.Cursor, "["+name+"]"
		} else {
			name = " " + name + " "
		}
		x = a.Print(x, y, token, name) + 1
	}
}

// hint says what is right or wrong with a line while it is typed.
func (s *Payment) hint(c Context, line int) (text string, bad bool) {
	f := &s.form
	if f.fields[line].Len() == 0 {
		return "", false
	}
	switch line {
	case lineTo:
		if _, err := f.address(c, s.contacts); err != nil {
			// The reason alone: the address stands in the line above.
			return errors.Unwrap(err).Error(), true
		}
		return "an address of " + c.Status.Network, false
	case lineAmount:
		if f.max() {
			return "everything, the fee taken from it", false
		}
		if _, err := types.ParseAmount(strings.ReplaceAll(f.fields[line].Text(), ",", "")); err != nil {
			return err.Error(), true
		}
	}
	return "", false
}

func (s *Payment) drawPlan(c Context, a component.Area) {
	p := s.plan
	a = component.Panel{Title: "Preview", Note: "S sends, esc changes", Focus: true}.Draw(a, c.Glyphs)
	y := 0
	for _, payment := range p.Payments {
		component.Pair(a, y, sendColumn, "To", payment.Address)
		component.Pair(a, y+1, sendColumn, "", component.Money(payment.Amount)+" JIO")
		y += 2
	}
	for _, pair := range [][2]string{
		{"Amount", component.Money(p.Amount) + " JIO"},
		{"Fee", fmt.Sprintf("%s JIO  %.2f jots per weight, a block in ~%s", component.Money(p.Fee), p.FeeRate, waitOf(api.FeeChoice{Seconds: p.Seconds}))},
		{"Total", component.Money(p.Total) + " JIO"},
	} {
		component.Pair(a, y, sendColumn, pair[0], pair[1])
		y++
	}
	for _, warning := range p.Warnings {
		a.Print(sendColumn, y, style.Warn, component.Cut(warning, a.Width-sendColumn, c.Glyphs.Ellipsis))
		y++
	}
	y = drawSteps(c, a, y+1, p)
	if s.waiting != "" {
		a.Print(0, y+1, style.Warn, s.waiting)
	}
}

// drawSteps draws what each transaction of a plan spends and makes.
func drawSteps(c Context, a component.Area, y int, p *api.SendPlan) int {
	for i := range p.Steps {
		step := &p.Steps[i]
		title := "Transaction"
		if len(p.Steps) > 1 {
			title = fmt.Sprintf("Step %d of %d", i+1, len(p.Steps))
			if i < len(p.Steps)-1 {
				title += ", joins small coins"
			}
		}
		a.Print(0, y, style.Title, title)
		component.Pair(a, y+1, sendColumn, "inputs", fmt.Sprintf("%d", len(step.Inputs)))
		component.Pair(a, y+2, sendColumn, "outputs", fmt.Sprintf("%d", len(step.Outputs)))
		change := "none"
		if step.Change != nil {
			change = component.Money(step.Change.Amount) + " JIO to " + c.short(step.Change.Address)
		}
		component.Pair(a, y+3, sendColumn, "change", change)
		component.Pair(a, y+4, sendColumn, "weight", fmt.Sprintf("%s, fee %s JIO", component.Count(step.Weight), component.Money(step.Fee)))
		y += 5
	}
	return y
}

func (s *Payment) drawSent(c Context, a component.Area) {
	a = component.Panel{Title: "Sent", Note: "enter makes another", Focus: true}.Draw(a, c.Glyphs)
	component.Pair(a, 0, sendColumn, "Paid", component.Money(s.paid)+" JIO for a fee of "+component.Money(s.sent.Fee)+" JIO")
	if s.sent.Steps > 1 {
		component.Pair(a, 1, sendColumn, "Steps", fmt.Sprintf("step %d of %d is on its way; the others follow by themselves", s.sent.Step, s.sent.Steps))
	}
	for i, id := range s.sent.IDs {
		component.Pair(a, 2+i, sendColumn, "Transaction", id.String())
	}
	y := 3 + len(s.sent.IDs)
	switch {
	case s.progress.AcceptedBy != (types.Hash{}):
		a.Print(0, y, style.Good, fmt.Sprintf("accepted, %s confirmations", component.Count(s.progress.Confirmations)))
	case s.progress.InMempool:
		a.Print(0, y, style.Warn, "pending: waiting for a block")
	default:
		a.Print(0, y, style.Warn, "pending")
	}
}
