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
	w := c.ShownWallet()
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
	f.accounts = w.Accounts
	note := "enter starts"
	if f.active {
		note = "esc leaves"
	}
	a = component.Panel{Title: "Send from " + w.Name, Note: note, Focus: true}.Draw(a, c.Glyphs)
	atLeast := ""
	if !w.Synced {
		atLeast = "at least "
	}
	available := atLeast + c.money(component.Money(w.Balance.Available)) + " JIO"
	drawPair(a, 0, sendColumn, "Available", available, component.Fit(a.Width-sendColumn-component.Width(available)-2, lockState(c, w), LockWord(w)))
	if len(f.coins) > 0 {
		a.Print(sendColumn, 1, style.Warn, fmt.Sprintf("only %d chosen coins are spent", len(f.coins)))
	}
	y := 2
	for _, p := range f.payments {
		component.Pair(a, y, sendColumn, "and", component.Money(p.Amount)+" JIO to "+c.short(p.Address))
		y++
	}
	for line := range formLines {
		if !f.has(line) {
			continue
		}
		y += s.drawLine(c, a, line, y)
	}
	if s.waiting != "" {
		a.Print(sendColumn, y, style.Warn, s.waiting)
	}
}

// drawLine draws a line of the form with what is said of it below, and returns how
// many rows it takes.
func (s *Payment) drawLine(c Context, a component.Area, line, y int) int {
	f := &s.form
	focus := f.active && f.line == line
	token := style.Dim
	if focus {
		token = style.Key
	}
	a.Print(0, y, token, [...]string{"From", "To", "Amount", "Fee", "Fee rate", "Label"}[line])
	column, rows := sendColumn, 1
	switch line {
	case lineFrom:
		a.Print(sendColumn, y, style.Plain, "< "+component.Fit(a.Width-sendColumn-4, accountNames(c, &f.accounts[min(f.account, len(f.accounts)-1)])...)+" >")
		return 2
	case lineFee:
		drawChoices(a, y, f.fee)
		a.Print(sendColumn, y+1, style.Dim, component.Fit(a.Width-sendColumn, feeTexts(feeChoices[f.fee], s.estimate)...))
		return 2
	case lineTo: // all of an address is seen: right behind the label, or over two rows
		if f.fields[line].Len()+1 > a.Width-sendColumn {
			column = len("To  ")
		}
		if f.fields[line].Len()+1 > a.Width-column {
			rows = 2
		}
	}
	f.fields[line].Draw(a.Sub(column, y, a.Width-column, rows), focus, c.Glyphs)
	hint, bad := s.hint(c, line)
	if token = style.Good; bad {
		token = style.Warn
	}
	a.Print(sendColumn, y+rows, token, component.Cut(hint, a.Width-sendColumn, c.Glyphs.Ellipsis))
	return rows + 1
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
	if s.wrong != nil && s.wrong.line == line {
		return reason(s.wrong.err), true
	}
	if f.fields[line].Len() == 0 {
		return "", false
	}
	switch line {
	case lineTo:
		if _, err := f.address(c, s.contacts); err != nil {
			return reason(err), true
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

// reason is what an error wraps, since what it is about stands in the line above.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return err.Error()
}

func (s *Payment) drawPlan(c Context, a component.Area) {
	a = component.Panel{Title: "Preview", Note: "S sends, esc changes", Focus: true}.Draw(a, c.Glyphs)
	lines := broken(s.planLines(c), a.Width)
	if s.waiting != "" {
		lines = append(lines, planLine{text: s.waiting, token: style.Warn})
	}
	s.top = max(0, min(s.top, len(lines)-a.Height))
	for y, line := range lines[s.top:] {
		if y == a.Height {
			break
		}
		if line.title {
			a.Print(0, y, style.Title, line.label)
			continue
		}
		line.draw(a, y)
	}
	if s.top+a.Height < len(lines) {
		last := a.Sub(0, a.Height-1, a.Width, 1)
		last.Clear()
		last.Print(sendColumn, 0, style.Warn, "down: more")
	}
}

// A planLine is a line of the preview.
type planLine struct {
	label, text string
	token       style.Token
	title       bool
	wide        bool // the text is an address, which has room right behind the label
}

// column is where the text begins.
func (l *planLine) column() int {
	if l.wide {
		return len("To  ")
	}
	return sendColumn
}

func (l *planLine) draw(a component.Area, y int) {
	a.Print(0, y, style.Dim, l.label)
	a.Print(l.column(), y, l.token, l.text)
}

// broken breaks lines to a width: nothing of what is agreed to is cut off.
func broken(lines []planLine, width int) (out []planLine) {
	for _, line := range lines {
		for i, text := range component.Wrap(line.text, width-line.column()) {
			part := planLine{text: text, token: line.token, wide: line.wide}
			if i == 0 {
				part.label, part.title = line.label, line.title
			}
			out = append(out, part)
		}
	}
	return out
}

// planLines says what a plan pays and what it costs, what comes back, and then what
// each transaction of it spends and makes. What is agreed to stands first.
func (s *Payment) planLines(c Context) (lines []planLine) {
	p := s.plan
	say := func(label, text string) { lines = append(lines, planLine{label: label, text: text}) }
	for _, payment := range p.Payments {
		lines = append(lines, planLine{label: "To", text: payment.Address, wide: true})
		whose := s.whose(payment.Address)
		if whose != "" {
			whose = " to " + whose
		}
		say("", component.Money(payment.Amount)+" JIO"+whose)
	}
	say("Amount", component.Money(p.Amount)+" JIO")
	say("Fee", fmt.Sprintf("%s JIO  %.2f jots per weight, a block in ~%s", component.Money(p.Fee), p.FeeRate, waitOf(api.FeeChoice{Seconds: p.Seconds})))
	say("Total", component.Money(p.Total)+" JIO")
	if n := len(p.Steps); n > 0 {
		say("Change", changeText(c, &p.Steps[n-1]))
		var weight uint64
		for i := range p.Steps {
			weight += p.Steps[i].Weight
		}
		say("Weight", component.Count(weight)+inSteps(n))
	}
	for _, warning := range p.Warnings {
		lines = append(lines, planLine{label: "Note", text: warning, token: style.Warn})
	}
	for i := range p.Steps {
		title := "Transaction"
		if n := len(p.Steps); n > 1 {
			title = fmt.Sprintf("Step %d of %d", i+1, n)
			if i < n-1 {
				title += ", joins small coins"
			}
		}
		lines = append(lines, planLine{}, planLine{label: title, title: true})
		lines = append(lines, stepLines(c, &p.Steps[i])...)
	}
	return lines
}

func inSteps(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" in %d steps, which follow each other by themselves", n)
}

func changeText(c Context, step *api.SendStep) string {
	if step.Change == nil {
		return "none"
	}
	return component.Money(step.Change.Amount) + " JIO to " + c.short(step.Change.Address)
}

// mostInputs is how many inputs of a step the preview names.
const mostInputs = 12

func stepLines(c Context, step *api.SendStep) (lines []planLine) {
	say := func(label, text string) { lines = append(lines, planLine{label: label, text: text}) }
	say("weight", fmt.Sprintf("%s, fee %s JIO", component.Count(step.Weight), component.Money(step.Fee)))
	say("change", changeText(c, step))
	say("outputs", fmt.Sprint(len(step.Outputs)))
	say("inputs", fmt.Sprint(len(step.Inputs)))
	for i, in := range step.Inputs {
		if i == mostInputs {
			say("", fmt.Sprintf("and %d more", len(step.Inputs)-i))
			break
		}
		amount := ""
		if in.Amount != nil {
			amount = component.Money(*in.Amount) + " JIO  "
		}
		say("", fmt.Sprintf("%s%s:%d", amount, c.short(in.Outpoint.TransactionID.String()), in.Outpoint.Index))
	}
	return lines
}

func (s *Payment) drawSent(c Context, a component.Area) {
	a = component.Panel{Title: "Sent", Note: "enter makes another", Focus: true}.Draw(a, c.Glyphs)
	lines := []planLine{{label: "Paid", text: component.Money(s.paid) + " JIO for a fee of " + component.Money(s.sent.Fee) + " JIO"}}
	if s.sent.Steps > 1 {
		lines = append(lines, planLine{label: "Steps", text: fmt.Sprintf("step %d of %d is on its way; the others follow by themselves", s.sent.Step, s.sent.Steps)})
	}
	for _, id := range s.sent.IDs {
		lines = append(lines, planLine{label: "Transaction", text: id.String()})
	}
	lines = append(lines, planLine{}, s.state())
	for y, line := range broken(lines, a.Width) {
		line.draw(a, y)
	}
}

// state is how far the payment is.
func (s *Payment) state() planLine {
	switch {
	case s.sent.Kept != "":
		return planLine{label: "State", text: "kept, to be tried again: " + s.sent.Kept, token: style.Warn}
	case s.progress.Confirmations > 0:
		return planLine{label: "State", text: StateOf(&s.progress), token: style.Good}
	}
	return planLine{label: "State", text: StateOf(&s.progress), token: style.Warn}
}
