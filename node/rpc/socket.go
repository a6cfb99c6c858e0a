package rpc

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/jio-dag/jio/node/api"
)

// A socket is a WebSocket connection: calls as over HTTP, each message answered
// on its own, and subscriptions. Nothing is queued: an event waits in its stream
// until the connection took the one before.
type socket struct {
	server     *Server
	credential *credential
	conn       *websocket.Conn
	ctx        context.Context // ends with the connection
	end        context.CancelCauseFunc
	pending    chan struct{} // a place for each call under way
	group      sync.WaitGroup

	mu            sync.Mutex
	last          uint64
	subscriptions map[uint64]*subscription
}

// The reasons why this side ends a connection.
var (
	errSlow    = errors.New("messages were not taken in time")
	errSilent  = errors.New("no sign of life")
	errRevoked = errors.New("the credential was revoked")
	errBinary  = errors.New("messages must be text")
	errPanic   = errors.New("internal error")
)

// upgrade turns a request into a socket and serves it until it ends.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, c *credential) {
	if !only(w, r, http.MethodGet) {
		return
	}
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		refuse(w, http.StatusServiceUnavailable, "too many WebSocket connections")
		return
	}
	s.sockets.Add(1)
	defer s.sockets.Done()
	// The gate let no Origin through, so there is none to verify here.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept answered
	}
	conn.SetReadLimit(s.limits.Body)
	k := &socket{
		server:        s,
		credential:    c,
		conn:          conn,
		pending:       make(chan struct{}, s.limits.Pending),
		subscriptions: make(map[uint64]*subscription),
	}
	k.ctx, k.end = context.WithCancelCause(s.ctx)
	k.serve()
}

// serve reads messages until the connection ends, and waits for all that was
// begun on it.
func (k *socket) serve() {
	k.group.Go(k.hangUp)
	k.group.Go(k.ping)
	for k.read() {
	}
	k.end(nil)
	k.group.Wait()
}

// read takes one message and reports whether there may be another.
func (k *socket) read() bool {
	kind, message, err := k.conn.Read(context.Background())
	switch {
	case err != nil:
		return false
	case kind != websocket.MessageText:
		k.end(errBinary)
		return false
	}
	select {
	case k.pending <- struct{}{}:
		k.group.Go(func() {
			defer func() { <-k.pending }()
			k.answer(message)
		})
	default:
		k.busy(message)
	}
	return k.ctx.Err() == nil
}

// answer carries out the calls of a message.
func (k *socket) answer(message []byte) {
	defer k.recovered("answer")
	defer clear(message)
	ctx, cancel := context.WithTimeout(k.ctx, k.server.limits.Call)
	defer cancel()
	from := &caller{credential: k.credential, socket: k}
	answer, _ := k.server.answer(ctx, from, message)
	defer clear(answer)
	if len(answer) > 0 && k.write(answer) != nil {
		return
	}
	for _, then := range from.after {
		then()
	}
}

// busy answers a message for which there is no place. Its calls are not looked
// at, so a batch is answered as a whole.
func (k *socket) busy(message []byte) {
	r, refusal := parseRequest(message)
	if refusal == nil {
		refusal = api.Errorf(api.CodeBusy, "more than %d messages under way", k.server.limits.Pending)
	}
	var out bytes.Buffer
	writeError(&out, r.orNull().ID, refusal)
	_ = k.write(out.Bytes())
}

// write sends a message. Whoever does not take it in time is hung up on.
func (k *socket) write(message []byte) error {
	defer k.within(k.server.limits.Write, errSlow)()
	return k.conn.Write(context.Background(), websocket.MessageText, message)
}

// within ends the connection for a reason unless the returned function is called
// in time. The connection must not be given a context that ends with it: it
// would be closed before anybody could say why.
func (k *socket) within(d time.Duration, why error) (done func()) {
	timer := time.AfterFunc(d, func() { k.end(why) })
	return func() { timer.Stop() }
}

// ping asks for a sign of life at intervals, and sees to it that a revoked token
// does not live on in its connections.
func (k *socket) ping() {
	ticker := time.NewTicker(k.server.limits.Ping)
	defer ticker.Stop()
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-ticker.C:
		}
		if !k.server.keys.holds(k.credential) {
			k.end(errRevoked)
			return
		}
		done := k.within(k.server.limits.Write, errSilent)
		err := k.conn.Ping(context.Background())
		done()
		if err != nil {
			return // the connection ends
		}
	}
}

// hangUp closes the connection when it is to end, and says why as far as the
// other side still listens. To end a read by its context would cut the
// connection without a word.
func (k *socket) hangUp() {
	<-k.ctx.Done()
	why := context.Cause(k.ctx)
	if k.server.ctx.Err() != nil {
		_ = k.conn.Close(websocket.StatusGoingAway, "the node stops")
		return
	}
	if errors.Is(why, context.Canceled) { // the other side went
		_ = k.conn.CloseNow()
		return
	}
	k.server.cfg.Log.Info("a WebSocket connection was ended", "why", why)
	if errors.Is(why, errSlow) || errors.Is(why, errSilent) {
		_ = k.conn.CloseNow() // nobody listens
		return
	}
	_ = k.conn.Close(websocket.StatusPolicyViolation, why.Error())
}

// recovered reports a panic and ends the connection it happened on.
func (k *socket) recovered(where string) {
	if v := recover(); v != nil {
		k.server.cfg.Panicked("rpc "+where, v, debug.Stack())
		k.end(errPanic)
	}
}
