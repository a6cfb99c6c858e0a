package load

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// run pays for a while and returns what came of it.
func run(t *testing.T, cfg Config, long time.Duration) Report {
	t.Helper()
	l := New(cfg)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	l.Run(ctx)
	return l.Final(t.Context())
}

// From nothing: blocks are made until their coins are mature, some are spread, and
// payments go out at the rate, each accepted after the ledger's delay.
func TestLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 30
		k := openKey(t)
		node := newLedger(t, p, k)
		r := run(t, Config{Params: p, Key: k, Wallets: 5, Rate: 50, Nodes: []Node{node}, Fund: true, Settle: 5 * time.Second}, 30*time.Second)
		if r.Refused > 0 || r.Lost > 0 || r.Sent < 1300 || r.Sent > 1520 || r.Sent != r.Accepted || r.Pending > 0 || r.Wallets != 5 {
			t.Errorf("%+v", r)
		}
		if r.Confirmed == 0 || r.Accepted-r.Confirmed > confirming*p.BlocksPerSecond {
			t.Errorf("%d of %d are confirmed, and each made a block", r.Confirmed, r.Accepted)
		}
		if r.Latency.P50 != 300*time.Millisecond || r.Latency.P99 != 300*time.Millisecond {
			t.Errorf("accepted after %v", r.Latency)
		}
		if node.made < p.CoinbaseMaturity || node.made > p.CoinbaseMaturity+2*fundBlocks*fundCalls {
			t.Errorf("%d blocks were made for the wallets, whose coins mature after %d", node.made, p.CoinbaseMaturity)
		}
		if want := float64(node.score-node.made) * 1000 / float64(r.Accepted); r.CPU <= 0 || r.CPU > 2*want {
			t.Errorf("%v ms a payment", r.CPU)
		}
		node.checkHoldings(k, 5)
		if err := r.Verdict(); err != nil {
			t.Error(err)
		}
	})
}

// checkHoldings says that so many wallets hold coins, and nobody else.
func (l *ledger) checkHoldings(k *Key, wallets int) {
	held := make(map[types.Address]bool)
	for _, c := range l.coins {
		held[c.Address] = true
	}
	for i := range k.wallets {
		w := &k.wallets[i]
		if received, kept := held[w.receive.address], held[w.change.address]; (received || kept) != (i < wallets) {
			l.t.Errorf("wallet %d of %d: received %v, change %v", i, wallets, received, kept)
		}
		delete(held, w.receive.address)
		delete(held, w.change.address)
	}
	if len(held) > 0 {
		l.t.Errorf("others hold coins: %v", held)
	}
}

// A node that refuses everything is told of, and no coin is lost over it.
func TestLoadThatIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 3
		k := openKey(t)
		node := newLedger(t, p, k)
		node.after(20*time.Second, func() { node.refuse = true })
		node.after(40*time.Second, func() { node.refuse = false })
		r := run(t, Config{Params: p, Key: k, Rate: 10, Nodes: []Node{node}, Fund: true, Settle: time.Second}, 60*time.Second)
		if r.Refused < 150 || r.Refused > 250 || r.Refusal != "no" || r.Reasons["fee"] != r.Refused || r.Accepted < 350 {
			t.Errorf("%+v", r)
		}
	})
}

// A payment whose answer was lost is not made again, and none is broken off when
// the time is over.
func TestLostAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 3
		k := openKey(t)
		node := newLedger(t, p, k)
		node.thought = 700 * time.Millisecond
		node.after(10*time.Second, func() { node.silent = true })
		node.after(15*time.Second, func() { node.silent = false })
		r := run(t, Config{Params: p, Key: k, Rate: 10, Nodes: []Node{node}, Fund: true, Settle: 10 * time.Second}, 30*time.Second)
		if r.Unanswered < 40 || r.Refused > 0 || r.Undone > 0 || r.Sent < 200 || r.Sent != r.Accepted {
			t.Errorf("%+v", r)
		}
	})
}

