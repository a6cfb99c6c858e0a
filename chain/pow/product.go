package pow

// A product multiplies a matrix with vectors of 64 nibbles without multiplying.
// A vector is read by bit planes: what one bit of four nibbles adds to all rows
// is the sum of up to four columns, and all 16 sums of each 4 columns are laid
// down here once. Weighing the planes 8, 4, 2, 1 then gives the product.
//
// Rows and columns are named by the place of their nibble in a hash of four
// little-endian words. Since a byte's high nibble comes first in the vector and
// its low nibble second, nibble t of word w stands for row (or column)
// 16w + (t XOR 1).
//
// The entry [half][s][pattern] is the sum over the columns of nibble s of those
// words whose bit is set in the pattern. Its word 4v+k has the rows of word
// w = 2·half+v at nibbles k, k+4, k+8 and k+12, in lanes of 16 bits; a whole
// product is at most 64·15·15 = 14,400 and fits.
type product [2][16][16][8]uint64

// newProduct lays down the sums of columns of m.
func newProduct(m *matrix) *product {
	var p product
	for half := range p {
		for word := range 8 {
			p.setColumns(m, half, word)
		}
		for s := range 16 {
			p.complete(half, s)
		}
	}
	return &p
}

// setColumns fills in one word of the patterns of a single bit.
func (p *product) setColumns(m *matrix, half, word int) {
	first := 32*half + word/4*16 + word%4 ^ 1 // the row in lane 0
	for i := range 4 {
		r0, r1, r2, r3 := m[first][i], m[first+4][i], m[first+8][i], m[first+12][i]
		for column := range 16 {
			p[half][column^1][1<<i][word] = r0&15 | r1&15<<16 | r2&15<<32 | r3&15<<48
			r0, r1, r2, r3 = r0>>4, r1>>4, r2>>4, r3>>4
		}
	}
}

// complete fills in the patterns of more than one bit for the nibble s: the sum
// of the lowest bit's column and of the pattern without that bit.
func (p *product) complete(half, s int) {
	sums := &p[half][s]
	for pattern := 3; pattern < len(sums); pattern++ {
		rest := pattern & (pattern - 1)
		if rest == 0 {
			continue
		}
		for i := range sums[pattern] {
			sums[pattern][i] = sums[rest][i] + sums[pattern^rest][i]
		}
	}
}

// times multiplies the matrix with the vector in a hash and returns the upper 4
// of the product's 14 bits, row by row, laid out like the hash.
func (p *product) times(hash [4]uint64) (upper [4]uint64) {
	planes := bitPlanes(hash)
	upper[0], upper[1] = p.timesHalf(0, planes)
	upper[2], upper[3] = p.timesHalf(1, planes)
	return upper
}

// bitPlanes returns, for each bit b, the 16 patterns of nibble s: its bit i is
// bit b of nibble s of word i.
func bitPlanes(words [4]uint64) (planes [4]uint64) {
	const lowBits = 0x1111111111111111
	for b := range planes {
		planes[b] = words[0]>>b&lowBits | words[1]>>b&lowBits<<1 | words[2]>>b&lowBits<<2 | words[3]>>b&lowBits<<3
	}
	return planes
}

// timesHalf returns two words of times. The eight sums have names, and so live
// in registers.
func (p *product) timesHalf(half int, planes [4]uint64) (even, odd uint64) {
	var a0, a1, a2, a3, b0, b1, b2, b3 uint64
	for b := 3; b >= 0; b-- {
		a0, a1, a2, a3, b0, b1, b2, b3 = 2*a0, 2*a1, 2*a2, 2*a3, 2*b0, 2*b1, 2*b2, 2*b3
		patterns := planes[b]
		for s := range p[half] {
			sum := &p[half][s][patterns&15]
			a0 += sum[0]
			a1 += sum[1]
			a2 += sum[2]
			a3 += sum[3]
			b0 += sum[4]
			b1 += sum[5]
			b2 += sum[6]
			b3 += sum[7]
			patterns >>= 4
		}
	}
	return interleave(a0, a1, a2, a3), interleave(b0, b1, b2, b3)
}

// interleave takes bits 10 to 13 of each lane of four words; lane l of word k
// becomes nibble 4l+k.
func interleave(a0, a1, a2, a3 uint64) uint64 {
	const nibbles = 0x000f000f000f000f
	return a0>>10&nibbles | a1>>10&nibbles<<4 | a2>>10&nibbles<<8 | a3>>10&nibbles<<12
}
