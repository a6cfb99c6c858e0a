package load

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func openKey(t *testing.T) *Key {
	t.Helper()
	k, err := OpenKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func TestKeyFile(t *testing.T) {
	k := openKey(t)
	again, err := OpenKey(k.Name())
	if err != nil || again.Address() != k.Address() {
		t.Fatalf("the second time: %v", err)
	}
	if info, err := os.Stat(k.Name()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := k.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := again.Lock(); !errors.Is(err, ErrBusy) {
		t.Errorf("a second spender: %v", err)
	}
	if err := errors.Join(again.Close(), k.Close()); err != nil {
		t.Fatal(err)
	}
	if other := openKey(t); other.Address() == k.Address() {
		t.Error("two keys are the same")
	}
	for _, text := range []string{"", "zz", string(make([]byte, 64)), hex.EncodeToString(make([]byte, 33))} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKey(file); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}

// A ledger is a node that accepts every payment of coins that it has, a while
// after it was sent.
type ledger struct {
	t       *testing.T
	params  *params.Params
	address string
	delay   time.Duration

	mu      sync.Mutex
	coins   map[types.Outpoint]types.Coin
	score   uint64
	changes chan api.UTXOsChanged
	refuse  bool
	made    uint64 // blocks
}

func newLedger(t *testing.T, p *params.Params, k *Key) *ledger {
	return &ledger{
		t: t, params: p, address: k.Address().Text(p.AddressPrefix), delay: 300 * time.Millisecond,
		coins: make(map[types.Outpoint]types.Coin), changes: make(chan api.UTXOsChanged, 10000),
	}
}

func (l *ledger) Call(ctx context.Context, method string, in, out any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var answer any
	switch method {
	case api.GetStatus.Name:
		answer = api.Status{Dag: api.Dag{BlueScore: l.score}, System: api.System{CPUSeconds: float64(l.score)}}
	case api.GetUTXOsByAddresses.Name:
		answer = api.UTXOs{UTXOs: []api.UTXO{}}
	case api.Generate.Name:
		p := in.(*api.GenerateParams)
		if p.PayTo != l.address || p.Blocks == 0 {
			l.t.Errorf("asked for %+v", p)
		}
		for range p.Blocks {
			l.made++
			l.score++
			l.add(types.Outpoint{TxID: types.Hash{1, byte(l.made), byte(l.made >> 8)}}, types.Coin{
				Output: types.Output{Value: types.Jots(50 * types.JotsPerJIO)}, BlueScore: l.score, Coinbase: true,
			})
		}
		answer = api.Generated{Blocks: p.Blocks}
	case api.SubmitTransaction.Name:
		return l.submit(in.(*api.RawTransaction))
	default:
		l.t.Errorf("%s was called", method)
	}
	text, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	return err
}

func (l *ledger) add(o types.Outpoint, c types.Coin) {
	l.coins[o] = c
	l.changes <- api.UTXOsChanged{Added: []api.UTXO{{
		Outpoint: api.Outpoint{TransactionID: o.TxID, Index: o.Index}, Amount: c.Value, BlueScore: c.BlueScore, Coinbase: c.Coinbase,
	}}}
}

func (l *ledger) submit(raw *api.RawTransaction) error {
	if l.refuse {
		return errors.New("no")
	}
	data, err := hex.DecodeString(raw.Transaction)
	if err != nil {
		return err
	}
	var tx types.Transaction
	if err := types.Decode(data, &tx); err != nil {
		return err
	}
	for _, in := range tx.Inputs {
		c, ok := l.coins[in.Outpoint]
		if !ok {
			return errors.New("no such coin")
		}
		if c.Coinbase && l.score < c.BlueScore+l.params.CoinbaseMaturity {
			l.t.Errorf("a coinbase of blue score %d is spent at %d", c.BlueScore, l.score)
		}
		delete(l.coins, in.Outpoint)
	}
	time.AfterFunc(l.delay, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.score++
		for _, in := range tx.Inputs {
			l.changes <- api.UTXOsChanged{Removed: []api.Outpoint{{TransactionID: in.Outpoint.TxID, Index: in.Outpoint.Index}}}
		}
		for i, out := range tx.Outputs {
			l.add(types.Outpoint{TxID: tx.ID(), Index: uint32(i)}, types.Coin{Output: out, BlueScore: l.score})
		}
	})
	return nil
}

func (l *ledger) Subscribe(ctx context.Context, sub api.Subscription, event any, each func() error) error {
	e := event.(*api.UTXOsChanged)
	if *e = (api.UTXOsChanged{}); each() != nil {
		return errors.New("the list failed")
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case *e = <-l.changes:
			if err := each(); err != nil {
				return err
			}
		}
	}
}

