package rpc

import (
	"bytes"
	"context"
	"runtime/debug"

	"github.com/jio-dag/jio/node/api"
)

// A subscription is a stream of events that runs for a socket.
type subscription struct {
	id     uint64
	source *api.Source
	asked  api.Subscription
	cancel context.CancelFunc
	start  chan struct{} // closed when the subscriber knows of it
	done   chan struct{} // closed when the stream returned
}

// subscribe is the method of that name. The stream starts when the answer that
// names the subscription is on its way, so that no event comes before it.
func (c *caller) subscribe(_ context.Context, params []byte) (any, error) {
	var asked api.Subscription
	if err := c.decode(params, &asked); err != nil {
		return nil, err
	}
	source, err := c.socket.server.cfg.Registry.Source(asked.Topic)
	if err != nil {
		return nil, err
	}
	if err := c.reach(source.Scope); err != nil {
		return nil, err
	}
	if err := source.Check(asked); err != nil {
		return nil, err
	}
	sub, ctx, err := c.socket.add(source, asked)
	if err != nil {
		return nil, err
	}
	c.socket.group.Go(func() { c.socket.stream(ctx, sub) })
	c.after = append(c.after, func() { close(sub.start) })
	return &api.Subscribed{Subscription: sub.id}, nil
}

// unsubscribe is the method of that name: no event follows its answer.
func (c *caller) unsubscribe(ctx context.Context, params []byte) (any, error) {
	var asked api.Subscribed
	if err := c.decode(params, &asked); err != nil {
		return nil, err
	}
	c.socket.mu.Lock()
	sub := c.socket.subscriptions[asked.Subscription]
	c.socket.mu.Unlock()
	if sub == nil {
		return nil, api.Errorf(api.CodeNotFound, "there is no subscription %d", asked.Subscription)
	}
	sub.cancel()
	select {
	case <-sub.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &api.None{}, nil
}

func (c *caller) decode(params []byte, into any) error {
	if c.socket == nil {
		return api.Errorf(api.CodeInvalidRequest, "subscriptions need a WebSocket connection, at /ws")
	}
	return api.DecodeParams(params, into)
}

// add gives a subscription its place and number.
func (k *socket) add(source *api.Source, asked api.Subscription) (*subscription, context.Context, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if most := k.server.limits.Subscriptions; len(k.subscriptions) >= most {
		return nil, nil, api.Errorf(api.CodeTooLarge, "a connection holds at most %d subscriptions", most)
	}
	k.last++
	ctx, cancel := context.WithCancel(k.ctx)
	sub := &subscription{id: k.last, source: source, asked: asked, cancel: cancel, start: make(chan struct{}), done: make(chan struct{})}
	k.subscriptions[sub.id] = sub
	return sub, ctx, nil
}

// stream sends the events of a subscription, and at last why it ended unless
// the subscriber ended it.
func (k *socket) stream(ctx context.Context, sub *subscription) {
	defer close(sub.done)
	defer sub.cancel()
	select {
	case <-sub.start:
	case <-ctx.Done():
	}
	err := k.guardedRun(ctx, sub)
	k.mu.Lock()
	delete(k.subscriptions, sub.id)
	k.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	ended := api.Ended{Subscription: sub.id, Topic: sub.source.Name}
	if err != nil {
		k.server.logFault("topic "+sub.source.Name, err)
		ended.Error = asRefusal(err)
	}
	_ = k.notify(func(b *bytes.Buffer) error { return writeNotification(b, api.NoticeEnded, ended) })
}

func (k *socket) guardedRun(ctx context.Context, sub *subscription) (err error) {
	defer func() {
		if v := recover(); v != nil {
			k.server.cfg.Panicked("rpc topic "+sub.source.Name, v, debug.Stack())
			err = errPanic
		}
	}()
	return sub.source.Run(ctx, sub.asked, func(event any) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return k.notify(func(b *bytes.Buffer) error { return writeEvent(b, sub.id, sub.source.Name, event) })
	})
}

// notify sends a notification. It must not end with the subscription's context:
// a message cut short would end the connection.
func (k *socket) notify(write func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	return k.write(out.Bytes())
}
