package p2p

import "context"

// A Topic is one kind of gossip. Its name on the wire is
// /jio/<network>/<genesis>/<Name>/1.
type Topic struct {
	Name    string
	MaxSize int // bytes of a message

	// ID names a message, so that copies of it count as one; the same bytes must
	// always have the same ID.
	ID func(data []byte) string
	// Check judges a message of a peer by itself, at once, before anything else
	// is done with it. Messages of this node are not judged.
	Check func(p PeerID, data []byte) Verdict
	// Validate judges what Check accepted and may take its time; at most Workers
	// run at once, more is ignored. Nil when Check says it all.
	Validate func(ctx context.Context, p PeerID, data []byte) Verdict
	Workers  int
}

// A Verdict says what becomes of a gossiped message.
type Verdict int

const (
	// Ignore drops a message at no cost to its forwarder.
	Ignore Verdict = iota
	// Accept forwards a message.
	Accept
	// Reject drops a message and lowers the gossip score of its forwarder, who
	// had to check what is wrong with it.
	Reject
)
