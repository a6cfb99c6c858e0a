package tui

import (
	"errors"
	"strings"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// fakeLinks are links of an address and an amount.
var fakeLinks = page.Links{
	Read: func(_, text string) (p api.Payment, err error) {
		address, amount, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), "jio:"), "?amount=")
		if !strings.HasPrefix(strings.TrimSpace(text), "jio:") || !found {
			return p, errors.New("not a link")
		}
		p.Address = address
		p.Amount, err = types.ParseAmount(amount)
		return p, err
	},
	Write: func(_ string, p api.Payment) (string, error) {
		return "jio:" + p.Address + "?amount=" + p.Amount.String(), nil
	},
}
