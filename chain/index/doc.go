// Package index will follow the chain into a database of its own: transactions
// by ID and history by address. It is derived data, rebuilt when missing, and
// consensus never reads it.
package index
