package utxo

import "github.com/jio-dag/jio/chain/types"

const (
	ltHashSize  = 2048 // bytes: 1,024 lanes of 16 bits
	ltHashWords = ltHashSize / 8

	laneTops = 0x8000_8000_8000_8000 // the top bit of each lane in a word
)

// LtHash is the homomorphic hash of a set of unspent outputs (LtHash16 of
// Bellare and Micciancio, as specified by Lewi, Kim, Maykov and Weis, 2019):
// 1,024 lanes of 16 bits, the lane-wise sum of the elements' expansions. The
// zero LtHash is that of the empty set; adding and removing undo each other and
// their order does not matter; equal sets have equal (==) hashes.
type LtHash struct {
	words [ltHashWords]uint64 // four lanes each, the first in the low bits
}

// Add puts a coin into the set.
func (l *LtHash) Add(o types.Outpoint, coin types.Coin) {
	l.AddDiff(Diff{Created: []Entry{{o, coin}}})
}

// Remove takes a coin out of the set.
func (l *LtHash) Remove(o types.Outpoint, coin types.Coin) {
	l.AddDiff(Diff{Spent: []Entry{{o, coin}}})
}

// AddDiff moves the hash along a diff; adding its reverse moves it back. It is
// the cheapest way to add many coins.
func (l *LtHash) AddDiff(d Diff) {
	x := newExpander()
	if len(d.Spent) > 0 {
		sum := x.sum(d.Spent)
		for i := range l.words {
			l.words[i] = subtractLanes(l.words[i], sum.words[i])
		}
	}
	if len(d.Created) > 0 {
		sum := x.sum(d.Created)
		for i := range l.words {
			l.words[i] = addLanes(l.words[i], sum.words[i])
		}
	}
}

// Hash returns the commitment that headers carry: H(JioUTXOCommitment, lanes).
func (l *LtHash) Hash() types.Hash { return types.UTXOCommitmentDomain.SumOf(l) }

// EncodeTo appends the 1,024 lanes as u16.
func (l *LtHash) EncodeTo(e *types.Encoder) {
	for _, w := range l.words {
		e.Uint64(w)
	}
}

// DecodeFrom reads 1,024 lanes.
func (l *LtHash) DecodeFrom(d *types.Decoder) {
	for i := range l.words {
		l.words[i] = d.Uint64()
	}
}

// addLanes adds four lanes at a time: the low 15 bits of each cannot carry into the
// next lane, and the top bits are added without carry.
func addLanes(a, b uint64) uint64 {
	return (a&^laneTops + b&^laneTops) ^ (a^b)&laneTops
}

// subtractLanes subtracts four lanes at a time: a top bit set in each lane of the
// minuend pays for the borrow of the 15 bits below.
func subtractLanes(a, b uint64) uint64 {
	return (a | laneTops - b&^laneTops) ^ (a^^b)&laneTops
}
