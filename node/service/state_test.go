package service_test

import (
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// The history of a wallet and a transaction by its id say the same word for how far
// a payment or a coinbase is, at every depth.
func TestOneWordForHowFarATransactionIs(t *testing.T) {
	f := newFixture(t, smallNet())
	ask(f, api.CreateWallet, api.CreateParams{Wallet: "main", Password: api.Secret("long enough"), Words: api.Secret(knownWords)})
	mine := ask(f, api.NewAddress, api.AddressParams{}).Address
	for range 9 {
		f.mineToText(mine)
	}
	bob := f.text(f.builder.Wallet("bob").Address)
	ask(f, api.Send, api.SendRequest{Payments: []api.Payment{{Address: bob, Amount: types.Jots(types.JotsPerJIO)}}})
	seen := map[string]bool{}
	for range 14 {
		for _, e := range ask(f, api.GetHistory, api.HistoryParams{}).Entries {
			tx := ask(f, api.GetTransaction, api.TransactionParams{ID: e.ID})
			if tx.State != e.State || tx.Confirmations != e.Confirmations {
				t.Fatalf("%s: the history says %s at depth %d, the transaction %s at depth %d", e.Kind, e.State, e.Confirmations, tx.State, tx.Confirmations)
			}
			seen[e.Kind+" "+e.State] = true
		}
		f.mineToText(mine)
	}
	for _, want := range []string{"sent pending", "sent accepted", "sent confirmed", "mined accepted", "mined confirmed"} {
		if !seen[want] {
			t.Errorf("nothing was ever %s: %v", want, seen)
		}
	}
}
