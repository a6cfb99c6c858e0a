package spend_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet/spend"
)

// A bank is a real chain whose blocks pay alice, and a real pool on it.
type bank struct {
	t      *testing.T
	params *params.Params
	chain  *chain.Manager
	pool   *mempool.Pool
	coins  []spend.Coin // alice's mature ones, never taken out
	cursor types.Hash
}

func newBank(t *testing.T, blocks int) *bank { return newBankOn(t, params.SimNet(), blocks) }

func newBankOn(t *testing.T, p *params.Params, blocks int) *bank {
	t.Helper()
	p.CoinbaseMaturity = 2
	b := &bank{t: t, params: p, chain: chaintest.Open(t, p)}
	b.pool = mempool.New(mempool.Config{
		Params: p, Chain: b.chain, Now: func() time.Time { return time.UnixMilli(1) }, Rand: rand.New(rand.NewPCG(1, 2)),
	})
	b.mine(blocks)
	return b
}

// mine makes blocks from the pool's templates and gathers mature coins.
func (b *bank) mine(n int) {
	b.t.Helper()
	for range n {
		tmpl, err := b.pool.Template(alice.policy.Address(), nil)
		if err != nil {
			b.t.Fatal(err)
		}
		tmpl.Block.Header.Timestamp = b.chain.Snapshot().MedianTime + 1
		chaintest.Solve(b.params, &tmpl.Block)
		if err := b.chain.AddBlock(tmpl.Block); err != nil {
			b.t.Fatal(err)
		}
		if err := b.pool.Follow(); err != nil {
			b.t.Fatal(err)
		}
	}
	updates, err := b.chain.UpdatesSince(b.cursor, 1<<20)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, u := range updates {
		b.cursor = u.Hash
		for _, e := range u.Acceptance.Diff.Created {
			if e.Coin.Coinbase {
				b.coins = append(b.coins, spend.Coin{Entry: e, Policy: alice.policy})
			}
		}
	}
	at := b.chain.Snapshot()
	for i := range b.coins {
		b.coins[i].State = b.coins[i].StateAt(b.params, rules.Place{BlueScore: at.BlueScore, MedianTime: at.MedianTime})
	}
}

func (b *bank) request(jots uint64, from ...spend.Coin) spend.Request {
	r := request(jots, from...)
	r.Params, r.AllowHighFee = b.params, false
	return r
}

// submit offers transactions and wants them all in.
func (b *bank) submit(txs ...types.Transaction) {
	b.t.Helper()
	for i, err := range b.offer(txs...) {
		if err != nil {
			b.t.Fatalf("transaction %d: %v", i, err)
		}
	}
}

func (b *bank) offer(txs ...types.Transaction) []error {
	b.t.Helper()
	reasons, err := b.pool.Submit(txs)
	if err != nil {
		b.t.Fatal(err)
	}
	return reasons
}

// waiting returns the IDs in the pool among these transactions.
func (b *bank) waiting(txs ...types.Transaction) []bool {
	found := make([]bool, len(txs))
	for i := range txs {
		found[i] = b.pool.Entry(txs[i].ID()) != nil
	}
	return found
}

