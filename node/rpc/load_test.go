package rpc

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

var (
	clients = flag.Int("clients", 100, "clients at once in TestConcurrent1000Clients; the full number is 1000")
	calls   = flag.Int("calls", 10, "calls of each of them")
)

// So many clients, each with a connection of its own kept open, all asking at
// once: every one gets its own answers.
func TestConcurrent1000Clients(t *testing.T) {
	r := start(t, Config{Limits: Limits{Rate: 1e6}})
	var ready, all sync.WaitGroup
	begin := make(chan struct{})
	var answered atomic.Int64
	ready.Add(*clients)
	for n := range *clients {
		c := r.client(t)
		all.Go(func() {
			ask := func(i int) error {
				text := fmt.Sprintf("client %d call %d", n, i)
				got, err := api.Search.Call(t.Context(), c, api.SearchParams{Text: text})
				if err == nil && got.Name != text {
					err = fmt.Errorf("answer to another: %q", got.Name)
				}
				return err
			}
			err := ask(0)
			ready.Done()
			<-begin
			for i := 1; i < *calls && err == nil; i++ {
				err = ask(i)
			}
			if err != nil {
				t.Errorf("client %d: %v", n, err)
				return
			}
			answered.Add(1)
		})
	}
	ready.Wait()
	if got := r.Connections(); got != *clients {
		t.Errorf("%d connections are open, want %d", got, *clients)
	}
	close(begin)
	all.Wait()
	if answered.Load() != int64(*clients) {
		t.Errorf("%d of %d clients were answered", answered.Load(), *clients)
	}
}

// So many subscribers of one topic, one of whom reads nothing: the others get
// every event in order.
func TestConcurrentSubscribers(t *testing.T) {
	const events = 20
	reg := counting(events)
	r := start(t, Config{Registry: reg})
	r.dial(t, r.basic(t)) // reads nothing
	var all sync.WaitGroup
	enough := errors.New("enough")
	for range *clients / 4 {
		c := r.client(t)
		all.Go(func() {
			next := 0
			err := api.TopicMempoolChanged.Subscribe(t.Context(), c, api.Subscription{}, func(p api.Pool) error {
				if p.Entries != next {
					return fmt.Errorf("event %d, want %d", p.Entries, next)
				}
				if next++; next == events {
					return enough
				}
				return nil
			})
			if !errors.Is(err, enough) {
				t.Errorf("after %d events: %v", next, err)
			}
		})
	}
	all.Wait()
}

// blockOf and coinsOf answer with values of the size that is usual.
func blockOf(txs int) api.Block {
	h := hashOf(1)
	b := api.Block{Hash: h, Header: api.Header{Parents: []types.Hash{h, h, h}}, Children: []types.Hash{h}, MergeSetBlues: []types.Hash{h, h, h}}
	for range txs {
		b.Transactions = append(b.Transactions, api.Transaction{
			ID: h, Inputs: []api.Input{{Address: "jio:q0123456789", Outpoint: api.Outpoint{TransactionID: h}}},
			Outputs: []api.Output{{Address: "jio:q0123456789", Amount: types.Jots(1 << 40)}, {Address: "jio:q0123456789"}}, Blocks: []types.Hash{h},
		})
	}
	return b
}

func coinsOf(n int) api.UTXOs {
	coins := make([]api.UTXO, n)
	for i := range coins {
		coins[i] = api.UTXO{Outpoint: api.Outpoint{TransactionID: hashOf(byte(i))}, Address: "jio:q0123456789", Amount: types.Jots(uint64(i) << 30), BlueScore: uint64(i)}
	}
	return api.UTXOs{UTXOs: coins}
}

// BenchmarkGetBlock is a block with 10 transactions, over one connection.
func BenchmarkGetBlock(b *testing.B) {
	block := blockOf(10)
	reg := api.NewRegistry()
	api.Handle(reg, api.GetBlock, func(context.Context, api.BlockParams) (api.Block, error) { return block, nil })
	benchmark(b, reg, func(c api.Caller) error {
		_, err := api.GetBlock.Call(b.Context(), c, api.BlockParams{Hash: hashOf(1), Transactions: true})
		return err
	})
}

// BenchmarkGetUTXOsByAddresses is ten addresses and 100 coins.
func BenchmarkGetUTXOsByAddresses(b *testing.B) {
	coins := coinsOf(100)
	reg := api.NewRegistry()
	api.Handle(reg, api.GetUTXOsByAddresses, func(context.Context, api.AddressesParams) (api.UTXOs, error) { return coins, nil })
	asked := api.AddressesParams{Addresses: make([]string, 10)}
	benchmark(b, reg, func(c api.Caller) error {
		_, err := api.GetUTXOsByAddresses.Call(b.Context(), c, asked)
		return err
	})
}

// benchmark compares a call within the process, the server's share of a call
// from outside, and the whole call with its client.
func benchmark(b *testing.B, reg *api.Registry, call func(api.Caller) error) {
	run := func(c api.Caller) func(*testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := call(c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		}
	}
	r := start(b, Config{Registry: reg, Limits: Limits{Rate: 1e9}})
	b.Run("local", run(reg.Local()))
	b.Run("message", run(&direct{r.Server}))
	b.Run("http", run(r.client(b)))
	b.Run("http-parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			c, err := client.New(client.Config{Addr: r.addr, Cookie: CookieFile(r.dir)})
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for pb.Next() {
				if err := call(c); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	})
}

// direct hands messages to the server without a connection.
type direct struct{ s *Server }

func (d *direct) Call(ctx context.Context, method string, params, _ any) error {
	message, err := callMessage(method, params)
	if err != nil {
		return err
	}
	_, code := d.s.answer(ctx, &caller{credential: d.s.keys.cookie}, message)
	if code != 0 {
		return fmt.Errorf("code %d", code)
	}
	return nil
}
