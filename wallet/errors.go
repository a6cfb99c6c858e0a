package wallet

import (
	"errors"
	"fmt"
)

var (
	// ErrNoWallet is returned for a name that no wallet has, or none that is open.
	ErrNoWallet = errors.New("there is no wallet of that name")
	// ErrWalletExists is returned where a wallet of that name is there already.
	ErrWalletExists = errors.New("there is a wallet of that name already")
	// ErrName is returned for a name that cannot be one of a wallet.
	ErrName = errors.New("a wallet's name is 1 to 32 small letters, digits, '-' and '_', the first a letter or digit")
	// ErrWatchOnly is returned for what takes secrets and a wallet without them.
	ErrWatchOnly = errors.New("the wallet only watches: it holds no keys")
	// ErrUnknown is returned for an account, address, coin, transaction or
	// contact that the wallet does not have.
	ErrUnknown = errors.New("the wallet has nothing of that kind")
	// ErrStock is returned by a locked wallet that has handed out all addresses
	// it derived.
	ErrStock = errors.New("all addresses derived so far are handed out; unlock the wallet to derive more")
	// ErrStale is returned for a plan made before the wallet changed: a coin is
	// spent or the change address is taken. Plan again.
	ErrStale = errors.New("the wallet has changed since this was planned")
	// ErrMaxFee is returned where a payment costs more than its request allows.
	ErrMaxFee = errors.New("the fee is above what was allowed")
	// ErrSettled is returned for a transaction that is not pending, so that it can
	// be neither replaced nor given up.
	ErrSettled = errors.New("the transaction is not pending")
	// ErrFollowers is returned for a transaction that later ones of the wallet
	// spend from: replacing it would take them away.
	ErrFollowers = errors.New("later steps spend what this transaction makes")
	// ErrPartial is returned for a plan that takes signatures or secrets of others.
	ErrPartial = errors.New("others have to sign this as well")
	// ErrUnsent is returned with the pool's reason for a transaction that was
	// signed and kept and could not be submitted; it will be tried again.
	ErrUnsent = errors.New("the transaction is kept and will be submitted again")
	// ErrClosed is returned by a wallet that was closed.
	ErrClosed = errors.New("the wallet is closed")
)

func unknown(format string, values ...any) error {
	return fmt.Errorf(format+": %w", append(values, ErrUnknown)...)
}
