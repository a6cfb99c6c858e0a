// Package wire holds the messages that peers exchange, their limits and their
// one canonical codec.
//
//	request              answer          what for
//	HeadersRequest       Headers         where our histories part, and what follows
//	BlocksRequest        Blocks          whole blocks by hash
//	CompactRequest       CompactAnswer   transactions missing from a CompactBlock
//	TransactionsRequest  Transactions    transactions by id
//	PeersRequest         Peers           signed addresses
//
// Hello is exchanged both ways when a connection is made; CompactBlock and
// Transaction are gossip. The kind of a message is known from the protocol or
// topic it came on and is not part of its bytes.
//
// A decoder takes exactly one encoding of each message, refuses whatever
// exceeds a limit of this package, and sets memory aside in proportion to the
// bytes at hand. Limits here are about messages: whether a header, transaction
// or block is valid is judged elsewhere. The package never opens a connection
// and holds no clock, lock, logger, goroutine or I/O.
package wire
