package types

import (
	stded25519 "crypto/ed25519"
	"encoding/binary"
	"sync/atomic"

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

// Verify reports whether the signature is valid under ZIP-215.
func Verify(c *SignatureCheck) bool {
	return ed25519.VerifyWithOptions(c.Key[:], c.Message[:], c.Signature[:], zip215)
}

// ValidKey reports whether key is the canonical encoding of a curve point that
// is not of small order: what a policy may reveal as a public key. With a key
// of small order, one signature would fit every message.
func ValidKey(key [32]byte) bool {
	if known := slotOf(key).Load(); known != nil && known.key == key {
		return known.valid
	}
	return pointOf(key).valid
}

// A decodedKey is a public key and its point. A key is decoded where it is first
// revealed, when its signature is verified and often again for another coin.
type decodedKey struct {
	key     [32]byte
	point   *curve.EdwardsPoint // nil where only addable is known
	addable *pair               // the point for wide batches, nil where only point is known
	found   bool                // there is a point
	valid   bool                // the encoding is canonical, the point not of small order
}

// decodedKeys remembers keys by their first bits; which ones it has changes no
// answer.
var decodedKeys [1 << 14]atomic.Pointer[decodedKey]

func slotOf(key [32]byte) *atomic.Pointer[decodedKey] {
	return &decodedKeys[binary.LittleEndian.Uint64(key[:])%uint64(len(decodedKeys))]
}

// RememberKeys decodes the keys of signatures that will be verified together, one
// for each. For many that takes less than one by one; it changes no answer.
func RememberKeys(keys [][32]byte) { rememberKeys(keys) }

// pointOf returns a key with its point.
func pointOf(key [32]byte) *decodedKey {
	slot := slotOf(key)
	known := slot.Load()
	if known != nil && known.key == key && (known.point != nil || !known.found) {
		return known
	}
	d := decodeKey(key)
	if known != nil && known.key == key {
		d.addable = known.addable
	}
	slot.Store(d)
	return d
}

func decodeKey(key [32]byte) *decodedKey {
	d := &decodedKey{key: key}
	encoded := curve.CompressedEdwardsY(key)
	point := new(curve.EdwardsPoint)
	if _, err := point.SetCompressedY(&encoded); err != nil {
		return d
	}
	d.point, d.found = point, true
	d.valid = encoded.IsCanonicalVartime() && !point.IsSmallOrder()
	return d
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
