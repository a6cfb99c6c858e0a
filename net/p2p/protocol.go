package p2p

import (
	"context"
	"errors"
	"fmt"
)

// A Protocol is one kind of request: a frame goes out on a stream of its own, a
// frame comes back. Its id is /jio/<network>/<genesis>/<Name>/1.
type Protocol struct {
	Name        string
	MaxRequest  int // bytes of a request's payload
	MaxResponse int // bytes of a response's payload

	// Free requests do not count against RequestsPerMinute: Serve bounds them, which
	// refuses what this node's own announcements do not entitle a peer to.
	Free bool
	// Serve answers a request of a peer whose hello was accepted. ErrUnavailable,
	// ErrBusy and ErrRefused are told to the peer as such, any other error as
	// unavailable; a refusal costs the peer reputation. The request is the callee's,
	// the response the caller's.
	Serve func(ctx context.Context, p PeerID, request []byte) ([]byte, error)
}

var (
	// ErrUnavailable says that a peer does not have what was asked for.
	ErrUnavailable = errors.New("the peer does not have it")
	// ErrBusy says that a peer has answered enough for the moment.
	ErrBusy = errors.New("the peer is busy")
	// ErrRefused says that a peer does not owe an answer to the request.
	ErrRefused = errors.New("the peer refused the request")
	// ErrNotConnected says that there is no peer of that id with an accepted hello.
	ErrNotConnected = errors.New("not connected to the peer")
	// ErrTooLarge says that a message exceeds the bound of its protocol or topic.
	ErrTooLarge = errors.New("the message is too large")
	// ErrClosed says that the Host does not run.
	ErrClosed = errors.New("the network is closed")
)

// A GoodbyeError is the reason a peer gave for turning this node away, stripped
// of what could harm a terminal.
type GoodbyeError struct{ Reason string }

// Error implements error.
func (e *GoodbyeError) Error() string { return fmt.Sprintf("the peer said goodbye: %s", e.Reason) }
