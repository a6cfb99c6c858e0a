package wallet

import (
	"context"
	"errors"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
)

var errUnwritten = errors.New("wallet: being written")

// Wallets are the wallets of one network under one directory, each by a name of
// its own. Its methods may be called from any goroutine.
type Wallets struct{}

// NewWallets returns the wallets under cfg.Dir; none is open yet.
func NewWallets(cfg Config) *Wallets { return nil }

// A Listing is a wallet that is there; Wallet is nil unless it is open.
type Listing struct {
	Name   string
	Wallet *Wallet
}

// List returns the wallets that are there, by name.
func (m *Wallets) List() ([]Listing, error) { return nil, errUnwritten }

// A Creation says how a wallet is made. Password and passphrase are only read.
type Creation struct {
	Password   []byte
	Passphrase string    // BIP-39; any text, taken in its NFKD form
	Words      int       // 12 or 24; 0 is 24. For new words
	Sentence   string    // words to restore from; empty makes new ones
	Birthday   time.Time // of the words restored: no coins came earlier; zero searches all
}

// Create makes a wallet from new words, or from those given, and opens it
// unlocked. The caller shows new words to their owner and wipes them; Words
// shows them again. Coins of words given are searched for by Run.
func (m *Wallets) Create(name string, c Creation) (*Wallet, *hd.Mnemonic, error) {
	return nil, nil, errUnwritten
}

// Watch makes a wallet without secrets. Keys and addresses are added to it by
// WatchKey, WatchAddress and WatchPolicy.
func (m *Wallets) Watch(name string, birthday time.Time) (*Wallet, error) { return nil, errUnwritten }

// RestoreBackup makes a wallet from an encrypted backup file, under the
// backup's password, and opens it unlocked.
func (m *Wallets) RestoreBackup(name, file string, password []byte) (*Wallet, error) {
	return nil, errUnwritten
}

// Open opens a wallet, locked. One that is open is returned as it is.
func (m *Wallets) Open(name string) (*Wallet, error) { return nil, errUnwritten }

// Wallet returns an open wallet, or ErrNoWallet; the empty name stands for the
// only one that is open.
func (m *Wallets) Wallet(name string) (*Wallet, error) { return nil, errUnwritten }

// CloseWallet locks a wallet and closes it.
func (m *Wallets) CloseWallet(name string) error { return errUnwritten }

// Close locks and closes all wallets.
func (m *Wallets) Close() error { return errUnwritten }

// Run follows the chain with every open wallet until ctx ends. It also locks
// wallets whose time has come and submits what waits.
func (m *Wallets) Run(ctx context.Context) error { return errUnwritten }

// OnChange registers a function that is called, without locks held, with the
// name of a wallet whose Summary changed; it must not block. cancel removes it.
func (m *Wallets) OnChange(wake func(name string)) (cancel func()) { return nil }

// A Wallet is one set of keys and what they own. Its methods may be called from
// any goroutine.
type Wallet struct{}

// Name returns the wallet's name.
func (w *Wallet) Name() string { return "" }

// Summary returns the wallet as of the last change. It never blocks.
func (w *Wallet) Summary() *Summary { return nil }

// Unlock opens the secrets for timeout of not being used; 0 is the usual time.
// It derives what addresses are missing. A wrong password is
// keystore.ErrPassword.
func (w *Wallet) Unlock(password []byte, timeout time.Duration) error { return errUnwritten }

// Lock wipes the secrets from memory.
func (w *Wallet) Lock() {}

// ChangePassword puts the file of secrets under another password.
func (w *Wallet) ChangePassword(old, password []byte) error { return errUnwritten }

// Backup copies the encrypted file of secrets to a path where nothing is, and
// notes the time.
func (w *Wallet) Backup(to string) error { return errUnwritten }

// MarkBackedUp notes that the owner has proven to have the words.
func (w *Wallet) MarkBackedUp() error { return errUnwritten }

// Words returns the words and whether a passphrase goes with them; the password
// is asked for again. The caller wipes them.
func (w *Wallet) Words(password []byte) (words *hd.Mnemonic, passphrase bool, err error) {
	return nil, false, errUnwritten
}

// AddAccount adds an account. The wallet must be unlocked.
func (w *Wallet) AddAccount(label string) (Account, error) { return Account{}, errUnwritten }

// RenameAccount labels an account.
func (w *Wallet) RenameAccount(number uint32, label string) error { return errUnwritten }

// NewAddress hands out a fresh address of an account to receive at. That it is
// handed out is on the disk when NewAddress returns.
func (w *Wallet) NewAddress(account uint32, label string) (AddressInfo, error) {
	return AddressInfo{}, errUnwritten
}

// Addresses lists the addresses that were handed out, used or added, by
// account, role and index.
func (w *Wallet) Addresses() ([]AddressInfo, error) { return nil, errUnwritten }

// Address returns what the wallet knows of an address of its own, else
// ErrUnknown.
func (w *Wallet) Address(a types.Address) (AddressInfo, error) { return AddressInfo{}, errUnwritten }

// WatchKey adds a public key without its secret. Its coins since a birthday are
// searched for; a zero birthday searches all, one in the future none.
func (w *Wallet) WatchKey(key [32]byte, label string, birthday time.Time) (types.Address, error) {
	return types.Address{}, errUnwritten
}

// WatchAddress adds an address of which nothing else is known.
func (w *Wallet) WatchAddress(a types.Address, label string, birthday time.Time) error {
	return errUnwritten
}

// WatchPolicy adds the address of a policy, such as one of several keys.
func (w *Wallet) WatchPolicy(p types.Policy, label string, birthday time.Time) (types.Address, error) {
	return types.Address{}, errUnwritten
}

