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
	// Implementation names one of the Implementations of the engine.
	Implementation() string
	// Value returns the value of a single header. It is quicker than preparing a
	// job for it.
	Value(prePoW types.Hash, timestamp, nonce uint64) types.Uint256
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

// ByID returns the engine registered under an ID, "kheavyhash" or "sha256d", in
// the fastest implementation that this machine can run.
func ByID(id string) (Engine, bool) {
	switch id {
	case kHeavyHash{}.ID():
		return kHeavyHash{fastest()}, true
	case sha256d{}.ID():
		return sha256d{}, true
	}
	return nil, false
}

// Auto is the name that ByImplementation takes for the fastest implementation.
const Auto = "auto"

// ByImplementation returns the engine registered under an ID in an
// implementation that this machine can run, or in the fastest for Auto. All
// implementations of an engine give the same results.
func ByImplementation(id, name string) (Engine, bool) {
	if name == Auto {
		return ByID(id)
	}
	for _, e := range all(id) {
		if e.Implementation() == name {
			return e, true
		}
	}
	return nil, false
}

// Implementations names the ways in which this machine can run an engine, the
// fastest first: of "avx512", "avx2" and "go" those that it has, and none for an
// unknown ID.
func Implementations(id string) (names []string) {
	for _, e := range all(id) {
		names = append(names, e.Implementation())
	}
	return names
}

// all returns the implementations of an engine, the fastest first.
func all(id string) (engines []Engine) {
	switch id {
	case kHeavyHash{}.ID():
		for _, k := range kernels() {
			engines = append(engines, kHeavyHash{k})
		}
	case sha256d{}.ID():
		engines = append(engines, sha256d{})
	}
	return engines
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
	return engine.Value(h.PrePoWHash(), h.Timestamp, h.Nonce).Cmp(target) <= 0
}
