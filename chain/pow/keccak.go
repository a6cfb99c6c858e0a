package pow

import "math/bits"

// A sponge is the state of Keccak: 25 lanes, lane x + 5y at column x of plane y
// (FIPS 202, section 3.1.2, without its bit numbering).
type sponge [25]uint64

// roundConstants break the symmetry between the rounds (FIPS 202, iota).
var roundConstants = [24]uint64{
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
	0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
	0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
	0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
	0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
}

// permute applies Keccak-f[1600]. Two rounds are written out, from s to t and
// back. In each, c holds the column parities and d what theta adds to a column;
// then each plane of the result takes the five lanes that rho and pi bring to
// it through chi, and iota adds the round constant. The lanes live in memory on
// purpose: 25 of them do not fit the registers, and the compiler does better
// loading each where it is needed than spilling local variables.
func (s *sponge) permute() {
	var t sponge
	for round := 0; round < len(roundConstants); round += 2 {
		c0 := s[0] ^ s[5] ^ s[10] ^ s[15] ^ s[20]
		c1 := s[1] ^ s[6] ^ s[11] ^ s[16] ^ s[21]
		c2 := s[2] ^ s[7] ^ s[12] ^ s[17] ^ s[22]
		c3 := s[3] ^ s[8] ^ s[13] ^ s[18] ^ s[23]
		c4 := s[4] ^ s[9] ^ s[14] ^ s[19] ^ s[24]
		d0, d1, d2, d3, d4 := c4^rot(c1, 1), c0^rot(c2, 1), c1^rot(c3, 1), c2^rot(c4, 1), c3^rot(c0, 1)
		t.chi(0, s[0]^d0, rot(s[6]^d1, 44), rot(s[12]^d2, 43), rot(s[18]^d3, 21), rot(s[24]^d4, 14))
		t[0] ^= roundConstants[round]
		t.chi(5, rot(s[3]^d3, 28), rot(s[9]^d4, 20), rot(s[10]^d0, 3), rot(s[16]^d1, 45), rot(s[22]^d2, 61))
		t.chi(10, rot(s[1]^d1, 1), rot(s[7]^d2, 6), rot(s[13]^d3, 25), rot(s[19]^d4, 8), rot(s[20]^d0, 18))
		t.chi(15, rot(s[4]^d4, 27), rot(s[5]^d0, 36), rot(s[11]^d1, 10), rot(s[17]^d2, 15), rot(s[23]^d3, 56))
		t.chi(20, rot(s[2]^d2, 62), rot(s[8]^d3, 55), rot(s[14]^d4, 39), rot(s[15]^d0, 41), rot(s[21]^d1, 2))

		c0 = t[0] ^ t[5] ^ t[10] ^ t[15] ^ t[20]
		c1 = t[1] ^ t[6] ^ t[11] ^ t[16] ^ t[21]
		c2 = t[2] ^ t[7] ^ t[12] ^ t[17] ^ t[22]
		c3 = t[3] ^ t[8] ^ t[13] ^ t[18] ^ t[23]
		c4 = t[4] ^ t[9] ^ t[14] ^ t[19] ^ t[24]
		d0, d1, d2, d3, d4 = c4^rot(c1, 1), c0^rot(c2, 1), c1^rot(c3, 1), c2^rot(c4, 1), c3^rot(c0, 1)
		s.chi(0, t[0]^d0, rot(t[6]^d1, 44), rot(t[12]^d2, 43), rot(t[18]^d3, 21), rot(t[24]^d4, 14))
		s[0] ^= roundConstants[round+1]
		s.chi(5, rot(t[3]^d3, 28), rot(t[9]^d4, 20), rot(t[10]^d0, 3), rot(t[16]^d1, 45), rot(t[22]^d2, 61))
		s.chi(10, rot(t[1]^d1, 1), rot(t[7]^d2, 6), rot(t[13]^d3, 25), rot(t[19]^d4, 8), rot(t[20]^d0, 18))
		s.chi(15, rot(t[4]^d4, 27), rot(t[5]^d0, 36), rot(t[11]^d1, 10), rot(t[17]^d2, 15), rot(t[23]^d3, 56))
		s.chi(20, rot(t[2]^d2, 62), rot(t[8]^d3, 55), rot(t[14]^d4, 39), rot(t[15]^d0, 41), rot(t[21]^d1, 2))
	}
}

// chi writes the plane that starts at lane i from its five lanes. It has no
// loop so that it is inlined.
func (s *sponge) chi(i int, b0, b1, b2, b3, b4 uint64) {
	s[i] = b0 ^ b2&^b1
	s[i+1] = b1 ^ b3&^b2
	s[i+2] = b2 ^ b4&^b3
	s[i+3] = b3 ^ b0&^b4
	s[i+4] = b4 ^ b1&^b0
}

func rot(x uint64, n int) uint64 { return bits.RotateLeft64(x, n) }
