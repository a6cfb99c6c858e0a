package service

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/wake"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/hd"
)

// longestUnlock bounds the time for which a wallet can be unlocked.
const longestUnlock = 24 * time.Hour

// wallet returns a wallet by name, which is opened when it is not; "" stands for
// the only one that is open. It brings the wallet up to the chain's sink, unless
// that is a long way.
func (s *Service) wallet(name string) (*wallet.Wallet, error) {
	w, err := s.openByName(name)
	if err != nil {
		return nil, err
	}
	sum, sink := w.Summary(), s.Chain.Snapshot().SinkBlueScore
	if sum.Err != nil {
		return nil, api.Errorf(api.CodeInternal, "the wallet %s has stopped: %v", w.Name(), sum.Err)
	}
	at := sum.AsOf.BlueScore
	if sum.Scan != nil {
		at = sum.Scan.At
	}
	if sink > at+shortWay {
		return w, nil
	}
	return w, w.Follow()
}

func (s *Service) openByName(name string) (*wallet.Wallet, error) {
	if name != "" {
		return s.Wallets.Open(name)
	}
	w, err := s.Wallets.Wallet("")
	if err == nil || !errors.Is(err, wallet.ErrNoWallet) {
		return w, err
	}
	all, failure := s.Wallets.List()
	if failure != nil {
		return nil, failure
	}
	if len(all) == 0 {
		return nil, &api.Error{Code: api.CodeNotFound, Message: "there is no wallet yet: create or restore one", Reason: "wallet"}
	}
	var names []string
	for _, l := range all {
		names = append(names, l.Name)
	}
	which := invalid("wallet", "say which one: %s", strings.Join(names, ", "))
	which.Reason = "which-wallet"
	return nil, which
}

func (s *Service) listWallets(context.Context, api.None) (api.Wallets, error) {
	all, err := s.Wallets.List()
	if err != nil {
		return api.Wallets{}, err
	}
	return api.Wallets{Wallets: s.summaries(all)}, nil
}

// walletSummaries is the list for the status, empty where it cannot be read.
func (s *Service) walletSummaries() []api.WalletSummary {
	if s.Wallets == nil {
		return []api.WalletSummary{}
	}
	all, _ := s.Wallets.List() // listWallets tells of an error
	return s.summaries(all)
}

func (s *Service) summaries(all []wallet.Listing) []api.WalletSummary {
	list := make([]api.WalletSummary, len(all))
	for i, l := range all {
		list[i] = api.WalletSummary{Name: l.Name, Accounts: []api.Account{}}
		if l.Wallet != nil {
			list[i] = s.summary(l.Wallet)
		}
	}
	return list
}

// createWallet takes back nothing that it made when a later step fails: what is
// written opens.
func (s *Service) createWallet(_ context.Context, p api.CreateParams) (api.Created, error) {
	birthday, err := s.birthday(p.Birthday)
	if err != nil {
		return api.Created{}, err
	}
	if len(p.Watch) > 0 {
		return s.createWatching(&p, birthday)
	}
	if err := checkCreation(&p); err != nil {
		return api.Created{}, err
	}
	w, words, err := s.Wallets.Create(p.Wallet, wallet.Creation{
		Password:   p.Password,
		Passphrase: p.Passphrase,
		Words:      p.WordCount,
		Sentence:   p.Words,
		Birthday:   birthday,
	})
	if err != nil {
		return api.Created{}, err
	}
	defer words.Wipe()
	if p.MiningKey {
		if _, err := s.takeMiningKey(w, p.Password); err != nil {
			return api.Created{}, err
		}
	}
	created := api.Created{}
	if len(p.Words) > 0 {
		err = w.MarkBackedUp() // who typed the words has them
	} else {
		created.Words = words.Sentence()
	}
	created.Wallet = s.summary(w)
	return created, err
}

// checkCreation refuses words before a password is made costly use of.
func checkCreation(p *api.CreateParams) error {
	if len(p.Words) > 0 {
		words, err := hd.ParseMnemonic(p.Words)
		if err != nil {
			return invalid("words", "%v", err)
		}
		words.Wipe()
		return nil
	}
	if p.WordCount != 0 && p.WordCount != 12 && p.WordCount != 24 {
		return invalid("wordCount", "%d is not 12 or 24", p.WordCount)
	}
	return nil
}

// createWatching reads all names before it makes anything.
func (s *Service) createWatching(p *api.CreateParams, birthday time.Time) (api.Created, error) {
	if len(p.Watch) > mostAddresses {
		return api.Created{}, tooLarge("watch", "%d are more than %d", len(p.Watch), mostAddresses)
	}
	if len(p.Words) > 0 || p.WordCount != 0 || len(p.Passphrase) > 0 || len(p.Password) > 0 || p.MiningKey {
		return api.Created{}, invalid("watch", "a wallet that only watches has no words, no password and no mining key")
	}
	watched := make([]watched, len(p.Watch))
	for i, text := range p.Watch {
		var err error
		if watched[i], err = s.watched(i, text); err != nil {
			return api.Created{}, err
		}
	}
	w, err := s.Wallets.Watch(p.Wallet)
	if err != nil {
		return api.Created{}, err
	}
	for _, each := range watched {
		if err := each.addTo(w, birthday); err != nil {
			return api.Created{}, err
		}
	}
	return api.Created{Wallet: s.summary(w)}, nil
}