func (b *bank) plan(r spend.Request) (*spend.Plan, []types.Transaction) {
	b.t.Helper()
	plan, err := spend.New(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return plan, checkPlan(b.t, &r, plan, everybody)
}

func (b *bank) sign(d *spend.Draft, err error) types.Transaction {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return checkDraft(b.t, b.params, d, spend.MinFeeRate, everybody)
}

// TestStepsOnChain sends all steps of a plan at once: the pool takes them, and
// one block after the other accepts them.
func TestStepsOnChain(t *testing.T) {
	p := params.SimNet()
	p.BlockWeight, p.MergeSetLimit = 12_000, int(p.K)+1 // few coins fit
	b := newBankOn(t, p, 40)
	r := b.request(30*50_0000_0000, b.coins...)
	plan, txs := b.plan(r)
	if len(plan.Steps) < 3 {
		t.Fatalf("%d steps", len(plan.Steps))
	}
	b.submit(txs...)
	for range 2 * len(txs) {
		b.mine(1)
	}
	if slices.Contains(b.waiting(txs...), true) {
		t.Errorf("still waiting: %v", b.waiting(txs...))
	}
	if got := b.offer(txs[len(txs)-1]); !errors.Is(got[0], mempool.ErrAccepted) {
		t.Errorf("the payment was not accepted: %v", got)
	}
}

// sent is a payment to bob in the pool, ready to be replaced.
func (b *bank) sent(r spend.Request) (spend.Replacement, types.Transaction) {
	b.t.Helper()
	plan, txs := b.plan(r)
	if len(txs) != 1 {
		b.t.Fatalf("%d steps", len(txs))
	}
	b.submit(txs...)
	d := &plan.Steps[0]
	return spend.Replacement{Params: b.params, Tx: txs[0], Coins: d.Coins, Change: d.Change, To: alice.policy}, txs[0]
}

// spendable returns the first output of a transaction as a coin.
func spendable(tx *types.Transaction) utxo.Entry {
	return utxo.Entry{Outpoint: types.Outpoint{TxID: tx.ID()}, Coin: types.Coin{Output: tx.Outputs[0]}}
}

// TestBump raises fees by the least that the pool takes, and by more.
func TestBump(t *testing.T) {
	b := newBank(t, 12)
	r, old := b.sent(b.request(20e8, b.coins...))
	for _, rate := range []uint64{0, 1500, 20_000} {
		r.FeeRate = rate
		least, err := r.Least()
		if err != nil {
			t.Fatal(err)
		}
		draft, err := r.Bump()
		next := b.sign(draft, err)
		if got := draft.FeeRate(); got < max(rate, least) || got > max(rate, least)+1 {
			t.Errorf("rate %d, wanted %d, at least %d", got, rate, least)
		}
		b.submit(next)
		if got := b.waiting(old, next); got[0] || !got[1] {
			t.Fatalf("in the pool: %v", got)
		}
		if next.Outputs[0] != pay(bob, 20e8) || draft.Change != 1 {
			t.Errorf("the payment changed: %v", next.Outputs)
		}
		r.Tx, r.Coins, r.Change, old = next, draft.Coins, draft.Change, next
	}
	// The coins are those of blocks, so the bumped payment is mined.
	b.mine(2)
	if got := b.offer(old); !errors.Is(got[0], mempool.ErrAccepted) {
		t.Errorf("the payment was not accepted: %v", got)
	}
}

// TestBumpByOneJotLess shows that the least is the least.
func TestBumpByOneJotLess(t *testing.T) {
	b := newBank(t, 12)
	r, _ := b.sent(b.request(20e8, b.coins...))
	draft, err := r.Bump()
	b.sign(draft, err)
	cheap := draft.Tx
	cheap.Outputs = slices.Clone(cheap.Outputs)
	cheap.Outputs[1].Value, _ = cheap.Outputs[1].Value.Add(types.Jots(1))
	spent := []types.Output{draft.Coins[0].Coin.Output}
	message := cheap.SigningHash(b.params.GenesisHash, spent)
	cheap.Inputs = slices.Clone(cheap.Inputs)
	cheap.Inputs[0].Unlock = types.Unlock{Policy: alice.policy, Signatures: []types.Signature{types.Sign(alice.seed, message)}}
	if got := b.offer(cheap); !errors.Is(got[0], mempool.ErrConflict) {
		t.Errorf("one jot less: %v", got)
	}
}

// TestBumpOfEverything has no change to take the fee from: it needs another coin,
// or the payment bears it.
func TestBumpOfEverything(t *testing.T) {
	b := newBank(t, 12)
	request := b.request(0, b.coins[0])
	request.Max = true
	r, old := b.sent(request)
	if _, err := r.Bump(); !errors.Is(err, spend.ErrFeeEats) {
		t.Errorf("without means: %v", err)
	}
	r.Extra = []spend.Coin{{Entry: spendable(&old), Policy: bob.policy}}
	if _, err := r.Bump(); !errors.Is(err, spend.ErrFeeEats) {
		t.Errorf("from its own output: %v", err)
	}
	r.Extra = append(r.Extra, b.coins[1])
	draft, err := r.Bump()
	bumped := b.sign(draft, err)
	if len(bumped.Inputs) != 2 || bumped.Outputs[0].Value != old.Outputs[0].Value {
		t.Errorf("%d inputs, pays %v", len(bumped.Inputs), bumped.Outputs[0].Value)
	}
	b.submit(bumped)
	r.Max, r.Tx, r.Coins, r.Change, r.Extra = true, bumped, draft.Coins, draft.Change, nil
	draft, err = r.Bump()
	b.submit(b.sign(draft, err))
	if draft.Change != -1 {
		t.Error("change of everything")
	}
}

// TestBumpGrows pays a higher rate also where another coin makes it heavier.
func TestBumpGrows(t *testing.T) {
	b := newBank(t, 12)
	request := b.request(0, b.coins[0])
	request.Max, request.FeeRate = true, 20_000
	r, old := b.sent(request)
	r.Extra = b.coins[1:]
	draft, err := r.Bump()
	bumped := b.sign(draft, err)
	b.submit(bumped)
	if got := b.waiting(old, bumped); got[0] || !got[1] {
		t.Errorf("in the pool: %v", got)
	}
}

// TestDescendants pays for what goes with the replaced transaction.
func TestDescendants(t *testing.T) {
	b := newBank(t, 12)
	r, old := b.sent(b.request(20e8, b.coins[0]))
	change := spend.Coin{Policy: alice.policy, Entry: spendable(&old)}
	change.Outpoint.Index, change.Coin.Output = 1, old.Outputs[1]
	child := b.request(5e8, change)
	child.FeeRate = 30_000
	plan, txs := b.plan(child)
	b.submit(txs...)
	draft, err := r.Bump()
	if got := b.offer(b.sign(draft, err)); !errors.Is(got[0], mempool.ErrConflict) {
		t.Errorf("without the child's fee: %v", got)
	}
	r.Descendants = plan.Fee
	draft, err = r.Bump()
	b.submit(b.sign(draft, err))
	if slices.Contains(b.waiting(old, txs[0]), true) {
		t.Error("the replaced ones are still there")
	}
}

// TestCancel takes a payment back, with as few of its coins as do.
func TestCancel(t *testing.T) {
	b := newBank(t, 12)
	r, old := b.sent(b.request(3*50e8-1e6, b.coins...))
	draft, err := r.Cancel()
	cancelled := b.sign(draft, err)
	if len(cancelled.Inputs) != 1 || len(cancelled.Outputs) != 1 || cancelled.Outputs[0].Address != alice.policy.Address() {
		t.Errorf("%d inputs, %d outputs", len(cancelled.Inputs), len(cancelled.Outputs))
	}
	b.submit(cancelled)
	if got := b.waiting(old, cancelled); got[0] || !got[1] {
		t.Errorf("in the pool: %v", got)
	}
	// A merging transaction is bumped by giving less back.
	r.Tx, r.Coins, r.Change = cancelled, draft.Coins, draft.Change
	draft, err = r.Bump()
	b.submit(b.sign(draft, err))
}

// TestReplacementRefused names what is wrong with a replacement.
func TestReplacementRefused(t *testing.T) {
	b := newBank(t, 12)
	r, _ := b.sent(b.request(20e8, b.coins...))
	for _, c := range []struct {
		name   string
		want   error
		change func(r *spend.Replacement)
	}{
		{"no coins", spend.ErrRequest, func(r *spend.Replacement) { r.Coins = nil }},
		{"other coin", spend.ErrRequest, func(r *spend.Replacement) { r.Coins = []spend.Coin{coin(alice.policy, 0, 50e8)} }},
		{"unsigned", rules.ErrSignatureCount, func(r *spend.Replacement) {
			r.Tx.Inputs = slices.Clone(r.Tx.Inputs)
			r.Tx.Inputs[0].Unlock.Signatures = nil
		}},
		{"fee of 2 JIO", spend.ErrFeeHigh, func(r *spend.Replacement) { r.FeeRate = 160_000_000 }},
		{"more than there is", spend.ErrFeeEats, func(r *spend.Replacement) { r.Descendants = types.Jots(40e8) }},
	} {
		bad := r
		c.change(&bad)
		if _, err := bad.Bump(); !errors.Is(err, c.want) {
			t.Errorf("bump, %s: %v", c.name, err)
		}
	}
	r.Descendants = types.Jots(60e8)
	if _, err := r.Cancel(); !errors.Is(err, spend.ErrFeeEats) {
		t.Errorf("cancel: %v", err)
	}
}
