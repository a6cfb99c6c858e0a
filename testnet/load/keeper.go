package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// unlocked is how long a wallet of a node is unlocked for, in seconds.
const unlocked = 3600

// Keepers are the nodes as keepers of wallets: each wallet is one of a node's own,
// and pays by a call of it, so that its node picks the coins and signs. The same
// key opens the same wallets again.
type keepers struct {
	password api.Secret
	dice     func(n uint64) uint64
	kept     []kept
	payees   []types.Address // of the wallets, in order

	mu       sync.Mutex
	promised int // coins that the wallets had, or were sent since
	arrived  int // of these
}

// Kept is a wallet of a node.
type kept struct {
	node    Node
	name    string
	address string
}

// newKeepers names wallets, on the nodes in turn.
func newKeepers(cfg *Config, dice func(n uint64) uint64) *keepers {
	secret := sha256.Sum256(append([]byte("the password of the wallets of a load"), cfg.Key.entropy[:]...))
	k := &keepers{password: api.Secret(hex.EncodeToString(secret[:16])), dice: dice}
	for i := range cfg.Wallets {
		k.kept = append(k.kept, kept{node: cfg.Nodes[i%len(cfg.Nodes)], name: fmt.Sprintf("load-%d", i)})
	}
	return k
}

// open unlocks the wallets, and creates those that are missing.
func (k *keepers) open(ctx context.Context, p *params.Params) error {
	coins := 0
	k.payees = nil
	for i := range k.kept {
		w := &k.kept[i]
		if err := k.unlock(ctx, w); err != nil {
			return fmt.Errorf("wallet %s: %w", w.name, err)
		}
		summary, err := api.GetWallet.Call(ctx, w.node, api.WalletParams{Wallet: w.name})
		if err != nil {
			return fmt.Errorf("wallet %s: %w", w.name, err)
		}
		held, err := api.GetCoins.Call(ctx, w.node, api.CoinsParams{Wallet: w.name, Limit: 1})
		if err != nil {
			return fmt.Errorf("wallet %s: %w", w.name, err)
		}
		coins += held.Total
		w.address = summary.Accounts[0].Address
		address, err := types.ParseAddress(p.AddressPrefix, w.address)
		if err != nil {
			return fmt.Errorf("wallet %s: %w", w.name, err)
		}
		k.payees = append(k.payees, address)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.promised, k.arrived = coins, coins
	return nil
}

// unlock unlocks a wallet, which is created where its node has none of the name.
func (k *keepers) unlock(ctx context.Context, w *kept) error {
	request := api.UnlockParams{Wallet: w.name, Password: k.password, Seconds: unlocked}
	_, err := api.UnlockWallet.Call(ctx, w.node, request)
	var refusal *api.Error
	if errors.As(err, &refusal) && refusal.Code == api.CodeNotFound {
		if _, err = api.CreateWallet.Call(ctx, w.node, api.CreateParams{Wallet: w.name, Password: k.password}); err == nil {
			_, err = api.UnlockWallet.Call(ctx, w.node, request)
		}
	}
	return err
}

// promise counts coins on their way to the wallets, arrive those that came.
func (k *keepers) promise(coins int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.promised += coins
}

func (k *keepers) arrive(coins int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.arrived += coins
}

func (k *keepers) count() (promised, arrived int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.promised, k.arrived
}

func (k *keepers) addresses() (texts []string) {
	for i := range k.kept {
		texts = append(texts, k.kept[i].address)
	}
	return texts
}

// pay lets a wallet pay another, and returns the payment's ID. A wallet that its
// node has locked since, or forgotten over a restart, is unlocked first.
func (k *keepers) pay(ctx context.Context) (id types.Hash, err error) {
	from := int(k.dice(uint64(len(k.kept))))
	to := from
	if len(k.kept) > 1 {
		to = (from + 1 + int(k.dice(uint64(len(k.kept)-1)))) % len(k.kept)
	}
	w := &k.kept[from]
	request := api.SendRequest{
		Wallet: w.name, FeeRate: 1,
		Payments: []api.Payment{{Address: k.kept[to].address, Amount: types.Jots(leastJots + k.dice(leastJots))}},
	}
	sent, err := api.Send.Call(ctx, w.node, request)
	var refusal *api.Error
	if errors.As(err, &refusal) && refusal.Code == api.CodeLocked {
		if err = k.unlock(ctx, w); err == nil {
			sent, err = api.Send.Call(ctx, w.node, request)
		}
	}
	if err != nil || len(sent.IDs) == 0 {
		return id, err
	}
	return sent.IDs[len(sent.IDs)-1], nil
}

// keeperPayment returns the call that lets a wallet of a node pay; nil while no
// coin is there.
func (l *Load) keeperPayment(ctx context.Context) func() {
	_, arrived := l.keepers.count()
	if !l.mayBegin(arrived > 0) {
		return nil
	}
	return func() {
		ctx, cancel := context.WithTimeout(ctx, answering)
		defer cancel()
		at := time.Now()
		id, err := l.keepers.pay(ctx)
		if refusal := new(api.Error); errors.As(err, &refusal) && refusal.Code == api.CodeFunds {
			l.mayBegin(false) // that wallet is short of coins for the moment
			return
		}
		if err != nil {
			l.note(err)
			return
		}
		l.paid(id, at)
	}
}

// paid notes a payment that a node has made. Its coins may be here already.
func (l *Load) paid(id types.Hash, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Sent++
	l.waiting[id] = sending{at: at}
	if came, ok := l.early[id]; ok {
		delete(l.early, id)
		l.arrived(id, came.blueScore, came.at)
	}
}
