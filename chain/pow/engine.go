package pow

import (
	"fmt"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// An Engine is a proof-of-work function. Networks name it by its ID and say
// from which DAA score it is in force. Engines are safe for concurrent use.
type Engine interface {
	ID() string
	// Prepare does the work that all hashes of one pre-PoW hash share.
	Prepare(prePoW types.Hash) Job
}

// A Job computes the proof of work of one pre-PoW hash. It is read-only and
// safe for concurrent use; neither method allocates.
type Job interface {
	// Value returns the integer that must not exceed the target.
	Value(timestamp, nonce uint64) types.Uint256
	// Search tries count nonces from start, wrapping at 2⁶⁴, and returns the
	// first whose value does not exceed the target.
	Search(target types.Uint256, timestamp, start uint64, count uint32) (nonce uint64, found bool)
}

// ByID returns the engine registered under an ID: "kheavyhash" or "sha256d".
func ByID(id string) (Engine, bool) {
	switch id {
	case kHeavyHash{}.ID():
		return kHeavyHash{}, true
	case sha256d{}.ID():
		return sha256d{}, true
	}
	return nil, false
}

// Meets reports whether the header's proof of work reaches the target that its
// bits claim, under the engine in force at its DAA score. Bits that do not
// decode are met by nothing; whether the network allows them is not asked here.
// It panics when the network names an engine that is not registered.
func Meets(p *params.Params, h *types.Header) bool {
	target, ok := DecodeCompact(h.Bits)
	if !ok {
		return false
	}
	id := p.EngineAt(h.DAAScore).ID
	engine, ok := ByID(id)
	if !ok {
		panic(fmt.Sprintf("pow: network %s names the unknown engine %q", p.Name, id))
	}
	_, met := engine.Prepare(h.PrePoWHash()).Search(target, h.Timestamp, h.Nonce, 1)
	return met
}
