package wallet

import (
	"github.com/jio-dag/jio/chain/types"
)

// A Kind says what a history entry is.
type Kind uint8

// The kinds of history entries.
const (
	KindReceived Kind = iota + 1 // coins came from somebody else
	KindSent                     // coins went to somebody else
	KindSelf                     // coins moved within the wallet
	KindCompound                 // coins moved within the wallet and became one
	KindCoinbase                 // blocks of one's own were paid
	KindUnpaid                   // a block of one's own was merged and not paid
)

// String returns the kind in a word.
func (k Kind) String() string {
	return [...]string{"", "received", "sent", "self", "compound", "coinbase", "unpaid"}[k]
}

// A Status says how far a transaction has come.
type Status uint8

// The statuses of a transaction.
const (
	StatusPending    Status = iota + 1 // no chain block has accepted it
	StatusAccepted                     // a chain block has
	StatusConflicted                   // a chain block accepted another that spends the same coin
	StatusReplaced                     // the wallet made another in its place
	StatusAbandoned                    // its owner gave it up
)

// String returns the status in a word.
func (s Status) String() string {
	return [...]string{"", "pending", "accepted", "conflicted", "replaced", "abandoned"}[s]
}

// A Part is an output of a transaction, or the coin behind an input. Of a coin
// that is not the wallet's only the address is known, from the unlock.
type Part struct {
	Address types.Address
	Value   types.Amount
	Ours    bool
	Account uint32 // when Ours
}

// An Entry is a transaction as the wallet sees it, or a block of its own that
// was not paid. Times are in milliseconds since 1970.
type Entry struct {
	ID            types.Hash // of the transaction; of the block, for KindUnpaid
	Kind          Kind
	Status        Status
	Received      types.Amount // in outputs of the wallet
	Spent         types.Amount // in coins of the wallet
	Fee           types.Amount // when PaidFee
	PaidFee       bool         // all coins spent are the wallet's, so the fee is known
	Inputs        []Part
	Outputs       []Part
	Block         types.Hash // that carries it, when accepted
	AcceptedBy    types.Hash // the chain block
	BlueScore     uint64     // of that chain block
	Time          uint64     // of that chain block; else when the wallet first saw it
	Seen          uint64     // when the wallet first saw it, by the local clock
	Confirmations uint64     // chain depth in blue score: 1 when the last chain block accepted it
	Spendable     uint64     // of a coinbase: the blue score at which it can be spent
	Step, Steps   int        // of a payment in several transactions, counted from 1
	Replaces      types.Hash // the transaction in whose place it was made
	ReplacedBy    types.Hash
	Label         string
	Note          string // in words: why a block was not paid, why a transaction does not move
}

// Incoming reports whether the wallet has more after the transaction than
// before.
func (e *Entry) Incoming() bool { return e.Received.Cmp(e.Spent) > 0 }

// Amount returns what came or went, without a fee that the wallet paid; what was
// moved, where coins stayed in the wallet.
func (e *Entry) Amount() types.Amount {
	if e.Kind == KindSelf || e.Kind == KindCompound {
		return e.Received
	}
	if came, ok := e.Received.Sub(e.Spent); ok {
		return came
	}
	went, _ := e.Spent.Sub(e.Received)
	less, _ := went.Sub(e.Fee) // the fee is part of what went, or not known and 0
	return less
}

// A Query asks for a page of history. The zero Query asks for all of it.
type Query struct {
	Offset, Limit int    // Limit 0 is no limit
	Match         string // part of a label, an id or an address in its text form
	Account       *uint32
}
