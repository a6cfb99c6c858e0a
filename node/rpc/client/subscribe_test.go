package client_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

var errEnough = errors.New("enough")

// chainOf is a registry whose virtualChanged walks along the blocks 1 to last,
// one an event, and waits there. cut is called after each event with its number.
func chainOf(last int, cut func(context.Context, int) error) *api.Registry {
	reg := api.NewRegistry()
	api.Stream(reg, api.TopicVirtualChanged, func(ctx context.Context, sub api.Subscription, send func(api.VirtualChanged) error) error {
		at := 0
		if sub.Cursor == nil {
			if err := send(api.VirtualChanged{Cursor: hashOf(0)}); err != nil {
				return err
			}
		} else if at = slices.Index(hashes(last), *sub.Cursor); at < 0 {
			return api.Errorf(api.CodeUnknownPoint, "no chain block %v", sub.Cursor)
		}
		for at++; at <= last; at++ {
			event := api.VirtualChanged{Added: []api.AcceptingBlock{{Hash: hashOf(at), BlueScore: uint64(at)}}, Cursor: hashOf(at)}
			if err := send(event); err != nil {
				return err
			}
			if err := cut(ctx, at); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return ctx.Err()
	})
	return reg
}

func hashes(last int) (all []types.Hash) {
	for n := range last + 1 {
		all = append(all, hashOf(n))
	}
	return all
}

// whole cuts nothing.
func whole(context.Context, int) error { return nil }

// collect follows virtualChanged until the last block and returns the blocks in
// the order in which they came.
func collect(t *testing.T, from api.Subscriber, last int) (got []int) {
	t.Helper()
	err := api.TopicVirtualChanged.Subscribe(t.Context(), from, api.Subscription{}, func(e api.VirtualChanged) error {
		for _, b := range e.Added {
			got = append(got, int(b.BlueScore))
		}
		if len(got) >= last {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Errorf("the subscription ended with %v", err)
	}
	return got
}

func inOrder(t *testing.T, got []int, last int) {
	t.Helper()
	for i := range last {
		if i >= len(got) || got[i] != i+1 {
			t.Fatalf("blocks %v, want 1 to %d, each once", got, last)
		}
	}
}

// A node that drops its subscriber again and again, as one that is too slow,
// loses it no event and sends it none twice.
func TestSubscriberComesBackWithItsCursor(t *testing.T) {
	const last = 30
	n := newNode(t, chainOf(last, func(_ context.Context, at int) error {
		if at%7 == 0 {
			return api.Errorf(api.CodeSlow, "not taken in time")
		}
		return nil
	}))
	inOrder(t, collect(t, n.client(), last), last)
}

// Nor does a node that is stopped and started again under its subscriber, with
// another cookie.
func TestSubscriptionOutlivesTheNode(t *testing.T) {
	const last = 12
	halted := make(chan struct{}, last)
	halts := map[int]bool{4: true, 8: true}
	n := newNode(t, chainOf(last, func(ctx context.Context, at int) error {
		if !halts[at] {
			return nil
		}
		delete(halts, at)
		halted <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}))
	c := n.client()
	var got []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		got = collect(t, c, last)
	}()
	for range 2 {
		<-halted
		n.stop()
		n.start()
	}
	<-done
	inOrder(t, got, last)
}

// The first event names the cursor at which the subscription begins: a
// subscriber that is cut off before anything happens misses nothing either.
func TestFirstEventNamesTheCursor(t *testing.T) {
	cut := true
	n := newNode(t, chainOf(3, whole))
	reg := api.NewRegistry()
	source, err := n.cfg.Registry.Source("virtualChanged")
	if err != nil {
		t.Fatal(err)
	}
	api.Stream(reg, api.TopicVirtualChanged, func(ctx context.Context, sub api.Subscription, send func(api.VirtualChanged) error) error {
		return source.Run(ctx, sub, func(event any) error {
			if err := send(event.(api.VirtualChanged)); err != nil || !cut {
				return err
			}
			cut = false
			return api.Errorf(api.CodeSlow, "cut off after the first event")
		})
	})
	n.stop()
	n.cfg.Registry = reg
	n.start()
	inOrder(t, collect(t, n.client(), 3), 3)
}

func TestSubscriptionsThatEndForGood(t *testing.T) {
	reg := chainOf(3, whole)
	api.Stream(reg, api.TopicNewTemplate, func(context.Context, api.Subscription, func(api.NewTemplate) error) error { return nil })
	api.Stream(reg, api.TopicBlockAdded, func(context.Context, api.Subscription, func(api.BlockAdded) error) error {
		return errors.New("a fault")
	})
	n := newNode(t, reg)
	c := n.client()
	codeOf := func(err error) api.Code {
		if refusal := new(api.Error); errors.As(err, &refusal) {
			return refusal.Code
		}
		return 0
	}
	strange := hashOf(99)
	err := api.TopicVirtualChanged.Subscribe(t.Context(), c, api.Subscription{Cursor: &strange}, func(api.VirtualChanged) error { return nil })
	if codeOf(err) != api.CodeUnknownPoint {
		t.Errorf("an unknown cursor: %v", err)
	}
	err = api.TopicSyncProgress.Subscribe(t.Context(), c, api.Subscription{}, func(api.Sync) error { return nil })
	if codeOf(err) != api.CodeUnavailable {
		t.Errorf("a topic without a source: %v", err)
	}
	err = api.TopicNewTemplate.Subscribe(t.Context(), c, api.Subscription{}, func(api.NewTemplate) error { return nil })
	if !errors.Is(err, io.EOF) {
		t.Errorf("a stream that has nothing more to tell: %v", err)
	}
	err = api.TopicBlockAdded.Subscribe(t.Context(), c, api.Subscription{}, func(api.BlockAdded) error { return nil })
	if codeOf(err) != api.CodeInternal {
		t.Errorf("a stream with a fault: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = api.TopicVirtualChanged.Subscribe(ctx, c, api.Subscription{}, func(api.VirtualChanged) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a subscriber that goes: %v", err)
	}
}

// What a subscriber keeps of an event stays as it was when the next one comes.
func TestEventsShareNothing(t *testing.T) {
	n := newNode(t, chainOf(3, whole))
	var kept []api.VirtualChanged
	err := api.TopicVirtualChanged.Subscribe(t.Context(), n.client(), api.Subscription{}, func(e api.VirtualChanged) error {
		if kept = append(kept, e); len(kept) == 4 {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	for i, e := range kept {
		if e.Cursor != hashOf(i) || i > 0 && e.Added[0].Hash != hashOf(i) {
			t.Errorf("event %d is now %+v", i, e)
		}
	}
}
