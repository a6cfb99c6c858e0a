package service

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/spend"
)

func (s *Service) newAccount(_ context.Context, p api.NewAccountParams) (api.Account, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Account{}, err
	}
	added, err := w.AddAccount(p.Name)
	if err != nil {
		return api.Account{}, err
	}
	return s.accountNumbered(w, added.Number), nil
}

func (s *Service) renameAccount(_ context.Context, p api.AccountParams) (api.Account, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Account{}, err
	}
	if err := w.RenameAccount(p.Account, p.Name); err != nil {
		return api.Account{}, err
	}
	return s.accountNumbered(w, p.Account), nil
}

// accountNumbered returns an account as the wallet's summary has it.
func (s *Service) accountNumbered(w *wallet.Wallet, number uint32) api.Account {
	accounts := w.Summary().Accounts
	for i := range accounts {
		if accounts[i].Number == number {
			return s.account(&accounts[i])
		}
	}
	return api.Account{Index: number} // not shown
}

func (s *Service) newAddress(_ context.Context, p api.AddressParams) (api.WalletAddress, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletAddress{}, err
	}
	fresh, err := w.NewAddress(p.Account, p.Label)
	if err != nil {
		return api.WalletAddress{}, err
	}
	return s.walletAddress(w, &fresh), nil
}

func (s *Service) getAddresses(_ context.Context, p api.WalletParams) (api.WalletAddresses, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletAddresses{}, err
	}
	all, err := w.Addresses()
	if err != nil {
		return api.WalletAddresses{}, err
	}
	found := api.WalletAddresses{Addresses: make([]api.WalletAddress, len(all))}
	for i := range all {
		found.Addresses[i] = s.walletAddress(w, &all[i])
	}
	return found, nil
}

// newPolicy refuses a policy of which nobody could ever spend a coin.
func (s *Service) newPolicy(_ context.Context, p api.PolicyParams) (api.WalletAddress, error) {
	policy, err := spend.ParsePolicy(p.Policy)
	if err != nil {
		return api.WalletAddress{}, err
	}
	birthday, err := s.birthday(p.Birthday)
	if err != nil {
		return api.WalletAddress{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.WalletAddress{}, err
	}
	address, err := w.WatchPolicy(policy, p.Label, birthday)
	if err != nil {
		return api.WalletAddress{}, err
	}
	info, err := w.Address(address)
	if err != nil {
		return api.WalletAddress{}, err
	}
	return s.walletAddress(w, &info), nil
}

// watched is a public key or an address that a wallet shall watch.
type watched struct {
	key     [32]byte
	address types.Address
	isKey   bool
}

// watched reads 64 digits as a key and anything else as an address.
func (s *Service) watched(i int, text string) (w watched, err error) {
	name := item("watch", i)
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(w.key) {
		w.address, err = s.address(name, text)
		return w, err
	}
	w.key, w.isKey = [32]byte(raw), true
	if !types.ValidKey(w.key) {
		return w, invalid(name, "it is not a public key")
	}
	return w, nil
}

func (each watched) addTo(w *wallet.Wallet, birthday time.Time) error {
	if !each.isKey {
		return w.WatchAddress(each.address, "", birthday)
	}
	_, err := w.WatchKey(each.key, "", birthday)
	return err
}

// setLabel understands an address, an id, and "id:index".
func (s *Service) setLabel(_ context.Context, p api.LabelParams) (none api.None, err error) {
	if err := short("label", p.Label, wallet.MaxText); err != nil {
		return none, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return none, err
	}
	id, index, isCoin := strings.Cut(p.Target, ":")
	h, err := types.ParseHash(id)
	if err != nil {
		a, err := s.address("target", p.Target)
		if err != nil {
			return none, err
		}
		return none, w.SetAddressLabel(a, p.Label)
	}
	if !isCoin {
		return none, w.SetEntryLabel(h, p.Label)
	}
	n, err := strconv.ParseUint(index, 10, 32)
	if err != nil {
		return none, invalid("target", "%q is no number of an output", index)
	}
	return none, w.SetCoinLabel(types.Outpoint{TxID: h, Index: uint32(n)}, p.Label)
}

func (s *Service) getContacts(_ context.Context, p api.WalletParams) (api.Contacts, error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Contacts{}, err
	}
	book, err := w.Contacts()
	if err != nil {
		return api.Contacts{}, err
	}
	found := api.Contacts{Contacts: make([]api.Contact, len(book))}
	for i, c := range book {
		found.Contacts[i] = api.Contact{Name: c.Name, Address: s.text(c.Address)}
	}
	return found, nil
}

func (s *Service) setContact(_ context.Context, p api.ContactParams) (none api.None, err error) {
	if p.Name == "" {
		return none, invalid("name", "a contact has one")
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return none, err
	}
	if p.Address == "" {
		return none, w.RemoveContact(p.Name)
	}
	a, err := s.payee("address", p.Address)
	if err != nil {
		return none, err
	}
	return none, w.SetContact(wallet.Contact{Name: p.Name, Address: a})
}

// signMessage and verifyMessage leave the message as it is, byte by byte.
func (s *Service) signMessage(_ context.Context, p api.MessageParams) (api.SignedMessage, error) {
	a, err := s.messageAddress(p.Address, p.Message)
	if err != nil {
		return api.SignedMessage{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.SignedMessage{}, err
	}
	signature, err := w.SignMessage(a, p.Message)
	return api.SignedMessage{Address: s.text(a), Signature: signature}, err
}

func (s *Service) verifyMessage(_ context.Context, p api.VerifyParams) (api.Verified, error) {
	a, err := s.messageAddress(p.Address, p.Message)
	if err != nil {
		return api.Verified{}, err
	}
	err = spend.VerifyMessage(s.Params, a, []byte(p.Message), p.Signature)
	return api.Verified{Valid: err == nil}, nil
}

func (s *Service) messageAddress(address, message string) (types.Address, error) {
	if err := short("message", message, mostMessageBytes); err != nil {
		return types.Address{}, err
	}
	return s.address("address", address)
}
