package pow

import (
	"encoding/binary"

	"github.com/jio-dag/jio/chain/types"
)

// powHashState and heavyHashState are the sponges of cSHAKE256 (SP 800-185)
// after the block that names the function, customised "ProofOfWorkHash" and
// "HeavyHash", with the padding of a message of 80 and of 32 bytes. Either
// message is shorter than a block, so XORing it in and permuting once gives the
// hash in lanes 0 to 3.
var (
	powHashState = sponge{
		0x113cff0da1f6d83d, 0x29bf8855b7027e3c, 0x1e5f2e720efb44d2, 0x1ba5a4a3f59869a0, 0x7b2fafca875e2d65,
		0x4aef61d629dce246, 0x183a981ead415b10, 0x776bf60c789bc29c, 0xf8ebf13388663140, 0x2e651c3c43285ff0,
		0x0f96070540f14a0a, 0x44e367875b299152, 0xec70f1a425b13715, 0xe6c85d8f82e9da89, 0xb21a601f85b4b223,
		0x3485549064a36a46, 0x0f06dd1c7a2f851a, 0xc1a2021d563bb142, 0xba1de5e4451668e4, 0xd102574105095f8d,
		0x89ca4e849bcecf4a, 0x48b09427a8742edb, 0xb1fcce9ce78b5272, 0x5d1129cf82afa5bc, 0x02b97c786f824383,
	}
	heavyHashState = sponge{
		0x3ad74c52b2248509, 0x79629b0e2f9f4216, 0x7a14ff4816c7f8ee, 0x11a75f4c80056498, 0xe720e0df44eeceda,
		0x72c7d82e14f34069, 0xc100ff2a938935ba, 0x5e219040250fc462, 0x8039f9a60dcf6a48, 0xa0bcaa9f792a3d0c,
		0xf431c05dd0a9a226, 0xd31f4cc354c18c3f, 0x6c6b7d01a769cc3d, 0x2ec65bd3562493e4, 0x4ef74b3a99cdb044,
		0x774c86835434f2b0, 0x07e961b036bc9416, 0x7e8f1db17765cc07, 0xea8fdb80bac46d39, 0xb992f2d37b34ca58,
		0xc776c5048481b957, 0x47c39f675112c22e, 0x92bb399db5290c0a, 0x549ae0312f9fc615, 0x1619327d10b9da35,
	}
)

// KHeavyHash is the proof of work that kHeavyHash miners compute: the message
// through cSHAKE256, its nibbles through a matrix that the pre-PoW hash seeds,
// and the two XORed through cSHAKE256 again, read as a little-endian integer.
type kHeavyHash struct{ kernel kernel }

// ID returns "kheavyhash".
func (kHeavyHash) ID() string { return "kheavyhash" }

// Implementation returns "go", "avx2" or "avx512".
func (e kHeavyHash) Implementation() string { return e.kernel.String() }

// Prepare draws the matrix of a pre-PoW hash. It panics on the zero hash.
func (e kHeavyHash) Prepare(prePoW types.Hash) Job {
	m := drawMatrix(prePoW, e.kernel)
	return e.kernel.prepare(prePoW, &m)
}

// Value draws the matrix, too, but does not lay it out for a search. It panics
// on the zero hash.
func (e kHeavyHash) Value(prePoW types.Hash, timestamp, nonce uint64) types.Uint256 {
	m := drawMatrix(prePoW, e.kernel)
	hash := powHash(absorb(prePoW), timestamp, nonce)
	return heavyHash(hash, e.kernel.times(&m, hash))
}

// Lanes of the message in the sponge, after the four of the pre-PoW hash.
const (
	timestampLane = 4
	nonceLane     = 9
)

// absorb begins the first cSHAKE256: all of the message but timestamp and nonce.
func absorb(prePoW types.Hash) sponge {
	s := powHashState
	for i := range 4 {
		s[i] ^= binary.LittleEndian.Uint64(prePoW[8*i:])
	}
	return s
}

// powHash is the first cSHAKE256 of a sponge that absorb returned.
func powHash(s sponge, timestamp, nonce uint64) [4]uint64 {
	s[timestampLane] ^= timestamp
	s[nonceLane] ^= nonce
	s.permute()
	return [4]uint64(s[:4])
}

// heavyHash is the second cSHAKE256, of the first one's hash XOR the upper bits
// of its product with the matrix.
func heavyHash(hash, upper [4]uint64) types.Uint256 {
	s := heavyHashState
	for i := range hash {
		s[i] ^= hash[i] ^ upper[i]
	}
	s.permute()
	return types.Uint256(s[:4])
}

// A portableJob is what all hashes of one pre-PoW hash share.
type portableJob struct {
	absorbed sponge
	product  *product
}

func newPortableJob(prePoW types.Hash, m *matrix) *portableJob {
	return &portableJob{absorb(prePoW), newProduct(m)}
}

// Value implements Job.
func (j *portableJob) Value(timestamp, nonce uint64) types.Uint256 {
	hash := powHash(j.absorbed, timestamp, nonce)
	return heavyHash(hash, j.product.times(hash))
}

// Search implements Job.
func (j *portableJob) Search(target types.Uint256, timestamp, start uint64, count uint32) (nonce uint64, found bool) {
	for i := range uint64(count) {
		value := j.Value(timestamp, start+i)
		if value[3] <= target[3] && value.Cmp(target) <= 0 {
			return start + i, true
		}
	}
	return 0, false
}
