package wallet_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/spend"
)

func contextWithStop(t *testing.T) (context.Context, func()) {
	return context.WithCancel(t.Context())
}

// TestWatchOnly follows keys and addresses without secrets and prepares what the
// owner of the keys signs.
func TestWatchOnly(t *testing.T) {
	h := newPlace(t)
	owner := rich(t, "3", "4")
	h.node = owner.node
	h.Wallets = wallet.NewWallets(h.settings())
	watch := h.must(h.Watch("cold"))
	infos, err := owner.wallet.Addresses()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range infos {
		if _, err := watch.WatchKey(info.Policy.Key, "of the safe", time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	h.Beat(t.Context())
	h.holdAgainst(watch)
	if got := watch.Summary(); got.Balance != owner.wallet.Summary().Balance || !got.WatchOnly {
		t.Errorf("%+v", got)
	}
	if err := watch.Unlock(password, 0); !errors.Is(err, wallet.ErrWatchOnly) {
		t.Errorf("unlocking: %v", err)
	}
	if _, err := watch.NewAddress(0, ""); !errors.Is(err, wallet.ErrWatchOnly) {
		t.Errorf("a new address: %v", err)
	}
	p, err := watch.Plan(owner.toOther("5"))
	if err != nil || !p.Partial {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := watch.Send(p); !errors.Is(err, wallet.ErrPartial) {
		t.Errorf("sending: %v", err)
	}
	pst, err := watch.Partially(p)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := owner.wallet.SignPartial(pst); err != nil || n == 0 {
		t.Fatalf("%d signatures, %v", n, err)
	}
	id, err := watch.SendPartial(pst, "rent")
	if err != nil {
		t.Fatal(err)
	}
	owner.step()
	owner.step()
	h.Beat(t.Context())
	h.holdAgainst(watch)
	if e, err := watch.Entry(id); err != nil || e.Status != wallet.StatusAccepted || e.Label != "rent" {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestShared pays out of the address of two keys, one of each wallet.
func TestShared(t *testing.T) {
	w := rich(t, "3")
	partner := w.open(w.dbs, "partner", 2)
	keys := [][32]byte{keyOf(t, w.wallet), keyOf(t, partner)}
	spend.SortKeys(keys)
	policy, err := spend.Multisig(2, keys...)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []*wallet.Wallet{w.wallet, partner} {
		if _, err := one.WatchPolicy(policy, "both of us", epoch); err != nil {
			t.Fatal(err)
		}
	}
	w.pay(w.node, types.Output{Value: amount("2"), Address: policy.Address()})
	w.step()
	w.step()
	if b := w.wallet.Summary().Balance; b != (wallet.Balance{Available: amount("3"), Locked: amount("2")}) {
		t.Errorf("%+v", b)
	}
	address := policy.Address()
	request := w.toOther("1")
	request.From = &address
	p := w.plan(request)
	if _, err := w.wallet.Send(p); !errors.Is(err, wallet.ErrPartial) {
		t.Errorf("alone: %v", err)
	}
	pst, err := w.wallet.Partially(p)
	if err != nil {
		t.Fatal(err)
	}
	var missing *spend.MissingError
	if _, err := w.wallet.SendPartial(pst, ""); !errors.As(err, &missing) {
		t.Errorf("half signed: %v", err)
	}
	if n, err := partner.SignPartial(pst); err != nil || n != 1 {
		t.Fatalf("%d signatures, %v", n, err)
	}
	id, err := w.wallet.SendPartial(pst, "")
	if err != nil {
		t.Fatal(err)
	}
	w.step()
	w.step()
	follow(t, partner)
	w.holdAgainst(partner)
	for _, one := range []*wallet.Wallet{w.wallet, partner} {
		if e, err := one.Entry(id); err != nil || e.Status != wallet.StatusAccepted || e.Amount() != amount("1") {
			t.Errorf("%+v, %v", e, err)
		}
	}
}

func keyOf(t *testing.T, w *wallet.Wallet) [32]byte {
	info, err := w.Address(receive(w))
	if err != nil {
		t.Fatal(err)
	}
	return info.Policy.Key
}

// TestTimeLock waits for a lock of a certain depth.
func TestTimeLock(t *testing.T) {
	w := rich(t, "3")
	policy, err := spend.TimeLock(keyOf(t, w.wallet), types.OlderPolicy(3))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.wallet.WatchPolicy(policy, "savings", epoch); err != nil {
		t.Fatal(err)
	}
	w.pay(w.node, types.Output{Value: amount("2"), Address: policy.Address()})
	w.step()
	w.step()
	accepted := w.wallet.Summary().AsOf.BlueScore
	from := policy.Address()
	savings := w.toOther("1")
	savings.From = &from
	var short *spend.FundsError
	if _, err := w.wallet.Plan(savings); !errors.As(err, &short) || short.Kind != spend.ErrNotYet || short.Resting[spend.Locked] != (spend.Rest{Coins: 1, First: accepted + 3}) {
		t.Errorf("from what is locked: %+v, %v", short, err)
	}
	for range 5 {
		s := w.wallet.Summary()
		want := wallet.Balance{Available: amount("3"), Locked: amount("2")}
		if s.AsOf.BlueScore+1 >= accepted+3 {
			want = wallet.Balance{Available: amount("5")}
		}
		if s.Balance != want {
			t.Errorf("%d after: %+v, want %+v", s.AsOf.BlueScore-accepted, s.Balance, want)
		}
		coins, err := w.wallet.Coins()
		locked := func(c wallet.Coin) bool { return c.State == wallet.CoinLocked }
		if i := slices.IndexFunc(coins, locked); err != nil || i >= 0 && coins[i].Until != accepted+3 {
			t.Errorf("%+v, %v", coins, err)
		}
		w.step()
	}
	w.send(w.plan(w.toOther("4.9")))
	w.step()
	w.step()
}

// TestDiscovery restores words whose owner used further accounts and addresses
// beyond the gap limit.
func TestDiscovery(t *testing.T) {
	w := newTown(t)
	for range 4 {
		if _, err := w.wallet.AddAccount("more"); err != nil {
			t.Fatal(err)
		}
	}
	var far types.Address
	for range 40 { // past what discovery derives at first
		info, err := w.wallet.NewAddress(0, "")
		if err != nil {
			t.Fatal(err)
		}
		if far = info.Address; info.Index == 20 {
			w.pay(w.node, types.Output{Value: amount("1"), Address: info.Address})
		}
	}
	w.step()
	w.step()
	w.pay(w.node, types.Output{Value: amount("2"), Address: far})
	for i, a := range w.wallet.Summary().Accounts[2:] {
		w.pay(w.node, types.Output{Value: types.Jots(uint64(i+1) * types.JotsPerJIO), Address: a.Address})
		w.step()
		w.step()
	}
	again := w.open(w.dbs, "again", 1)
	w.holdAgainst(again)
	if got, want := again.Summary().Balance, w.wallet.Summary().Balance; got != want {
		t.Errorf("found %+v, want %+v", got, want)
	}
	if n := len(again.Summary().Accounts); n != 4 { // the second was never used
		t.Errorf("%d accounts", n)
	}
}

// TestStockRunsOut hands out all addresses of a locked wallet, lets coins come to
// further ones of the same words, and unlocks.
func TestStockRunsOut(t *testing.T) {
	w := newTown(t)
	twin := w.open(w.dbs, "twin", 1)
	w.wallet.Lock()
	var err error
	for n := 0; err == nil; n++ {
		if _, err = w.wallet.NewAddress(0, ""); n > 100 {
			t.Fatal("a locked wallet derives")
		}
	}
	if !errors.Is(err, wallet.ErrStock) {
		t.Errorf("no stock: %v", err)
	}
	var beyond types.Address
	for range 60 {
		info, err := twin.NewAddress(0, "")
		if err != nil {
			t.Fatal(err)
		}
		w.pay(w.node, types.Output{Value: amount("0.5"), Address: info.Address})
		w.step()
		beyond = info.Address
	}
	w.step()
	if !w.wallet.Summary().NeedsUnlock {
		t.Error("the wallet does not say that it is short of addresses")
	}
	if err := w.wallet.Shut(); err != nil {
		t.Fatal(err)
	}
	w.wallet = w.open(w.dbs, "w", 1)
	w.holdAgainst(w.wallet)
	if _, err := w.wallet.Address(beyond); err != nil || w.wallet.Summary().NeedsUnlock {
		t.Errorf("after unlocking: %v", err)
	}
}

// TestScanFurther finds what lies beyond every gap.
func TestScanFurther(t *testing.T) {
	w := newTown(t)
	twin := w.open(w.dbs, "twin", 1)
	var far types.Address
	for range 90 {
		info, err := twin.NewAddress(0, "")
		if err != nil {
			t.Fatal(err)
		}
		far = info.Address
	}
	w.pay(w.node, types.Output{Value: amount("2"), Address: far})
	w.step()
	w.step()
	if b := w.wallet.Summary().Balance; !b.Total().IsZero() {
		t.Fatalf("found too early: %+v", b)
	}
	if err := w.wallet.ScanFurther(100, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if s := w.wallet.Summary(); s.Scan == nil || s.Synced {
		t.Errorf("the scan does not show: %+v", s)
	}
	follow(t, w.wallet)
	w.holdAgainst(w.wallet)
	if s := w.wallet.Summary(); s.Balance.Available != amount("2") || s.Scan != nil {
		t.Errorf("%+v", s)
	}
}

// TestBirthday begins a search where the birthday says.
func TestBirthday(t *testing.T) {
	w := rich(t, "3")
	when := time.UnixMilli(int64(w.chain.Snapshot().SinkMedianTime)).Add(3 * time.Hour)
	if err := w.wallet.ScanFurther(0, when); err != nil {
		t.Fatal(err)
	}
	follow(t, w.wallet)
	if b := w.wallet.Summary().Balance; !b.Total().IsZero() {
		t.Errorf("coins from before the birthday: %+v", b)
	}
	if err := w.wallet.ScanFurther(0, when.Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	follow(t, w.wallet)
	w.holdAgainst(w.wallet)
	if b := w.wallet.Summary().Balance; b.Available != amount("3") {
		t.Errorf("%+v", b)
	}
}

// TestAddressDerivedOnTheWay pays an address before a search knows it, and again
// after: finding the second coin must bring back the first.
func TestAddressDerivedOnTheWay(t *testing.T) {
	w := newTown(t)
	addresses := make([]types.Address, 41)
	for i := 1; i < len(addresses); i++ {
		info, err := w.wallet.NewAddress(0, "")
		if err != nil {
			t.Fatal(err)
		}
		addresses[i] = info.Address
	}
	w.pay(w.node, types.Output{Value: amount("1"), Address: addresses[40]})
	w.pay(w.node, types.Output{Value: amount("2"), Address: addresses[24]}) // makes the stock reach the other
	for range 260 {                                                         // more than go into one batch
		w.mine(w.other.Address)
	}
	again := w.open(w.dbs, "again", 1)
	if b := again.Summary().Balance; b.Available != amount("2") {
		t.Fatalf("the first coin should be out of reach still: %+v", b)
	}
	w.pay(w.node, types.Output{Value: amount("4"), Address: addresses[40]})
	w.step()
	w.step()
	w.dbs["wallets/again/db"] = nil
	w.holdAgainst(w.open(w.dbs, "again", 1))
}
