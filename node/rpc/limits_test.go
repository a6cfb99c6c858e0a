package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jio-dag/jio/node/api"
)

func TestBodyLimit(t *testing.T) {
	const limit = 10_000
	r := start(t, Config{Limits: Limits{Body: limit}})
	frame := len(search("1", ""))
	for _, c := range []struct{ size, want int }{
		{limit, ok}, {limit + 1, http.StatusRequestEntityTooLarge}, {100 * limit, http.StatusRequestEntityTooLarge},
	} {
		if status, _ := r.call(t, search("1", strings.Repeat("a", c.size-frame))); status != c.want {
			t.Errorf("%d bytes: %d, want %d", c.size, status, c.want)
		}
	}
}

// A body that does not say how long it is can be no longer.
func TestBodyLimitChunked(t *testing.T) {
	r := start(t, Config{Limits: Limits{Body: 10_000}})
	conn, in := r.raw(t)
	fmt.Fprintf(conn, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", r.basic(t))
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 8000, strings.Repeat(" ", 8000))
	_, _ = io.WriteString(conn, chunk+chunk)
	if line, _ := in.ReadString('\n'); !strings.Contains(line, "413") {
		t.Errorf("answer %q", line)
	}
}

func TestBatchLimit(t *testing.T) {
	r := start(t, Config{Limits: Limits{Batch: 3}})
	batch := func(n int) string { return "[" + strings.Repeat(search("1", "x")+",", n-1) + search("1", "x") + "]" }
	if status, answer := r.call(t, batch(3)); status != ok || strings.Count(answer, `"result"`) != 3 {
		t.Errorf("3 calls: %d %s", status, answer)
	}
	if status, answer := r.call(t, batch(4)); status != http.StatusBadRequest || codeIn(t, answer) != api.CodeInvalidRequest {
		t.Errorf("4 calls: %d %s", status, answer)
	}
}

