package p2p

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/libp2p/go-libp2p/p2p/net/swarm"
)

// ErrUnreached is returned where no node could be met at the place that was
// named. The error says in words what was tried and what came of it.
var ErrUnreached = errors.New("no node of this network was reached")

// unreached puts into words why the peer that its user named was not met.
func unreached(text string, err error) error {
	var failed *swarm.DialError
	switch {
	case err == nil, errors.Is(err, errSelf), errors.Is(err, ErrClosed):
		return err
	case errors.As(err, &failed):
		return fmt.Errorf("%w at %s: %s", ErrUnreached, text, causeOf(failed))
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreached, text, err) // it was met, and that did not go well
}

// causeOf looks for the cause behind what the library says of its dials, of
// which several may have failed in different ways: the nearest to a meeting
// tells most.
func causeOf(err *swarm.DialError) string {
	var name *net.DNSError
	switch {
	case errors.Is(err, swarm.ErrGaterDisallowedConnection), errors.Is(err, swarm.ErrAddrFiltered):
		return "this node may not speak with it: it is banned, or beyond --connect, --allow or --deny"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused: nothing listens there. Does the node run, and is this its port for peers (--p2p-listen)?"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, swarm.ErrDialTimeout):
		return "there was no answer in time. Is the address right, and does a firewall stand between?"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no way leads there from this machine"
	case errors.As(err, &name), errors.Is(err, swarm.ErrNoGoodAddresses):
		return "the name or the address leads nowhere"
	}
	return "something answers there, but no node does. Is this its port for peers (--p2p-listen)?"
}
