package dialog

import (
	"bytes"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A lock covers the pages until the password of a wallet was typed. Node and miner
// go on below.
type lock struct {
	wallet  string
	field   component.Field
	waiting bool
	failed  string
}

// NewLock returns the screen that hides everything until a wallet is unlocked.
func NewLock(wallet string) page.Page {
	return &lock{wallet: wallet, field: component.Field{Secret: true}}
}

// Covers reports whether a dialog is the lock screen, above which nothing opens.
func Covers(p page.Page) bool {
	_, covers := p.(*lock)
	return covers
}

// unlocked is the answer to a password.
type unlocked struct {
	to  *lock
	err error
}

// Title implements page.Page.
func (d *lock) Title() string { return "Locked" }

// Typing implements page.Page.
func (d *lock) Typing() bool { return true }

// Keys implements page.Page.
func (d *lock) Keys() []page.Binding {
	return []page.Binding{{Keys: []string{"enter"}, Short: "unlock", Help: "Unlock with the password that was typed."}}
}

// Update implements page.Page.
func (d *lock) Update(c page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case unlocked:
		if msg.to == d {
			return d.take(msg.err)
		}
	case tea.KeyMsg:
		if msg.Type == tea.KeyEnter {
			return d.unlock(c)
		}
		component.Edit(&d.field, msg)
	}
	return nil
}

func (d *lock) unlock(c page.Context) tea.Cmd {
	if d.waiting {
		return nil
	}
	d.waiting, d.failed = true, ""
	password := bytes.Clone(d.field.Bytes())
	d.field.Clear()
	return page.Ask(c, api.UnlockWallet, api.UnlockParams{Wallet: d.wallet, Password: password}, func(_ api.WalletSummary, err error) tea.Msg {
		return unlocked{d, err}
	})
}

func (d *lock) take(err error) tea.Cmd {
	d.waiting = false
	if err == nil {
		return page.Send(page.Close{Lock: true})
	}
	d.failed = err.Error()
	return nil
}

// Draw implements page.Page.
func (d *lock) Draw(c page.Context, a component.Area) {
	a.Clear()
	place := a.Sub((a.Width-64)/2, (a.Height-7)/2, min(64, a.Width), 7)
	a = component.Panel{Title: "Locked", Focus: true}.Draw(place, c.Glyphs)
	a.Print(0, 0, style.Plain, component.Cut("The wallet "+d.wallet+" is locked. Node and miner go on.", a.Width, c.Glyphs.Ellipsis))
	x := a.Print(0, 2, style.Key, "Password: ")
	d.field.Draw(a.Sub(x, 2, a.Width-x, 1), true, c.Glyphs)
	switch {
	case d.waiting:
		a.Print(0, 4, style.Warn, "asking the node")
	case d.failed != "":
		a.Print(0, 4, style.Bad, component.Cut(d.failed, a.Width, c.Glyphs.Ellipsis))
	}
}