// takeMiningKey adds the node's throwaway key.
func (s *Service) takeMiningKey(w *wallet.Wallet, password []byte) (types.Address, error) {
	words, err := s.Host.MiningWords()
	if err != nil {
		return types.Address{}, api.Errorf(api.CodeNotFound, "the mining key: %v", err)
	}
	defer words.Wipe()
	return w.ImportWords(password, words, "mining key", time.Time{})
}

func (s *Service) importMiningKey(_ context.Context, p api.ConfirmParams) (api.WalletAddress, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletAddress{}, err
	}
	address, err := s.takeMiningKey(w, p.Password)
	if err != nil {
		return api.WalletAddress{}, err
	}
	info, err := w.Address(address)
	return s.walletAddress(w, &info), err
}

func (s *Service) openWallet(_ context.Context, p api.WalletParams) (api.WalletSummary, error) {
	return s.summaryOf(p.Wallet)
}

func (s *Service) getWallet(_ context.Context, p api.WalletParams) (api.WalletSummary, error) {
	return s.summaryOf(p.Wallet)
}

func (s *Service) summaryOf(name string) (api.WalletSummary, error) {
	w, err := s.wallet(name)
	if err != nil {
		return api.WalletSummary{}, err
	}
	return s.summary(w), nil
}

func (s *Service) closeWallet(_ context.Context, p api.WalletParams) (none api.None, err error) {
	w, err := s.Wallets.Wallet(p.Wallet)
	if err != nil {
		return none, err
	}
	return none, s.Wallets.CloseWallet(w.Name())
}

func (s *Service) unlockWallet(_ context.Context, p api.UnlockParams) (api.WalletSummary, error) {
	if p.Seconds < 0 || p.Seconds > int64(longestUnlock/time.Second) {
		return api.WalletSummary{}, invalid("seconds", "%d is not a time from 0 to %d", p.Seconds, int64(longestUnlock/time.Second))
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletSummary{}, err
	}
	if err := w.Unlock(p.Password, time.Duration(p.Seconds)*time.Second); err != nil {
		return api.WalletSummary{}, err
	}
	return s.summary(w), nil
}

func (s *Service) lockWallet(_ context.Context, p api.WalletParams) (api.WalletSummary, error) {
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return api.WalletSummary{}, err
	}
	w.Lock()
	return s.summary(w), nil
}

func (s *Service) changePassword(_ context.Context, p api.PasswordParams) (none api.None, err error) {
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return none, err
	}
	return none, w.ChangePassword(p.Old, p.New)
}

func (s *Service) backupWallet(_ context.Context, p api.FileParams) (none api.None, err error) {
	if err := fullPath("file", p.File); err != nil {
		return none, err
	}
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return none, err
	}
	return none, fileError(w.Backup(p.File))
}

func (s *Service) restoreBackup(_ context.Context, p api.RestoreParams) (api.WalletSummary, error) {
	if err := fullPath("file", p.File); err != nil {
		return api.WalletSummary{}, err
	}
	w, err := s.Wallets.RestoreBackup(p.Wallet, p.File, p.Password)
	if err != nil {
		return api.WalletSummary{}, fileError(err)
	}
	return s.summary(w), nil
}

func (s *Service) markBackedUp(_ context.Context, p api.WalletParams) (api.WalletSummary, error) {
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return api.WalletSummary{}, err
	}
	if err := w.MarkBackedUp(); err != nil {
		return api.WalletSummary{}, err
	}
	return s.summary(w), nil
}

func (s *Service) showWords(_ context.Context, p api.ConfirmParams) (api.Words, error) {
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return api.Words{}, err
	}
	words, passphrase, err := w.Words(p.Password)
	if err != nil {
		return api.Words{}, err
	}
	defer words.Wipe()
	return api.Words{Words: words.Sentence(), Passphrase: passphrase}, nil
}

func (s *Service) scanFurther(_ context.Context, p api.ScanParams) (api.WalletSummary, error) {
	birthday, err := s.birthday(p.Birthday)
	if err != nil {
		return api.WalletSummary{}, err
	}
	if p.Gap < 0 || p.Gap > mostScan {
		return api.WalletSummary{}, invalid("gap", "%d is not 0 to %d", p.Gap, mostScan)
	}
	w, err := s.openByName(p.Wallet)
	if err != nil {
		return api.WalletSummary{}, err
	}
	if err := w.ScanFurther(uint32(p.Gap), birthday); err != nil {
		return api.WalletSummary{}, err
	}
	return s.summary(w), nil
}

// mostScan is how many further addresses one call derives.
const mostScan = 10000

// walletChanged tells of a wallet, or of any where none is named.
func (s *Service) walletChanged(ctx context.Context, sub api.Subscription, send func(api.WalletChanged) error) error {
	last := make(map[string]api.WalletChanged)
	return wake.Follow(ctx, s.Wallets.OnChange, func() error {
		all, err := s.Wallets.List()
		if err != nil {
			return err
		}
		for _, l := range all {
			if l.Wallet == nil || sub.Wallet != "" && sub.Wallet != l.Name {
				continue
			}
			now := api.WalletChanged{Wallet: l.Name, Balance: balance(l.Wallet.Summary().Balance)}
			if before, told := last[l.Name]; told && before == now {
				continue
			}
			last[l.Name] = now
			if err := send(now); err != nil {
				return err
			}
		}
		return nil
	})
}
