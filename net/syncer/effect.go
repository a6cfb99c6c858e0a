package syncer

import (
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// An Effect is something the host shall do.
type Effect interface{ effect() }

// Request asks a peer; the answer comes as Response with the same ID.
type Request struct {
	Peer    PeerID
	ID      RequestID
	Message wire.Message
}

// Validated settles a gossiped message.
type Validated struct {
	Token   Token
	Verdict Verdict
}

// Publish hands a message of our own to gossip.
type Publish struct{ Message wire.Message }

// Rate changes a peer's reputation by some points for a reason.
type Rate struct {
	Peer   PeerID
	Points int
	Reason error
}

// Found says what became of a block of our own: nil when it is in the DAG.
type Found struct {
	Hash types.Hash
	Err  error
}

func (Request) effect()   {}
func (Validated) effect() {}
func (Publish) effect()   {}
func (Rate) effect()      {}
func (Found) effect()     {}
