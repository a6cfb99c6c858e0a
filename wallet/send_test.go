package wallet_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/keystore"
	"github.com/jio-dag/jio/wallet/spend"
)

// rich returns a town whose wallet has coins of some JIO each.
func rich(t *testing.T, coins ...string) *town {
	w := newTown(t)
	for len(coins) > 0 {
		n := min(len(coins), 10)
		var outputs []types.Output
		for _, jio := range coins[:n] {
			outputs = append(outputs, w.output(jio))
		}
		w.pay(w.node, outputs...)
		w.step()
		w.step()
		coins = coins[n:]
	}
	return w
}

func (w *town) plan(r wallet.Request) *wallet.Plan {
	w.t.Helper()
	p, err := w.wallet.Plan(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *town) send(p *wallet.Plan) []types.Hash {
	w.t.Helper()
	ids, err := w.wallet.Send(p)
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

func (w *town) toOther(jio string) wallet.Request {
	return wallet.Request{Payments: []wallet.Payment{{Address: w.other.Address, Amount: amount(jio)}}, Label: "rent"}
}

func TestSend(t *testing.T) {
	w := rich(t, "3", "4")
	p := w.plan(w.toOther("5"))
	if got := plus(p.Paid, p.Fee); p.Paid != amount("5") || p.Total() != got || plus(p.Change(), got) != amount("7") {
		t.Errorf("pays %v, fee %v, change %v", p.Paid, p.Fee, p.Change())
	}
	id := w.send(p)[0]
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Pending: p.Change()}) {
		t.Errorf("right after: %+v", b)
	}
	if w.pool.Entry(id) == nil {
		t.Error("it is not in the pool")
	}
	w.step()
	w.step()
	e := w.entry(id)
	if e.Status != wallet.StatusAccepted || e.Kind != wallet.KindSent || e.Amount() != amount("5") || e.Fee != p.Fee || e.Label != "rent" {
		t.Errorf("%+v", e)
	}
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Available: p.Change()}) {
		t.Errorf("accepted: %+v", b)
	}
}

func plus(a, b types.Amount) types.Amount {
	sum, _ := a.Add(b)
	return sum
}

func TestSendErrors(t *testing.T) {
	w := rich(t, "3", "4")
	first, second := w.plan(w.toOther("1")), w.plan(w.toOther("6"))
	w.send(first)
	if _, err := w.wallet.Send(second); !errors.Is(err, wallet.ErrStale) {
		t.Errorf("a plan that spends the same coins: %v", err)
	}
	if _, err := w.wallet.Plan(w.toOther("5")); !errors.Is(err, spend.ErrNotYet) {
		t.Errorf("more than is available: %v", err)
	}
	if _, err := w.wallet.Plan(w.toOther("100")); !errors.Is(err, spend.ErrInsufficient) {
		t.Errorf("more than there is: %v", err)
	}
	w.wallet.Lock()
	third := w.plan(w.toOther("1"))
	if _, err := w.wallet.Send(third); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("a locked wallet: %v", err)
	}
	if _, err := w.wallet.SignMessage(receive(w.wallet), "hello"); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("a locked wallet signs: %v", err)
	}
}

