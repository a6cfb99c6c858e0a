package p2p

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// tasks counts what is under way, so that Close can wait for it.
type tasks struct {
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// enter begins a task, or reports that none may begin any more.
func (t *tasks) enter() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.group.Add(1)
	}
	return !t.closed
}

func (t *tasks) leave() { t.group.Done() }

// close lets no task begin any more.
func (t *tasks) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

// spawn runs f in a goroutine of the owner's until the Host closes.
func (h *Host) spawn(name string, f func(ctx context.Context)) {
	if !h.tasks.enter() {
		return
	}
	h.cfg.Go(name, func(context.Context) error {
		defer h.tasks.leave()
		f(h.ctx)
		return nil
	})
}

// guarded runs f in a goroutine of the library's. A panic there would end the
// process at once, so it is caught and handed to the owner.
func (h *Host) guarded(name string, f func()) {
	if !h.tasks.enter() {
		return
	}
	defer h.tasks.leave()
	defer func() {
		if v := recover(); v != nil {
			text := fmt.Sprintf("%v\n%s", v, debug.Stack())
			h.cfg.Go(name, func(context.Context) error { panic(text) })
		}
	}()
	f()
}
