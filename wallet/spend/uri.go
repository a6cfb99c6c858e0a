package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A URI is a request for payment: jio:ADDRESS?amount=1.5&label=Coffee&message=Table+4.
type URI struct {
	Address types.Address
	Amount  types.Amount // zero: left to the payer
	Label   string       // of the receiver
	Message string       // what it is for
}

// Text returns the canonical text of a URI under a network's address prefix.
func (u URI) Text(p *params.Params) string { return "" }

// ParseURI reads a payment URI: the scheme in any case, each of amount, label and
// message at most once, and nothing else. Its errors are meant for the user.
func ParseURI(p *params.Params, s string) (URI, error) { return URI{}, errUnwritten }
