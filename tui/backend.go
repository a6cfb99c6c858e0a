package tui

import "github.com/jio-dag/jio/node/api"

// A Backend is the node behind the dashboard: the one of this process, or one
// that is reached through its API.
type Backend interface {
	api.Caller
	// Status returns the latest status, never nil. It never blocks.
	Status() *api.Status
}
