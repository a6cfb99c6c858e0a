package service

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/spend"
)

// summary translates what a wallet published last.
func (s *Service) summary(w *wallet.Wallet) api.WalletSummary {
	sum := w.Summary()
	translated := api.WalletSummary{
		Name:        w.Name(),
		Open:        true,
		Unlocked:    sum.Unlocked,
		WatchOnly:   sum.WatchOnly,
		BackedUp:    !sum.BackedUp.IsZero(),
		Balance:     balance(sum.Balance),
		Accounts:    make([]api.Account, len(sum.Accounts)),
		Synced:      sum.Synced && s.synced(),
		SyncedTo:    sum.AsOf.BlueScore,
		SyncedAt:    int64(sum.AsOf.Timestamp),
		NeedsUnlock: sum.NeedsUnlock,
	}
	if sum.Unlocked {
		translated.UnlockedUntil = milliseconds(sum.LocksAt)
	}
	if sum.Err != nil {
		translated.Failure = sum.Err.Error()
	}
	for i := range sum.Accounts {
		translated.Accounts[i] = s.account(&sum.Accounts[i])
	}
	if scan := sum.Scan; scan != nil {
		translated.Scan = &api.Scan{
			Done: scan.At - min(scan.At, scan.From), Total: scan.To - min(scan.To, scan.From),
			Derived: scan.Derived, Used: scan.Used, Found: scan.Found,
		}
	}
	return translated
}

func balance(b wallet.Balance) api.Balance {
	return api.Balance{Available: b.Available, Maturing: b.Maturing, Pending: b.Pending, Locked: b.Locked}
}

func (s *Service) account(a *wallet.AccountSummary) api.Account {
	translated := api.Account{Index: a.Number, Name: a.Label, Balance: balance(a.Balance)}
	if a.Address != (types.Address{}) {
		translated.Address = s.text(a.Address)
	}
	return translated
}

// walletAddress translates an address of a wallet.
func (s *Service) walletAddress(w *wallet.Wallet, a *wallet.AddressInfo) api.WalletAddress {
	translated := api.WalletAddress{
		Address: s.text(a.Address),
		Account: a.Account,
		Change:  a.Role == wallet.RoleChange,
		Index:   a.Index,
		Label:   a.Label,
		Used:    a.Used,
		Balance: a.Balance,
	}
	switch {
	case a.Policy == nil:
	case a.Policy.Kind == types.PolicyKey:
		translated.Key = hex.EncodeToString(a.Policy.Key[:])
	default:
		translated.Policy = spend.PolicyText(*a.Policy)
		translated.Meaning = spend.DescribePolicy(*a.Policy, owner(w))
	}
	return translated
}

// owner calls the keys of a wallet "you", in the words of a policy.
func owner(w *wallet.Wallet) func(key [32]byte) string {
	return func(key [32]byte) string {
		policy := types.KeyPolicy(key)
		if _, err := w.Address(policy.Address()); err != nil {
			return "" // another's
		}
		return "you"
	}
}

func (s *Service) walletCoin(c *wallet.Coin) api.WalletCoin {
	return api.WalletCoin{
		UTXO: api.UTXO{
			Outpoint:  outpoint(c.Outpoint),
			Address:   s.text(c.Address),
			Amount:    c.Value,
			BlueScore: c.BlueScore,
			Coinbase:  c.Coinbase,
			Mature:    c.State != wallet.CoinMaturing,
		},
		Account: c.Account,
		Label:   c.Label,
		Frozen:  c.Frozen,
		State:   c.State.String(),
		Until:   c.Until,
	}
}

// kinds and states are what the interface calls those of the wallet.
var kinds = map[wallet.Kind]string{
	wallet.KindReceived: "received",
	wallet.KindSent:     "sent",
	wallet.KindSelf:     "self",
	wallet.KindCompound: "compound",
	wallet.KindCoinbase: "mined",
	wallet.KindUnpaid:   "mined",
}

// settledAfter is how long a chain block must lie below the sink, counted in the
// time its blue score takes at the network's rate, for what it accepted to count
// as confirmed: longer than any delay between honest nodes.
const settledAfter = 10 * time.Second

// accepted says of what the chain has accepted whether it is confirmed, in the same
// words for the history of a wallet and for a transaction: a coinbase is when its
// coins can be spent.
func (s *Service) accepted(coinbase bool, spendable, confirmations uint64) string {
	if coinbase && s.Chain.Snapshot().BlueScore >= spendable || !coinbase && confirmations >= uint64(settledAfter/time.Second)*s.Params.BlocksPerSecond {
		return "confirmed"
	}
	return "accepted"
}

// state is pending, accepted, confirmed, or why there is nothing to wait for.
func (s *Service) state(e *wallet.Entry) string {
	switch {
	case e.Kind == wallet.KindUnpaid:
		return "unpaid"
	case e.Status != wallet.StatusAccepted:
		return e.Status.String()
	}
	return s.accepted(e.Kind == wallet.KindCoinbase, e.Spendable, e.Confirmations)
}

func (s *Service) historyEntry(e *wallet.Entry) api.HistoryEntry {
	translated := api.HistoryEntry{
		ID:            e.ID,
		Time:          int64(e.Time),
		Kind:          kinds[e.Kind],
		State:         s.state(e),
		Amount:        e.Amount(),
		Incoming:      e.Incoming(),
		Account:       accountOf(e),
		Addresses:     s.parties(e),
		Label:         e.Label,
		Confirmations: e.Confirmations,
		AcceptedBy:    e.AcceptedBy,
		Note:          e.Note,
	}
	if e.PaidFee {
		translated.Fee = &e.Fee
	}
	if e.Kind == wallet.KindCoinbase || e.Kind == wallet.KindUnpaid {
		translated.Block = e.Block
	}
	if translated.Note == "" && e.Steps > 1 {
		translated.Note = fmt.Sprintf("step %d of %d", e.Step, e.Steps)
	}
	return translated
}

// parties names the addresses that a transaction paid: others' where it sent,
// the wallet's own where it received. The account is that of its own side.
func (s *Service) parties(e *wallet.Entry) []string {
	names := []string{}
	ours := e.Kind != wallet.KindSent
	for _, part := range e.Outputs {
		if part.Ours == ours {
			names = append(names, s.text(part.Address))
		}
	}
	return names
}

// accountOf is the account whose coins an entry moved first.
func accountOf(e *wallet.Entry) uint32 {
	for _, parts := range [][]wallet.Part{e.Inputs, e.Outputs} {
		for _, part := range parts {
			if part.Ours {
				return part.Account
			}
		}
	}
	return 0
}

// fileError makes a refusal of what is wrong with a path that the caller named.
func fileError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return invalid("file", "%v", path)
	}
	return err
}
