package service

import (
	"context"
	"sync"
)

// A bell wakes those who listen. Ringing carries no data: whoever wakes looks
// for itself. The zero bell is ready for use.
type bell struct {
	mu        sync.Mutex
	listeners map[int]func()
	next      int
}

// listen registers a function that must not block; cancel removes it.
func (b *bell) listen(wake func()) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = make(map[int]func())
	}
	id := b.next
	b.next++
	b.listeners[id] = wake
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners, id)
	}
}

// ring calls every listener.
func (b *bell) ring() {
	b.mu.Lock()
	wakes := make([]func(), 0, len(b.listeners))
	for _, wake := range b.listeners {
		wakes = append(wakes, wake)
	}
	b.mu.Unlock()
	for _, wake := range wakes {
		wake()
	}
}

// follow calls look once at the start and after every wake, until ctx ends or
// look fails. Wakes that come while look runs make it run once more.
func follow(ctx context.Context, listen func(wake func()) (cancel func()), look func() error) error {
	woken := make(chan struct{}, 1)
	cancel := listen(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	defer cancel()
	for {
		if err := look(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-woken:
		}
	}
}
