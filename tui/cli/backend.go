package cli

import (
	"context"
	"errors"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
)

// A local is the node of this process behind the dashboard.
type local struct {
	node  *node.Node
	calls api.Caller
	fail  func(error) // ends the program
}

// Status implements tui.Backend.
func (l *local) Status() *api.Status { return l.node.Snapshot() }

// Call implements api.Caller. A panic in a handler ends the program as one in
// the node does; the library behind the dashboard must not catch it.
func (l *local) Call(ctx context.Context, method string, params, result any) error {
	err := node.Recovered(method, l.node.Layout().Crashes(), func() error {
		return l.calls.Call(ctx, method, params, result)
	})
	var panicked *node.PanicError
	if errors.As(err, &panicked) {
		l.fail(err)
	}
	return err
}
