package wallet

import (
	"github.com/jio-dag/jio/wallet/keystore"
)

// OpenUnlocked opens a wallet on secrets without a file of them: its directory
// holds the database only. A new one searches the past from birthday on.
func OpenUnlocked(cfg Config, name string, secrets *keystore.Secrets, birthday uint64) (*Wallet, error) {
	cfg = cfg.withDefaults()
	w, err := open(&cfg, name, &meta{discovery: true, birthday: birthday}, func() {})
	if err != nil {
		return nil, err
	}
	return w, w.start(secrets)
}

// OpenLocked opens a wallet that is there.
func OpenLocked(cfg Config, name string) (*Wallet, error) {
	cfg = cfg.withDefaults()
	return open(&cfg, name, &meta{discovery: true}, func() {})
}

// Shut closes the wallet.
func (w *Wallet) Shut() error { return w.close() }
