package service_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node/api"
)

// TestTransactions asks for every transaction that a chain block accepted.
func TestTransactions(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(80, 11)
	tip := f.sink().BlueScore
	payments := 0
	for _, c := range f.chainUp()[1:] {
		for _, id := range c.Accepted() {
			tx := ask(f, api.GetTransaction, api.TransactionParams{ID: id, Raw: true})
			if tx.ID != id || tx.AcceptedBy != c.Hash || tx.Confirmations != tip-c.BlueScore+1 || tx.AcceptedAt != int64(c.Header.Timestamp) {
				t.Fatalf("%v: %+v, want it accepted by %v", id, tx, c.Hash)
			}
			raw, err := hex.DecodeString(tx.Raw)
			var decoded types.Transaction
			if err == nil {
				err = types.Decode(raw, &decoded)
			}
			if err != nil || decoded.ID() != id {
				t.Fatalf("%v: raw is of %v (%v)", id, decoded.ID(), err)
			}
			if tx.Coinbase {
				continue
			}
			payments++
			checkSums(t, &tx)
		}
	}
	if payments < 10 {
		t.Errorf("only %d payments", payments)
	}
	refuse(f, api.GetTransaction, api.TransactionParams{ID: types.Hash{1}}, api.CodeNotFound)
}

func checkSums(t *testing.T, tx *api.Transaction) {
	t.Helper()
	var in, out types.Amount
	for _, i := range tx.Inputs {
		in, _ = in.Add(*i.Amount)
	}
	for _, o := range tx.Outputs {
		out, _ = out.Add(o.Amount)
	}
	if fee, ok := in.Sub(out); !ok || tx.Fee == nil || *tx.Fee != fee {
		t.Errorf("%v: fee %v, inputs %v, outputs %v", tx.ID, tx.Fee, in, out)
	}
}

// addressesWithCoins are those of the oracle's state at the sink.
func (f *fixture) addressesWithCoins() map[types.Address][]utxo.Entry {
	coins := make(map[types.Address][]utxo.Entry)
	for o, c := range f.builder.Oracle.Coins(f.sink()) {
		coins[c.Address] = append(coins[c.Address], utxo.Entry{Outpoint: o, Coin: c})
	}
	return coins
}

// TestCoinsOfAddresses holds coins, balances and histories against the oracle's
// state.
func TestCoinsOfAddresses(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(80, 12)
	now := f.chain.Snapshot().BlueScore
	for a, coins := range f.addressesWithCoins() {
		name := f.text(a)
		var total, maturing types.Amount
		for _, n := range coins {
			total, _ = total.Add(n.Coin.Value)
			if n.Coin.Coinbase && n.Coin.BlueScore+f.params.CoinbaseMaturity > now {
				maturing, _ = maturing.Add(n.Coin.Value)
			}
		}
		list := ask(f, api.GetUTXOsByAddresses, api.AddressesParams{Addresses: []string{name}}).UTXOs
		balance := ask(f, api.GetBalancesByAddresses, api.AddressesParams{Addresses: []string{name}}).Balances[0]
		if len(list) != len(coins) || balance.Coins != len(coins) || balance.Balance.Maturing != maturing {
			t.Errorf("%s: %d coins listed, balance %+v; want %d coins, %v maturing", name, len(list), balance, len(coins), maturing)
		}
		checkHistory(t, f, name, total)
	}
}

// checkHistory demands that a history adds up to a balance.
func checkHistory(t *testing.T, f *fixture, address string, total types.Amount) {
	t.Helper()
	var received, spent types.Amount
	seen := make(map[types.Hash]bool)
	for cursor, more := "", true; more; {
		page := ask(f, api.GetAddressHistory, api.AddressHistoryParams{Address: address, Cursor: cursor, Limit: 3})
		for _, e := range page.Entries {
			if seen[e.ID] {
				t.Errorf("%v stands twice in the history of %s", e.ID, address)
			}
			seen[e.ID] = true
			received, _ = received.Add(e.Received)
			spent, _ = spent.Add(e.Spent)
		}
		cursor, more = page.Cursor, page.Cursor != ""
	}
	if left, ok := received.Sub(spent); !ok || left != total {
		t.Errorf("the history of %s leaves %v − %v, the coins are worth %v", address, received, spent, total)
	}
}