// A second run finds the coins of the first, leaves alone what is under way, and
// spends what wallets beyond its own hold.
func TestSecondRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := params.SimNet()
		p.CoinbaseMaturity = 3
		k := openKey(t)
		node := newLedger(t, p, k)
		node.delay = 5 * time.Second
		first := run(t, Config{Params: p, Key: k, Wallets: 6, Rate: 10, Nodes: []Node{node}, Fund: true}, 20*time.Second)
		if first.Pending == 0 || first.Accepted == 0 {
			t.Fatalf("%+v", first)
		}
		made := node.made
		second := run(t, Config{Params: p, Key: k, Wallets: 2, Rate: 10, Nodes: []Node{node}, Fund: true, Settle: 10 * time.Second}, 30*time.Second)
		if second.Found == 0 || node.made != made {
			t.Errorf("%d coins were found, and %d blocks made", second.Found, node.made-made)
		}
		if second.Refused > 0 || second.Sent < 250 || second.Sent != second.Accepted {
			t.Errorf("%+v", second)
		}
	})
}

// A payment that somebody else's is in the way of is not made again and again.
func TestConflict(t *testing.T) {
	p := params.SimNet()
	k := openKey(t)
	l := New(Config{Params: p, Key: k, Rate: 1})
	l.purse.add([]api.UTXO{{Address: k.Address().Text(p.AddressPrefix), Amount: types.Jots(pieceJots)}})
	now := time.Now().Add(spreading)
	taken := l.purse.take(now)
	l.settleUp(taken, &api.Error{Code: api.CodeRejected, Reason: "conflict"})
	if len(taken) != 1 || l.purse.take(now.Add(spreading)) != nil {
		t.Error("the coin is handed out again")
	}
	l.purse.reclaim(now.Add(patience + 1))
	if l.purse.take(now.Add(patience)) == nil {
		t.Error("the coin is not handed out when nothing came of the other payment")
	}
}

// Where nothing comes of it, the verdict says why.
func TestVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*ledger, *Config)
		want    string
	}{
		"no coins":      {func(l *ledger, _ *Config) { l.ticks = true }, "no coins"},
		"nobody mines":  {func(l *ledger, _ *Config) { l.delay = time.Hour }, "nobody seems to mine"},
		"is refused":    {func(l *ledger, c *Config) { l.ticks, l.refuse, c.Fund = true, true, true }, "no payment could be sent; no"},
		"keeps none":    {func(l *ledger, c *Config) { l.ticks, c.InNodes = true, true }, "keeps no wallets"},
		"makes no coin": {func(l *ledger, c *Config) { l.ticks, l.barren, c.Fund = true, true, true }, "pay jiosim1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := params.SimNet()
				p.CoinbaseMaturity = 3
				k := openKey(t)
				node := newLedger(t, p, k)
				cfg := Config{Params: p, Key: k, Rate: 10, Nodes: []Node{node}}
				test.prepare(node, &cfg)
				r := run(t, cfg, 20*time.Second)
				if err := r.Verdict(); !errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("the verdict is %v, want %q", err, test.want)
				}
			})
		})
	}
}

// What the chain takes back is not accepted until it is again.
func TestUndone(t *testing.T) {
	l := New(Config{Params: params.SimNet(), Key: openKey(t), Rate: 1})
	paid := types.Hash{1}
	coin := api.UTXO{
		Outpoint: api.Outpoint{TransactionID: paid}, Address: l.cfg.Key.Address().Text(l.cfg.Params.AddressPrefix),
		Amount: types.Jots(pieceJots), BlueScore: 7,
	}
	l.waiting[paid] = sending{at: time.Now()}
	for range 2 {
		l.purse.add([]api.UTXO{coin})
		l.accepted([]api.UTXO{coin})
		if r := l.Report(); r.Accepted != 1 || r.Pending != 0 {
			t.Fatalf("%+v", r)
		}
		l.taken(l.purse.remove([]api.Outpoint{coin.Outpoint}))
	}
	if r := l.Report(); r.Accepted != 0 || r.Undone != 2 || r.Pending != 1 {
		t.Errorf("%+v", r)
	}
}
