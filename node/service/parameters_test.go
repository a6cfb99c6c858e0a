package service_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func pointer[T any](v T) *T { return &v }

// TestParametersAreJudged wants every parameter that makes no sense refused with
// a word of which one and why.
func TestParametersAreJudged(t *testing.T) {
	f := newFixture(t, smallNet())
	good := f.text(f.builder.Wallet("alice").Address)
	foreign := f.builder.Wallet("alice").Address.Text(params.DevNet().AddressPrefix)
	stake := types.Address{Version: 1}
	genesis := hex.EncodeToString(types.Encode(&f.params.Genesis))
	for _, c := range []struct {
		says    string
		refusal *api.Error
	}{
		{"devnet", refuse(f, api.GetUTXOsByAddresses, api.AddressesParams{Addresses: []string{good, foreign}}, api.CodeInvalidParams)},
		{"addresses[1]", refuse(f, api.GetUTXOsByAddresses, api.AddressesParams{Addresses: []string{good, foreign}}, api.CodeInvalidParams)},
		{"twice", refuse(f, api.GetBalancesByAddresses, api.AddressesParams{Addresses: []string{good, good}}, api.CodeInvalidParams)},
		{"at least one", refuse(f, api.GetBalancesByAddresses, api.AddressesParams{}, api.CodeInvalidParams)},
		{"1001", refuse(f, api.GetUTXOsByAddresses, api.AddressesParams{Addresses: make([]string, 1001)}, api.CodeTooLarge)},
		{"checksum", refuse(f, api.GetAddressHistory, api.AddressHistoryParams{Address: good[:len(good)-1] + "q"}, api.CodeInvalidParams)},
		{"hash", refuse(f, api.GetBlock, api.BlockParams{}, api.CodeInvalidParams)},
		{"id", refuse(f, api.GetTransaction, api.TransactionParams{}, api.CodeInvalidParams)},
		{"id", refuse(f, api.GetMempoolEntry, api.PooledParams{}, api.CodeInvalidParams)},
		{"cursor", refuse(f, api.GetAddressHistory, api.AddressHistoryParams{Address: good, Cursor: "-1"}, api.CodeInvalidParams)},
		{"limit", refuse(f, api.GetAddressHistory, api.AddressHistoryParams{Address: good, Limit: -1}, api.CodeInvalidParams)},
		{"limit", refuse(f, api.GetMempool, api.MempoolParams{Limit: 1 << 30}, api.CodeTooLarge)},
		{"limit", refuse(f, api.GetHeaders, api.HeadersParams{Limit: -1}, api.CodeInvalidParams)},
		{"limit", refuse(f, api.GetVirtualChain, api.VirtualChainParams{Limit: 1 << 30}, api.CodeTooLarge)},
		{"limit", refuse(f, api.GetLogs, api.LogParams{Limit: -5}, api.CodeInvalidParams)},
		{"blocks", refuse(f, api.GetDag, api.DagParams{Blocks: -1}, api.CodeInvalidParams)},
		{"payTo", refuse(f, api.GetBlockTemplate, api.TemplateParams{}, api.CodeInvalidParams)},
		{"version 1", refuse(f, api.GetBlockTemplate, api.TemplateParams{PayTo: f.text(stake)}, api.CodeInvalidParams)},
		{"extra", refuse(f, api.GetBlockTemplate, api.TemplateParams{PayTo: good, Extra: "0"}, api.CodeInvalidParams)},
		{"extra", refuse(f, api.GetBlockTemplate, api.TemplateParams{PayTo: good, Extra: strings.Repeat("00", 65)}, api.CodeTooLarge)},
		{"block", refuse(f, api.SubmitBlock, api.RawBlock{Block: "xyz"}, api.CodeInvalidParams)},
		{"trailing", refuse(f, api.SubmitBlock, api.RawBlock{Block: genesis + "00"}, api.CodeInvalidParams)},
		{"known", refuse(f, api.SubmitBlock, api.RawBlock{Block: genesis}, api.CodeRejected)},
		{"transaction", refuse(f, api.SubmitTransaction, api.RawTransaction{Transaction: "00"}, api.CodeInvalidParams)},
		{"threads", refuse(f, api.SetMiner, api.MinerParams{Threads: pointer(0)}, api.CodeInvalidParams)},
		{"1 to 4", refuse(f, api.SetMiner, api.MinerParams{Threads: pointer(5)}, api.CodeInvalidParams)},
		{"devnet", refuse(f, api.SetMiner, api.MinerParams{PayTo: &foreign}, api.CodeInvalidParams)},
		{"blocks", refuse(f, api.Generate, api.GenerateParams{}, api.CodeInvalidParams)},
		{"payTo", refuse(f, api.Generate, api.GenerateParams{Blocks: 1, PayTo: "me"}, api.CodeInvalidParams)},
		{"text", refuse(f, api.Search, api.SearchParams{Text: " "}, api.CodeInvalidParams)},
		{"network", refuse(f, api.AddPeer, api.PeerParams{Peer: "1.2.3.4:5"}, api.CodeUnavailable)},
	} {
		if !strings.Contains(c.refusal.Message, c.says) {
			t.Errorf("%q does not say %q", c.refusal.Message, c.says)
		}
		if f := c.refusal.Field; f != "" && !strings.HasPrefix(c.refusal.Message, f+": ") {
			t.Errorf("%q does not begin with its field %q", c.refusal.Message, f)
		}
		if c.refusal.Code == api.CodeInvalidParams && c.refusal.Field == "" {
			t.Errorf("%q has no field", c.refusal.Message)
		}
	}
	if len(f.changes) != 0 {
		t.Errorf("a refused change reached the miner: %+v", f.changes)
	}
}