func TestDepthLimit(t *testing.T) {
	r := start(t, Config{})
	nested := func(n int) string { return strings.Repeat(`{"text":`, n) + `""` + strings.Repeat("}", n) }
	call := func(params string) api.Code {
		_, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"search","params":`+params+`}`)
		return codeIn(t, answer)
	}
	if code := call(nested(1)); code != 0 {
		t.Errorf("depth 1: %d", code)
	}
	for _, depth := range []int{2, 65, 5000, 100_000} {
		if code := call(nested(depth)); code != api.CodeInvalidParams && code != api.CodeParse {
			t.Errorf("depth %d: %d", depth, code)
		}
	}
	for _, body := range []string{strings.Repeat("[", 500_000), strings.Repeat("[", 300) + strings.Repeat("]", 300), strings.Repeat(`{"id":`, 100_000)} {
		if _, answer := r.call(t, body); !strings.Contains(answer, `"error"`) {
			t.Errorf("%.20s…: %s", body, answer)
		}
	}
}

// large is a registry whose answer has so many bytes, about.
func large(bytes int) *api.Registry {
	reg := echoes()
	api.Handle(reg, api.GetUTXOsByAddresses, func(context.Context, api.AddressesParams) (api.UTXOs, error) {
		return api.UTXOs{UTXOs: []api.UTXO{{Address: strings.Repeat("a", bytes)}}}, nil
	})
	return reg
}

const askLarge = `{"jsonrpc":"2.0","id":1,"method":"getUtxosByAddresses","params":{"addresses":[]}}`

func TestResponseLimit(t *testing.T) {
	r := start(t, Config{Registry: large(6000), Limits: Limits{Response: 10_000}})
	if _, answer := r.call(t, askLarge); codeIn(t, answer) != 0 {
		t.Errorf("an answer within the limit: %.200s", answer)
	}
	_, answer := r.call(t, "["+askLarge+","+askLarge+","+search("2", "x")+"]")
	var got []struct{ Error *api.Error }
	if err := json.Unmarshal([]byte(answer), &got); err != nil || len(got) != 3 {
		t.Fatal(answer, err)
	}
	if got[0].Error != nil || got[1].Error == nil || got[1].Error.Code != api.CodeTooLarge || got[2].Error != nil || len(answer) > 11_000 {
		t.Errorf("%d bytes: %+v", len(answer), got)
	}
}

func TestRateLimitPerToken(t *testing.T) {
	r := start(t, Config{Limits: Limits{Rate: 3}}) // refilled no faster than three a second
	fast, slow := r.token(t, "fast", api.Read), r.token(t, "slow", api.Read)
	busy := 0
	_, answer := r.do(t, exchange{body: "[" + strings.Repeat(search("1", "x")+",", 19) + search("1", "x") + "]", header: map[string]string{"Authorization": fast}})
	busy = strings.Count(answer, fmt.Sprintf(`"code":%d`, api.CodeBusy))
	if busy < 15 || busy > 17 {
		t.Errorf("%d of 20 calls were refused: %s", busy, answer)
	}
	if status, _ := r.do(t, exchange{body: search("1", "x"), header: map[string]string{"Authorization": slow}}); status != ok {
		t.Errorf("another token answers %d", status)
	}
	if status, _ := r.call(t, search("1", "x")); status != ok {
		t.Errorf("the cookie answers %d", status)
	}
}

// short limits end slow clients at once; nothing sleeps.
func short() Limits {
	return Limits{Header: 50 * time.Millisecond, Read: 50 * time.Millisecond, Write: 50 * time.Millisecond, Idle: 50 * time.Millisecond}
}

func TestSlowHeaders(t *testing.T) {
	r := start(t, Config{Limits: short()})
	conn, in := r.raw(t)
	fmt.Fprint(conn, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
	if _, err := io.ReadAll(in); err != nil {
		t.Errorf("the server does not hang up: %v", err)
	}
	silent, in := r.raw(t)
	_ = silent
	if _, err := io.ReadAll(in); err != nil {
		t.Errorf("the server waits for a client that says nothing: %v", err)
	}
}

func TestSlowBody(t *testing.T) {
	r := start(t, Config{Limits: short()})
	var waiting sync.WaitGroup
	for range 20 {
		conn, in := r.raw(t)
		fmt.Fprintf(conn, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", r.basic(t))
		waiting.Go(func() {
			if answer, err := io.ReadAll(in); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408") {
				t.Errorf("answer %.40q, %v", answer, err)
			}
		})
	}
	waiting.Wait()
}

// A client that asks for much and reads nothing does not hold its answer.
func TestSlowReader(t *testing.T) {
	r := start(t, Config{Registry: large(15 << 20), Limits: Limits{Write: 50 * time.Millisecond}})
	conn, in := r.raw(t)
	fmt.Fprintf(conn, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", r.basic(t), len(askLarge), askLarge)
	if _, err := in.Peek(1); err != nil {
		t.Fatal(err)
	}
	for r.Connections() > 0 { // until the server has given up
		runtime.Gosched()
	}
	if answer, _ := io.ReadAll(in); len(answer) >= 15<<20 {
		t.Error("the whole answer was written to a client that reads nothing")
	}
}

func TestCallTimeout(t *testing.T) {
	reg := api.NewRegistry()
	api.Handle(reg, api.GetInfo, func(ctx context.Context, _ api.None) (api.Info, error) {
		<-ctx.Done()
		return api.Info{}, ctx.Err()
	})
	r := start(t, Config{Registry: reg, Limits: Limits{Call: 20 * time.Millisecond}})
	if status, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`); status != http.StatusTooManyRequests || codeIn(t, answer) != api.CodeBusy {
		t.Errorf("%d %s", status, answer)
	}
}

