package mempool

// OnChange registers a function to be called after entries came or went. It is
// called without locks held and must not block; cancel removes it.
func (p *Pool) OnChange(call func()) (cancel func()) { return p.bell.Listen(call) }

// change runs an operation under the lock, publishes how full the pool is, and
// wakes the followers when entries came or went.
func (p *Pool) change(operation func() error) error {
	moved, err := p.locked(operation)
	if moved {
		p.bell.Ring()
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
