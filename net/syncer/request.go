package syncer

import (
	"errors"
	"slices"
	"time"

	"github.com/jio-dag/jio/net/wire"
)

// How long peers have for an answer.
const (
	headersTimeout      = 15 * time.Second
	blocksTimeout       = 20 * time.Second
	compactTimeout      = 3 * time.Second
	transactionsTimeout = 5 * time.Second
)

// A request waits for its answer: exactly one call of done, with an answer of
// the right kind or with the reason why there is none.
type request struct {
	id       RequestID
	peer     *peer
	answer   wire.Kind
	deadline time.Time
	done     func(answer wire.Message, err error)
}

// ask sends a request.
func (c *Core) ask(p *peer, m wire.Message, timeout time.Duration, done func(wire.Message, error)) {
	c.lastID++
	answer, _ := m.Kind().Answer()
	c.requests = append(c.requests, &request{c.lastID, p, answer, c.now.Add(timeout), done})
	c.emit(Request{p.id, c.lastID, m})
}

// respond settles the request that a response belongs to. An answer that comes
// late is dropped; one that nobody asked for costs its sender.
func (c *Core) respond(e Response) {
	i := slices.IndexFunc(c.requests, func(r *request) bool { return r.id == e.ID && r.peer.id == e.Peer })
	if i < 0 {
		if e.Err == nil && (e.ID == 0 || e.ID > c.lastID) {
			c.rate(c.find(e.Peer), PointsUnrequested, errUnrequested)
		}
		return
	}
	r := c.requests[i]
	c.requests = slices.Delete(c.requests, i, i+1)
	r.peer.charge(r.answer, e.Size, e.Err)
	var malformed *wire.Error
	switch {
	case errors.As(e.Err, &malformed):
		c.rate(r.peer, Points(e.Err), e.Err)
	case e.Err == nil && e.Message.Kind() != r.answer:
		e.Err = lie("%v", e.Message.Kind())
		c.rate(r.peer, PointsWrongSync, e.Err)
	}
	r.done(e.Message, e.Err)
}

// expireRequests gives up what took too long.
func (c *Core) expireRequests() {
	c.failRequests(func(r *request) bool { return c.now.After(r.deadline) }, errTimeout)
}

// failRequests ends some requests without an answer.
func (c *Core) failRequests(which func(*request) bool, err error) {
	var failed []*request
	c.requests = slices.DeleteFunc(c.requests, func(r *request) bool {
		if which(r) {
			failed = append(failed, r)
			return true
		}
		return false
	})
	for _, r := range failed {
		if errors.Is(err, errTimeout) {
			c.rate(r.peer, PointsTimeout, err)
		}
		r.peer.charge(r.answer, 0, err)
		r.done(nil, err)
	}
}
