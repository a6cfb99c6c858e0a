package types

import (
	"crypto/sha512"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
)

// VerifyBatch reports whether every check holds by itself, in less time than
// one by one; no checks hold. The coefficients of the combined equation are
// drawn from a hash of the batch, so the answer depends on the checks alone.
func VerifyBatch(checks []SignatureCheck) bool {
	switch len(checks) {
	case 0:
		return true
	case 1:
		return Verify(&checks[0])
	}
	if wide(len(checks)) {
		return holdWide(checks)
	}
	return hold(checks)
}

// hold evaluates the equation of a batch with the library's arithmetic.
func hold(checks []SignatureCheck) bool {
	b := newBatch(checks)
	for i := range checks {
		if !b.add(i, &checks[i]) {
			return false
		}
	}
	return b.holds()
}

// batchDomain hashes a batch into its random coefficients. It is no part of
// consensus.
var batchDomain = NewDomain("JioSignatureBatch")

// A batch is the equation of ZIP-215 for many signatures (R, s) of messages M by
// keys A at once, each times a random z of 128 bits, with k = SHA-512(R ‖ A ‖ M):
//
//	8 · (Σ z·R + Σ z·k·A − Σ z·s · B) = 0
//
// Signatures by one key share a term. A batch that is large enough for its machine
// is wide: the same equation is evaluated by assembly.
type batch struct {
	random  []byte // 16 bytes for each z
	scalars []scalar.Scalar
	points  []*curve.EdwardsPoint
	rs      []curve.EdwardsPoint
	terms   map[[32]byte]int // of keys, in scalars and points
}

const coefficientSize = 16

func newBatch(checks []SignatureCheck) *batch {
	n := len(checks)
	b := &batch{
		random:  coefficients(checks),
		scalars: make([]scalar.Scalar, 1, 1+2*n),
		points:  make([]*curve.EdwardsPoint, 1, 1+2*n),
		rs:      make([]curve.EdwardsPoint, n),
		terms:   make(map[[32]byte]int, n),
	}
	b.points[0] = curve.ED25519_BASEPOINT_POINT
	return b
}

// coefficients expands the batch to the random bytes of all z: who makes a
// signature cannot choose them.
func coefficients(checks []SignatureCheck) []byte {
	e := getEncoder()
	defer putEncoder(e)
	for i := range checks {
		e.Write(checks[i].Key[:])
		e.Write(checks[i].Message[:])
		e.Write(checks[i].Signature[:])
	}
	random := make([]byte, coefficientSize*len(checks))
	batchDomain.Expand(random, e.buf)
	return random
}

// add adds the terms of the i-th check; false means that it cannot hold, since
// something in it does not decode.
func (b *batch) add(i int, c *SignatureCheck) bool {
	key := pointOf(c.Key)
	r, s := c.Signature[:32], c.Signature[32:]
	encoded := curve.CompressedEdwardsY(r)
	if _, err := b.rs[i].SetCompressedY(&encoded); err != nil || !key.found || !scalar.ScMinimalVartime(s) {
		return false
	}
	var random [32]byte
	copy(random[:coefficientSize], b.random[coefficientSize*i:])
	z, k, response := scalarOf(random[:]), challengeOf(c), scalarOf(s)
	b.scalars[0].Sub(&b.scalars[0], response.Mul(&response, &z))
	b.scalars = append(b.scalars, z)
	b.points = append(b.points, &b.rs[i])
	k.Mul(&k, &z)
	if at, again := b.terms[c.Key]; again {
		b.scalars[at].Add(&b.scalars[at], &k)
		return true
	}
	b.terms[c.Key] = len(b.scalars)
	b.scalars = append(b.scalars, k)
	b.points = append(b.points, key.point)
	return true
}

// challengeOf returns SHA-512(R ‖ A ‖ M) modulo the order of the group.
func challengeOf(c *SignatureCheck) (k scalar.Scalar) {
	var message [32 + 32 + HashSize]byte
	copy(message[:], c.Signature[:32])
	copy(message[32:], c.Key[:])
	copy(message[64:], c.Message[:])
	digest := sha512.Sum512(message[:])
	if _, err := k.SetBytesModOrderWide(digest[:]); err != nil {
		panic("types: " + err.Error()) // of a wrong length only
	}
	return k
}

// scalarOf reduces 32 little-endian bytes modulo the order of the group.
func scalarOf(b []byte) (s scalar.Scalar) {
	if _, err := s.SetBytesModOrder(b); err != nil {
		panic("types: " + err.Error()) // of a wrong length only
	}
	return s
}

// holds evaluates the equation.
func (b *batch) holds() bool {
	scalars := make([]*scalar.Scalar, len(b.scalars))
	for i := range scalars {
		scalars[i] = &b.scalars[i]
	}
	var sum curve.EdwardsPoint
	return sum.MultiscalarMulVartime(scalars, b.points).IsSmallOrder()
}
