package api

import "github.com/jio-dag/jio/chain/types"

// A Status is the state of a node at one moment, all that a dashboard shows
// without asking further. It is immutable and shared by its readers.
type Status struct {
	Network         string     `json:"network"`
	Version         string     `json:"version"`
	DataDir         string     `json:"dataDir"` // of the network
	AddressPrefix   string     `json:"addressPrefix"`
	BlocksPerSecond uint64     `json:"blocksPerSecond"` // the target
	K               uint64     `json:"k"`               // of GHOSTDAG
	Maturity        uint64     `json:"maturity"`        // blue score that a coinbase's coins wait
	Genesis         types.Hash `json:"genesis"`
	Taken           int64      `json:"taken"`  // when, in milliseconds since 1970
	Uptime          int64      `json:"uptime"` // milliseconds

	Dag

	Synced  bool            `json:"synced"`
	Sync    Sync            `json:"sync"`
	Peers   PeerCount       `json:"peers"`
	Mempool Pool            `json:"mempool"`
	Mining  bool            `json:"mining"` // whether blocks are being searched now
	Miner   Miner           `json:"miner"`
	Wallets []WalletSummary `json:"wallets"`
	System  System          `json:"system"`
}

// A Dag describes the block DAG: its sink, its tips and virtual.
type Dag struct {
	Sink           types.Hash    `json:"sink"`
	SinkTimestamp  int64         `json:"sinkTimestamp"` // milliseconds since 1970
	SinkBlueScore  uint64        `json:"sinkBlueScore"`
	BlueScore      uint64        `json:"blueScore"` // of virtual, as those below
	DAAScore       uint64        `json:"daaScore"`
	BlueWork       types.Uint256 `json:"blueWork"` // of the sink
	MedianTime     int64         `json:"medianTime"`
	Bits           uint32        `json:"bits"`
	Difficulty     float64       `json:"difficulty"`  // expected hashes a block
	NetworkRate    float64       `json:"networkRate"` // estimated hashes a second of all miners, from the work and the timestamps of the latest blocks
	BlockRate      float64       `json:"blockRate"`   // blocks a second over the last minute
	Tips           []types.Hash  `json:"tips"`
	VirtualParents []types.Hash  `json:"virtualParents"` // the sink first
	PruningPoint   types.Hash    `json:"pruningPoint"`
	FinalityPoint  types.Hash    `json:"finalityPoint"`
	Headers        uint64        `json:"headers"`
	Blocks         uint64        `json:"blocks"` // headers with bodies
	Supply         types.Amount  `json:"supply"`
	Coins          uint64        `json:"coins"` // unspent outputs
	UTXOCommitment types.Hash    `json:"utxoCommitment"`
}

// A Sync is how far the node is in getting what its peers have.
type Sync struct {
	Stage   string   `json:"stage"` // peers, negotiate, headers, bodies, state, done
	Step    int      `json:"step"`  // of Steps, from 1
	Steps   int      `json:"steps"`
	Done    uint64   `json:"done"`
	Total   uint64   `json:"total"`   // 0 when not known yet
	Rate    float64  `json:"rate"`    // per second, over a moving window
	ETA     int64    `json:"eta"`     // milliseconds, -1 when not known
	From    []string `json:"from"`    // the peers used
	Until   int64    `json:"until"`   // the time of the newest block had, in milliseconds since 1970
	Message string   `json:"message"` // what goes on, in words, "" when nothing needs saying
}

// A PeerCount counts connections.
type PeerCount struct {
	Outbound int `json:"outbound"`
	Inbound  int `json:"inbound"`
}

// A System is what the process costs its machine.
type System struct {
	MemoryBytes uint64  `json:"memoryBytes"` // resident
	DiskBytes   uint64  `json:"diskBytes"`   // of the network's directory
	DiskFree    uint64  `json:"diskFree"`
	CPUSeconds  float64 `json:"cpuSeconds"`
	BytesIn     uint64  `json:"bytesIn"` // from peers, since the start
	BytesOut    uint64  `json:"bytesOut"`
	Goroutines  int     `json:"goroutines"`
}

// A Miner is what the miner does and did. Rates are in hashes a second.
type Miner struct {
	Available  bool      `json:"available"` // the node can mine
	Wanted     bool      `json:"wanted"`    // switched on, even while it pauses
	Running    bool      `json:"running"`
	Paused     string    `json:"paused"` // why it pauses, in words, "" when it does not
	Threads    int       `json:"threads"`
	MaxThreads int       `json:"maxThreads"`
	Engine     string    `json:"engine"`    // the algorithm and its implementation
	PayTo      string    `json:"payTo"`     // the address that mining pays
	Throwaway  bool      `json:"throwaway"` // PayTo is the key file under the data directory
	Rate10s    float64   `json:"rate10s"`
	Rate60s    float64   `json:"rate60s"`
	Rate15m    float64   `json:"rate15m"`
	RateMax    float64   `json:"rateMax"`
	PerThread  []float64 `json:"perThread"`
	Found      uint64    `json:"found"`
	Chain      uint64    `json:"chain"`
	Blue       uint64    `json:"blue"`
	Red        uint64    `json:"red"`
	Stale      uint64    `json:"stale"`
	Pending    uint64    `json:"pending"`
	BlockTime  float64   `json:"blockTime"` // expected seconds to a block, 0 when not known
}
