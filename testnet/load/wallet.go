package load

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
)

// A wallet is an account of the words: an address where others pay it, and one
// for what is left over when it pays. The words restore it anywhere.
type wallet struct {
	receive, change lock
}

// A lock is the key of an address.
type lock struct {
	seed    [32]byte
	policy  types.Policy
	address types.Address
}

// openWallets derives all wallets. The coin type is that of every network but
// mainnet.
func openWallets(entropy []byte) ([]wallet, error) {
	words, err := hd.NewMnemonic(entropy)
	if err != nil {
		return nil, err
	}
	seed, err := words.Seed(nil)
	if err != nil {
		return nil, err
	}
	master, err := hd.Master(seed)
	if err != nil {
		return nil, err
	}
	wallets := make([]wallet, MaxWallets)
	for i := range wallets {
		for chain, l := range []*lock{&wallets[i].receive, &wallets[i].change} {
			if *l, err = openLock(master, fmt.Sprintf("m/44'/1'/%d'/%d'/0'", i, chain)); err != nil {
				return nil, err
			}
		}
	}
	return wallets, nil
}

func openLock(master *hd.Key, path string) (l lock, err error) {
	key, err := master.Derive(path)
	if err != nil {
		return l, err
	}
	l.seed, l.policy = key.Seed(), types.KeyPolicy(key.PublicKey())
	l.address = l.policy.Address()
	return l, nil
}
