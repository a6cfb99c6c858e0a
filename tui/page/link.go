package page

import "github.com/jio-dag/jio/node/api"

// Links reads and writes links that ask for a payment on a network, such as
// jio:ADDRESS?amount=1.5. A payment without an amount leaves it to the payer.
type Links struct {
	Read  func(network, text string) (api.Payment, error)
	Write func(network string, p api.Payment) (string, error)
}
