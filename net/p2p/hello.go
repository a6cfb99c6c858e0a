package p2p

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"

	"github.com/jio-dag/jio/net/p2p/reputation"
)

// The hello of a connection: who chose the other speaks first.
//
//	chooser                  chosen
//	   ──── hello ────────────▶       judges
//	   ◀─── hello | goodbye ───
//	judges
//	   ──── welcome | goodbye ▶
var (
	errNoHello = errors.New("no hello in time")
	errSelf    = errors.New("that is this node itself")
	errFull    = errors.New("no room for more peers")
)

// maxReason bounds the reason of a goodbye, in bytes.
const maxReason = 200

// connected is told by the library of every new connection.
func (h *Host) connected(_ network.Network, conn network.Conn) {
	if conn.Stat().Limited {
		return // a relayed connection serves to arrange a direct one
	}
	l := h.roster.add(conn, h.isInbound(conn), func(l *link) { h.turnAway(l, errNoHello) })
	switch {
	case !l.inbound:
		h.spawn("hello", func(ctx context.Context) { h.greet(ctx, l) })
	case h.roster.inbound() > h.cfg.Limits.Inbound: // a punched one, which the gate took for our own
		h.spawn("turn away", func(context.Context) { h.turnAway(l, errFull) })
	}
}

// isInbound reports whether the peer chose this node. Where a hole was punched
// both sides dialled: there who dialled through the relay chose the other.
func (h *Host) isInbound(conn network.Conn) bool {
	for _, c := range h.net.Network().ConnsToPeer(conn.RemotePeer()) {
		if c.Stat().Limited {
			return c.Stat().Direction == network.DirInbound
		}
	}
	return conn.Stat().Direction == network.DirInbound
}

// disconnected is told by the library of every connection that ended.
func (h *Host) disconnected(_ network.Network, conn network.Conn) { h.roster.remove(conn) }

// greet says hello on a connection this node opened.
func (h *Host) greet(ctx context.Context, l *link) {
	s, err := openStream(ctx, l.conn, h.protocolID(helloName), h.cfg.Limits.HelloTimeout)
	if err != nil {
		h.turnAway(l, fmt.Errorf("not of this network: %w", err))
		return
	}
	defer s.Close()
	hello, err := h.sayHello(l, s)
	if err != nil {
		h.turnAway(l, err)
		return
	}
	h.roster.accept(h.ctx, l, hello)
}

// openStream opens a stream on one connection, with a deadline for all of it.
func openStream(ctx context.Context, conn network.Conn, id protocol.ID, limit time.Duration) (network.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	s, err := conn.NewStream(ctx)
	if err != nil {
		return nil, err
	}
	err = errors.Join(s.SetProtocol(id), s.SetDeadline(time.Now().Add(limit)))
	if err == nil {
		err = multistream.SelectProtoOrFail(id, s)
	}
	if err != nil {
		return nil, errors.Join(err, s.Reset())
	}
	return s, nil
}

func (h *Host) sayHello(l *link, s network.Stream) ([]byte, error) {
	if err := writeFrame(s, kindHello, h.cfg.Hello.Make()); err != nil {
		return nil, err
	}
	hello, err := h.hearHello(l, s)
	if err != nil {
		return nil, err
	}
	return hello, writeFrame(s, kindWelcome, nil)
}

// hearHello reads and judges the other side's hello, and says goodbye to one
// that is wrong. The verdict stands before the goodbye, which may make the other
// side close the connection at once.
func (h *Host) hearHello(l *link, s network.Stream) ([]byte, error) {
	hello, err := expectFrame(s, kindHello)
	if err != nil {
		return nil, err
	}
	if err := h.cfg.Hello.Judge(l.id(), hello); err != nil {
		h.refuse(l, err)
		sayGoodbye(s, err)
		return nil, err
	}
	return hello, nil
}

func expectFrame(s network.Stream, want byte) ([]byte, error) {
	kind, payload, err := readFrame(s, MaxHello)
	switch {
	case err != nil:
		return nil, err
	case kind == kindGoodbye:
		return nil, &GoodbyeError{Reason: Printable(string(payload), maxReason)}
	case kind != want:
		return nil, errFrame
	}
	return payload, nil
}

// sayGoodbye tells the reason and waits for the other side to have read it: the
// connection that is closed next would take it along.
func sayGoodbye(s network.Stream, why error) {
	if writeFrame(s, kindGoodbye, []byte(Printable(why.Error(), maxReason))) != nil || s.CloseWrite() != nil {
		return
	}
	io.Copy(io.Discard, io.LimitReader(s, MaxHello)) // ends with the deadline at the latest
}

// answerHello serves the hello of a peer that dialled.
func (h *Host) answerHello(s network.Stream) {
	defer s.Close()
	l := h.roster.link(s.Conn())
	if l == nil || !l.inbound || !h.roster.begin(l) {
		s.Reset()
		h.Report(s.Conn().RemotePeer(), reputation.Unrequested)
		return
	}
	s.SetDeadline(time.Now().Add(h.cfg.Limits.HelloTimeout))
	hello, err := h.hearHello(l, s)
	if err == nil {
		err = writeFrame(s, kindHello, h.cfg.Hello.Make())
	}
	if err == nil {
		_, err = expectFrame(s, kindWelcome)
	}
	if err != nil {
		h.turnAway(l, err)
		return
	}
	h.roster.accept(h.ctx, l, hello)
}

// turnAway ends a connection whose hello failed.
func (h *Host) turnAway(l *link, why error) {
	h.refuse(l, why)
	l.conn.CloseWithError(network.ConnGated)
}

func (h *Host) refuse(l *link, why error) {
	if h.roster.refuse(l, why) {
		h.counts.turnedAway.Add(1)
		h.rare.info("a peer is turned away", "peer", l.id(), "address", showAddress(l.conn.RemoteMultiaddr()), "reason", Printable(why.Error(), maxReason))
	}
}
