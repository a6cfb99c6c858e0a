package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/coder/websocket"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

const (
	silence   = 90 * time.Second // three times what a node lets pass between two pings
	firstWait = 50 * time.Millisecond
	lastWait  = 5 * time.Second
)

// lasting is an error that a new connection does not mend.
type lasting struct{ error }

// Unwrap returns the error itself.
func (e lasting) Unwrap() error { return e.error }

// Subscribe implements api.Subscriber. When the connection is lost it makes
// another, for as long as it takes, and goes on after the cursor of the last
// event that each dealt with; events of topics without cursors that came
// meanwhile are missed. It fails at once when no node answers the first time,
// and with an *api.Error when the node refuses: one with CodeUnknownPoint says
// that the cursor names nothing any more.
func (c *Client) Subscribe(ctx context.Context, sub api.Subscription, event any, each func() error) error {
	f := follower{client: c, sub: sub, event: event, each: each}
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		heard, err := f.follow(ctx)
		if final := new(lasting); ctx.Err() != nil {
			return ctx.Err()
		} else if errors.As(err, final) {
			return final.error
		}
		if !f.began {
			return err
		}
		if heard {
			wait = firstWait
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A follower carries a subscription from one connection to the next.
type follower struct {
	client *Client
	sub    api.Subscription
	event  any
	each   func() error
	began  bool // it was accepted once
}

// incoming is any message from a node: a notification or the response to the
// subscription.
type incoming struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Error  *api.Error      `json:"error"`
}

// follow subscribes on a new connection and reads until that ends. It reports
// whether anything came.
func (f *follower) follow(ctx context.Context) (heard bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	conn, err := f.client.dial(ctx, func() { watchdog.Reset(silence) })
	if err != nil {
		return false, err
	}
	defer conn.CloseNow()
	request, err := json.Marshal(call{"2.0", 1, api.Subscribe.Name, f.sub})
	if err != nil {
		return false, lasting{err}
	}
	if err := conn.Write(ctx, websocket.MessageText, request); err != nil {
		return false, err
	}
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return heard, err
		}
		watchdog.Stop() // each may take its time
		if err := f.take(data); err != nil {
			return heard, err
		}
		heard = true
		watchdog.Reset(silence)
	}
}

// take deals with one message.
func (f *follower) take(data []byte) error {
	var in incoming
	if err := json.Unmarshal(data, &in); err != nil {
		return lasting{fmt.Errorf("the node sent what makes no sense: %w", err)}
	}
	switch in.Method {
	case api.NoticeEvent:
		return f.deliver(in.Params)
	case api.NoticeEnded:
		return f.ended(in.Params)
	}
	if in.Error != nil {
		return f.refused(in.Error)
	}
	f.began = true
	return nil
}

func (f *follower) deliver(params []byte) error {
	var e api.Event
	if err := json.Unmarshal(params, &e); err != nil {
		return lasting{err}
	}
	into := reflect.ValueOf(f.event).Elem()
	into.SetZero() // what each kept of the last event must not change
	if err := json.Unmarshal(e.Event, f.event); err != nil {
		return lasting{err}
	}
	if err := f.each(); err != nil {
		return lasting{err}
	}
	if into.Kind() != reflect.Struct {
		return nil
	}
	if cursor := into.FieldByName("Cursor"); cursor.IsValid() && cursor.Type() == reflect.TypeFor[types.Hash]() {
		at := cursor.Interface().(types.Hash)
		f.sub.Cursor = &at
	}
	return nil
}

func (f *follower) ended(params []byte) error {
	var e api.Ended
	if err := json.Unmarshal(params, &e); err != nil {
		return lasting{err}
	}
	if e.Error == nil {
		return lasting{io.EOF}
	}
	return f.refused(e.Error)
}

// refused tells refusals that pass from those that stay.
func (f *follower) refused(refusal *api.Error) error {
	switch refusal.Code {
	case api.CodeSlow, api.CodeBusy, api.CodeNotReady:
		return refusal
	}
	return lasting{refusal}
}

// dial opens a WebSocket connection, with a fresh cookie where the one at hand
// is refused. ping is called whenever the node asks for a sign of life.
func (c *Client) dial(ctx context.Context, ping func()) (*websocket.Conn, error) {
	header, err := c.keys.header()
	if err != nil {
		return nil, err
	}
	conn, status, err := c.upgrade(ctx, header, ping)
	if status == http.StatusUnauthorized && c.keys.renew(header) {
		if header, err = c.keys.header(); err == nil {
			conn, status, err = c.upgrade(ctx, header, ping)
		}
	}
	switch {
	case status == http.StatusUnauthorized:
		return nil, lasting{ErrCredential}
	case status != 0:
		return nil, fmt.Errorf("the node at %s turned the subscription away: %d %s", c.cfg.Addr, status, http.StatusText(status))
	}
	return conn, c.unreachable(ctx, err)
}

func (c *Client) upgrade(ctx context.Context, authorization string, ping func()) (conn *websocket.Conn, status int, err error) {
	conn, response, err := websocket.Dial(ctx, c.url("/ws"), &websocket.DialOptions{
		HTTPClient:     c.http,
		HTTPHeader:     http.Header{"Authorization": {authorization}},
		OnPingReceived: func(context.Context, []byte) bool { ping(); return true },
	})
	if err != nil {
		if response != nil {
			status = response.StatusCode
		}
		return nil, status, err
	}
	conn.SetReadLimit(maxAnswer)
	return conn, 0, nil
}
