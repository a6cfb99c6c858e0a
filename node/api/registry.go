package api

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Registry holds what a node answers to: a handler for each method and a
// stream for each topic. It is filled before it is used and only read after.
type Registry struct {
	endpoints map[string]*Endpoint
	streams   map[string]*Source
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{endpoints: make(map[string]*Endpoint), streams: make(map[string]*Source)}
}

// An Endpoint is a method and its handler, the types erased.
type Endpoint struct {
	Name  string
	Scope Scope

	encoded func(ctx context.Context, params []byte) (any, error)
	typed   func(ctx context.Context, params, result any) error
}

// Handle puts the handler of a method into a registry. A handler returns an
// Error where it refuses; any other error is a fault of the node, of which a
// remote caller learns nothing but that. The handler must not keep its
// parameters: the server wipes their secrets, and those of the result, once
// it has answered.
func Handle[P, R any](reg *Registry, m Method[P, R], do func(context.Context, P) (R, error)) {
	reg.addEndpoint(&Endpoint{
		Name:  m.Name,
		Scope: m.Scope,
		encoded: func(ctx context.Context, data []byte) (any, error) {
			var params P
			defer WipeSecrets(&params)
			if err := DecodeParams(data, &params); err != nil {
				return nil, err
			}
			result, err := do(ctx, params)
			return &result, err
		},
		typed: func(ctx context.Context, params, result any) (err error) {
			p, ok := params.(*P)
			r, fits := result.(*R)
			if !ok || !fits {
				return fmt.Errorf("method %s takes %T and %T, not %T and %T", m.Name, p, r, params, result)
			}
			*r, err = do(ctx, *p)
			return err
		},
	})
}

// Endpoint returns the handler of a method. Its error is an Error: no such
// method, or one that this node was started without.
func (reg *Registry) Endpoint(method string) (*Endpoint, error) {
	if e := reg.endpoints[method]; e != nil {
		return e, nil
	}
	for _, m := range Methods() {
		if m.Name == method {
			return nil, Errorf(CodeUnavailable, "the node was started without what %s needs", method)
		}
	}
	return nil, Errorf(CodeMethodNotFound, "there is no method %.40q", method)
}

// Call decodes the parameters, a JSON object or nothing, and returns a pointer
// to the result, which is the caller's.
func (e *Endpoint) Call(ctx context.Context, params []byte) (any, error) {
	return e.encoded(ctx, params)
}

// A Source is a topic and the stream of its events, the types erased.
type Source struct {
	Name  string
	Scope Scope

	needs, takes []string

	stream func(ctx context.Context, sub Subscription, send func(any) error) error
	put    func(event, into any) error
}

// Stream puts the source of a topic's events into a registry. The function runs
// once for each subscription, in a goroutine of its own, until ctx ends, send
// fails, whose error it returns, or the events end. send blocks while the
// subscriber is slow: the function holds no lock meanwhile, and either pulls
// later what it missed or gives up with CodeSlow; it never queues without bound.
func Stream[E any](reg *Registry, t Topic[E], do func(ctx context.Context, sub Subscription, send func(E) error) error) {
	reg.addSource(&Source{
		Name:  t.Name,
		Scope: t.Scope,
		needs: t.Needs,
		takes: t.Takes,
		stream: func(ctx context.Context, sub Subscription, send func(any) error) error {
			return do(ctx, sub, func(event E) error { return send(event) })
		},
		put: func(event, into any) error {
			e, ok := into.(*E)
			if !ok {
				return fmt.Errorf("topic %s tells of %T, not %T", t.Name, e, into)
			}
			*e = event.(E)
			return nil
		},
	})
}

// Source returns the source of a topic. Its error is an Error, as Endpoint's.
func (reg *Registry) Source(topic string) (*Source, error) {
	if s := reg.streams[topic]; s != nil {
		return s, nil
	}
	for _, t := range Topics() {
		if t.Name == topic {
			return nil, Errorf(CodeUnavailable, "the node was started without what the topic %s needs", topic)
		}
	}
	return nil, Errorf(CodeInvalidParams, "there is no topic %.40q", topic)
}

// Check refuses a subscription, with an Error that names the parameter, that
// gives the topic what it does not take, or leaves out what it needs.
func (s *Source) Check(sub Subscription) error {
	v := reflect.ValueOf(sub)
	for i := range v.NumField() {
		name := jsonName(v.Type().Field(i))
		given, needed := !v.Field(i).IsZero(), slices.Contains(s.needs, name)
		switch {
		case name == "topic":
		case given && !needed && !slices.Contains(s.takes, name):
			return &Error{Code: CodeInvalidParams, Field: name, Message: fmt.Sprintf("%s: the topic %s does not take it", name, s.Name)}
		case needed && !given:
			return &Error{Code: CodeInvalidParams, Field: name, Message: fmt.Sprintf("%s: the topic %s needs it", name, s.Name)}
		}
	}
	return nil
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// Run hands a subscription's events to send until ctx ends, send fails or the
// events end.
func (s *Source) Run(ctx context.Context, sub Subscription, send func(event any) error) error {
	return s.stream(ctx, sub, send)
}

// A method or topic that has two handlers is a mistake of the programmer.
func (reg *Registry) addEndpoint(e *Endpoint) {
	if reg.endpoints[e.Name] != nil {
		panic("two handlers for " + e.Name)
	}
	reg.endpoints[e.Name] = e
}

func (reg *Registry) addSource(s *Source) {
	if reg.streams[s.Name] != nil {
		panic("two streams for " + s.Name)
	}
	reg.streams[s.Name] = s
}

// Local returns a Caller and Subscriber that hands values to the handlers of
// this process as they are, without encoding them and whatever their scope.
func (reg *Registry) Local() *Local { return &Local{reg} }

// A Local is the node of this very process.
type Local struct{ reg *Registry }

// Call implements Caller.
func (l *Local) Call(ctx context.Context, method string, params, result any) error {
	e, err := l.reg.Endpoint(method)
	if err != nil {
		return err
	}
	return e.typed(ctx, params, result)
}

// Subscribe implements Subscriber.
func (l *Local) Subscribe(ctx context.Context, sub Subscription, event any, each func() error) error {
	s, err := l.reg.Source(sub.Topic)
	if err != nil {
		return err
	}
	if err := s.Check(sub); err != nil {
		return err
	}
	return s.stream(ctx, sub, func(e any) error {
		if err := s.put(e, event); err != nil {
			return err
		}
		return each()
	})
}

// A Description is a method or a topic with its types: of parameters and result,
// or of the event in Result. Of its parameters beside its name a topic has those
// in Needs and in Takes.
type Description struct {
	Name, Summary  string
	Scope          Scope
	Params, Result reflect.Type
	Needs, Takes   []string
}

// Describe returns the description of a method.
func (m Method[P, R]) Describe() Description {
	return Description{m.Name, m.Summary, m.Scope, reflect.TypeFor[P](), reflect.TypeFor[R](), nil, nil}
}

// Describe returns the description of a topic.
func (t Topic[E]) Describe() Description {
	return Description{t.Name, t.Summary, t.Scope, reflect.TypeFor[Subscription](), reflect.TypeFor[E](), t.Needs, t.Takes}
}
