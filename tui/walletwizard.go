package tui

import (
	"bytes"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/wizard"
)

// walletWizard leads through making a wallet on the node that is shown.
func (m *Model) walletWizard() page.Page {
	flow := wizard.NewFlow(wizard.WalletSteps(m.cfg.Wizard), wizard.Answers{wizard.Network: []byte(m.status.Network)})
	closed := page.Send(page.Close{})
	return wizard.NewScreen(flow, func(a wizard.Answers) tea.Cmd {
		if a.Text(wizard.Mode) == wizard.None {
			a.Wipe()
			return closed
		}
		create := page.Do(m.context(), api.CreateWallet, CreateParams(a, m.cfg.Now()), func(r api.Created) string {
			r.Words.Wipe()
			return "the wallet " + r.Wallet.Name + " is made"
		})
		return tea.Sequence(closed, func() tea.Msg {
			defer a.Wipe()
			return create()
		})
	}, closed)
}

// CreateParams turns the answers of a wizard into the parameters that make the
// wallet. New words have no coins from before now. The secrets are copies, which
// the callee wipes.
func CreateParams(a wizard.Answers, now time.Time) api.CreateParams {
	p := api.CreateParams{
		Wallet:     a.Text(wizard.Name),
		Password:   bytes.Clone(a[wizard.Password]),
		Words:      bytes.Clone(a[wizard.Words]),
		Passphrase: bytes.Clone(a[wizard.Passphrase]),
		Watch:      strings.Fields(a.Text(wizard.Watched)),
	}
	if day, err := time.Parse(time.DateOnly, a.Text(wizard.Birthday)); err == nil {
		p.Birthday = day.UnixMilli()
	}
	if a.Text(wizard.Mode) == wizard.Create {
		p.Birthday = now.UnixMilli()
	}
	return p
}
