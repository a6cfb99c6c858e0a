package wire

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// A Kind names a message: with it the bytes of a message can be read.
type Kind uint8

// The kinds of messages. Numbers are never used again.
const (
	KindHello Kind = iota + 1
	KindHeadersRequest
	KindHeaders
	KindBlocksRequest
	KindBlocks
	KindCompactRequest
	KindCompactAnswer
	KindTransactionsRequest
	KindTransactions
	KindPeersRequest
	KindPeers
	KindCompactBlock
	KindTransaction
)

// A Message is a pointer to one of the message types of this package.
type Message interface {
	Kind() Kind
	types.EncoderTo
}

// A decodable is a Message that can be read as well.
type decodable interface {
	Message
	types.DecoderFrom
}

// kinds describes each Kind: its name, the most bytes of its encoding, an empty
// value, and for a request the kind of its answer.
var kinds = map[Kind]struct {
	name   string
	size   int
	empty  func() decodable
	answer Kind
}{
	KindHello:               {name: "hello", size: 512, empty: func() decodable { return new(Hello) }},
	KindHeadersRequest:      {"headers request", 4 << 10, func() decodable { return new(HeadersRequest) }, KindHeaders},
	KindHeaders:             {name: "headers", size: 2 << 20, empty: func() decodable { return new(Headers) }},
	KindBlocksRequest:       {"blocks request", 64 << 10, func() decodable { return new(BlocksRequest) }, KindBlocks},
	KindBlocks:              {name: "blocks", size: MaxBlocksBytes, empty: func() decodable { return new(Blocks) }},
	KindCompactRequest:      {"compact request", 512 << 10, func() decodable { return new(CompactRequest) }, KindCompactAnswer},
	KindCompactAnswer:       {name: "compact answer", size: 2 << 20, empty: func() decodable { return new(CompactAnswer) }},
	KindTransactionsRequest: {"transactions request", 64 << 10, func() decodable { return new(TransactionsRequest) }, KindTransactions},
	KindTransactions:        {name: "transactions", size: MaxTransactionsBytes, empty: func() decodable { return new(Transactions) }},
	KindPeersRequest:        {"peers request", 0, func() decodable { return new(PeersRequest) }, KindPeers},
	KindPeers:               {name: "peers", size: 256 << 10, empty: func() decodable { return new(Peers) }},
	KindCompactBlock:        {name: "compact block", size: 1 << 20, empty: func() decodable { return new(CompactBlock) }},
	KindTransaction:         {name: "transaction", size: 128 << 10, empty: func() decodable { return new(Transaction) }},
}

// String returns the name of a kind.
func (k Kind) String() string {
	if d, ok := kinds[k]; ok {
		return d.name
	}
	return fmt.Sprintf("message of kind %d", uint8(k))
}

// MaxSize returns the most bytes that a message of the kind may have, 0 for an
// unknown one: what a reader needs to bound before it reads.
func (k Kind) MaxSize() int { return kinds[k].size }

// Answer returns the kind that answers a request; ok is false for a kind that is
// no request.
func (k Kind) Answer() (answer Kind, ok bool) {
	answer = kinds[k].answer
	return answer, answer != 0
}

// Encode returns the canonical encoding of a message.
func Encode(m Message) []byte { return types.Encode(m) }

// Decode reads a message of a kind from data, which must hold exactly one
// encoding of it. Every error is an Error.
func Decode(k Kind, data []byte) (Message, error) {
	d, ok := kinds[k]
	if !ok {
		return nil, &Error{k, ErrUnknownKind}
	}
	if len(data) > d.size {
		return nil, &Error{k, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, len(data), d.size)}
	}
	m := d.empty()
	if err := types.Decode(data, m); err != nil {
		return nil, &Error{k, err}
	}
	return m, nil
}
