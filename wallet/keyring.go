package wallet

import (
	"fmt"

	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
)

// purpose is the first step of every path (BIP-44).
const purpose = 44

// A keyring derives keys while the secrets are lent to it. Its caller wipes it.
type keyring struct {
	secrets *keystore.Secrets
	words   keystore.ID
	coin    uint32              // SLIP-0044 coin type
	root    *hd.Key             // m/44'/coin'
	chains  map[chainID]*hd.Key // m/44'/coin'/account'/chain'
}

// A chainID names a chain of addresses of an account.
type chainID struct {
	account uint32
	role    Role
}

func newKeyring(secrets *keystore.Secrets, words keystore.ID, coinType uint32) *keyring {
	return &keyring{secrets: secrets, words: words, coin: coinType, chains: make(map[chainID]*hd.Key)}
}

func (k *keyring) wipe() {
	if k.root != nil {
		k.root.Wipe()
	}
	for _, key := range k.chains {
		key.Wipe()
	}
}

// key returns the key of an owned address. The caller wipes it.
func (k *keyring) key(o *owned) (*hd.Key, error) {
	chain, err := k.chain(chainID{o.account, o.role})
	if err != nil {
		return nil, err
	}
	return chain.Child(o.index)
}

// seed returns the private key of an owned address. The caller wipes it.
func (k *keyring) seed(o *owned) (seed [32]byte, err error) {
	if o.role == RoleImported {
		held, err := k.secrets.Seed(o.secret)
		defer clear(held)
		copy(seed[:], held)
		return seed, err
	}
	key, err := k.key(o)
	if err != nil {
		return seed, err
	}
	defer key.Wipe()
	return key.Seed(), nil
}

// chain returns the parent of a chain of addresses, which belongs to the keyring.
func (k *keyring) chain(id chainID) (*hd.Key, error) {
	if key := k.chains[id]; key != nil {
		return key, nil
	}
	if id.role > RoleChange {
		return nil, fmt.Errorf("%v addresses are not derived: %w", id.role, ErrUnknown)
	}
	if err := k.open(); err != nil {
		return nil, err
	}
	account, err := k.root.Child(id.account)
	if err != nil {
		return nil, err
	}
	defer account.Wipe()
	key, err := account.Child(uint32(id.role))
	if err == nil {
		k.chains[id] = key
	}
	return key, err
}

// open derives the root from the words.
func (k *keyring) open() error {
	if k.root != nil {
		return nil
	}
	entropy, passphrase, err := k.secrets.Mnemonic(k.words)
	if err != nil {
		return err
	}
	defer clear(entropy)
	defer clear(passphrase)
	words, err := hd.NewMnemonic(entropy)
	if err != nil {
		return err
	}
	defer words.Wipe()
	k.root, err = rootOf(words, passphrase, k.coin)
	return err
}

func rootOf(words *hd.Mnemonic, passphrase []byte, coinType uint32) (*hd.Key, error) {
	seed, err := words.Seed(passphrase)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	master, err := hd.Master(seed)
	if err != nil {
		return nil, err
	}
	defer master.Wipe()
	return master.Derive(hd.Path{purpose, coinType}.String())
}

// firstSeed returns the private key of the first address of words without a
// passphrase. The caller wipes it.
func firstSeed(words *hd.Mnemonic, coinType uint32) (seed [32]byte, err error) {
	root, err := rootOf(words, nil, coinType)
	if err != nil {
		return seed, err
	}
	defer root.Wipe()
	key, err := root.Derive(hd.Path{0, uint32(RoleReceive), 0}.String())
	if err != nil {
		return seed, err
	}
	defer key.Wipe()
	return key.Seed(), nil
}
