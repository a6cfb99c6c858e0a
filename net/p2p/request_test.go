package p2p

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/net/wire"
)

// serving returns a change that makes a node serve a protocol "x".
func serving(serve func(context.Context, PeerID, []byte) ([]byte, error)) func(*Config) {
	return func(c *Config) {
		c.Protocols = append(c.Protocols, Protocol{Name: "x", MaxRequest: 100, MaxResponse: 100, Serve: serve})
	}
}

func silent(context.Context, PeerID, []byte) ([]byte, error) { return nil, nil }

func TestAnswersThatAreErrors(t *testing.T) {
	a := startNode(t, serving(func(_ context.Context, _ PeerID, request []byte) ([]byte, error) {
		switch string(request) {
		case "busy":
			return nil, fmt.Errorf("now: %w", ErrBusy)
		case "much":
			return make([]byte, 101), nil
		}
		return nil, errors.New("secret detail")
	}))
	b := startNode(t, serving(silent))
	dial(t, b, a)
	for request, want := range map[string]error{
		"busy": ErrBusy, "none": ErrUnavailable, "much": ErrUnavailable, strings.Repeat("x", 101): ErrTooLarge,
	} {
		if _, err := b.Request(t.Context(), a.ID(), "x", []byte(request)); !errors.Is(err, want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.5q is answered with %v, want %v", request, err, want)
		}
	}
	if _, err := b.Request(t.Context(), a.ID(), "y", nil); err == nil {
		t.Error("an unknown protocol is asked")
	}
	if score(b, a.ID()) != 0 || score(a, b.ID()) != 0 {
		t.Error("honest peers blame each other")
	}
}

func TestOversizedAnswerCosts(t *testing.T) {
	a := startNode(t, serving(func(context.Context, PeerID, []byte) ([]byte, error) { return make([]byte, 100), nil }))
	b := startNode(t, func(c *Config) { serving(silent)(c); c.Protocols[1].MaxResponse = 99 })
	dial(t, b, a)
	if _, err := b.Request(t.Context(), a.ID(), "x", nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if got := score(b, a.ID()); got != -5 {
		t.Errorf("the score is %d", got)
	}
}

func TestTimeOutCosts(t *testing.T) {
	served := make(chan error, 1)
	a := startNode(t, serving(func(ctx context.Context, _ PeerID, _ []byte) ([]byte, error) {
		<-ctx.Done()
		served <- ctx.Err()
		return nil, ctx.Err()
	}))
	b := startNode(t, serving(silent))
	dial(t, b, a)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Request(ctx, a.ID(), "x", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if got := score(b, a.ID()); got != -2 {
		t.Errorf("the score is %d", got)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := b.Request(ctx, a.ID(), "x", nil); !errors.Is(err, context.Canceled) || score(b, a.ID()) != -2 {
		t.Errorf("a request given up: %v, score %d", err, score(b, a.ID()))
	}
	a.stop() // also ends what is being served
	if err := receive(t, served); !errors.Is(err, context.Canceled) {
		t.Errorf("Serve ended with %v", err)
	}
}

func TestServeHasADeadline(t *testing.T) {
	a := startNode(t, func(c *Config) {
		serving(func(ctx context.Context, _ PeerID, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() })(c)
		c.Limits.ServeTimeout = 50 * time.Millisecond
	})
	b := startNode(t, serving(silent))
	dial(t, b, a)
	if _, err := b.Request(t.Context(), a.ID(), "x", nil); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestRequestBudget(t *testing.T) {
	a := startNode(t, func(c *Config) {
		c.Limits.RequestsPerMinute, c.Limits.RequestBurst = 1, 1
		c.Protocols = append(c.Protocols, Protocol{
			Name: "free", MaxRequest: 10, MaxResponse: 10, Free: true,
			Serve: func(_ context.Context, _ PeerID, request []byte) ([]byte, error) {
				if string(request) != "announced" {
					return nil, ErrRefused
				}
				return nil, nil
			},
		})
	})
	b := startNode(t, func(c *Config) {
		c.Protocols = append(c.Protocols, Protocol{Name: "free", MaxRequest: 10, MaxResponse: 10, Serve: silent})
	})
	b.roster.limits.PingPause = time.Hour
	dial(t, b, a)
	answered := 0 // the question for peers takes one, before or after these
	for range 2 * wire.RequestParts {
		if _, err := b.Request(t.Context(), a.ID(), "echo", nil); err == nil {
			answered++
		} else if !errors.Is(err, ErrBusy) {
			t.Errorf("got %v", err)
		}
	}
	if answered < wire.RequestParts-1 || answered > wire.RequestParts {
		t.Errorf("%d requests were answered", answered)
	}
	for range 5 { // what is not metered has no budget
		if _, err := b.Request(t.Context(), a.ID(), "free", []byte("announced")); err != nil {
			t.Error(err)
		}
	}
	if got := score(a, b.ID()); got != 0 {
		t.Errorf("the score is %d", got)
	}
	if _, err := b.Request(t.Context(), a.ID(), "free", []byte("other")); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	eventually(t, "the unrequested one to cost", func() bool { return score(a, b.ID()) == -5 })
}

// A request that has no answer counts as a whole.
func TestRequestsInVain(t *testing.T) {
	a := startNode(t, func(c *Config) {
		serving(func(context.Context, PeerID, []byte) ([]byte, error) { return nil, ErrUnavailable })(c)
		c.Limits.RequestsPerMinute, c.Limits.RequestBurst = 1, 3
	})
	b := startNode(t, serving(silent))
	dial(t, b, a)
	unavailable := 0
	for range 6 {
		if _, err := b.Request(t.Context(), a.ID(), "x", nil); errors.Is(err, ErrUnavailable) {
			unavailable++
		}
	}
	if unavailable < 2 || unavailable > 3 {
		t.Errorf("%d requests without an answer were served", unavailable)
	}
}

// Many more requests than streams are allowed at once: each must give back what
// it held.
func TestStreamsAreGivenBack(t *testing.T) {
	a := startNode(t, func(c *Config) { c.Limits.RequestBurst = 1 << 20 })
	b := startNode(t, nil)
	dial(t, b, a)
	for i := range 1000 {
		if _, err := b.Request(t.Context(), a.ID(), "echo", nil); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

func TestPanicsGoToTheOwner(t *testing.T) {
	a := startNode(t, serving(func(context.Context, PeerID, []byte) ([]byte, error) { panic("the sky fell") }))
	b := startNode(t, serving(silent))
	dial(t, b, a)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	go b.Request(ctx, a.ID(), "x", nil)
	if p := receive(t, a.panics); !strings.HasPrefix(p, "x: the sky fell\n") || !strings.Contains(p, "request_test.go") {
		t.Errorf("the owner was told %q", p)
	}
	if _, err := b.Request(t.Context(), a.ID(), "echo", nil); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}
