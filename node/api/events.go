package api

import "github.com/jio-dag/jio/chain/types"

// A Subscription asks for the events of a topic, with no more than the topic
// takes. With a cursor, virtualChanged and utxosChanged begin after that chain
// block, so that a subscriber that was away misses nothing; without one their
// first event holds nothing but the cursor at which they begin.
type Subscription struct {
	Topic     string      `json:"topic"`
	Cursor    *types.Hash `json:"cursor,omitempty"`    // of virtualChanged and utxosChanged
	Addresses []string    `json:"addresses,omitempty"` // of utxosChanged, which needs them
	Wallet    string      `json:"wallet,omitempty"`    // of walletChanged, "" for all
}

// BlockAdded tells of a new block.
type BlockAdded struct {
	Hash    types.Hash `json:"hash"`
	Header  Header     `json:"header"`
	TxCount int        `json:"txCount"`
}

// VirtualChanged tells how the selected chain went on: blocks that left it, the
// former tip first, then blocks that came, the lowest first. Cursor is what a
// later subscription begins after.
type VirtualChanged struct {
	Removed []types.Hash     `json:"removed"`
	Added   []AcceptingBlock `json:"added"`
	Cursor  types.Hash       `json:"cursor"`
}

// An AcceptingBlock is a chain block and the transactions it accepted, its
// merge set's coinbase first.
type AcceptingBlock struct {
	Hash      types.Hash   `json:"hash"`
	BlueScore uint64       `json:"blueScore"`
	Accepted  []types.Hash `json:"accepted"`
}

// UTXOsChanged tells which coins of the watched addresses came and went.
type UTXOsChanged struct {
	Added   []UTXO     `json:"added"`
	Removed []Outpoint `json:"removed"`
	Cursor  types.Hash `json:"cursor"`
}

// NewTemplate tells that a better block to mine exists.
type NewTemplate struct {
	VirtualParents []types.Hash `json:"virtualParents"`
	Bits           uint32       `json:"bits"`
}

// WalletChanged tells that a wallet has something new to show.
type WalletChanged struct {
	Wallet  string  `json:"wallet"`
	Balance Balance `json:"balance"`
}