// TestSteps joins many coins in steps that are in the pool at once, and carry on
// by themselves while the wallet is locked, and after it was closed.
func TestSteps(t *testing.T) {
	coins := make([]string, 100)
	for i := range coins {
		coins[i] = "0.5"
	}
	w := rich(t, coins...)
	w.params.BlockWeight = 60_000 // some 40 coins in a transaction, beside the greatest coinbase
	request := w.toOther("48")
	request.AllowHighFee = true
	ids := w.send(w.plan(request))
	if len(ids) < 2 {
		t.Fatalf("%d steps", len(ids))
	}
	w.wallet.Lock()
	for i, id := range ids {
		if e := w.entry(id); e.Step != i+1 || e.Steps != len(ids) || e.Status != wallet.StatusPending {
			t.Errorf("step %d: %+v", i+1, e)
		}
	}
	for i, id := range ids {
		if w.pool.Entry(id) == nil {
			t.Errorf("step %d is not in the pool", i+1)
		}
	}
	if _, err := w.wallet.Bump(ids[0], 0, true); !errors.Is(err, wallet.ErrFollowers) {
		t.Errorf("replacing a step: %v", err)
	}
	for range 3 * len(ids) {
		w.reopen()
		w.step()
	}
	if e := w.entry(ids[len(ids)-1]); e.Status != wallet.StatusAccepted || e.Amount() != amount("48") {
		t.Errorf("the payment: %+v", e)
	}
	if e := w.entry(ids[0]); e.Kind != wallet.KindCompound {
		t.Errorf("the first step: %+v", e)
	}
}

// reopen closes the wallet and opens it locked.
func (w *town) reopen() {
	w.t.Helper()
	if err := w.wallet.Shut(); err != nil {
		w.t.Fatal(err)
	}
	now := epoch
	again, err := wallet.OpenLocked(w.config(w.dbs, &now), "w")
	if err != nil {
		w.t.Fatal(err)
	}
	w.wallet = again
}

func TestBump(t *testing.T) {
	w := rich(t, "3", "4")
	old := w.send(w.plan(w.toOther("1")))[0]
	coins, err := w.wallet.Coins()
	if err == nil {
		err = w.wallet.Freeze(true, coins[0].Outpoint, coins[1].Outpoint) // spent already, one of them
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.wallet.Bump(old, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	id := w.send(p)[0]
	if e := w.entry(old); e.Status != wallet.StatusReplaced || e.ReplacedBy != id {
		t.Errorf("the old one: %+v", e)
	}
	if w.pool.Entry(old) != nil || w.pool.Entry(id) == nil {
		t.Error("the pool has the old one")
	}
	w.step()
	w.step()
	if e := w.entry(id); e.Status != wallet.StatusAccepted || e.Amount() != amount("1") || e.Label != "rent" || e.Replaces != old {
		t.Errorf("the new one: %+v", e)
	}
	if _, err := w.wallet.Bump(id, 0, false); !errors.Is(err, wallet.ErrSettled) {
		t.Errorf("again: %v", err)
	}
}

func TestCancel(t *testing.T) {
	w := rich(t, "3", "4")
	old := w.send(w.plan(w.toOther("1")))[0]
	p, err := w.wallet.Cancel(old, 0, true)
	if err != nil {
		t.Fatal(err)
	}
	id := w.send(p)[0]
	w.step()
	w.step()
	if e := w.entry(id); e.Status != wallet.StatusAccepted || e.Kind != wallet.KindSelf {
		t.Errorf("%+v", e)
	}
	if b := w.wallet.Summary().Balance; plus(b.Available, p.Fee) != amount("7") {
		t.Errorf("%+v after a fee of %v", b, p.Fee)
	}
}

func TestAbandon(t *testing.T) {
	w := rich(t, "3")
	id := w.send(w.plan(w.toOther("1")))[0]
	if err := w.wallet.Abandon(id); err != nil {
		t.Fatal(err)
	}
	if err := w.wallet.Abandon(id); !errors.Is(err, wallet.ErrSettled) {
		t.Errorf("again: %v", err)
	}
	if e := w.entry(id); e.Status != wallet.StatusAbandoned {
		t.Errorf("%+v", e)
	}
	w.step() // the pool had it already
	w.step()
	if e := w.entry(id); e.Status != wallet.StatusAccepted {
		t.Errorf("accepted all the same: %+v", e)
	}
}

func TestFreeze(t *testing.T) {
	w := rich(t, "3", "4")
	coins, err := w.wallet.Coins()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.wallet.Freeze(true, coins[0].Outpoint); err != nil {
		t.Fatal(err)
	}
	free := types.Jots(7*types.JotsPerJIO - coins[0].Value.Jots())
	w.reopen()
	follow(t, w.wallet)
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Available: free, Locked: coins[0].Value}) {
		t.Errorf("%+v", b)
	}
	p := w.plan(wallet.Request{Payments: []wallet.Payment{{Address: w.other.Address}}, Max: true})
	if p.Total() != free {
		t.Errorf("everything is %v, want %v", p.Total(), free)
	}
	if err := w.wallet.Freeze(false, coins[0].Outpoint); err != nil {
		t.Fatal(err)
	}
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Available: amount("7")}) {
		t.Errorf("thawed: %+v", b)
	}
}

