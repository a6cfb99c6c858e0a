package api

import "github.com/jio-dag/jio/chain/types"

// Info says who answers.
type Info struct {
	Version         string     `json:"version"`
	Commit          string     `json:"commit"`
	Network         string     `json:"network"`
	AddressPrefix   string     `json:"addressPrefix"`
	BlocksPerSecond uint64     `json:"blocksPerSecond"`
	Genesis         types.Hash `json:"genesis"`
	Synced          bool       `json:"synced"`
	Index           bool       `json:"index"`   // transactions and addresses can be looked up
	Wallets         bool       `json:"wallets"` // the node keeps wallets
	Uptime          int64      `json:"uptime"`  // milliseconds
}

// The parameters of the methods about the chain, the pool, the miner and peers.
type (
	// BlockParams names a block.
	BlockParams struct {
		Hash         types.Hash `json:"hash"`
		Transactions bool       `json:"transactions,omitempty"`
	}
	// RangeParams asks for blocks by blue score, the selected chain's with their
	// merge sets, in consensus order. Limit 0 means as many as are allowed.
	RangeParams struct {
		From         uint64 `json:"from,omitempty"` // blue score
		Limit        int    `json:"limit,omitempty"`
		Transactions bool   `json:"transactions,omitempty"`
	}
	// DagParams asks for a piece of the DAG: so many chain blocks up to a blue
	// score, 0 for the tips.
	DagParams struct {
		Until  uint64 `json:"until,omitempty"`
		Blocks int    `json:"blocks,omitempty"`
	}
	// HeadersParams asks for headers of the selected chain.
	HeadersParams struct {
		From  uint64 `json:"from,omitempty"` // blue score
		Limit int    `json:"limit,omitempty"`
	}
	// TransactionParams names a transaction.
	TransactionParams struct {
		ID  types.Hash `json:"id"`
		Raw bool       `json:"raw,omitempty"`
	}
	// PooledParams names an unconfirmed transaction.
	PooledParams struct {
		ID types.Hash `json:"id"`
	}
	// VirtualChainParams asks for the way of the selected chain after a block.
	VirtualChainParams struct {
		Cursor types.Hash `json:"cursor,omitzero"` // zero starts before genesis
		Limit  int        `json:"limit,omitempty"`
	}
	// TemplateParams says whom a block shall pay.
	TemplateParams struct {
		PayTo string `json:"payTo"`
		Extra string `json:"extra,omitempty"` // hex, at most 64 bytes
	}
	// RawBlock is a block in its canonical encoding, in hex.
	RawBlock struct {
		Block string `json:"block"`
	}
	// RawTransaction is a transaction in its canonical encoding, in hex.
	RawTransaction struct {
		Transaction string `json:"transaction"`
	}
	// MempoolParams bounds the list of entries; 0 means as many as are allowed.
	MempoolParams struct {
		Limit int `json:"limit,omitempty"`
	}
	// AddressesParams names addresses.
	AddressesParams struct {
		Addresses []string `json:"addresses"`
	}
	// AddressHistoryParams asks for a page of an address's history, the newest
	// first, after the entry that Cursor of the page before named.
	AddressHistoryParams struct {
		Address string `json:"address"`
		Cursor  string `json:"cursor,omitempty"`
		Limit   int    `json:"limit,omitempty"`
	}
	// PeerParams names a peer: HOST:PORT or a multiaddress to add one, what a ban
	// names to lift it.
	PeerParams struct {
		Peer string `json:"peer"`
	}
	// BanParams bans a peer by its id or an address, or a network.
	BanParams struct {
		Peer    string `json:"peer"`
		Reason  string `json:"reason,omitempty"`
		Seconds int64  `json:"seconds,omitempty"` // 0 means a day
	}
	// MinerParams changes the miner; what is left out stays.
	MinerParams struct {
		Mining  *bool   `json:"mining,omitempty"`
		Threads *int    `json:"threads,omitempty"`
		PayTo   *string `json:"payTo,omitempty"`
	}
	// GenerateParams asks for blocks, on devnet and simnet.
	GenerateParams struct {
		Blocks uint64 `json:"blocks"`
		PayTo  string `json:"payTo,omitempty"` // "" pays what mining pays
	}
	// SearchParams is what a user typed into a search field.
	SearchParams struct {
		Text string `json:"text"`
	}
	// LogParams asks for log lines after a number.
	LogParams struct {
		After uint64 `json:"after,omitempty"`
		Limit int    `json:"limit,omitempty"`
	}
)

