package types

import (
	"bytes"
	stded25519 "crypto/ed25519"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

// SignatureSize is the length of an Ed25519 signature in bytes.
const SignatureSize = 64

// A Signature is an Ed25519 signature, judged under ZIP-215.
type Signature [SignatureSize]byte

// A SignatureCheck is a signature still to be verified, with the public key and
// the 32-byte message it is claimed for.
type SignatureCheck struct {
	Key       [32]byte
	Message   Hash
	Signature Signature
}

// zip215 selects the rules of ZIP-215: any encoding of any curve point for key
// and R, s below the group order, and the equation times the cofactor.
var zip215 = &ed25519.Options{Verify: ed25519.VerifyOptionsZIP_215}

// batchDomain hashes a batch into the seed of its random coefficients. It is no
// part of consensus.
var batchDomain = NewDomain("JioSignatureBatch")

// Verify reports whether the signature is valid under ZIP-215.
func Verify(c *SignatureCheck) bool {
	return ed25519.VerifyWithOptions(c.Key[:], c.Message[:], c.Signature[:], zip215)
}

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
	batch := ed25519.NewBatchVerifierWithCapacity(len(checks))
	for i := range checks {
		c := &checks[i]
		batch.AddWithOptions(c.Key[:], c.Message[:], c.Signature[:], zip215)
	}
	seed := batchSeed(checks)
	return batch.VerifyBatchOnly(bytes.NewReader(seed[:]))
}

func batchSeed(checks []SignatureCheck) Hash {
	e := getEncoder()
	defer putEncoder(e)
	for i := range checks {
		e.Write(checks[i].Key[:])
		e.Write(checks[i].Message[:])
		e.Write(checks[i].Signature[:])
	}
	return batchDomain.Sum(e.buf)
}

// ValidKey reports whether key is the canonical encoding of a curve point that
// is not of small order: what a policy may reveal as a public key. With a key
// of small order, one signature would fit every message.
func ValidKey(key [32]byte) bool {
	encoded := curve.CompressedEdwardsY(key)
	var point curve.EdwardsPoint
	if _, err := point.SetCompressedY(&encoded); err != nil {
		return false
	}
	return encoded.IsCanonicalVartime() && !point.IsSmallOrder()
}

// PublicKey returns the Ed25519 public key of a 32-byte seed (RFC 8032).
func PublicKey(seed [32]byte) (key [32]byte) {
	private := stded25519.NewKeyFromSeed(seed[:])
	defer clear(private)
	copy(key[:], private[32:])
	return key
}

// Sign returns the deterministic Ed25519 signature (RFC 8032) of msg. The key
// is derived from the seed each time, so no public key can be mismatched to it.
func Sign(seed [32]byte, msg Hash) Signature {
	private := stded25519.NewKeyFromSeed(seed[:])
	defer clear(private)
	return Signature(stded25519.Sign(private, msg[:]))
}
