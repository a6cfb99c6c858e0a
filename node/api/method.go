package api

import (
	"context"
	"fmt"
)

// A Scope is what a caller must be allowed in order to call a method. Each
// includes those before it.
type Scope uint8

// The scopes: to look, to hold and move the coins of the node's wallets, to
// change how the node runs.
const (
	Read Scope = iota + 1
	Wallet
	Admin
)

// String returns the scope as tokens name it.
func (s Scope) String() string {
	switch s {
	case Read:
		return "read"
	case Wallet:
		return "wallet"
	case Admin:
		return "admin"
	}
	return "unknown"
}

// ParseScope reads what String prints.
func ParseScope(text string) (Scope, error) {
	for s := Read; s <= Admin; s++ {
		if text == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("scope %.20q: want read, wallet or admin", text)
}

// A Method is something a node can be asked, with the types of its parameters,
// a struct, and of its result.
type Method[P, R any] struct {
	Name    string // in camelCase
	Scope   Scope
	Summary string // a sentence for the description of the interface
}

// A Caller delivers a call to a node. The result is a pointer that is filled
// in; parameters and result must not change during the call.
type Caller interface {
	Call(ctx context.Context, method string, params, result any) error
}

// Call asks a node and waits for the answer. Its errors are those of the
// method, as Error where the node refused, and those of the way there.
func (m Method[P, R]) Call(ctx context.Context, to Caller, params P) (R, error) {
	var result R
	err := to.Call(ctx, m.Name, &params, &result)
	return result, err
}

// None stands for parameters or a result without fields.
type None struct{}
