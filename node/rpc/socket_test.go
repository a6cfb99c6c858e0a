package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/jio-dag/jio/node/api"
)

// subscribe asks for a topic.
func subscribe(id int, topic string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"subscribe","params":{"topic":"%s"}}`, id, topic)
}

// counting is a registry whose mempoolChanged counts up to n and ends, for ever
// when n is negative.
func counting(n int) *api.Registry {
	reg := echoes()
	api.Stream(reg, api.TopicMempoolChanged, func(_ context.Context, _ api.Subscription, send func(api.Pool) error) error {
		for i := 0; i != n; i++ {
			if err := send(api.Pool{Entries: i}); err != nil {
				return err
			}
		}
		return nil
	})
	return reg
}

func TestSocketCalls(t *testing.T) {
	r := start(t, Config{})
	conn := r.dial(t, r.basic(t))
	say(t, conn, search("1", "x"))
	if answer := hear(t, conn); answer != found("1", "x") {
		t.Error(answer)
	}
	say(t, conn, `{"jsonrpc":"2.0","method":"stop"}`) // a notification: no answer
	say(t, conn, "["+search("2", "x")+","+search("3", "y")+"]")
	if answer := hear(t, conn); answer != "["+found("2", "x")+","+found("3", "y")+"]" {
		t.Error(answer)
	}
	say(t, conn, "{")
	if answer := hear(t, conn); codeIn(t, answer) != api.CodeParse {
		t.Error(answer)
	}
}

func TestSubscription(t *testing.T) {
	r := start(t, Config{Registry: counting(3)})
	conn := r.dial(t, r.basic(t))
	for id := 1; id <= 2; id++ { // numbers are not used twice
		say(t, conn, subscribe(7, "mempoolChanged"))
		want := []string{fmt.Sprintf(`{"jsonrpc":"2.0","id":7,"result":{"subscription":%d}}`, id)}
		for i := range 3 {
			want = append(want, fmt.Sprintf(`{"jsonrpc":"2.0","method":"event","params":{"subscription":%d,"topic":"mempoolChanged","event":{"entries":%d,"bytes":0,"maxBytes":0,"orphans":0}}}`, id, i))
		}
		want = append(want, fmt.Sprintf(`{"jsonrpc":"2.0","method":"ended","params":{"subscription":%d,"topic":"mempoolChanged"}}`, id))
		for _, w := range want {
			if got := hear(t, conn); got != w {
				t.Fatalf("heard %s, want %s", got, w)
			}
		}
	}
}

func TestUnsubscribe(t *testing.T) {
	r := start(t, Config{Registry: counting(-1)})
	conn := r.dial(t, r.basic(t))
	say(t, conn, subscribe(1, "mempoolChanged"))
	hear(t, conn)
	hear(t, conn)
	say(t, conn, `{"jsonrpc":"2.0","id":"bye","method":"unsubscribe","params":{"subscription":1}}`)
	for !strings.Contains(hear(t, conn), "bye") {
	}
	say(t, conn, search("2", "x"))
	if got := hear(t, conn); got != found("2", "x") {
		t.Errorf("after the subscription ended came %s", got)
	}
	say(t, conn, `{"jsonrpc":"2.0","id":3,"method":"unsubscribe","params":{"subscription":1}}`)
	if got := hear(t, conn); codeIn(t, got) != api.CodeNotFound {
		t.Error(got)
	}
}

// A subscription ended in the very message that begins it sends nothing.
func TestSubscribeAndUnsubscribeInOneBatch(t *testing.T) {
	r := start(t, Config{Registry: counting(-1)})
	conn := r.dial(t, r.basic(t))
	say(t, conn, "["+subscribe(1, "mempoolChanged")+`,{"jsonrpc":"2.0","id":2,"method":"unsubscribe","params":{"subscription":1}}]`)
	if got := hear(t, conn); !strings.Contains(got, `"id":2,"result":{}`) {
		t.Error(got)
	}
	say(t, conn, search("3", "x"))
	if got := hear(t, conn); got != found("3", "x") {
		t.Error(got)
	}
}

func TestSubscriptionRefusals(t *testing.T) {
	r := start(t, Config{Registry: counting(0)})
	conn := r.dial(t, r.basic(t))
	for _, c := range []struct {
		params string
		want   api.Code
	}{
		{`{"topic":"nothing"}`, api.CodeInvalidParams},
		{`{}`, api.CodeInvalidParams},
		{`{"topic":"mempoolChanged","from":1}`, api.CodeInvalidParams},
		{`{"topic":"mempoolChanged","cursor":"00"}`, api.CodeInvalidParams},
		{`{"topic":"mempoolChanged","wallet":"main"}`, api.CodeInvalidParams},
		{`{"topic":"blockAdded"}`, api.CodeUnavailable},
	} {
		say(t, conn, `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":`+c.params+`}`)
		if got := hear(t, conn); codeIn(t, got) != c.want {
			t.Errorf("%s: %s", c.params, got)
		}
	}
}

