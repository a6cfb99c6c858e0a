package mempool

import (
	"maps"
	"slices"
	"sync"
)

// followers are woken when entries came or went.
type followers struct {
	mu    sync.Mutex // guards the two below
	wakes map[int]func()
	seq   int
}

// OnChange registers a function to be called after entries came or went. It is
// called without locks held and must not block; cancel removes it.
func (p *Pool) OnChange(wake func()) (cancel func()) {
	f := &p.followers
	f.mu.Lock()
	defer f.mu.Unlock()
	id := f.seq
	f.seq++
	f.wakes[id] = wake
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.wakes, id)
	}
}

func (f *followers) wake() {
	f.mu.Lock()
	wakes := make([]func(), 0, len(f.wakes))
	for _, id := range slices.Sorted(maps.Keys(f.wakes)) {
		wakes = append(wakes, f.wakes[id])
	}
	f.mu.Unlock()
	for _, wake := range wakes {
		wake()
	}
}

// change runs an operation under the lock, publishes how full the pool is, and
// wakes the followers when entries came or went.
func (p *Pool) change(operation func() error) error {
	moved, err := p.locked(operation)
	if moved {
		p.followers.wake()
	}
	return err
}

func (p *Pool) locked(operation func() error) (moved bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.graph.changes
	err = operation()
	p.publish()
	return p.graph.changes != before, err
}