// TestInvalidBlockIsRejectedByName breaks one rule.
func TestInvalidBlockIsRejectedByName(t *testing.T) {
	f := newFixture(t, smallNet())
	b := f.mineTo(f.builder.Wallet("alice"))
	b.Header.Timestamp++ // another hash without its work, or with a wrong merkle root
	b.Header.MerkleRoot[0] ^= 1
	refusal := refuse(f, api.SubmitBlock, api.RawBlock{Block: hex.EncodeToString(types.Encode(&b))}, api.CodeRejected)
	if refusal.Reason == "" {
		t.Errorf("the refusal %+v names no rule", refusal)
	}
}

// TestSearch looks for each kind of thing by all its names.
func TestSearch(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(30, 17)
	alice := f.text(f.builder.Wallet("alice").Address)
	middle := f.chainUp()[5]
	id := middle.Accepted()[0]
	for _, c := range []struct {
		text string
		want api.Found
	}{
		{alice, api.Found{Kind: "address", Name: alice}},
		{strings.ToUpper(alice), api.Found{Kind: "address", Name: alice}},
		{middle.Hash.String(), api.Found{Kind: "block", Name: middle.Hash.String()}},
		{" " + middle.Hash.String()[:9] + "\n", api.Found{Kind: "block", Name: middle.Hash.String()}},
		{f.sink().Hash.String()[:12], api.Found{Kind: "block", Name: f.sink().Hash.String()}},
		{"0", api.Found{Kind: "block", Name: f.params.GenesisHash.String()}},
		{id.String(), api.Found{Kind: "transaction", Name: id.String()}},
		{id.String()[:10], api.Found{Kind: "transaction", Name: id.String()}},
		{strings.Repeat("f", 64), api.Found{}},
		{"ffffffffff", api.Found{}},
		{"zzz", api.Found{}},
		{"123456789", api.Found{}},
	} {
		if got := ask(f, api.Search, api.SearchParams{Text: c.text}); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.text, got, c.want)
		}
	}
}

// TestStatus compares the status with what it sums up.
func TestStatus(t *testing.T) {
	f := newFixture(t, smallNet())
	f.miner.Running = true
	f.grow(40, 18)
	s, snapshot := ask(f, api.GetStatus, api.None{}), f.chain.Snapshot()
	if s.Network != "simnet" || s.Sink != snapshot.Sink || s.BlueScore != snapshot.BlueScore || len(s.Tips) != len(snapshot.Tips) ||
		s.Supply != types.Jots(snapshot.Supply) || !s.Synced || !s.Mining || s.Uptime != 60_000 || s.K != 1 {
		t.Errorf("the status is %+v", s)
	}
	if f.service.Status().Sink == snapshot.Sink || f.service.Refresh().Sink != snapshot.Sink || f.service.Status().Sink != snapshot.Sink {
		t.Error("the status is published when it is refreshed, and only then")
	}
	dag := ask(f, api.GetBlockDagInfo, api.None{})
	if dag.Difficulty < 1 || dag.NetworkRate <= 0 || dag.Blocks != snapshot.Blocks {
		t.Errorf("the DAG is %+v", dag)
	}
	tips := ask(f, api.GetTips, api.None{}).Tips
	if len(tips) != len(snapshot.Tips) || !tips[0].Sink || tips[0].Hash != snapshot.Sink {
		t.Errorf("the tips are %+v", tips)
	}
	if supply := ask(f, api.GetCoinSupply, api.None{}); supply.Circulating != s.Supply || supply.Maximum != nil {
		t.Errorf("the supply is %+v", supply)
	}
	info := ask(f, api.GetInfo, api.None{})
	if info.Network != "simnet" || !info.Index || !info.Wallets || info.Genesis != f.params.GenesisHash {
		t.Errorf("the info is %+v", info)
	}
	ask(f, api.Stop, api.None{})
	if !f.stopped {
		t.Error("stop reached nobody")
	}
	ask(f, api.SetMiner, api.MinerParams{Mining: pointer(false), Threads: pointer(3)})
	if c := f.changes[0]; *c.Mining || *c.Threads != 3 || c.PayTo != nil {
		t.Errorf("the miner was told %+v", c)
	}
}

