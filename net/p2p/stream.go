package p2p

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"golang.org/x/time/rate"

	"github.com/jio-dag/jio/net/p2p/reputation"
	"github.com/jio-dag/jio/net/wire"
)

// Names of the protocols that are the Host's own.
const (
	helloName = "hello"
	peersName = "peers"
)

// protocolID returns the full id of a protocol or topic.
func (h *Host) protocolID(name string) protocol.ID {
	return protocol.ID(fmt.Sprintf("%s/%s/1", h.prefix, name))
}

// Request asks a connected peer and returns its answer. It fails with
// ErrNotConnected, ErrUnavailable, ErrBusy, ErrRefused, ErrTooLarge, the error
// of ctx, or that of the stream. A context without deadline gets that of Limits.
// Time-outs and oversized answers cost the peer reputation.
func (h *Host) Request(ctx context.Context, id PeerID, name string, request []byte) ([]byte, error) {
	p, known := h.protocols[name]
	switch {
	case !known:
		return nil, fmt.Errorf("p2p: no protocol %q", name)
	case len(request) > p.MaxRequest:
		return nil, ErrTooLarge
	case !h.roster.isMember(id):
		return nil, ErrNotConnected
	case !h.tasks.enter():
		return nil, ErrClosed
	}
	defer h.tasks.leave()
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.cfg.Limits.ServeTimeout+h.cfg.Limits.WriteTimeout)
		defer cancel()
	}
	response, err := h.ask(ctx, id, p, request)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		h.Report(id, reputation.TimedOut)
	case errors.Is(err, ErrTooLarge):
		h.Report(id, reputation.Oversized)
	}
	h.counts.asked.Add(1)
	return response, err
}

func (h *Host) ask(ctx context.Context, id PeerID, p *Protocol, request []byte) ([]byte, error) {
	s, err := h.net.NewStream(network.WithNoDial(ctx, "members only"), id, h.protocolID(p.Name))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrNotConnected, err)
	}
	defer s.Close() // without it the resource manager keeps counting the stream
	stop := context.AfterFunc(ctx, func() { s.Reset() })
	defer stop()
	response, err := exchange(s, p.MaxResponse, request)
	if err != nil && answers[kindOf(err)] == nil {
		s.Reset()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
	}
	return response, err
}

// kindOf returns the kind of frame that carries an error, 0 when none does.
func kindOf(err error) byte {
	for kind, answer := range answers {
		if errors.Is(err, answer) {
			return kind
		}
	}
	return 0
}

func exchange(s network.Stream, limit int, request []byte) ([]byte, error) {
	if err := writeFrame(s, kindRequest, request); err != nil {
		return nil, err
	}
	if err := s.CloseWrite(); err != nil {
		return nil, err
	}
	kind, response, err := readFrame(s, limit)
	switch {
	case err != nil:
		return nil, err
	case answers[kind] != nil:
		return nil, answers[kind]
	case kind != kindResponse:
		return nil, errFrame
	}
	return response, nil
}

// serve answers one request. Whatever goes wrong ends the stream, never the
// connection.
func (h *Host) serve(p *Protocol, s network.Stream) {
	id := s.Conn().RemotePeer()
	if !h.awaitHello(s.Conn()) || !h.ips.allow(h.cfg.Now(), ipOf(s.Conn().RemoteMultiaddr())) {
		h.counts.refused.Add(1)
		s.Reset()
		return
	}
	kind, response := h.answer(p, id, s)
	if kind == 0 {
		s.Reset()
		return
	}
	if kind == kindResponse {
		h.counts.served.Add(1)
	} else {
		h.counts.refused.Add(1)
	}
	s.SetWriteDeadline(time.Now().Add(h.cfg.Limits.WriteTimeout))
	if err := writeFrame(s, kind, response); err != nil {
		s.Reset()
		return
	}
	s.Close()
}

// awaitHello waits for the hello of a connection, which the other side may take
// for accepted a moment before this one does.
func (h *Host) awaitHello(conn network.Conn) bool {
	l := h.roster.link(conn)
	if l == nil {
		return false
	}
	select {
	case <-l.judged: // at the latest when the time for a hello is over
		return l.refusal == nil
	case <-h.ctx.Done():
		return false
	}
}

// answer reads a request and returns the frame to send, kind 0 for none.
func (h *Host) answer(p *Protocol, id PeerID, s network.Stream) (kind byte, response []byte) {
	if !p.Free {
		if !h.roster.spend(id, func(m *member) *rate.Limiter { return m.requests }, 1) {
			return kindBusy, nil
		}
		defer func() { h.roster.charge(id, wire.Price(len(response), kind == kindResponse)) }()
	}
	request, err := h.readRequest(p, s)
	if err != nil {
		h.blame(id, err)
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(h.ctx, h.cfg.Limits.ServeTimeout)
	defer cancel()
	response, err = p.Serve(ctx, id, request)
	if err == nil && len(response) > p.MaxResponse {
		err = fmt.Errorf("%w: %d bytes of %s", ErrTooLarge, len(response), p.Name)
	}
	if err == nil {
		return kindResponse, response
	}
	h.rare.info("a request is not answered", "protocol", p.Name, "peer", id, "error", err)
	if errors.Is(err, ErrRefused) {
		h.Report(id, reputation.Unrequested)
	}
	return cmp.Or(kindOf(err), kindUnavailable), nil
}

func (h *Host) readRequest(p *Protocol, s network.Stream) ([]byte, error) {
	if err := s.SetReadDeadline(time.Now().Add(h.cfg.Limits.FrameTimeout)); err != nil {
		return nil, err
	}
	if err := s.Scope().ReserveMemory(p.MaxRequest, network.ReservationPriorityMedium); err != nil {
		return nil, err
	}
	kind, request, err := readFrame(s, p.MaxRequest)
	if err == nil && kind != kindRequest {
		err = errFrame
	}
	return request, err
}

// blame notes what a peer did wrong while it sent a request.
func (h *Host) blame(id PeerID, err error) {
	var e net.Error
	switch {
	case errors.Is(err, ErrTooLarge):
		h.Report(id, reputation.Oversized)
	case errors.Is(err, errFrame):
		h.Report(id, reputation.Unrequested)
	case errors.As(err, &e) && e.Timeout():
		h.Report(id, reputation.TimedOut)
	}
}
