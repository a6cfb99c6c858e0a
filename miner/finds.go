package miner

import "github.com/jio-dag/jio/chain/types"

// A Fate is what became of a block found earlier.
type Fate uint8

// The fates of a block. All but FateStale may change while the block is shallow.
const (
	FatePending Fate = iota // not merged yet
	FateChain               // on the selected chain
	FateBlue                // merged as blue, off the selected chain
	FateRed                 // merged as red
	FateStale               // refused, or too deep to be merged any more
)

// A Tally counts blocks found by their present fate; Found is the sum of the
// others.
type Tally struct {
	Found, Chain, Blue, Red, Stale, Pending uint64
}

func (t *Tally) count(f Fate) {
	t.Found++
	switch f {
	case FateChain:
		t.Chain++
	case FateBlue:
		t.Blue++
	case FateRed:
		t.Red++
	case FateStale:
		t.Stale++
	default:
		t.Pending++
	}
}

// maxRecent is how many finds are followed; older ones are settled.
const maxRecent = 1000

// finds follows the blocks found, from their find until so many younger ones
// exist that their fate can be called settled.
type finds struct {
	recent  []find // oldest first
	settled Tally
}

type find struct {
	hash types.Hash
	fate Fate
}

// add starts following a block that the host took.
func (f *finds) add(hash types.Hash) { f.recent = append(f.recent, find{hash: hash}) }

// lose counts a block that will never be part of the DAG.
func (f *finds) lose() { f.settled.count(FateStale) }

// hashes returns the blocks whose fate is to be asked for.
func (f *finds) hashes() []types.Hash {
	hashes := make([]types.Hash, len(f.recent))
	for i := range f.recent {
		hashes[i] = f.recent[i].hash
	}
	return hashes
}

// judge notes the fates of the oldest finds, in the order that hashes gave
// them, and settles those beyond maxRecent. A block that nobody merged while so
// many younger ones were found has become stale. Settling happens here and not
// in add, so that every block's fate is asked for at least once.
func (f *finds) judge(fates []Fate) {
	for i, fate := range fates {
		f.recent[i].fate = fate
	}
	excess := min(len(fates), max(0, len(f.recent)-maxRecent))
	for _, old := range f.recent[:excess] {
		if old.fate == FatePending {
			old.fate = FateStale
		}
		f.settled.count(old.fate)
	}
	f.recent = f.recent[excess:]
}

// tally counts every block found so far.
func (f *finds) tally() Tally {
	t := f.settled
	for i := range f.recent {
		t.count(f.recent[i].fate)
	}
	return t
}
