package hd

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"io"
)

// redacted is all that fmt and a logger see of a secret.
const redacted = "[redacted]"

// A Key is a node of the SLIP-0010 tree for Ed25519: a 32-byte seed, which is
// the private key of RFC 8032, and the chain code its children are made with.
// It is read-only until Wipe.
type Key struct{ *node }

// A node is behind a pointer of its own: given a verb that does not suit it, as
// %s, fmt goes around the methods of a Key in a private field, follows one
// pointer and prints what is there.
type node struct {
	seed      [32]byte
	chainCode [32]byte
}

// Master returns the root of the tree for a seed of 16 to 64 bytes, commonly
// the 64 of a Mnemonic. The seed is only read.
func Master(seed []byte) (*Key, error) {
	if n := len(seed); n < 16 || n > 64 {
		return nil, fmt.Errorf("a master key needs a seed of 16 to 64 bytes, not %d", n)
	}
	return keyFromHMAC([]byte("ed25519 seed"), seed), nil
}

// Child returns the hardened child of an index below 2³¹, counted without the
// hardened bit: Child(0) is 0'. Ed25519 has no other children.
func (k *Key) Child(index uint32) (*Key, error) {
	if index >= hardened {
		return nil, fmt.Errorf("child %d: the greatest index is %d", index, hardened-1)
	}
	data := make([]byte, 0, 1+32+4)
	defer clear(data[:cap(data)])
	data = append(data, 0)
	data = append(data, k.seed[:]...)
	data = binary.BigEndian.AppendUint32(data, hardened|index)
	return keyFromHMAC(k.chainCode[:], data), nil
}

// Derive returns the key at a path below k, written as ParsePath reads it; the
// "m" stands for k. The keys on the way are wiped.
func (k *Key) Derive(path string) (*Key, error) {
	steps, err := ParsePath(path)
	if err != nil {
		return nil, err
	}
	key := &Key{&node{k.seed, k.chainCode}}
	for _, index := range steps {
		child, err := key.Child(index)
		key.Wipe()
		if err != nil {
			return nil, err
		}
		key = child
	}
	return key, nil
}

// keyFromHMAC splits HMAC-SHA512 into seed and chain code. For Ed25519 every 32
// bytes are a valid key, so nothing is ever retried.
func keyFromHMAC(key, data []byte) *Key {
	mac := hmac.New(sha512.New, key)
	mac.Write(data)
	var sum [sha512.Size]byte
	mac.Sum(sum[:0])
	defer clear(sum[:])
	return &Key{&node{[32]byte(sum[:32]), [32]byte(sum[32:])}}
}

// Seed returns a copy of the 32-byte private seed; the caller wipes it.
func (k *Key) Seed() [32]byte { return k.seed }

// PublicKey returns the Ed25519 public key of the seed (RFC 8032).
func (k *Key) PublicKey() (public [32]byte) {
	pair := ed25519.NewKeyFromSeed(k.seed[:])
	defer clear(pair)
	copy(public[:], pair[ed25519.SeedSize:])
	return public
}

// Wipe overwrites the seed and the chain code with zeros; the key is of no use
// afterwards.
func (k *Key) Wipe() { *k.node = node{} }

// String returns "[redacted]".
func (k *Key) String() string { return redacted }

// Format implements fmt.Formatter, since String alone would leave %d and %#v to
// print the fields.
func (k *Key) Format(s fmt.State, _ rune) { io.WriteString(s, redacted) }