func TestWSLimits(t *testing.T) {
	reg := echoes()
	entered := make(chan struct{})
	api.Handle(reg, api.GetInfo, func(ctx context.Context, _ api.None) (api.Info, error) {
		entered <- struct{}{}
		<-ctx.Done()
		return api.Info{}, ctx.Err()
	})
	api.Stream(reg, api.TopicMempoolChanged, func(ctx context.Context, _ api.Subscription, _ func(api.Pool) error) error {
		<-ctx.Done()
		return ctx.Err()
	})
	r := start(t, Config{Registry: reg, Limits: Limits{Body: 1000, Sockets: 3, Subscriptions: 2, Pending: 4}})
	first, second, third := r.dial(t, r.basic(t)), r.dial(t, r.basic(t)), r.dial(t, r.basic(t))
	t.Run("subscriptions", func(t *testing.T) {
		for n := 1; n <= 3; n++ {
			say(t, first, subscribe(n, "mempoolChanged"))
			if got := hear(t, first); (codeIn(t, got) == api.CodeTooLarge) != (n == 3) {
				t.Errorf("subscription %d: %s", n, got)
			}
		}
	})
	t.Run("pending", func(t *testing.T) {
		for range 4 {
			say(t, second, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`)
			<-entered
		}
		say(t, second, search("2", "x"))
		if got := hear(t, second); codeIn(t, got) != api.CodeBusy || !strings.Contains(got, `"id":2`) {
			t.Errorf("a fifth message: %s", got)
		}
	})
	t.Run("sockets", func(t *testing.T) {
		status, _ := r.do(t, exchange{verb: "GET", path: "/ws", header: map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}})
		if status != http.StatusServiceUnavailable {
			t.Errorf("a fourth connection: %d", status)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		say(t, third, search("1", strings.Repeat("a", 1000)))
		if _, _, err := third.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
			t.Errorf("a message too large: %v", err)
		}
	})
	t.Run("binary", func(t *testing.T) {
		if err := first.Write(t.Context(), websocket.MessageBinary, []byte(search("1", "x"))); err != nil {
			t.Fatal(err)
		}
		if _, _, err := first.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
			t.Errorf("a binary message: %v", err)
		}
	})
}

// A connection that hides in no frame and closes without a word leaves nothing
// running behind.
func TestSocketsLeaveNothing(t *testing.T) {
	ended := make(chan struct{}, 10)
	reg := echoes()
	api.Stream(reg, api.TopicMempoolChanged, func(ctx context.Context, _ api.Subscription, _ func(api.Pool) error) error {
		<-ctx.Done()
		ended <- struct{}{}
		return ctx.Err()
	})
	r := start(t, Config{Registry: reg})
	for range 10 {
		conn := r.dial(t, r.basic(t))
		say(t, conn, subscribe(1, "mempoolChanged"))
		hear(t, conn)
		_ = conn.CloseNow()
		<-ended
	}
	for r.Connections() > 0 {
		runtime.Gosched()
	}
}

// lines is a log that may be written to from several goroutines.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A subscriber that reads nothing is dropped with a reason in the log; the
// stream learns of it, and no more was kept than the sockets hold.
func TestSlowSubscriberIsDropped(t *testing.T) {
	var log lines
	sent := make(chan int, 1)
	reg := api.NewRegistry()
	api.Stream(reg, api.TopicUTXOsChanged, func(_ context.Context, _ api.Subscription, send func(api.UTXOsChanged) error) error {
		event := api.UTXOsChanged{Added: []api.UTXO{{Address: strings.Repeat("a", 1<<20)}}}
		for n := 0; ; n++ {
			if err := send(event); err != nil {
				sent <- n
				return err
			}
		}
	})
	r := start(t, Config{Registry: reg, Log: slog.New(slog.NewTextHandler(&log, nil)), Limits: Limits{Write: 100 * time.Millisecond}})
	conn := r.dial(t, r.basic(t))
	say(t, conn, `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"utxosChanged","addresses":["a"]}}`)
	if n := <-sent; n > 20 {
		t.Errorf("%d MiB were taken from the stream for a subscriber that reads nothing", n)
	}
	r.sockets.Wait()
	if !strings.Contains(log.String(), errSlow.Error()) {
		t.Errorf("the log says %q", log.String())
	}
}

// A stream that cannot wait for its subscriber gives up and says so.
func TestStreamThatGivesUp(t *testing.T) {
	reg := api.NewRegistry()
	api.Stream(reg, api.TopicBlockAdded, func(_ context.Context, _ api.Subscription, send func(api.BlockAdded) error) error {
		return api.Errorf(api.CodeSlow, "64 blocks were not taken")
	})
	r := start(t, Config{Registry: reg})
	conn := r.dial(t, r.basic(t))
	say(t, conn, subscribe(1, "blockAdded"))
	hear(t, conn)
	var got struct{ Params api.Ended }
	if err := json.Unmarshal([]byte(hear(t, conn)), &got); err != nil || got.Params.Error.Code != api.CodeSlow || got.Params.Topic != "blockAdded" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Whoever sends no sign of life is hung up on.
func TestSilentSocket(t *testing.T) {
	var log lines
	r := start(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Limits: Limits{Ping: 10 * time.Millisecond, Write: 50 * time.Millisecond}})
	r.dial(t, r.basic(t)) // reads nothing, so answers no ping
	r.sockets.Wait()
	if !strings.Contains(log.String(), errSilent.Error()) {
		t.Errorf("the log says %q", log.String())
	}
}

// Sockets are told that the node stops, and calls under way are answered.
func TestStopIsOrderly(t *testing.T) {
	reg := echoes()
	entered, leave := make(chan struct{}), make(chan struct{})
	api.Handle(reg, api.GetInfo, func(context.Context, api.None) (api.Info, error) {
		close(entered)
		<-leave
		return api.Info{Version: "late"}, nil
	})
	s, err := Open(Config{Registry: reg, Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	r := &running{Server: s, dir: s.cfg.Dir, addr: s.Addr().String()}
	conn := r.dial(t, r.basic(t))
	answered := make(chan string, 1)
	go func() {
		_, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"getInfo"}`)
		answered <- answer
	}()
	<-entered
	cancel()
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the socket ended with %v", err)
	}
	close(leave)
	if answer := <-answered; !strings.Contains(answer, "late") {
		t.Errorf("the call under way: %s", answer)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
