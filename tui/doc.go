// Package tui will hold the dashboard. It sees the node's immutable snapshots
// and one small backend interface, nothing deeper; tui/cli, the command line,
// is the one part that knows more.
package tui