// ImportSeed adds a single 32-byte Ed25519 seed to the file of secrets and its
// address to the wallet. Words do not bring it back: back up the file.
func (w *Wallet) ImportSeed(password, seed []byte, label string, birthday time.Time) (types.Address, error) {
	return types.Address{}, errUnwritten
}

// ImportWords adds the first key of other words without a passphrase, as those
// of a node's throwaway mining key, as a single seed.
func (w *Wallet) ImportWords(password []byte, words *hd.Mnemonic, label string, birthday time.Time) (types.Address, error) {
	return types.Address{}, errUnwritten
}

// SetAddressLabel labels an address; an empty label removes it.
func (w *Wallet) SetAddressLabel(a types.Address, label string) error { return errUnwritten }

// SetEntryLabel labels a transaction.
func (w *Wallet) SetEntryLabel(id types.Hash, label string) error { return errUnwritten }

// SetCoinLabel labels a coin.
func (w *Wallet) SetCoinLabel(o types.Outpoint, label string) error { return errUnwritten }

// Contacts returns the address book, by name.
func (w *Wallet) Contacts() ([]Contact, error) { return nil, errUnwritten }

// SetContact adds a contact or replaces the one of that name.
func (w *Wallet) SetContact(c Contact) error { return errUnwritten }

// RemoveContact removes a contact.
func (w *Wallet) RemoveContact(name string) error { return errUnwritten }

// Coins lists the unspent coins, those of unconfirmed transactions last.
func (w *Wallet) Coins() ([]Coin, error) { return nil, errUnwritten }

// Freeze keeps coins from being spent, or lets them.
func (w *Wallet) Freeze(frozen bool, coins ...types.Outpoint) error { return errUnwritten }

// History returns a page of history, the newest first and what is pending
// before that, and how many entries match in all.
func (w *Wallet) History(q Query) (entries []Entry, total int, err error) {
	return nil, 0, errUnwritten
}

// Entry returns one entry of the history.
func (w *Wallet) Entry(id types.Hash) (Entry, error) { return Entry{}, errUnwritten }

// Transaction returns a transaction that the wallet signed, whatever became of it.
func (w *Wallet) Transaction(id types.Hash) (types.Transaction, error) {
	return types.Transaction{}, errUnwritten
}

// ScanFurther derives n more addresses on each chain of every account and
// searches the chain anew, from a birthday on. The wallet must be unlocked
// unless n is 0.
func (w *Wallet) ScanFurther(n uint32, birthday time.Time) error { return errUnwritten }

// Follow brings the wallet up to date with the chain and the pool. Wallets.Run
// does so on every change; a host that drives the wallet itself calls it.
func (w *Wallet) Follow() error { return errUnwritten }

// Tick locks the wallet when its time has come and submits what waits.
// Wallets.Run calls it every few seconds.
func (w *Wallet) Tick() error { return errUnwritten }

// A Payment is a recipient and an amount.
type Payment struct {
	Address types.Address
	Amount  types.Amount
}

// Fee is a choice of fee rate.
type Fee uint8

// The choices; each but the last is one of the pool's estimate.
const (
	FeeNormal Fee = iota
	FeeLow
	FeePriority
	FeeCustom // Request.FeeRate
)

// A Request says what is to be paid, and from what.
type Request struct {
	Account      uint32
	Payments     []Payment
	Max          bool // pay all there is to the only recipient, whose Amount is 0
	Fee          Fee
	FeeRate      uint64           // thousandths of a jot per unit of weight, for FeeCustom
	Coins        []types.Outpoint // all of these and no others, when there are any
	AllowHighFee bool
	Label        string
}

// A Plan is what sending would do: nothing is committed until it is sent. It is
// read-only.
type Plan struct {
	Steps   []Step // several when coins must be joined first; the last pays
	Amount  types.Amount
	Fee     types.Amount // of all steps
	Total   types.Amount
	FeeRate uint64        // thousandths of a jot per unit of weight
	Wait    time.Duration // until a block carries the last step, as the pool stands
	HighFee bool          // the fee guard would refuse it unless AllowHighFee was set
}

// A Step is one transaction of a plan.
type Step struct {
	Inputs  []Coin
	Outputs []Part
	Change  int // the place of the change among the outputs, -1 for none
	Weight  uint64
	Fee     types.Amount
}

// Plan says what a request would do and does nothing.
func (w *Wallet) Plan(r Request) (*Plan, error) { return nil, errUnwritten }

// Send signs all steps of a plan, writes them down with the address of the
// change, and submits the first. The wallet must be unlocked. A plan that the
// wallet has outrun is ErrStale. It returns the IDs of the transactions, the
// payment last; when submitting fails they stay pending and are tried again.
func (w *Wallet) Send(p *Plan) (ids []types.Hash, err error) { return nil, errUnwritten }

// Bump plans the same payment with a higher fee, in place of a pending
// transaction; a rate of 0 means just enough to replace it.
func (w *Wallet) Bump(id types.Hash, rate uint64, allowHighFee bool) (*Plan, error) {
	return nil, errUnwritten
}

// Cancel plans a payment to oneself in place of a pending transaction.
func (w *Wallet) Cancel(id types.Hash, rate uint64, allowHighFee bool) (*Plan, error) {
	return nil, errUnwritten
}

// Abandon gives a pending transaction up: it is not submitted again and its
// coins are free, though a block may still accept it where it was sent before.
// Those that spend from it go with it.
func (w *Wallet) Abandon(id types.Hash) error { return errUnwritten }

// SignMessage signs a text with the key of an address of the wallet.
func (w *Wallet) SignMessage(a types.Address, text string) (signature string, err error) {
	return "", errUnwritten
}