// A call may take longer than a client may take to send it.
func TestCallOutlivesReadDeadline(t *testing.T) {
	reg := api.NewRegistry()
	api.Handle(reg, api.GetInfo, func(ctx context.Context, _ api.None) (api.Info, error) {
		late := time.After(200 * time.Millisecond)
		select {
		case <-ctx.Done():
			return api.Info{}, ctx.Err()
		case <-late:
			return api.Info{Version: "late"}, nil
		}
	})
	r := start(t, Config{Registry: reg, Limits: short()})
	if _, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`); !strings.Contains(answer, "late") {
		t.Errorf("answer %s", answer)
	}
}

func TestParallelLimit(t *testing.T) {
	var now, most atomic.Int64
	gate := make(chan struct{})
	reg := api.NewRegistry()
	api.Handle(reg, api.GetInfo, func(ctx context.Context, _ api.None) (api.Info, error) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		<-gate
		return api.Info{}, nil
	})
	r := start(t, Config{Registry: reg, Limits: Limits{Parallel: 2}})
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			if _, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`); codeIn(t, answer) != 0 {
				t.Errorf("answer %s", answer)
			}
		})
	}
	for range 10 {
		gate <- struct{}{}
	}
	calls.Wait()
	if most.Load() > 2 {
		t.Errorf("%d calls ran at once", most.Load())
	}
}

func TestConnectionLimit(t *testing.T) {
	r := start(t, Config{Limits: Limits{Connections: 3}})
	var held []net.Conn
	for range 3 {
		conn, in := r.raw(t)
		fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if line, err := in.ReadString('\n'); !strings.Contains(line, "200") {
			t.Fatalf("%q, %v", line, err)
		}
		held = append(held, conn)
	}
	_, in := r.raw(t)
	if _, err := in.ReadByte(); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a fourth connection is served: %v", err)
	}
	held[0].Close()
	for r.Connections() == 3 {
		runtime.Gosched()
	}
	if status, _ := r.do(t, exchange{verb: "GET", path: "/healthz"}); status != ok {
		t.Errorf("after one left: %d", status)
	}
}

func TestPanicsBecome500AndCount(t *testing.T) {
	const secret = "a word of the seed"
	reg := echoes()
	api.Handle(reg, api.GetInfo, func(context.Context, api.None) (api.Info, error) { panic(secret) })
	api.Stream(reg, api.TopicBlockAdded, func(context.Context, api.Subscription, func(api.BlockAdded) error) error { panic(secret) })
	var panics atomic.Int64
	codes := make(chan api.Code, 10)
	r := start(t, Config{
		Registry: reg,
		Panicked: func(where string, value any, stack []byte) {
			panics.Add(1)
			if value != secret || !strings.Contains(string(stack), "limits_test.go") || !strings.HasPrefix(where, "rpc ") {
				t.Errorf("reported %s: %v", where, value)
			}
		},
		Observe: func(_ string, code api.Code, _ time.Duration) { codes <- code },
	})
	status, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`)
	if status != http.StatusInternalServerError || answer != `{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"internal error"}}` {
		t.Errorf("%d %s", status, answer)
	}
	if code := <-codes; code != api.CodeInternal {
		t.Errorf("observed %d", code)
	}
	_, answer = r.call(t, `[{"jsonrpc":"2.0","id":1,"method":"getInfo"},`+search("2", "x")+`]`)
	if !strings.Contains(answer, "-32603") || !strings.Contains(answer, found("2", "x")) {
		t.Errorf("a panic takes the rest of its batch along: %s", answer)
	}
	conn := r.dial(t, r.basic(t))
	say(t, conn, `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"blockAdded"}}`)
	hear(t, conn)
	if answer := hear(t, conn); !strings.Contains(answer, `"ended"`) || strings.Contains(answer, secret) {
		t.Errorf("a panic of a stream arrives as %s", answer)
	}
	if panics.Load() != 3 {
		t.Errorf("%d panics were counted, want 3", panics.Load())
	}
}
