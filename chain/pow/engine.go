package pow

import (
	"fmt"
	"iter"
	"slices"
	"strings"

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
	for e := range all(id) {
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
	for e := range all(id) {
		names = append(names, e.Implementation())
	}
	return names
}

// all yields the implementations of an engine, the fastest first. It is asked for
// every header, and makes nothing that would have to be thrown away.
func all(id string) iter.Seq[Engine] {
	return func(yield func(Engine) bool) {
		switch id {
		case kHeavyHash{}.ID():
			for k := fastest(); yield(kHeavyHash{k}) && k > portable; k-- {
			}
		case sha256d{}.ID():
			yield(sha256d{})
		}
	}
}

// InForce returns the engine in force at a DAA score, in the implementation that
// the parameters name where the engine has it, else in its fastest. ok is false
// when the network names an engine that is not registered.
func InForce(p *params.Params, daaScore uint64) (e Engine, ok bool) {
	id := p.EngineAt(daaScore).ID
	if p.Implementation != "" {
		if e, ok = ByImplementation(id, p.Implementation); ok {
			return e, true
		}
	}
	return ByID(id)
}

// Choose makes parameters name an implementation, or Auto for the fastest. The
// error of one that no engine of the network has on this machine lists the others.
func Choose(p *params.Params, name string) error {
	available := []string{Auto}
	for _, e := range p.Engines {
		for _, one := range Implementations(e.ID) {
			if !slices.Contains(available, one) {
				available = append(available, one)
			}
		}
	}
	if !slices.Contains(available, name) {
		return fmt.Errorf("this machine does not run the engine %q: want one of %s", name, strings.Join(available, ", "))
	}
	p.Implementation = name
	return nil
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
	engine, ok := InForce(p, h.DAAScore)
	if !ok {
		panic(fmt.Sprintf("pow: network %s names the unknown engine %q", p.Name, p.EngineAt(h.DAAScore).ID))
	}
	return engine.Value(h.PrePoWHash(), h.Timestamp, h.Nonce).Cmp(target) <= 0
}
