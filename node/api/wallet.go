package api

import "github.com/jio-dag/jio/chain/types"

// UsualWallet is what a wallet is called when its owner names none.
const UsualWallet = "main"

// A Balance is what a wallet or an account has, in four figures that do not
// overlap.
type Balance struct {
	Available types.Amount `json:"available"` // can be spent now
	Maturing  types.Amount `json:"maturing"`  // from coinbases that are too young
	Pending   types.Amount `json:"pending"`   // on the way in, not accepted yet
	Locked    types.Amount `json:"locked"`    // frozen, or locked by time
}

// A WalletSummary is a wallet in a list.
type WalletSummary struct {
	Name          string    `json:"name"`
	Open          bool      `json:"open"`
	Unlocked      bool      `json:"unlocked"`
	UnlockedUntil int64     `json:"unlockedUntil"` // milliseconds since 1970, 0 when locked
	WatchOnly     bool      `json:"watchOnly"`
	BackedUp      bool      `json:"backedUp"` // ever, by a backup file or by words typed again
	Balance       Balance   `json:"balance"`
	Accounts      []Account `json:"accounts"`
	Synced        bool      `json:"synced"`         // the wallet and the node are
	SyncedTo      uint64    `json:"syncedTo"`       // blue score
	SyncedAt      int64     `json:"syncedAt"`       // the time of that block, in milliseconds since 1970
	Scan          *Scan     `json:"scan,omitempty"` // a search for addresses that is under way
	NeedsUnlock   bool      `json:"needsUnlock"`    // it must be unlocked once, lest coins at further addresses be missed
	Failure       string    `json:"failure"`        // why it stopped, in words, "" while it works
}

// An Account is a part of a wallet with addresses of its own.
type Account struct {
	Index   uint32  `json:"index"`
	Name    string  `json:"name"`
	Balance Balance `json:"balance"`
	Address string  `json:"address"` // the current one to receive at
}

// A Scan is how far a search for used addresses is.
type Scan struct {
	Done    uint64       `json:"done"` // blue score
	Total   uint64       `json:"total"`
	Derived int          `json:"derived"` // addresses
	Used    int          `json:"used"`
	Found   types.Amount `json:"found"`
}

// A WalletAddress is an address of a wallet.
type WalletAddress struct {
	Address string       `json:"address"`
	Account uint32       `json:"account"`
	Change  bool         `json:"change"`
	Index   uint32       `json:"index"`
	Label   string       `json:"label"`
	Used    bool         `json:"used"`
	Balance types.Amount `json:"balance"`
	Key     string       `json:"key,omitempty"`     // hex, of a single key
	Policy  string       `json:"policy,omitempty"`  // unless it is a single key
	Meaning string       `json:"meaning,omitempty"` // of the policy, in words
}

// A WalletCoin is an unspent coin of a wallet.
type WalletCoin struct {
	UTXO
	Account uint32 `json:"account"`
	Label   string `json:"label"`
	Frozen  bool   `json:"frozen"`
	State   string `json:"state"` // available, maturing, pending, frozen, locked, spending
	Until   uint64 `json:"until"` // the blue score at which it can be spent, 0 for now
}

// A HistoryEntry is a transaction or a coinbase as a wallet sees it.
type HistoryEntry struct {
	ID            types.Hash    `json:"id"`
	Time          int64         `json:"time"`   // accepted, else first seen, in milliseconds since 1970
	Kind          string        `json:"kind"`   // received, sent, self, compound, mined
	State         string        `json:"state"`  // pending, accepted, confirmed, conflicted, replaced, abandoned, unpaid
	Amount        types.Amount  `json:"amount"` // what came or went, without the fee
	Incoming      bool          `json:"incoming"`
	Fee           *types.Amount `json:"fee,omitempty"` // when this wallet paid it
	Account       uint32        `json:"account"`
	Addresses     []string      `json:"addresses"` // paid to, or received at
	Label         string        `json:"label"`
	Confirmations uint64        `json:"confirmations"`
	AcceptedBy    types.Hash    `json:"acceptedBy"`
	Block         types.Hash    `json:"block"` // of a mined coin: the block that earned it
	Note          string        `json:"note"`  // such as why a mined block was not paid, in words
}

// A Payment is a recipient and an amount.
type Payment struct {
	Address string       `json:"address"`
	Amount  types.Amount `json:"amount,omitzero"` // left out where the recipient is paid all that is left
	Label   string       `json:"label,omitempty"` // becomes a part of the payment's
}

// A SendRequest says what is to be paid. Fee names a choice of the estimate;
// FeeRate, in jots per unit of weight, is given in its place.
type SendRequest struct {
	Wallet       string        `json:"wallet,omitempty"`
	Account      uint32        `json:"account,omitempty"`
	Payments     []Payment     `json:"payments"`
	Max          bool          `json:"max,omitempty"` // pay everything to the only recipient
	Fee          string        `json:"fee,omitempty"` // low, normal, priority; "" is normal
	FeeRate      float64       `json:"feeRate,omitempty"`
	Coins        []Outpoint    `json:"coins,omitempty"` // only these, when there are any
	AllowHighFee bool          `json:"allowHighFee,omitempty"`
	MaxFee       *types.Amount `json:"maxFee,omitempty"` // refuses to pay more in all steps, such as what a plan said
	Label        string        `json:"label,omitempty"`
}

// A SendPlan is what sending would do. It holds no coin: the plan is made anew
// when it is carried out, and refused when it would cost more.
type SendPlan struct {
	Steps    []SendStep   `json:"steps"` // several when the coins must be joined first
	Payments []Payment    `json:"payments"`
	Amount   types.Amount `json:"amount"` // to the recipients
	Fee      types.Amount `json:"fee"`    // of all steps
	Total    types.Amount `json:"total"`
	FeeRate  float64      `json:"feeRate"`
	Seconds  float64      `json:"seconds"` // until a block carries the last step
	Warnings []string     `json:"warnings"`
}

// A SendStep is one transaction of a plan.
type SendStep struct {
	Inputs  []Input      `json:"inputs"`
	Outputs []Output     `json:"outputs"`
	Change  *Output      `json:"change,omitempty"`
	Weight  uint64       `json:"weight"`
	Fee     types.Amount `json:"fee"`
}

// A Sent is a payment on its way.
type Sent struct {
	IDs   []types.Hash `json:"ids"`  // of the transactions sent so far, the payment last when it is among them
	Step  int          `json:"step"` // the step that was sent, of Steps
	Steps int          `json:"steps"`
	Fee   types.Amount `json:"fee"`
	Kept  string       `json:"kept"` // why it could not be sent yet and will be tried again, in words, "" when it was sent
}

// A Contact is an entry of the address book.
type Contact struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}