// The results of those methods that have no type of their own elsewhere.
type (
	// Blocks is a run of blocks; Next is the blue score to go on from, 0 at the end.
	Blocks struct {
		Blocks []Block `json:"blocks"`
		Next   uint64  `json:"next"`
	}
	// Headers is a run of headers.
	Headers struct {
		Headers []HashedHeader `json:"headers"`
		Next    uint64         `json:"next"`
	}
	// HashedHeader is a header with its hash.
	HashedHeader struct {
		Hash   types.Hash `json:"hash"`
		Header Header     `json:"header"`
	}
	// Tips are the blocks that none extends.
	Tips struct {
		Tips []Tip `json:"tips"`
	}
	// A Tip is a block that none extends yet.
	Tip struct {
		Hash      types.Hash `json:"hash"`
		BlueScore uint64     `json:"blueScore"`
		Timestamp int64      `json:"timestamp"`
		Sink      bool       `json:"sink"`
	}
	// BlockTemplate is a block that lacks nothing but a nonce.
	BlockTemplate struct {
		Block     string     `json:"block"` // hex
		Bits      uint32     `json:"bits"`
		Target    string     `json:"target"` // hex, big-endian
		PrePoW    types.Hash `json:"prePow"` // the hash of the header without nonce and timestamp
		Timestamp int64      `json:"timestamp"`
	}
	// Submitted names what was taken.
	Submitted struct {
		Hash types.Hash `json:"hash"` // of the block, or the id of the transaction
	}
	// AddressBalance is what an address has.
	AddressBalance struct {
		Address string  `json:"address"`
		Balance Balance `json:"balance"`
		Coins   int     `json:"coins"`
	}
	// Balances answers for several addresses.
	Balances struct {
		Balances []AddressBalance `json:"balances"`
	}
	// UTXOs are the unspent coins of addresses.
	UTXOs struct {
		UTXOs []UTXO `json:"utxos"`
	}
	// AddressHistory is a page of an address's history.
	AddressHistory struct {
		Entries []AddressEntry `json:"entries"`
		Cursor  string         `json:"cursor"` // "" at the end
	}
	// An AddressEntry is a transaction that touched an address.
	AddressEntry struct {
		ID         types.Hash   `json:"id"`
		AcceptedBy types.Hash   `json:"acceptedBy"`
		BlueScore  uint64       `json:"blueScore"`
		Time       int64        `json:"time"`
		Received   types.Amount `json:"received"`
		Spent      types.Amount `json:"spent"`
		Coinbase   bool         `json:"coinbase"`
	}
	// CoinSupply is what was issued.
	CoinSupply struct {
		Circulating types.Amount  `json:"circulating"`
		Maximum     *types.Amount `json:"maximum,omitempty"` // left out where coins are issued for ever: on devnet and simnet
		Coins       uint64        `json:"coins"`             // unspent
	}
	// Peers lists the connections.
	Peers struct {
		Peers []Peer `json:"peers"`
	}
	// Bans lists who is not talked to.
	Bans struct {
		Bans []Ban `json:"bans"`
	}
	// Generated tells what was made.
	Generated struct {
		Blocks uint64     `json:"blocks"`
		Sink   types.Hash `json:"sink"`
	}
	// Found is what a search came upon: one of "block", "transaction", "address"
	// and "" for nothing, and its name in full.
	Found struct {
		Kind string `json:"kind"`
		Name string `json:"name"`
	}
	// Logs are log lines, the oldest first.
	Logs struct {
		Lines []LogLine `json:"lines"`
	}
	// A LogLine is a line of the log. Numbers grow by one.
	LogLine struct {
		Number    uint64 `json:"number"`
		Time      int64  `json:"time"`
		Level     string `json:"level"` // DEBUG, INFO, WARN, ERROR
		Subsystem string `json:"subsystem"`
		Text      string `json:"text"` // message and attributes, control characters removed
	}
)

