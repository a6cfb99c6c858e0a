package page

import "github.com/jio-dag/jio/node/api"

// StateOf says how far a transaction is, by the node's word for it.
func StateOf(tx *api.Transaction) string {
	switch tx.State {
	case "pending":
		return "pending: waiting for a block"
	case "unaccepted":
		return "in a block, not accepted"
	case "accepted", "confirmed":
		return tx.State + ", " + Confirmations(tx.Confirmations)
	}
	return "pending"
}