// TestRates measures a chain whose blocks are a second apart. The rate of blocks is
// that of the last minute by the clock.
func TestRates(t *testing.T) {
	f := newFixture(t, smallNet())
	if dag := ask(f, api.GetBlockDagInfo, api.None{}); dag.NetworkRate != 0 || dag.BlockRate != 0 {
		t.Errorf("genesis alone has the rates %v and %v", dag.NetworkRate, dag.BlockRate)
	}
	parent, at := f.params.GenesisHash, f.params.Genesis.Header.Timestamp
	mine := func(blocks int, spacing uint64) {
		for range blocks {
			at += spacing
			b := f.builder.Block("", []string{f.builder.Label(parent)}, content(at))
			f.builder.Name(b.Hash().String()[:12], b.Hash())
			f.add(b)
			parent = b.Hash()
		}
		f.now = timeOf(at)
	}
	mine(100, 1000)
	dag := ask(f, api.GetBlockDagInfo, api.None{})
	if dag.BlockRate != 1 || dag.NetworkRate != dag.Difficulty {
		t.Errorf("rates %v and %v, want 1 block and %v hashes a second", dag.BlockRate, dag.NetworkRate, dag.Difficulty)
	}
	for seconds, want := range map[uint64]float64{15: 0.75, 30: 0.5, 59: 1.0 / 60, 60: 0, 61: 0, 3600: 0} {
		f.now = timeOf(at + 1000*seconds)
		if dag := ask(f, api.GetBlockDagInfo, api.None{}); dag.BlockRate != want {
			t.Errorf("%d s after the latest block the rate is %v, want %v", seconds, dag.BlockRate, want)
		}
	}
	// A pause of a month, as after blocks that were made on demand.
	at += 30 * 24 * 3600 * 1000
	mine(20, 1000)
	if dag := ask(f, api.GetBlockDagInfo, api.None{}); dag.BlockRate != 20.0/60 || dag.NetworkRate < dag.Difficulty/2 || dag.NetworkRate > 2*dag.Difficulty {
		t.Errorf("after a pause the rates are %v and %v, want 20 blocks a minute and about %v hashes a second", dag.BlockRate, dag.NetworkRate, dag.Difficulty)
	}
	// Many times as many as there should be.
	if mine(300, 100); ask(f, api.GetBlockDagInfo, api.None{}).BlockRate != 320.0/60 {
		t.Errorf("after 320 blocks within a minute the rate is %v a second", ask(f, api.GetBlockDagInfo, api.None{}).BlockRate)
	}
}

// Every method and topic has a handler, those of wallets in a node that keeps
// some.
func TestEverythingIsAnswered(t *testing.T) {
	f := newFixture(t, smallNet())
	without := api.NewRegistry()
	f.service.Wallets = nil
	f.service.Register(without)
	for _, m := range api.Methods() {
		if m.Name == api.Subscribe.Name || m.Name == api.Unsubscribe.Name {
			continue // the connection answers them
		}
		if _, err := f.reg.Endpoint(m.Name); err != nil {
			t.Error(err)
		}
		if _, err := without.Endpoint(m.Name); (err != nil) != (m.Scope == api.Wallet) {
			t.Errorf("%s without wallets: %v", m.Name, err)
		}
	}
	for _, topic := range api.Topics() {
		if _, err := f.reg.Source(topic.Name); err != nil {
			t.Error(err)
		}
		if _, err := without.Source(topic.Name); (err != nil) != (topic.Scope == api.Wallet) {
			t.Errorf("%s without wallets: %v", topic.Name, err)
		}
	}
}
