package api

import "github.com/jio-dag/jio/chain/types"

// A Header is the header of a block.
type Header struct {
	Version        uint32        `json:"version"`
	Parents        []types.Hash  `json:"parents"` // the selected parent first
	MerkleRoot     types.Hash    `json:"merkleRoot"`
	AcceptedRoot   types.Hash    `json:"acceptedRoot"`
	UTXOCommitment types.Hash    `json:"utxoCommitment"`
	Timestamp      int64         `json:"timestamp"` // milliseconds since 1970
	Bits           uint32        `json:"bits"`
	Nonce          uint64        `json:"nonce,string"`
	DAAScore       uint64        `json:"daaScore"`
	BlueWork       types.Uint256 `json:"blueWork"`
	BlueScore      uint64        `json:"blueScore"`
	PruningPoint   types.Hash    `json:"pruningPoint"`
	HistoryRoot    types.Hash    `json:"historyRoot"`
	StateRoot      types.Hash    `json:"stateRoot"`
	FinalityRef    types.Hash    `json:"finalityRef"`
}

// A Block is a block and where it stands in the DAG.
type Block struct {
	Hash          types.Hash    `json:"hash"`
	Header        Header        `json:"header"`
	Status        string        `json:"status"` // header-only, body-valid, chain-valid, disqualified
	Fate          string        `json:"fate"`   // pending, chain, blue, red
	Height        uint64        `json:"height"` // selected-parent steps from genesis
	Difficulty    float64       `json:"difficulty"`
	Children      []types.Hash  `json:"children"`
	MergeSetBlues []types.Hash  `json:"mergeSetBlues"` // the selected parent first
	MergeSetReds  []types.Hash  `json:"mergeSetReds"`
	MergedBy      types.Hash    `json:"mergedBy"` // the chain block that merged it, zero while none has
	WhyRed        *WhyRed       `json:"whyRed,omitempty"`
	Miner         string        `json:"miner"` // the address its coinbase asks to pay
	Extra         string        `json:"extra"` // of the coinbase, printable characters only
	Paid          string        `json:"paid"`  // who was paid for it and by which block, in words
	TxCount       int           `json:"txCount"`
	Transactions  []Transaction `json:"transactions,omitempty"` // when asked for
}

// WhyRed says why GHOSTDAG made a block red: the blues it cannot stand beside.
type WhyRed struct {
	Sentence string       `json:"sentence"`
	Merger   types.Hash   `json:"merger"` // the chain block in whose eyes it is red
	K        uint64       `json:"k"`
	Anticone []types.Hash `json:"anticone"` // the blues of its anticone there
	Crowded  types.Hash   `json:"crowded"`  // or the blue whose own anticone would pass k, zero when none
}

// A Transaction is a transaction, with what is known of its coins.
type Transaction struct {
	ID            types.Hash    `json:"id"`
	Hash          types.Hash    `json:"hash"` // with unlocks
	Version       uint16        `json:"version"`
	Inputs        []Input       `json:"inputs"`
	Outputs       []Output      `json:"outputs"`
	LockTime      uint64        `json:"lockTime,string"` // 0, a blue score, or milliseconds since 1970
	Payload       string        `json:"payload"`         // hex
	Mass          uint64        `json:"mass"`            // the declared storage weight
	Weight        uint64        `json:"weight"`
	Size          int           `json:"size"` // bytes
	Coinbase      bool          `json:"coinbase"`
	Fee           *types.Amount `json:"fee,omitempty"` // when its coins are known
	Blocks        []types.Hash  `json:"blocks"`        // that contain it
	AcceptedBy    types.Hash    `json:"acceptedBy"`    // the chain block, zero while none has
	AcceptedAt    int64         `json:"acceptedAt"`    // its time, in milliseconds since 1970
	Confirmations uint64        `json:"confirmations"` // blue score above the accepting block, plus one
	InMempool     bool          `json:"inMempool"`
	State         string        `json:"state"`         // pending, unaccepted (in a block, and not accepted), accepted, confirmed
	Raw           string        `json:"raw,omitempty"` // hex, when asked for
}

// An Outpoint names an output: its transaction and its position there.
type Outpoint struct {
	TransactionID types.Hash `json:"transactionId"`
	Index         uint32     `json:"index"`
}

// An Input spends a coin.
type Input struct {
	Outpoint Outpoint      `json:"outpoint"`
	Sequence uint64        `json:"sequence,string"` // a relative lock in blue score, unless bit 63 is set
	Address  string        `json:"address"`         // of the coin, "" when not known
	Amount   *types.Amount `json:"amount,omitempty"`
}

// An Output makes a coin.
type Output struct {
	Address string       `json:"address"`
	Amount  types.Amount `json:"amount"`
}

// A UTXO is an unspent coin.
type UTXO struct {
	Outpoint  Outpoint     `json:"outpoint"`
	Address   string       `json:"address"`
	Amount    types.Amount `json:"amount"`
	BlueScore uint64       `json:"blueScore"` // of the accepting block
	Coinbase  bool         `json:"coinbase"`
	Mature    bool         `json:"mature"`
}

// A DagWindow is a piece of the DAG, as a picture needs it: the chain blocks of
// a range of blue scores with their merge sets and, at the upper end, what is
// not merged yet. The blocks are in topological order.
type DagWindow struct {
	Blocks []DagBlock `json:"blocks"`
	Sink   types.Hash `json:"sink"`
	Cut    bool       `json:"cut"` // more is not merged than fits: some tips are left out, with what only they have below them
}

// A DagBlock is a block in a picture of the DAG.
type DagBlock struct {
	Hash      types.Hash   `json:"hash"`
	Parents   []types.Hash `json:"parents"` // the selected parent first
	Fate      string       `json:"fate"`    // pending, chain, blue, red
	MergedBy  types.Hash   `json:"mergedBy"`
	Height    uint64       `json:"height"`
	BlueScore uint64       `json:"blueScore"`
	DAAScore  uint64       `json:"daaScore"`
	Timestamp int64        `json:"timestamp"` // milliseconds since 1970
	TxCount   int          `json:"txCount"`
	Miner     string       `json:"miner"` // the address its coinbase asks to pay
	Tip       bool         `json:"tip"`
}
