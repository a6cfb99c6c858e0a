package wallet_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/wallet"
)

// A feed is a chain made up beforehand: what following it costs is the wallet's
// own.
type feed struct {
	updates []chain.Update
	heights map[types.Hash]int
	blocks  map[types.Hash]types.Block
}

// Shape of a feed: a busy network at 10 blocks a second.
const (
	feedMerged  = 3  // blocks a chain block merges
	feedPayers  = 30 // transactions in each
	feedMineOne = 50 // chain blocks to one that pays the wallet
)

func newFeed(steps int, mine types.Address) *feed {
	f := &feed{heights: make(map[types.Hash]int), blocks: make(map[types.Hash]types.Block)}
	var parent types.Hash
	for i := range steps {
		u := chain.Update{Hash: hashOf(i, 0), Parent: parent, BlueScore: uint64(feedMerged * i), Acceptance: new(utxo.Acceptance)}
		f.blocks[u.Hash] = types.Block{Header: types.Header{Timestamp: uint64(i + 1)}}
		for j := range feedMerged {
			f.merge(&u, hashOf(i, j+1), i%feedMineOne == 0 && j == 0, mine)
		}
		sortEntries(u.Acceptance.Diff.Created)
		f.heights[u.Hash], parent = i, u.Hash
		f.updates = append(f.updates, u)
	}
	return f
}

func hashOf(i, j int) (h types.Hash) {
	binary.LittleEndian.PutUint64(h[:], uint64(i))
	binary.LittleEndian.PutUint64(h[8:], uint64(j)+1)
	return h
}

func sortEntries(entries []utxo.Entry) {
	slices.SortFunc(entries, func(a, b utxo.Entry) int { return a.Outpoint.TxID.Compare(b.Outpoint.TxID) })
}

// merge adds a block of transactions of one input and two outputs.
func (f *feed) merge(u *chain.Update, h types.Hash, pays bool, mine types.Address) {
	coinbase := types.Transaction{Version: 1, SubnetworkID: types.CoinbaseSubnetwork, Payload: make([]byte, 49)}
	txs := []types.Transaction{coinbase}
	accepted := utxo.AcceptedBlock{Hash: h}
	unlock := types.Unlock{Policy: types.KeyPolicy(h), Signatures: make([]types.Signature, 1)}
	for k := range feedPayers {
		to := types.Address{Hash: hashOf(k, 7)}
		if pays && k == 0 {
			to = mine
		}
		tx := types.Transaction{
			Version: 1,
			Inputs:  []types.Input{{Outpoint: types.Outpoint{TxID: h, Index: uint32(k)}, Unlock: unlock}},
			Outputs: []types.Output{{Value: types.Jots(1000), Address: to}, {Value: types.Jots(1), Address: types.Address{Hash: h}}},
		}
		id := tx.ID()
		txs, accepted.TxIDs = append(txs, tx), append(accepted.TxIDs, id)
		for n, out := range tx.Outputs {
			e := utxo.Entry{Outpoint: types.Outpoint{TxID: id, Index: uint32(n)}, Coin: types.Coin{Output: out, BlueScore: u.BlueScore}}
			u.Acceptance.Diff.Created = append(u.Acceptance.Diff.Created, e)
		}
		u.Acceptance.Diff.Spent = append(u.Acceptance.Diff.Spent, utxo.Entry{Outpoint: tx.Inputs[0].Outpoint})
	}
	f.blocks[h] = types.Block{Transactions: txs}
	u.Acceptance.Blocks = append(u.Acceptance.Blocks, accepted)
}

func (f *feed) sink() *chain.Update { return &f.updates[len(f.updates)-1] }

func (f *feed) Snapshot() *chain.Snapshot {
	return &chain.Snapshot{Sink: f.sink().Hash, SinkBlueScore: f.sink().BlueScore}
}

func (f *feed) UpdatesSince(cursor types.Hash, limit int) ([]chain.Update, error) {
	from := 0
	if height, ok := f.heights[cursor]; ok {
		from = height + 1
	}
	return f.updates[from:min(from+limit, len(f.updates))], nil
}

func (f *feed) Block(h types.Hash) (types.Block, error) { return f.blocks[h], nil }

func (f *feed) Info(h types.Hash) (chain.BlockInfo, error) {
	u := f.updates[f.heights[h]]
	return chain.BlockInfo{Hash: h, Header: types.Header{BlueScore: u.BlueScore}}, nil
}

func (f *feed) ChainBlock(blueScore uint64) (types.Hash, error) {
	return f.updates[blueScore/feedMerged].Hash, nil
}

func (f *feed) Coin(types.Outpoint) (types.Coin, bool, error) { return types.Coin{}, false, nil }

// BenchmarkScan searches a busy chain for the coins of a restored wallet.
func BenchmarkScan(b *testing.B) {
	const steps = 2000
	n := newNode(b, testParams(), 1)
	now := epoch
	cfg := n.config(make(databases), &now)
	cfg.Discovery = wallet.DefaultDiscovery
	probe, err := wallet.OpenUnlocked(cfg, "probe", wordsOf(b, 1), 0)
	if err != nil {
		b.Fatal(err)
	}
	cfg.Chain, cfg.Unconfirmed = newFeed(steps, receive(probe)), nil
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		dbs := make(databases)
		cfg.Open = dbs.open
		w, err := wallet.OpenUnlocked(cfg, "w", wordsOf(b, 1), 0)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		follow(b, w)
		if got := w.Summary().Balance.Total(); got != types.Jots(1000*steps/feedMineOne) {
			b.Fatal(got)
		}
	}
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(steps*feedMerged*perSecond, "blocks/s")
	b.ReportMetric(steps*feedMerged*feedPayers*perSecond, "tx/s")
}

// BenchmarkFollow takes one block at a time, as a wallet with many coins does
// that stands at the sink.
func BenchmarkFollow(b *testing.B) {
	n := newNode(b, testParams(), 1)
	w := n.open(make(databases), "w", 1)
	for range 300 {
		n.mine(receive(w))
	}
	follow(b, w)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		n.mine(receive(w))
		b.StartTimer()
		follow(b, w)
	}
}
