package p2p

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/libp2p/go-libp2p/p2p/net/swarm"
)

// Whoever names a peer that is not there is told so in a sentence, without the
// ids and addresses that the library speaks of.
func TestUnreachedInWords(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer rude.Close()
	go func() {
		for conn, err := rude.Accept(); err == nil; conn, err = rude.Accept() {
			_, _ = conn.Write([]byte("220 no node of yours\r\n"))
			conn.Close()
		}
	}()
	a := startNode(t, nil)
	for where, says := range map[string]string{
		closed.Addr().String(): "refused",
		rude.Addr().String():   "something answers there, but no node does",
	} {
		_, err := a.Dial(t.Context(), where)
		if !errors.Is(err, ErrUnreached) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), where) {
			t.Errorf("%s: %v", where, err)
		}
		if text := err.Error(); strings.ContainsAny(text, "\n*[]") || strings.Contains(text, "12D3") {
			t.Errorf("%q is not for people", text)
		}
	}
	if _, err := a.Dial(t.Context(), a.tcp(t)); !errors.Is(err, errSelf) || errors.Is(err, ErrUnreached) {
		t.Errorf("itself: %v", err)
	}
	if _, err := a.Dial(t.Context(), "nonsense"); err == nil || errors.Is(err, ErrUnreached) {
		t.Errorf("a text that names nobody: %v", err)
	}
}

func TestCauseOfADial(t *testing.T) {
	dial := func(causes ...error) *swarm.DialError {
		failed := &swarm.DialError{Cause: swarm.ErrAllDialsFailed}
		for _, cause := range causes {
			failed.DialErrors = append(failed.DialErrors, swarm.TransportError{Cause: cause})
		}
		return failed
	}
	for says, err := range map[string]*swarm.DialError{
		"in time":            dial(context.DeadlineExceeded),
		"refused":            dial(syscall.EHOSTUNREACH, syscall.ECONNREFUSED),
		"no way leads there": dial(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}),
		"leads nowhere":      dial(swarm.ErrNoGoodAddresses),
		"may not speak":      dial(swarm.ErrGaterDisallowedConnection),
	} {
		if got := causeOf(err); !strings.Contains(got, says) {
			t.Errorf("%v: %q does not say %q", err, got, says)
		}
	}
}
