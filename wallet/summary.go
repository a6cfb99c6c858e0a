package wallet

import (
	"time"

	"github.com/jio-dag/jio/chain/types"
)

// A Place is where on the selected chain a wallet stands.
type Place struct {
	Block      types.Hash // zero before genesis
	BlueScore  uint64
	DAAScore   uint64
	Timestamp  uint64 // of the block, milliseconds since 1970
	MedianTime uint64 // past median time of the block, milliseconds since 1970
}

// A Scan is how far a wallet is on its way from where it began to the sink, and
// what it has found.
type Scan struct {
	From, At, To uint64 // blue scores
	Derived      int    // addresses
	Used         int    // of them
	Found        types.Amount
}

// A Summary is a wallet at a moment. It is immutable and shared by all readers.
type Summary struct {
	Name      string
	WatchOnly bool
	Created   time.Time
	Birthday  uint64    // no coins came earlier, milliseconds since 1970; 0 is unknown
	BackedUp  time.Time // zero when it never was

	Unlocked bool
	LocksAt  time.Time // when it is not used before

	Balance  Balance
	Accounts []AccountSummary
	AsOf     Place // what all figures but the pending ones speak of
	Synced   bool  // the wallet stands at the chain's sink
	Scan     *Scan // while it searches the chain; figures are "at least" until it is done

	Pending []types.Hash // transactions of its own that wait to be accepted, the oldest first

	// NeedsUnlock says that a chain of addresses has come within the gap limit
	// of its end: until the wallet is unlocked once, coins further on may be missed.
	NeedsUnlock bool

	Err error // why the wallet has stopped; nil while it works
}

// An AccountSummary is an account at a moment.
type AccountSummary struct {
	Account
	Balance Balance
	Address types.Address // to receive at: the last handed out, while it is unused
}

// An Account is a part of a wallet with addresses of its own.
type Account struct {
	Number uint32 // the account' step of the path
	Label  string
	Next   [2]uint32 // addresses handed out on the receive and on the change chain
	Used   [2]uint32 // one past the last that coins have come to
	Stock  [2]uint32 // addresses derived
}

// A Role says how an address came to the wallet.
type Role uint8

// The roles of addresses. The first two are also the chain' step of the path.
const (
	RoleReceive  Role = iota // derived, to receive at
	RoleChange               // derived, to take change
	RoleImported             // of a single seed
	RoleWatched              // a key or an address without its secret
	RolePolicy               // of a policy with several keys or conditions
)

// String returns the role in a word.
func (r Role) String() string {
	return [...]string{"receive", "change", "imported", "watched", "policy"}[r]
}

// An AddressInfo is an address of the wallet.
type AddressInfo struct {
	Address types.Address
	Account uint32
	Role    Role
	Index   uint32        // among the derived ones of its role
	Policy  *types.Policy // what spends it; nil when only the address is known
	Used    bool          // coins have come to it
	Issued  bool          // it was handed out
	Far     bool          // so many unused ones come before it that others may not find it from the words
	Balance types.Amount  // unspent on the chain
	Label   string
}

// A Contact is an entry of the address book.
type Contact struct {
	Name    string
	Address types.Address
	Note    string
}
