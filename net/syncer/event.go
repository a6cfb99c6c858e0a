package syncer

import (
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// A PeerID names a peer; it is opaque.
type PeerID string

// A RequestID names a request of this node.
type RequestID uint64

// A Token names a gossiped message until it is validated; the host chooses it.
type Token uint64

// An Event is something that happened to the node.
type Event interface{ event() }

// PeerJoined says that a peer's Hello was judged and found right.
type PeerJoined struct {
	Peer  PeerID
	Hello wire.Hello
}

// PeerLeft says that the last connection of a peer is gone.
type PeerLeft struct{ Peer PeerID }

// BlockGossip brings the announcement of a block.
type BlockGossip struct {
	Peer  PeerID // who forwarded it
	Token Token
	Block *ScreenedBlock
}

// TransactionGossip brings a transaction.
type TransactionGossip struct {
	Peer        PeerID // who forwarded it
	Token       Token
	Transaction *ScreenedTransaction
}

// Response brings the answer to a Request, or the error in its place: a
// wire.Error for bytes that do not decode, any other when there is none.
type Response struct {
	Peer    PeerID
	ID      RequestID
	Message wire.Message
	Size    int // bytes of the message
	Err     error
}

// BlockFound brings a block of our own.
type BlockFound struct{ Block types.Block }

// TransactionAdmitted says that the pool took a transaction of our own.
type TransactionAdmitted struct{ Transaction types.Transaction }

// Tick lets time pass.
type Tick struct{}

func (PeerJoined) event()          {}
func (PeerLeft) event()            {}
func (BlockGossip) event()         {}
func (TransactionGossip) event()   {}
func (Response) event()            {}
func (BlockFound) event()          {}
func (TransactionAdmitted) event() {}
func (Tick) event()                {}
