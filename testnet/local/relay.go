package local

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// A relay carries connections from one node to another with a delay in both
// directions. While it is shut it ends what is open and lets nothing in.
type relay struct {
	from, to int
	delay    time.Duration
	listener net.Listener

	mu     sync.Mutex
	shut   bool
	target string // HOST:PORT of the node behind it, "" while it is down
	open   map[net.Conn]bool
}

func newRelay(from, to int, delay time.Duration) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &relay{from: from, to: to, delay: delay, listener: l, open: make(map[net.Conn]bool)}, nil
}

// address is where the node in front dials.
func (r *relay) address() string { return r.listener.Addr().String() }

// run carries connections until ctx ends.
func (r *relay) run(ctx context.Context) {
	var carrying sync.WaitGroup
	defer carrying.Wait()
	defer context.AfterFunc(ctx, func() {
		_ = r.listener.Close()
		r.set(true)
	})()
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		carrying.Go(func() { r.carry(ctx, near) })
	}
}

// set shuts the relay or opens it.
func (r *relay) set(shut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut = shut
	if shut {
		for c := range r.open {
			_ = c.Close()
		}
	}
}

func (r *relay) isShut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shut
}

// lead tells the relay where the node behind it listens now.
func (r *relay) lead(target string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

// enter notes an open connection, unless the relay is shut.
func (r *relay) enter(c net.Conn) (target string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut || r.target == "" {
		return "", false
	}
	r.open[c] = true
	return r.target, true
}

// leave closes a connection.
func (r *relay) leave(c net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, c)
	_ = c.Close()
}

func (r *relay) carry(ctx context.Context, near net.Conn) {
	defer r.leave(near)
	target, ok := r.enter(near)
	if !ok {
		return
	}
	far, err := new(net.Dialer).DialContext(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer r.leave(far)
	if _, ok := r.enter(far); !ok {
		return
	}
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			if deliver(way[1], way[0], r.delay) != nil { // broken: end the other way too
				_ = near.Close()
				_ = far.Close()
			} else if half, ok := way[1].(interface{ CloseWrite() error }); ok {
				_ = half.CloseWrite() // an error says that it is closed altogether
			}
		})
	}
	both.Wait()
}

const (
	pieceSize = 32 << 10
	// underWay is how many pieces may wait for their time, which bounds the memory
	// of one direction, and its throughput to that much a delay.
	underWay = 256
)

// A piece is what was read at once, and when it is due.
type piece struct {
	data []byte
	due  time.Time
}

// deliver copies a stream so that each byte arrives a delay after it was sent, in
// order; the end of the stream too. It returns nil at the end.
func deliver(to io.Writer, from io.Reader, delay time.Duration) error {
	line := make(chan piece, underWay)
	gone := make(chan struct{}) // closed when nobody takes pieces any more
	written := make(chan error, 1)
	go func() {
		defer close(gone)
		written <- drain(to, line)
	}()
	err := fill(line, gone, from, delay)
	close(line)
	return errors.Join(<-written, err)
}

func fill(line chan<- piece, gone <-chan struct{}, from io.Reader, delay time.Duration) error {
	for {
		data := make([]byte, pieceSize)
		n, err := from.Read(data)
		select {
		case line <- piece{data[:n], time.Now().Add(delay)}:
		case <-gone:
			return io.ErrClosedPipe
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func drain(to io.Writer, line <-chan piece) error {
	for p := range line {
		time.Sleep(time.Until(p.due))
		if len(p.data) == 0 { // the end, which has its time too
			continue
		}
		if _, err := to.Write(p.data); err != nil {
			return err
		}
	}
	return nil
}
