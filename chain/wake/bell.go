package wake

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// A Bell calls those who listen. The zero Bell is ready for use, by any number of
// goroutines.
type Bell struct {
	mu        sync.Mutex // guards the two below
	listeners map[int]func()
	next      int
}

// Listen registers a function that Ring calls, without locks held. It must not
// block; cancel removes it, and may be called more than once.
func (b *Bell) Listen(call func()) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = make(map[int]func())
	}
	id := b.next
	b.next++
	b.listeners[id] = call
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners, id)
	}
}

// Ring calls all who listen, the oldest first.
func (b *Bell) Ring() {
	for _, call := range b.calls() {
		call()
	}
}

func (b *Bell) calls() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := make([]func(), 0, len(b.listeners))
	for _, id := range slices.Sorted(maps.Keys(b.listeners)) {
		calls = append(calls, b.listeners[id])
	}
	return calls
}

// A Listen is what registers a listener: Bell.Listen, or what is made of one.
type Listen func(call func()) (cancel func())

// Catch returns a channel on which one element waits whenever there was a call
// since the last was taken.
func Catch(listen Listen) (calls <-chan struct{}, cancel func()) {
	caught := make(chan struct{}, 1)
	cancel = listen(func() {
		select {
		case caught <- struct{}{}:
		default:
		}
	})
	return caught, cancel
}

// Follow looks once at the start and then after every call, until ctx ends or
// look fails, and returns the error of that. Calls that come during a look make
// one more.
func Follow(ctx context.Context, listen Listen, look func() error) error {
	calls, cancel := Catch(listen)
	defer cancel()
	for {
		if err := look(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-calls:
		}
	}
}
