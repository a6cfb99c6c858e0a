package wake_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/wake"
)

func TestBell(t *testing.T) {
	var b wake.Bell
	b.Ring() // nobody listens
	var heard []string
	listen := func(name string) (cancel func()) {
		return b.Listen(func() { heard = append(heard, name) })
	}
	first, second := listen("a"), listen("b")
	b.Ring()
	first()
	first()
	listen("c")
	b.Ring()
	second()
	b.Ring()
	if want := []string{"a", "b", "b", "c", "c"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

// TestRingingFromACall lets a listener come, go and ring while the bell rings.
func TestRingingFromACall(t *testing.T) {
	var b wake.Bell
	count := 0
	var cancel func()
	cancel = b.Listen(func() {
		cancel()
		b.Listen(func() { count++ })
		b.Ring()
	})
	b.Ring()
	if count != 1 {
		t.Errorf("the new listener was called %d times, want once", count)
	}
}

func TestCatch(t *testing.T) {
	var b wake.Bell
	calls, cancel := wake.Catch(b.Listen)
	for range 3 {
		b.Ring()
	}
	if len(calls) != 1 {
		t.Errorf("%d calls wait, want one for all three", len(calls))
	}
	<-calls
	cancel()
	if b.Ring(); len(calls) != 0 {
		t.Error("a call after the end")
	}
}

// TestFollow looks at the start, once more for all that rang during a look, and
// not after the end.
func TestFollow(t *testing.T) {
	var b wake.Bell
	ctx, end := context.WithCancel(t.Context())
	looks := 0
	err := wake.Follow(ctx, b.Listen, func() error {
		if looks++; looks == 1 {
			b.Ring()
			b.Ring()
		} else {
			end()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || looks != 2 {
		t.Errorf("%d looks, %v; want 2 and the end of the context", looks, err)
	}
	failure := errors.New("no more")
	if err := wake.Follow(t.Context(), b.Listen, func() error { return failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want what look said", err)
	}
}
