package params

import "github.com/jio-dag/jio/chain/types"

// Params is everything that tells one network from another. A constructor
// returns a fresh value each time, so a test may change fields of its own copy
// (smaller depths, say) before handing it on; after that it is read-only.
type Params struct {
	Name          string // lower-case ASCII, also the extra of the genesis coinbase
	AddressPrefix string // the human-readable part of bech32m addresses
	CoinType      uint32 // of BIP-44 derivation paths
	P2PPort       uint16 // TCP, and UDP for QUIC; 0 where any port will do
	RPCPort       uint16 // TCP; 0 where any port will do

	BlocksPerSecond  uint64
	Spacing          uint64 // milliseconds between blocks
	K                int    // GHOSTDAG's bound on the blue anticone
	MaxParents       int
	MergeSetLimit    int    // blocks in a merge set, the selected parent included
	MergeDepth       uint64 // blue score
	FinalityDepth    uint64 // blue score
	PruningDepth     uint64 // blue score
	CoinbaseMaturity uint64 // blue score
	BlockWeight      uint64 // bound of a block's weight, and of its declared mass

	MedianTimeSpan  int    // timestamps in the past median time
	FutureAllowance uint64 // milliseconds a timestamp may be ahead of the local clock
	HalfLife        uint64 // milliseconds, of the difficulty adjustment
	MaxBits         uint32 // the easiest target, compact
	NoRetarget      bool   // every block keeps the bits of its engine's anchor

	FlatSubsidy types.Amount // a block's subsidy where there is no emission table; else zero

	RuleSets []RuleSet // ascending by From, the first from 0
	Engines  []Engine  // ascending by From, the first from 0

	// Implementation is how this machine computes the engines: a name that
	// chain/pow knows, or "" for the fastest. It is no rule, for all ways agree.
	Implementation string

	Genesis     types.Block
	GenesisHash types.Hash
}

// A RuleSet is a version of the rules and the DAA score it takes force at.
type RuleSet struct {
	From               uint64 // DAA score
	HeaderVersion      uint32
	TransactionVersion uint16 // the greatest allowed
}

// An Engine is a proof-of-work function, the DAA score it takes force at, the
// anchor that difficulty counts from, and the weight of its work.
type Engine struct {
	From     uint64 // DAA score
	ID       string // as registered in chain/pow
	Anchor   Anchor
	Num, Den uint64 // work is multiplied by Num/Den
}

// An Anchor is a point of the ideal schedule: the target that the difficulty
// has when the DAA score and the past median time are these.
type Anchor struct {
	DAAScore uint64
	Time     uint64 // milliseconds since 1970
	Bits     uint32
}

// RuleSetAt returns the rule set in force at a DAA score.
func (p *Params) RuleSetAt(daaScore uint64) RuleSet {
	set := p.RuleSets[0]
	for _, s := range p.RuleSets[1:] {
		if s.From <= daaScore {
			set = s
		}
	}
	return set
}

// EngineAt returns the engine in force at a DAA score.
func (p *Params) EngineAt(daaScore uint64) Engine {
	engine := p.Engines[0]
	for _, e := range p.Engines[1:] {
		if e.From <= daaScore {
			engine = e
		}
	}
	return engine
}

// DAAWindow returns how far, in blue score, a block may lie below the selected
// parent of the block that merges it and still count for the DAA score and earn
// its subsidy.
func (p *Params) DAAWindow() uint64 { return p.HalfLife / p.Spacing }
