package types

import (
	"fmt"
	"sync"

	"lukechampine.com/blake3"
)

// A Domain is BLAKE3-256 keyed with an ASCII name, so that bytes hashed for one
// purpose never collide with the same bytes hashed for another. Domains are
// safe for concurrent use.
type Domain struct {
	name string
	pool sync.Pool // of *blake3.Hasher; one is several KiB, too big to make per hash
}

// NewDomain returns the domain of an ASCII name of at most 32 bytes, which is
// zero-padded to the 32-byte BLAKE3 key. It panics on a longer name.
func NewDomain(name string) *Domain {
	if len(name) > 32 {
		panic(fmt.Sprintf("types: domain name %q is longer than 32 bytes", name))
	}
	var key [32]byte
	copy(key[:], name)
	d := &Domain{name: name}
	d.pool.New = func() any { return blake3.New(HashSize, key[:]) }
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

// Sum returns H(d, data), the keyed 32-byte hash of data.
func (d *Domain) Sum(data []byte) (h Hash) {
	hasher := d.absorb(data)
	hasher.Sum(h[:0])
	d.pool.Put(hasher)
	return h
}

// Expand fills out with the first len(out) bytes of the keyed extendable
// output over data.
func (d *Domain) Expand(out, data []byte) {
	hasher := d.absorb(data)
	if _, err := hasher.XOF().Read(out); err != nil {
		panic("types: the extendable output of BLAKE3 ended: " + err.Error())
	}
	d.pool.Put(hasher)
}

// absorb returns a hasher that has read data. The library starts goroutines
// for writes longer than a chunk of 1,024 bytes, hence the slices of that size.
func (d *Domain) absorb(data []byte) *blake3.Hasher {
	const chunk = 1024
	hasher := d.pool.Get().(*blake3.Hasher)
	hasher.Reset()
	for len(data) > chunk {
		hasher.Write(data[:chunk])
		data = data[chunk:]
	}
	hasher.Write(data)
	return hasher
}

// An EncoderTo appends its canonical encoding to an Encoder.
type EncoderTo interface{ EncodeTo(e *Encoder) }

// SumOf returns H(d, ·) over the canonical encodings of the parts in order.
func (d *Domain) SumOf(parts ...EncoderTo) Hash {
	e := getEncoder()
	defer putEncoder(e)
	for _, p := range parts {
		p.EncodeTo(e)
	}
	return d.Sum(e.buf)
}
