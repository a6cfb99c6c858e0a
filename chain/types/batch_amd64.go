//go:build !purego

package types

import (
	"bytes"
	"slices"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
)

// From minWide signatures on, a wide batch gains more than its buckets cost.
const minWide = 48

// wide reports whether a batch of n signatures is verified by the assembly.
func wide(n int) bool { return n >= minWide && hasIFMA() }

// holdWide is the equation of a batch, evaluated by the assembly.
func holdWide(checks []SignatureCheck) bool {
	encoded := make([][32]byte, len(checks))
	for i := range checks {
		encoded[i] = [32]byte(checks[i].Signature[:32])
	}
	rs, found := decodePoints(encoded)
	keys, at := distinctKeys(checks)
	random := coefficients(checks)
	var base scalar.Scalar
	keyScalars := make([]scalar.Scalar, len(keys))
	short := newMultiscalar(len(checks), halfColumns)
	for i := range checks {
		c := &checks[i]
		s := c.Signature[32:]
		if !found[i] || !scalar.ScMinimalVartime(s) {
			return false
		}
		var bytes [32]byte
		copy(bytes[:coefficientSize], random[coefficientSize*i:])
		short.add(&rs[i], &bytes)
		z, k, response := scalarOf(bytes[:]), challengeOf(c), scalarOf(s)
		base.Sub(&base, response.Mul(&response, &z))
		term := &keyScalars[at[i]]
		term.Add(term, k.Mul(&k, &z))
	}
	long := newMultiscalar(1+len(keys), columns)
	points, _ := decodePoints([][32]byte{*curve.ED25519_BASEPOINT_COMPRESSED})
	long.addScalar(&points[0], &base)
	for i, key := range decodeKeys(keys) {
		if !key.found {
			return false
		}
		long.addScalar(key.addable, &keyScalars[i])
	}
	return smallOrder(long, short)
}

// distinctKeys returns the keys of checks, and where among them each check's is.
func distinctKeys(checks []SignatureCheck) (keys [][32]byte, at []int) {
	places := make(map[[32]byte]int, len(checks))
	at = make([]int, len(checks))
	for i := range checks {
		place, again := places[checks[i].Key]
		if !again {
			place = len(keys)
			places[checks[i].Key] = place
			keys = append(keys, checks[i].Key)
		}
		at[i] = place
	}
	return keys, at
}

func (m *multiscalar) addScalar(p *pair, s *scalar.Scalar) {
	var bytes [32]byte
	if err := s.ToBytes(bytes[:]); err != nil {
		panic("types: " + err.Error()) // of a wrong length only
	}
	m.add(p, &bytes)
}

// decodeKeys returns keys as pointOf does, with what is added in wide batches. It
// decodes eight unknown ones at a time.
func decodeKeys(keys [][32]byte) []*decodedKey {
	decoded := make([]*decodedKey, len(keys))
	var places []int // of unknown keys
	for i, key := range keys {
		if known := slotOf(key).Load(); known != nil && known.key == key && (known.addable != nil || !known.found) {
			decoded[i] = known
			continue
		}
		places = append(places, i)
	}
	for some := range slices.Chunk(places, 8) {
		var eight [8][32]byte
		for i, place := range some {
			eight[i] = keys[place]
		}
		for i, d := range decodeEight(&eight, len(some)) {
			decoded[some[i]] = d
			slotOf(d.key).Store(d)
		}
	}
	return decoded
}

// decodeEight decodes the first n of eight keys. Of small order are the points with
// x·y·(x² + y²) = 0: those with x or y zero, of order 4 at most, and those that are
// doubled to y = 0.
func decodeEight(keys *[8][32]byte, n int) []*decodedKey {
	x, y, found := decodeOctet(keys)
	t, xx, yy := x.times(&y), x.squared(1), y.squared(1)
	t = t.times(lanesOfTwoD)
	decoded := make([]*decodedKey, n)
	for i := range decoded {
		d := &decodedKey{key: keys[i], found: found[i]}
		decoded[i] = d
		if !d.found {
			continue
		}
		p := addable(x.lane(i), y.lane(i), t.lane(i))
		d.addable = &p
		encoded := curve.CompressedEdwardsY(d.key)
		d.valid = encoded.IsCanonicalVartime() && t.lane(i).reduced() != limbs{} &&
			xx.lane(i).plus(yy.lane(i)).reduced() != limbs{}
	}
	return decoded
}

// rememberKeys decodes keys ahead where their batch will be wide: any other needs
// them in another form.
func rememberKeys(keys [][32]byte) {
	if wide(len(keys)) {
		distinct := slices.Clone(keys)
		slices.SortFunc(distinct, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
		decodeKeys(slices.Compact(distinct))
	}
}
