package rpc

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// discover is the method that OpenRPC gives to the description of an interface.
const discover = "rpc.discover"

// unknown stands for all methods that do not exist in what is observed, so that
// clients cannot invent names.
const unknown = "unknown"

// observed makes a call and tells of its outcome.
func (s *Server) observed(ctx context.Context, from *caller, r request) (any, *api.Error) {
	start := time.Now()
	result, err := s.admitted(ctx, from, r)
	method, code := r.Method, api.Code(0)
	var refusal *api.Error
	if err != nil {
		refusal = asRefusal(err)
		code = refusal.Code
		if code == api.CodeMethodNotFound {
			method = unknown
		}
		s.logFault(method, err)
	}
	s.cfg.Observe(method, code, time.Since(start))
	return result, refusal
}

// logFault logs what the caller is not told: errors that are no refusals.
func (s *Server) logFault(method string, err error) {
	if refusal := new(api.Error); !errors.As(err, &refusal) {
		s.cfg.Log.Error("a call failed", "method", method, "err", err)
	}
}

// admitted finds the method, and makes the call when scope, rate and the number
// of calls under way allow.
func (s *Server) admitted(ctx context.Context, from *caller, r request) (any, error) {
	run, scope, err := s.method(from, r.Method)
	if err != nil {
		return nil, err
	}
	if err := s.permits(from, scope); err != nil {
		return nil, err
	}
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	case <-ctx.Done():
		return nil, api.Errorf(api.CodeBusy, "the node is busy; ask again later")
	}
	result, err := s.guarded(ctx, r, run)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		err = api.Errorf(api.CodeBusy, "the call took longer than %v", s.limits.Call)
	}
	return result, err
}

// permits reports why a client may not make a call now: its token was revoked,
// reaches less far, or made too many.
func (s *Server) permits(from *caller, scope api.Scope) error {
	if !s.keys.holds(from.credential) {
		return api.Errorf(api.CodeForbidden, "this credential was revoked")
	}
	if err := from.reach(scope); err != nil {
		return err
	}
	if !from.calls.Allow() {
		return api.Errorf(api.CodeBusy, "more than %v calls a second with one credential", s.limits.Rate)
	}
	return nil
}

// A procedure carries out a call with its parameters in JSON.
type procedure func(ctx context.Context, params []byte) (any, error)

// method returns what carries out a method: a handler of the registry, or for a
// few names the server itself.
func (s *Server) method(from *caller, name string) (procedure, api.Scope, error) {
	switch name {
	case discover:
		return describe, api.Read, nil
	case api.Subscribe.Name:
		return from.subscribe, api.Subscribe.Scope, nil
	case api.Unsubscribe.Name:
		return from.unsubscribe, api.Unsubscribe.Scope, nil
	}
	e, err := s.cfg.Registry.Endpoint(name)
	if err != nil {
		return nil, 0, err
	}
	return e.Call, e.Scope, nil
}

// guarded turns a panic of a handler into an error of that one call.
func (s *Server) guarded(ctx context.Context, r request, run procedure) (result any, err error) {
	defer func() {
		if v := recover(); v != nil {
			s.cfg.Panicked("rpc "+r.Method, v, debug.Stack())
			result, err = nil, api.Errorf(api.CodeInternal, "internal error")
		}
	}()
	return run(ctx, r.Params)
}