var errPower = errors.New("the power is gone")

// A fragile database fails at one of its writes, before or after it took effect,
// and at all that follow.
type fragile struct {
	*store.Memory
	left  *int // writes that succeed
	after bool // the one that fails took effect
}

func (f fragile) Write(batch iter.Seq2[[]byte, []byte]) error {
	if *f.left--; *f.left >= 0 {
		return f.Memory.Write(batch)
	}
	if *f.left == -1 && f.after {
		if err := f.Memory.Write(batch); err != nil {
			return err
		}
	}
	return errPower
}

func (fragile) Close() error { return nil }

// TestCrashAtEveryWriteOfASend takes the power away at each write of a payment,
// opens the wallet again and lets it go on: what has left the wallet is known to
// it, and so is the address of its change.
func TestCrashAtEveryWriteOfASend(t *testing.T) {
	for crash := range 7 {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(crash, after), func(t *testing.T) {
				if !crashSend(t, crash, after) && crash == 0 {
					t.Error("nothing was written")
				}
			})
		}
	}
}

// crashSend reports whether the power failed before all was done.
func crashSend(t *testing.T, crash int, after bool) (crashed bool) {
	w := rich(t, "3", "4")
	dir := "wallets/w/db"
	if err := w.wallet.Shut(); err != nil {
		t.Fatal(err)
	}
	now, left := epoch, 1<<30
	cfg := w.config(w.dbs, &now)
	cfg.Open = func(string) (wallet.Database, error) { return fragile{w.dbs[dir], &left, after}, nil }
	frail, err := wallet.OpenUnlocked(cfg, "w", wordsOf(t, 1), 0)
	if err != nil {
		t.Fatal(err)
	}
	follow(t, frail)
	left = crash
	request := w.toOther("5")
	if p, err := frail.Plan(request); err == nil {
		frail.Send(p)
	}
	for range 4 {
		w.mine(w.other.Address)
		frail.Follow()
		frail.Tick()
	}
	crashed = left < 0
	frail.Shut()
	w.reopen()
	w.knowsItsChange()
	for range 4 {
		w.step()
	}
	w.holdHistory(w.wallet, nil)
	w.knowsAllThatLeft()
	return crashed
}

// knowsItsChange looks for the address of the change of all that the wallet made.
func (w *town) knowsItsChange() {
	w.t.Helper()
	entries, _, err := w.wallet.History(wallet.Query{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		for _, part := range e.Outputs {
			if e.Spent.IsZero() || part.Address == w.other.Address {
				continue
			}
			if info, err := w.wallet.Address(part.Address); err != nil || !info.Issued {
				w.t.Errorf("the address for the change of %v is not known as handed out: %v", e.ID, err)
			}
		}
	}
}

// knowsAllThatLeft looks for transactions that spend coins of the wallet, and for
// what they give back.
func (w *town) knowsAllThatLeft() {
	w.t.Helper()
	entries, _, err := w.wallet.History(wallet.Query{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Status == wallet.StatusPending {
			w.t.Errorf("still pending: %+v", e)
		}
		if e.Spent.IsZero() {
			continue
		}
		if _, err := w.wallet.Transaction(e.ID); err != nil {
			w.t.Errorf("%v left the wallet, which has no copy of it", e.ID)
		}
	}
	w.knowsItsChange()
}