// The methods about the node, its chain, its pool, its miner and its peers.
var (
	GetInfo         = Method[None, Info]{"getInfo", Read, "Says which node answers and what it can do."}
	GetStatus       = Method[None, Status]{"getStatus", Read, "Returns all that a dashboard shows without asking further."}
	GetBlock        = Method[BlockParams, Block]{"getBlock", Read, "Returns a block and its place in the DAG."}
	GetBlocks       = Method[RangeParams, Blocks]{"getBlocks", Read, "Returns blocks in consensus order from a blue score on."}
	GetHeaders      = Method[HeadersParams, Headers]{"getHeaders", Read, "Returns headers of the selected chain from a blue score on."}
	GetTransaction  = Method[TransactionParams, Transaction]{"getTransaction", Read, "Returns a transaction with its accepting block and confirmations."}
	GetBlockDagInfo = Method[None, Dag]{"getBlockDagInfo", Read, "Describes the DAG: sink, tips, virtual, supply, the estimated hash rate of the network."}
	GetDag          = Method[DagParams, DagWindow]{"getDag", Read, "Returns a piece of the DAG as a picture needs it."}
	GetTips         = Method[None, Tips]{"getTips", Read, "Lists the blocks that none extends."}
	GetVirtualChain = Method[VirtualChainParams, VirtualChanged]{"getVirtualChain", Read, "Returns the way of the selected chain after a block: removed, then added, with accepted transaction ids."}

	GetBlockTemplate  = Method[TemplateParams, BlockTemplate]{"getBlockTemplate", Read, "Returns a block on virtual that lacks only proof of work."}
	SubmitBlock       = Method[RawBlock, Submitted]{"submitBlock", Read, "Adds a solved block."}
	SubmitTransaction = Method[RawTransaction, Submitted]{"submitTransaction", Read, "Offers a signed transaction to the pool."}

	GetMempool      = Method[MempoolParams, Mempool]{"getMempool", Read, "Lists unconfirmed transactions, the best payers first."}
	GetMempoolEntry = Method[PooledParams, MempoolEntry]{"getMempoolEntry", Read, "Returns an unconfirmed transaction."}
	GetFeeEstimate  = Method[None, FeeEstimate]{"getFeeEstimate", Read, "Offers three fee rates with the time each waits for a block."}

	GetUTXOsByAddresses    = Method[AddressesParams, UTXOs]{"getUtxosByAddresses", Read, "Lists the unspent coins of addresses."}
	GetBalancesByAddresses = Method[AddressesParams, Balances]{"getBalancesByAddresses", Read, "Returns the balances of addresses."}
	GetAddressHistory      = Method[AddressHistoryParams, AddressHistory]{"getAddressHistory", Read, "Lists the transactions that touched an address, the newest first."}
	GetCoinSupply          = Method[None, CoinSupply]{"getCoinSupply", Read, "Returns the coins issued so far."}
	Search                 = Method[SearchParams, Found]{"search", Read, "Finds a block or transaction by its hash or the beginning of it, a block by blue score, or an address."}

	GetPeers     = Method[None, Peers]{"getPeers", Read, "Lists the peers this node is connected to."}
	GetNetwork   = Method[None, Network]{"getNetwork", Read, "Says how this node is reached and what it knows of others."}
	SyncProgress = Method[None, Sync]{"syncProgress", Read, "Says how far the node is in getting what its peers have."}
	AddPeer      = Method[PeerParams, None]{"addPeer", Admin, "Connects to a peer and keeps it in mind."}
	DropPeer     = Method[PeerParams, None]{"dropPeer", Admin, "Ends the connection to a peer."}
	BanPeer      = Method[BanParams, None]{"banPeer", Admin, "Bans a peer, an address or a network."}
	UnbanPeer    = Method[PeerParams, None]{"unbanPeer", Admin, "Lifts a ban."}
	GetBans      = Method[None, Bans]{"getBans", Read, "Lists the bans."}

	GetMiner = Method[None, Miner]{"getMiner", Read, "Says what the miner does and did."}
	SetMiner = Method[MinerParams, Miner]{"setMiner", Admin, "Switches mining, sets its threads or the address it pays."}
	Generate = Method[GenerateParams, Generated]{"generate", Admin, "Makes blocks now, timestamps at the spacing; devnet and simnet only."}
	GetLogs  = Method[LogParams, Logs]{"getLogs", Admin, "Returns recent log lines."}
	Stop     = Method[None, None]{"stop", Admin, "Stops the node."}
)
