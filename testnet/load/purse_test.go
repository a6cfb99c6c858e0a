package load

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// After the watched node was away, the purse holds what the chain has.
func TestPurseReset(t *testing.T) {
	k, network := openKey(t), params.SimNet()
	p := newPurse(network, k.wallets, rand.New(rand.NewPCG(1, 1)).Uint64N)
	unspent := func(i byte) api.UTXO {
		return api.UTXO{
			Outpoint: api.Outpoint{TransactionID: types.Hash{i}}, Address: k.Address().Text(network.AddressPrefix),
			Amount: types.Jots(pieceJots),
		}
	}
	p.add([]api.UTXO{unspent(1), unspent(2), unspent(3), unspent(4), {Address: "someone's"}})
	if p.take(time.Now()) != nil {
		t.Error("a coin is handed out that others cannot know yet")
	}
	now := time.Now().Add(spreading)
	seen := make(map[*coin]bool)
	for _, c := range p.take(now) {
		seen[c] = true
	}
	if len(seen) != 2 {
		t.Errorf("%d coins were handed out together, want 2", len(seen))
	}
	p.reset([]api.UTXO{unspent(1), unspent(2), unspent(4), unspent(5), unspent(6)})
	if n := p.small(); n != 5 {
		t.Errorf("%d coins, want 5", n)
	}
	p.hold([]api.Outpoint{unspent(6).Outpoint}, now)
	now = now.Add(spreading)
	for coins := p.take(now); len(coins) > 0; coins = p.take(now) {
		for _, c := range coins {
			if id := c.entry.Outpoint.TxID; seen[c] || id == (types.Hash{3}) || id == (types.Hash{6}) {
				t.Errorf("the coin %v is handed out", id)
			}
			seen[c] = true
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d coins were handed out, want 4", len(seen))
	}
}

// A payment gives all that its coins are worth, a fee aside, to another wallet and
// to the payer's change, nobody less than is worth having; and all are paid.
func TestPayment(t *testing.T) {
	k, p := openKey(t), params.SimNet()
	dice := rand.New(rand.NewPCG(2, 2)).Uint64N
	m := newMint(p, k.wallets, 4, dice)
	paid := make(map[types.Address]int)
	for i := range 200 {
		w := &k.wallets[i%6] // two of them only pay
		coins := make([]*coin, 1+i%2)
		sum := uint64(0)
		for j := range coins {
			c := &coin{owner: owner{i % 6, &w.receive}}
			c.entry.Outpoint.TxID = types.Hash{byte(i), byte(j)}
			c.entry.Coin.Output = types.Output{Value: types.Jots(leastJots/2 + dice(2*pieceJots)), Address: w.receive.address}
			sum += c.entry.Coin.Value.Jots()
			coins[j] = c
		}
		tx, err := m.payment(coins)
		if err != nil {
			t.Fatal(err)
		}
		if err := rules.TransactionForm(p, p.RuleSetAt(0), &tx); err != nil {
			t.Fatal(err)
		}
		for _, out := range tx.Outputs {
			if out.Address != w.change.address {
				paid[out.Address]++
			}
			if out.Value.Jots() < leastJots-leastJots/4 && len(tx.Outputs) > 1 {
				t.Errorf("of %d jots an output has %d", sum, out.Value.Jots())
			}
			sum -= out.Value.Jots()
		}
		if len(tx.Inputs) != len(coins) || sum > 100_000 || paid[w.receive.address] > 0 && i < 1 {
			t.Errorf("%d inputs for %d coins, and a fee of %d jots", len(tx.Inputs), len(coins), sum)
		}
	}
	for i := range k.wallets {
		if n := paid[k.wallets[i].receive.address]; (n > 20) != (i < 4) {
			t.Errorf("wallet %d is paid %d times", i, n)
		}
	}
	for range 100 {
		if m.payee(2) == k.wallets[2].receive.address {
			t.Fatal("a wallet pays itself")
		}
	}
}
