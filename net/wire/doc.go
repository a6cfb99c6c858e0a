// Package wire will hold the messages that peers exchange, their limits and
// their canonical codec. It never opens a connection and never judges a block.
package wire
