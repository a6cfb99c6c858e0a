package api

import "github.com/jio-dag/jio/chain/types"

// A Pool sums up the unconfirmed transactions.
type Pool struct {
	Entries  int `json:"entries"`
	Bytes    int `json:"bytes"`
	MaxBytes int `json:"maxBytes"`
	Orphans  int `json:"orphans"`
}

// A MempoolEntry is an unconfirmed transaction. Fee rates are in jots per unit
// of weight.
type MempoolEntry struct {
	ID          types.Hash   `json:"id"`
	Fee         types.Amount `json:"fee"`
	FeeRate     float64      `json:"feeRate"`
	Weight      uint64       `json:"weight"`
	Size        int          `json:"size"`
	Added       int64        `json:"added"` // milliseconds since 1970
	Transaction *Transaction `json:"transaction,omitempty"`
}

// A Mempool lists the unconfirmed transactions, the best payers first.
type Mempool struct {
	Pool
	Listed    []MempoolEntry `json:"listed"`
	Histogram []FeeBucket    `json:"histogram"` // the lowest rate first
}

// A FeeBucket counts the transactions that pay at least a rate, and less than
// the next bucket's.
type FeeBucket struct {
	FeeRate float64 `json:"feeRate"`
	Entries int     `json:"entries"`
	Weight  uint64  `json:"weight"`
}

// A FeeEstimate offers three fee rates and how long each waits for a block.
type FeeEstimate struct {
	Priority FeeChoice `json:"priority"`
	Normal   FeeChoice `json:"normal"`
	Low      FeeChoice `json:"low"`
}

// A FeeChoice is a fee rate in jots per unit of weight, and the wait for a
// block in seconds.
type FeeChoice struct {
	FeeRate float64 `json:"feeRate"`
	Seconds float64 `json:"seconds"`
}
