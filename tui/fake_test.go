package tui

import (
	"encoding/binary"
	"reflect"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// payTo is an address of devnet.
var payTo = types.Address{Hash: hash(7)}.Text("jiodev")

// sequence returns the commands of the library's message for commands that run
// one after the other; its type is not exported.
func sequence(msg tea.Msg) (cmds []tea.Cmd, ok bool) {
	v := reflect.ValueOf(msg)
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	for i := range v.Len() {
		cmds = append(cmds, v.Index(i).Interface().(tea.Cmd))
	}
	return cmds, true
}

func jio(text string) types.Amount {
	a, err := types.ParseAmount(text)
	if err != nil {
		panic(err)
	}
	return a
}

func hash(n int) (h types.Hash) {
	binary.BigEndian.PutUint32(h[:], uint32(n+1)*2654435761)
	binary.BigEndian.PutUint32(h[28:], uint32(n)+0xe0e00001)
	return h
}

// newFake returns a backend whose node has a lively DAG, a wallet and a history.
func newFake() *fake {
	at := noon.UnixMilli()
	f := &fake{status: &api.Status{
		Network: "devnet", Version: "0.1.0", AddressPrefix: "jiodev", BlocksPerSecond: 1, K: 18, Maturity: 100, Taken: at, Uptime: 187_860_000,
		Dag: api.Dag{
			Sink: hash(40), SinkTimestamp: at - 1200, SinkBlueScore: 1_204_640, BlueScore: 1_204_641, DAAScore: 1_204_881,
			Difficulty: 2.11e6, NetworkRate: 4.21e6, BlockRate: 1.02, Tips: []types.Hash{hash(40), hash(41), hash(42)},
			VirtualParents: []types.Hash{hash(40), hash(41)}, Headers: 1_250_000, Blocks: 1_250_000, Supply: jio("240976.2"), Coins: 40_000,
		},
		Synced: true, Sync: api.Sync{Stage: "done", Step: 6, Steps: 6, ETA: -1}, Peers: api.PeerCount{Outbound: 8, Inbound: 3},
		Mempool: api.Pool{Entries: 14, Bytes: 3100, MaxBytes: 268_435_456},
		Miner: api.Miner{
			Available: true, Threads: 4, MaxThreads: 16, Engine: "kheavyhash avx512", PayTo: payTo,
			Rate10s: 1.21e6, Rate60s: 1.2e6, Rate15m: 1.18e6, RateMax: 1.25e6, PerThread: []float64{302e3, 301e3, 305e3, 299e3},
			Found: 12, Chain: 7, Blue: 4, Red: 1, BlockTime: 1260,
		},
		Wallets: []api.WalletSummary{{
			Name: "default", Open: true, Unlocked: true, UnlockedUntil: at + 252_000, BackedUp: true, Synced: true,
			Balance:  api.Balance{Available: jio("12408.5"), Maturing: jio("500"), Pending: jio("25"), Locked: jio("0")},
			Accounts: []api.Account{{Index: 0, Name: "savings", Address: payTo}},
		}},
		System: api.System{MemoryBytes: 212e6, DiskBytes: 3.4e9, DiskFree: 61e9, Goroutines: 184},
	}, answers: map[string]any{}}
	f.answers["getDag"] = lively(f.status)
	f.answers["getHistory"] = someHistory()
	f.answers["getPeers"] = api.Peers{Peers: []api.Peer{
		{ID: "12D3KooWA", Address: "203.0.113.7:16311", Outbound: true, Agent: "jio/0.1.0", PingMS: 41, Score: 12, BytesIn: 5e6, BytesOut: 2e6, DAAScore: 1_204_881, State: "relaying"},
		{ID: "12D3KooWB", Address: "192.0.2.14:51442", Agent: "evil\x1b[2J\u202ename 世界", PingMS: 133, Score: -20, DAAScore: 900, State: "headers"},
	}}
	f.answers["getNetwork"] = api.Network{PeerID: "12D3KooWSelf", Listening: []string{"/ip4/203.0.113.7/tcp/16311", "/ip4/203.0.113.7/udp/16311/quic-v1"}, Public: "unknown", Known: 240, Bans: []api.Ban{{Target: "198.51.100.3", Reason: "invalid proof of work", Until: at + 7_200_000}}}
	f.answers["getMempool"] = api.Mempool{Pool: f.status.Mempool, Listed: []api.MempoolEntry{
		{ID: hash(900), Fee: jio("0.0002"), FeeRate: 12.5, Weight: 1600, Size: 320, Added: at - 2500},
		{ID: hash(901), Fee: jio("0.00002036"), FeeRate: 1, Weight: 2036, Size: 410, Added: at - 60_000},
	}, Histogram: []api.FeeBucket{{FeeRate: 1, Entries: 9, Weight: 18_000}, {FeeRate: 10, Entries: 5, Weight: 8000}}}
	f.answers["getFeeEstimate"] = api.FeeEstimate{Priority: api.FeeChoice{FeeRate: 12.5, Seconds: 1}, Normal: api.FeeChoice{FeeRate: 2, Seconds: 12}, Low: api.FeeChoice{FeeRate: 1, Seconds: 300}}
	f.answers["getLogs"] = api.Logs{Lines: []api.LogLine{
		{Number: 1, Time: at - 5000, Level: "DEBUG", Subsystem: "chain", Text: "looked at something"},
		{Number: 2, Time: at - 900, Level: "INFO", Subsystem: "miner", Text: "found a block hash=" + hash(40).String()},
		{Number: 3, Time: at - 100, Level: "WARN", Subsystem: "p2p", Text: "a peer is slow"},
	}}
	f.answers["getAddresses"] = api.WalletAddresses{Addresses: []api.WalletAddress{{Address: payTo, Used: true, Balance: jio("12408.5"), Label: "rent"}}}
	f.answers["getCoins"] = api.WalletCoins{Total: 1, Coins: []api.WalletCoin{{UTXO: api.UTXO{Outpoint: api.Outpoint{TransactionID: hash(77), Index: 1}, Amount: jio("500"), BlueScore: 1_204_600}, State: "maturing", Until: 1_204_700}}}
	f.answers["getContacts"] = api.Contacts{Contacts: []api.Contact{{Name: "alice", Address: payTo}}}
	return f
}

func someHistory() api.History {
	at := noon.UnixMilli()
	fee := jio("0.00002036")
	return api.History{Total: 3, Entries: []api.HistoryEntry{
		{ID: hash(500), Time: at - 252_000, Kind: "mined", State: "accepted", Amount: jio("500"), Incoming: true, Confirmations: 14},
		{ID: hash(501), Time: at - 760_000, Kind: "sent", State: "pending", Amount: jio("1"), Fee: &fee, Addresses: []string{payTo}, Label: "alice"},
		{ID: hash(502), Time: at - 10_000_000, Kind: "received", State: "confirmed", Amount: jio("25"), Incoming: true, Addresses: []string{payTo}, Confirmations: 900},
	}}
}

// lively returns a DAG with parallel blocks, reds and tips.
func lively(s *api.Status) api.DagWindow {
	w := api.DagWindow{Sink: s.Sink}
	add := func(n int, fate string, merger int, parents ...int) {
		b := api.DagBlock{
			Hash: hash(n), Fate: fate, Height: uint64(n), BlueScore: 1_204_600 + uint64(n), DAAScore: 1_204_841 + uint64(n),
			Timestamp: noon.UnixMilli() - int64(41-n)*1000, TxCount: n % 5, Miner: payTo, Tip: n >= 40,
		}
		if merger > 0 {
			b.MergedBy = hash(merger)
		}
		for _, p := range parents {
			b.Parents = append(b.Parents, hash(p))
		}
		w.Blocks = append(w.Blocks, b)
	}
	onChain := func(n int) bool { return n%4 != 1 && n%7 != 3 }
	merger := func(n int) int { // the first chain block from there on
		for !onChain(n) {
			n++
		}
		return n
	}
	chain := 0
	add(0, "chain", 0)
	for n := 1; n < 40; n++ {
		switch {
		case onChain(n):
			add(n, "chain", 0, chain)
			chain = n
		case n%4 == 1:
			add(n, "blue", merger(n+3), chain)
		default:
			add(n, "red", merger(n+2), chain)
		}
	}
	add(40, "chain", 0, chain)
	add(41, "pending", 0, chain)
	add(42, "pending", 0, chain)
	return w
}
