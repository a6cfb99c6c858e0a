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
	// is done with it. What it accepts comes with a Look at what it made of the
	// bytes, nil when there is no more to say. Messages of this node are not judged.
	// What it rejects it must report, for nothing else counts that.
	Check   func(p PeerID, data []byte) (Verdict, Look)
	Workers int // at most so many Looks run at once, what is more is ignored; 0 when there are none
}

// A Look is the second judgement of a message, which may take its time. It holds
// what the first made of the bytes, so that they are read once.
type Look func(ctx context.Context) Verdict

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
