//go:build !purego

package pow

import (
	"math/bits"

	"github.com/jio-dag/jio/chain/types"
)

// A program in a module of its own writes the assembly.
//
//go:generate go run -C ../.asm ./pow -out ../pow/lanes_amd64.s

// searchAVX512 and searchAVX2 search one block of nonces after another, a nonce
// in each lane, until a block has a value whose most significant word does not
// exceed bound. first is linear of the sponge with nonce zero. left counts the
// blocks that were not searched and the one with hits, in which every lane has a
// bit; it is zero when nothing was found.
//
//go:noescape
func searchAVX512(first *[25]uint64, packed *[16][64]uint32, nonce, blocks, bound uint64) (left, hits uint64)

//go:noescape
func searchAVX2(first *[25]uint64, packed *[16][64]uint32, nonce, blocks, bound uint64) (left, hits uint64)

// invertibleAVX512 and invertibleAVX2 report whether the determinant is not a
// multiple of 251. The tables are modulo251.
//
//go:noescape
func invertibleAVX512(m *[size][4]uint64, tables *[2][1531]uint32) bool

//go:noescape
func invertibleAVX2(m *[size][4]uint64, tables *[2][1531]uint32) bool

// timesAVX2 is matrix.times.
//
//go:noescape
func timesAVX2(m *[size][4]uint64, hash, upper *[4]uint64)

// modulo251 has the residue of x and −1/x, in both halves of a word, for every x
// that elimination keeps.
var modulo251 = func() (tables [2][1531]uint32) {
	for x := range tables[0] {
		residue, inverse := uint32(x%251), uint32(0)
		for residue != 0 && residue*inverse%251 != 250 {
			inverse++
		}
		tables[0][x], tables[1][x] = residue*0x00010001, inverse*0x00010001
	}
	return tables
}()

// A laneJob is a job of a kernel that tries several nonces at a time.
type laneJob struct {
	absorbed sponge // the first cSHAKE256, but for timestamp and nonce
	packed   [16][size]uint32
	matrix   matrix
	kernel   kernel
}

func newLaneJob(k kernel, prePoW types.Hash, m *matrix) *laneJob {
	job := &laneJob{absorbed: absorb(prePoW), matrix: *m, kernel: k}
	job.pack()
	return job
}

// Value implements Job.
func (j *laneJob) Value(timestamp, nonce uint64) types.Uint256 {
	hash := powHash(j.absorbed, timestamp, nonce)
	return heavyHash(hash, j.kernel.times(&j.matrix, hash))
}

// Search implements Job. Assembly cannot be interrupted; the blocks of one call
// take some 50 µs.
func (j *laneJob) Search(target types.Uint256, timestamp, start uint64, count uint32) (nonce uint64, found bool) {
	const atOnce = 16 // blocks
	begin := j.absorbed
	begin[timestampLane] ^= timestamp
	first := begin.linear()
	lanes := j.lanes()
	for tried := uint64(0); tried < uint64(count); {
		blocks := min((uint64(count)-tried+lanes-1)/lanes, atOnce)
		left, hits := j.search(&first, start+tried, blocks, target[3])
		tried += (blocks - left) * lanes
		if hits == 0 {
			continue
		}
		for ; hits != 0; hits &= hits - 1 {
			i := tried + uint64(bits.TrailingZeros64(hits))
			if i < uint64(count) && j.Value(timestamp, start+i).Cmp(target) <= 0 {
				return start + i, true
			}
		}
		tried += lanes
	}
	return 0, false
}

// lanes returns how many nonces make a block.
func (j *laneJob) lanes() uint64 {
	if j.kernel == avx512 {
		return 8
	}
	return 4
}

func (j *laneJob) search(first *sponge, nonce, blocks, bound uint64) (left, hits uint64) {
	if j.kernel == avx512 {
		return searchAVX512((*[25]uint64)(first), &j.packed, nonce, blocks, bound)
	}
	return searchAVX2((*[25]uint64)(first), &j.packed, nonce, blocks, bound)
}

// pack lays out the matrix: 16 times what four nibbles of a hash meet, four
// cells for every row. Such nibbles are those, low or high, of half a word's
// bytes. The rows are in such an order that packing the sums of a register's
// lanes puts each nibble of the product in its place: the even rows, which make
// high nibbles, come first, and each quarter of 16 lanes, or half of 8, has
// those of neighbouring bytes.
func (j *laneJob) pack() {
	groups, lanes := 2, 16
	if j.kernel == avx2 {
		groups, lanes = 4, 8
	}
	for row := range j.matrix {
		i := row / 2
		slot := row%2*32 + i/4%groups*lanes + i/(4*groups)*4 + i%4
		for w, cells := range j.matrix[row] {
			high, low := cells&lowNibbles, cells>>4&lowNibbles
			j.packed[4*w][slot], j.packed[4*w+1][slot] = uint32(low), uint32(low>>32)
			j.packed[4*w+2][slot], j.packed[4*w+3][slot] = uint32(high), uint32(high>>32)
		}
	}
}

// linear returns what theta, rho and pi make of a sponge. A nonce that is XORed
// into the sponge later changes 11 lanes of the result.
func (s *sponge) linear() sponge {
	c0 := s[0] ^ s[5] ^ s[10] ^ s[15] ^ s[20]
	c1 := s[1] ^ s[6] ^ s[11] ^ s[16] ^ s[21]
	c2 := s[2] ^ s[7] ^ s[12] ^ s[17] ^ s[22]
	c3 := s[3] ^ s[8] ^ s[13] ^ s[18] ^ s[23]
	c4 := s[4] ^ s[9] ^ s[14] ^ s[19] ^ s[24]
	d0, d1, d2, d3, d4 := c4^rot(c1, 1), c0^rot(c2, 1), c1^rot(c3, 1), c2^rot(c4, 1), c3^rot(c0, 1)
	return sponge{
		s[0] ^ d0, rot(s[6]^d1, 44), rot(s[12]^d2, 43), rot(s[18]^d3, 21), rot(s[24]^d4, 14),
		rot(s[3]^d3, 28), rot(s[9]^d4, 20), rot(s[10]^d0, 3), rot(s[16]^d1, 45), rot(s[22]^d2, 61),
		rot(s[1]^d1, 1), rot(s[7]^d2, 6), rot(s[13]^d3, 25), rot(s[19]^d4, 8), rot(s[20]^d0, 18),
		rot(s[4]^d4, 27), rot(s[5]^d0, 36), rot(s[11]^d1, 10), rot(s[17]^d2, 15), rot(s[23]^d3, 56),
		rot(s[2]^d2, 62), rot(s[8]^d3, 55), rot(s[14]^d4, 39), rot(s[15]^d0, 41), rot(s[21]^d1, 2),
	}
}
