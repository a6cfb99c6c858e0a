package rpc

import (
	"net"
	"sync"
	"sync/atomic"
)

// A boundedListener hangs up on whoever comes when all its places are taken.
// To let him wait would let those who hold places and do nothing keep everybody
// out without a word.
type boundedListener struct {
	net.Listener
	limit int64
	open  atomic.Int64
}

func newBoundedListener(l net.Listener, limit int) *boundedListener {
	return &boundedListener{Listener: l, limit: int64(limit)}
}

func (l *boundedListener) count() int { return int(l.open.Load()) }

// Accept implements net.Listener.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.limit {
			return &countedConn{Conn: c, closed: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
		}
		l.open.Add(-1)
		_ = c.Close()
	}
}

// A countedConn gives its place back when it is closed.
type countedConn struct {
	net.Conn
	closed func()
}

// Close implements net.Conn.
func (c *countedConn) Close() error {
	defer c.closed()
	return c.Conn.Close()
}
