package cli

import (
	"cmp"
	"strings"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/wallet/spend"
)

// links reads and writes payment links for the dashboard.
var links = page.Links{Read: readLink, Write: writeLink}

func readLink(network, text string) (api.Payment, error) {
	p, err := params.ByName(network)
	if err != nil {
		return api.Payment{}, err
	}
	uri, err := spend.ParseURI(p, strings.TrimSpace(text))
	if err != nil {
		return api.Payment{}, err
	}
	return api.Payment{
		Address: uri.Address.Text(p.AddressPrefix), Amount: uri.Amount, Label: cmp.Or(uri.Label, uri.Message),
	}, nil
}

func writeLink(network string, asked api.Payment) (string, error) {
	p, err := params.ByName(network)
	if err != nil {
		return "", err
	}
	address, err := types.ParseAddress(p.AddressPrefix, asked.Address)
	if err != nil {
		return "", err
	}
	return spend.URI{Address: address, Amount: asked.Amount, Message: asked.Label}.Text(p)
}
