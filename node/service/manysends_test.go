package service_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// Payments of one wallet that are made at the same time take turns: each goes out
// with coins of its own, or says that the money does not suffice.
func TestManySendsAtOnce(t *testing.T) {
	const senders = 20
	for _, c := range []struct{ coins, least, most int }{{senders + 5, senders, senders}, {7, 7, 7}} {
		f := newFixture(t, smallNet())
		ask(f, api.CreateWallet, api.CreateParams{Wallet: "main", Password: api.Secret("long enough"), WordCount: 12})
		mine := ask(f, api.NewAddress, api.AddressParams{}).Address
		bob := f.builder.Wallet("bob")
		for range c.coins {
			f.mineToText(mine)
		}
		for range 5 { // until all of them can be spent
			f.mineTo(bob)
		}
		if coins := ask(f, api.GetCoins, api.CoinsParams{}); coins.Total != c.coins || coins.Coins[c.coins-1].State != "available" {
			t.Fatalf("the coins are %+v", coins)
		}
		one := coinValue(f)
		request := api.SendRequest{Payments: []api.Payment{{Address: f.text(bob.Address), Amount: types.Jots(one.Jots() * 3 / 4)}}}
		var all sync.WaitGroup
		failures := make([]error, senders)
		for i := range senders {
			all.Go(func() { _, failures[i] = api.Send.Call(context.Background(), f.to, request) })
		}
		all.Wait()
		sent := senders
		for _, err := range failures {
			var refusal *api.Error
			if err == nil {
				continue
			}
			if sent--; !errors.As(err, &refusal) || refusal.Code != api.CodeFunds {
				t.Errorf("with %d coins: %v", c.coins, err)
			}
		}
		if sent < c.least || sent > c.most {
			t.Errorf("%d coins made %d payments", c.coins, sent)
		}
		checkSpentOnce(t, f, sent)
	}
}

// coinValue is what one coin of the wallet is worth.
func coinValue(f *fixture) types.Amount {
	return ask(f, api.GetCoins, api.CoinsParams{}).Coins[0].Amount
}

// checkSpentOnce wants so many transactions in the pool, and no coin in two of
// them.
func checkSpentOnce(t *testing.T, f *fixture, want int) {
	t.Helper()
	by := make(map[types.Outpoint]types.Hash)
	made := 0
	f.pool.Each(func(e *mempool.Entry) {
		made++
		for i := range e.Tx.Inputs {
			o := e.Tx.Inputs[i].Outpoint
			if first, twice := by[o]; twice {
				t.Errorf("%v and %v spend %v", first, e.ID, o)
			}
			by[o] = e.ID
		}
	})
	if made != want {
		t.Errorf("the pool holds %d of %d payments", made, want)
	}
}