// From nothing: blocks are made until their coins are mature, one is spread, and
// payments go out at the rate, each accepted after the ledger's delay.
func TestLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 30
		k := openKey(t)
		node := newLedger(t, p, k)
		l := New(Config{Params: p, Key: k, Rate: 50, Nodes: []Node{node}, Fund: true})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		l.Run(ctx)
		time.Sleep(time.Second)
		r := l.Final(t.Context())
		if r.Refused > 0 || r.Lost > 0 || r.Sent < 1300 || r.Sent > 1520 || r.Sent-r.Accepted > 60 {
			t.Errorf("%+v", r)
		}
		if r.Latency.P50 != 300*time.Millisecond || r.Latency.P99 != 300*time.Millisecond {
			t.Errorf("accepted after %v", r.Latency)
		}
		if node.made < p.CoinbaseMaturity || node.made > p.CoinbaseMaturity+fundBlocks*fundCalls {
			t.Errorf("%d blocks were made for the purse, whose coins mature after %d", node.made, p.CoinbaseMaturity)
		}
		if want := float64(node.score-node.made) * 1000 / float64(r.Accepted); r.CPU <= 0 || r.CPU > 2*want {
			t.Errorf("%v ms a payment", r.CPU)
		}
	})
}

// A node that refuses everything is told of, and no coin is lost over it.
func TestLoadThatIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 3
		k := openKey(t)
		node := newLedger(t, p, k)
		l := New(Config{Params: p, Key: k, Rate: 10, Nodes: []Node{node}, Fund: true})
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		time.AfterFunc(20*time.Second, func() { node.setRefuse(true) })
		time.AfterFunc(40*time.Second, func() { node.setRefuse(false) })
		l.Run(ctx)
		time.Sleep(time.Second)
		r := l.Report()
		if r.Refused < 150 || r.Refused > 250 || r.Refusal != "no" || r.Accepted < 350 {
			t.Errorf("%+v", r)
		}
	})
}

func (l *ledger) setRefuse(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuse = on
}

// After the watched node was away, the purse holds what the chain has.
func TestPurseReset(t *testing.T) {
	p := newPurse(params.SimNet(), openKey(t))
	unspent := func(i byte) api.UTXO {
		return api.UTXO{Outpoint: api.Outpoint{TransactionID: types.Hash{i}}, Amount: types.Jots(pieceJots)}
	}
	p.add([]api.UTXO{unspent(1), unspent(2), unspent(3)})
	if p.take(time.Now()) != nil {
		t.Error("a coin is handed out that others cannot know yet")
	}
	now := time.Now().Add(spreading)
	taken := p.take(now)
	p.reset([]api.UTXO{unspent(1), unspent(3), unspent(4)})
	if n := p.small(); n != 3 {
		t.Errorf("%d coins, want 3", n)
	}
	seen := map[*coin]bool{taken: true}
	now = now.Add(spreading)
	for c := p.take(now); c != nil; c = p.take(now) {
		if seen[c] || c.entry.Outpoint.TxID == (types.Hash{2}) {
			t.Errorf("the coin %v is handed out", c.entry.Outpoint)
		}
		seen[c] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d coins were handed out, want 3", len(seen))
	}
	if lost := p.reclaim(now.Add(patience + 1)); lost != 3 {
		t.Errorf("%d coins are overdue, want 3", lost)
	}
}