// pay puts a payment of a wallet's first spendable coin to another into the
// pool.
func (f *fixture) pay(from, to *chaintest.Wallet, fee uint64) types.Transaction {
	f.t.Helper()
	coins := f.builder.Oracle.SpendableOn(f.chain.Snapshot().VirtualParents, from)
	if len(coins) == 0 {
		f.t.Fatalf("%s has nothing to spend", from.Name)
	}
	value := types.Jots(coins[0].Coin.Value.Jots() - fee)
	tx := from.Pay(f.params, []types.Output{{Value: value, Address: to.Address}}, coins[0])
	ask(f, api.SubmitTransaction, api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(&tx))})
	return tx
}

// TestPool follows a payment from the pool into a template, into a block and
// into the chain.
func TestPool(t *testing.T) {
	f := newFixture(t, smallNet())
	alice, bob := f.builder.Wallet("alice"), f.builder.Wallet("bob")
	for range 8 {
		f.mineTo(alice)
	}
	tx := f.pay(alice, bob, 500_000)
	id := tx.ID()
	entry := ask(f, api.GetMempoolEntry, api.PooledParams{ID: id})
	if entry.Fee != types.Jots(500_000) || entry.Transaction == nil || entry.Transaction.Fee == nil || entry.FeeRate <= 1 {
		t.Errorf("the entry is %+v", entry)
	}
	pool := ask(f, api.GetMempool, api.MempoolParams{})
	if pool.Entries != 1 || len(pool.Listed) != 1 || pool.Listed[0].ID != id || counted(pool.Histogram) != 1 {
		t.Errorf("the pool is %+v", pool)
	}
	if got := ask(f, api.GetTransaction, api.TransactionParams{ID: id}); !got.InMempool || !got.AcceptedBy.IsZero() || got.Confirmations != 0 {
		t.Errorf("in the pool it is %+v", got)
	}
	pending := ask(f, api.GetBalancesByAddresses, api.AddressesParams{Addresses: []string{f.text(bob.Address)}}).Balances[0]
	if pending.Balance.Pending != tx.Outputs[0].Value || !pending.Balance.Available.IsZero() {
		t.Errorf("bob has %+v", pending)
	}
	again := refuse(f, api.SubmitTransaction, api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(&tx))}, api.CodeRejected)
	if again.Reason != "known" {
		t.Errorf("the second time: %+v", again)
	}
	forged := tx
	forged.Inputs = slices.Clone(tx.Inputs)
	forged.Inputs[0].Sequence ^= 1 << 40
	bad := refuse(f, api.SubmitTransaction, api.RawTransaction{Transaction: hex.EncodeToString(types.Encode(&forged))}, api.CodeRejected)
	if bad.Reason == "" {
		t.Errorf("a broken rule has no name: %+v", bad)
	}
	f.mineTo(alice) // carries it
	f.mineTo(alice) // accepts it
	got := ask(f, api.GetTransaction, api.TransactionParams{ID: id})
	if got.InMempool || got.Confirmations != 1 || len(got.Blocks) != 1 {
		t.Errorf("accepted it is %+v", got)
	}
	refuse(f, api.GetMempoolEntry, api.PooledParams{ID: id}, api.CodeNotFound)
	estimate := ask(f, api.GetFeeEstimate, api.None{})
	if estimate.Low.FeeRate < 1 || estimate.Priority.Seconds <= 0 {
		t.Errorf("the estimate is %+v", estimate)
	}
}

func counted(buckets []api.FeeBucket) (n int) {
	for _, b := range buckets {
		n += b.Entries
	}
	return n
}

// mineTo makes a block by way of a template and adds it by way of submitBlock.
func (f *fixture) mineTo(w *chaintest.Wallet) types.Block {
	f.t.Helper()
	template := ask(f, api.GetBlockTemplate, api.TemplateParams{PayTo: f.text(w.Address), Extra: hex.EncodeToString([]byte("test"))})
	b := f.solve(template.Block)
	if b.Header.PrePoWHash() != template.PrePoW || b.Header.Bits != template.Bits {
		f.t.Errorf("the template does not fit its block")
	}
	return b
}

// solve finds the nonce of a block in hex and submits it.
func (f *fixture) solve(text string) (b types.Block) {
	f.t.Helper()
	raw, err := hex.DecodeString(text)
	if err == nil {
		err = types.Decode(raw, &b)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	chaintest.Solve(f.params, &b)
	submitted := ask(f, api.SubmitBlock, api.RawBlock{Block: hex.EncodeToString(types.Encode(&b))})
	if submitted.Hash != b.Hash() {
		f.t.Errorf("submitted %v as %v", b.Hash(), submitted.Hash)
	}
	f.builder.Oracle.Add(b)
	if err := f.pool.Follow(); err != nil {
		f.t.Fatal(err)
	}
	return b
}
