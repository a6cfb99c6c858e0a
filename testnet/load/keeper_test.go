package load

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A vault is a node that keeps wallets of one address each.
type vault struct {
	*ledger
	wallets map[string]*safe
	created int
	unlocks int
}

type safe struct {
	address  types.Address
	password api.Secret
	open     bool
}

func (v *vault) Call(ctx context.Context, method string, in, out any) error {
	v.mu.Lock()
	answer, err := v.answer(method, in)
	v.mu.Unlock()
	if answer == nil && err == nil {
		return v.ledger.Call(ctx, method, in, out)
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// answer returns nothing for a method that is not about wallets.
func (v *vault) answer(method string, in any) (any, error) {
	switch method {
	case api.CreateWallet.Name:
		p := in.(*api.CreateParams)
		v.created++
		v.wallets[p.Wallet] = &safe{address: types.Address{Hash: types.Hash{0xee, byte(v.created)}}, password: p.Password}
		return api.Created{}, nil
	case api.UnlockWallet.Name:
		return v.unlock(in.(*api.UnlockParams))
	case api.GetWallet.Name:
		w := v.wallets[in.(*api.WalletParams).Wallet]
		return api.WalletSummary{Accounts: []api.Account{{Address: w.address.Text(v.params.AddressPrefix)}}}, nil
	case api.GetCoins.Name:
		w := v.wallets[in.(*api.CoinsParams).Wallet]
		held := api.WalletCoins{Coins: []api.WalletCoin{}}
		for _, c := range v.coins {
			if c.Address == w.address {
				held.Total++
			}
		}
		return held, nil
	case api.Send.Name:
		return v.send(in.(*api.SendRequest))
	}
	return nil, nil
}

func (v *vault) unlock(p *api.UnlockParams) (any, error) {
	w := v.wallets[p.Wallet]
	switch {
	case w == nil:
		return nil, api.Errorf(api.CodeNotFound, "no such wallet")
	case string(w.password) != string(p.Password):
		v.t.Errorf("%s: the password is another than before", p.Wallet)
	}
	w.open = true
	v.unlocks++
	return api.WalletSummary{}, nil
}

// send spends one coin of a wallet that nothing else spends.
func (v *vault) send(r *api.SendRequest) (any, error) {
	w := v.wallets[r.Wallet]
	if !w.open {
		return nil, api.Errorf(api.CodeLocked, "it is locked")
	}
	to, err := types.ParseAddress(v.params.AddressPrefix, r.Payments[0].Address)
	if err != nil || to == w.address {
		v.t.Errorf("%s pays %s: %v", r.Wallet, r.Payments[0].Address, err)
	}
	for o, c := range v.coins {
		change, enough := c.Value.Sub(r.Payments[0].Amount)
		if c.Address != w.address || !enough || v.spends(o) {
			continue
		}
		tx := types.Transaction{
			Inputs:  []types.Input{{Outpoint: o, Unlock: types.Unlock{Policy: types.KeyPolicy([32]byte{1})}}},
			Outputs: []types.Output{{Value: r.Payments[0].Amount, Address: to}, {Value: change, Address: w.address}},
		}
		return api.Sent{IDs: []types.Hash{tx.ID()}}, v.submit(&api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(&tx))})
	}
	return nil, api.Errorf(api.CodeFunds, "there are no coins")
}

func (v *vault) spends(o types.Outpoint) bool {
	for _, tx := range v.pending {
		if slices.ContainsFunc(tx.Inputs, func(in types.Input) bool { return in.Outpoint == o }) {
			return true
		}
	}
	return false
}

// lockAll is what a restart does.
func (v *vault) lockAll() {
	for _, w := range v.wallets {
		w.open = false
	}
}

// The nodes' own wallets are created, given coins, and pay each other; one that was
// locked is unlocked; a second run finds them and their coins.
func TestInNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 3
		k := openKey(t)
		v := &vault{ledger: newLedger(t, p, k), wallets: make(map[string]*safe)}
		cfg := Config{Params: p, Key: k, Wallets: 4, Rate: 20, Nodes: []Node{v}, Fund: true, InNodes: true, Settle: 5 * time.Second}
		v.after(15*time.Second, v.lockAll)
		first := run(t, cfg, 30*time.Second)
		if first.Refused > 0 || first.Sent < 400 || first.Sent != first.Accepted || first.Confirmed == 0 || v.created != 4 || v.unlocks < 8 {
			t.Errorf("%d created, %d unlocked, %+v", v.created, v.unlocks, first)
		}
		if first.Latency.P50 != v.delay || first.Latency.Max != v.delay {
			t.Errorf("accepted after %v", first.Latency)
		}
		made := v.made
		second := run(t, cfg, 10*time.Second)
		if second.Found == 0 || second.Sent < 150 || second.Sent != second.Accepted || v.created != 4 || v.made != made {
			t.Errorf("%d created, %d blocks made, %+v", v.created, v.made-made, second)
		}
	})
}

// A payment whose coins came before its ID was told is accepted all the same.
func TestEarly(t *testing.T) {
	l := New(Config{Params: params.SimNet(), Key: openKey(t), Rate: 1, Nodes: []Node{nil}, InNodes: true})
	coin := api.UTXO{Outpoint: api.Outpoint{TransactionID: types.Hash{1}}, BlueScore: 7}
	began := time.Now()
	l.accepted([]api.UTXO{coin})
	l.paid(types.Hash{1}, began)
	l.accepted([]api.UTXO{coin})
	if r := l.Report(); r.Sent != 1 || r.Accepted != 1 || r.Pending != 0 {
		t.Errorf("%+v", r)
	}
}
