package types

import (
	"fmt"
	"slices"
	"sync"

	"lukechampine.com/blake3"
)

// A Domain is BLAKE3-256 keyed with an ASCII name, so that bytes hashed for one
// purpose never collide with the same bytes hashed for another. Domains are
// safe for concurrent use.
type Domain struct {
	name string
	key  [32]byte
	pool sync.Pool // of *keyedHasher
}

// A keyedHasher is several KiB, too big to make per hash. It carries the digest
// with it because the library lets what it writes to escape to the heap.
type keyedHasher struct {
	*blake3.Hasher
	digest Hash
}

// blake3Chunk is the most the library reads or writes on the calling goroutine;
// it starts others for more.
const blake3Chunk = 1024

// NewDomain returns the domain of an ASCII name of at most 32 bytes, which is
// zero-padded to the 32-byte BLAKE3 key. It panics on a longer name.
func NewDomain(name string) *Domain {
	if len(name) > 32 {
		panic(fmt.Sprintf("types: domain name %q is longer than 32 bytes", name))
	}
	d := &Domain{name: name}
	copy(d.key[:], name)
	d.pool.New = func() any { return &keyedHasher{Hasher: blake3.New(HashSize, d.key[:])} }
	return d
}

// The domains of consensus version 1.
var (
	BlockHashDomain       = NewDomain("JioBlockHash")
	TransactionIDDomain   = NewDomain("JioTransactionID")
	TransactionHashDomain = NewDomain("JioTransactionHash")
	PayloadDomain         = NewDomain("JioPayload")
	UnlocksDomain         = NewDomain("JioUnlocks")
	SigningHashDomain     = NewDomain("JioSigningHash")
	MerkleLeafDomain      = NewDomain("JioMerkleLeaf")
	MerkleNodeDomain      = NewDomain("JioMerkleNode")
	AddressDomain         = NewDomain("JioAddress")
	AcceptedDomain        = NewDomain("JioAccepted")
	UTXOElementDomain     = NewDomain("JioUTXOElement")
	UTXOCommitmentDomain  = NewDomain("JioUTXOCommitment")
	HistoryLeafDomain     = NewDomain("JioHistoryLeaf")
	HistoryNodeDomain     = NewDomain("JioHistoryNode")
	HistoryRootDomain     = NewDomain("JioHistoryRoot")
)

// String returns the domain's name.
func (d *Domain) String() string { return d.name }

// Key returns the domain's key of BLAKE3.
func (d *Domain) Key() [32]byte { return d.key }

// Sum returns H(d, data), the keyed 32-byte hash of data.
func (d *Domain) Sum(data []byte) Hash {
	hasher := d.absorb(data)
	defer d.pool.Put(hasher)
	hasher.Hasher.Sum(hasher.digest[:0])
	return hasher.digest
}

// Expand fills out with the first len(out) bytes of the keyed extendable
// output over data.
func (d *Domain) Expand(out, data []byte) {
	hasher := d.absorb(data)
	defer d.pool.Put(hasher)
	output := hasher.XOF()
	for part := range slices.Chunk(out, blake3Chunk) {
		if _, err := output.Read(part); err != nil {
			panic("types: the extendable output of BLAKE3 ended: " + err.Error())
		}
	}
}

// absorb returns a hasher that has read data.
func (d *Domain) absorb(data []byte) *keyedHasher {
	hasher := d.pool.Get().(*keyedHasher)
	hasher.Reset()
	for part := range slices.Chunk(data, blake3Chunk) {
		hasher.Write(part)
	}
	return hasher
}

// An EncoderTo appends its canonical encoding to an Encoder.
type EncoderTo interface{ EncodeTo(e *Encoder) }

// SumOf returns H(d, ·) over the canonical encodings of the parts in order. It
// allocates to box its arguments; Sum over an Encoder's bytes does not.
func (d *Domain) SumOf(parts ...EncoderTo) Hash {
	e := getEncoder()
	defer putEncoder(e)
	for _, p := range parts {
		p.EncodeTo(e)
	}
	return d.Sum(e.buf)
}
