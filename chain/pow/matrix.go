package pow

// size is the number of rows, and of columns, of the matrix.
const size = 64

// A matrix holds 64×64 cells of 4 bits in row order. Four words make a row: the
// cell of column 16q+s is nibble s of word q, counted from the least significant.
type matrix [size][4]uint64

// drawMatrix returns the first matrix of rank 64 in a stream of words: 256 make
// a matrix, and one of lower rank is thrown away. It does not return when the
// stream never yields one.
func drawMatrix(next func() uint64) (m matrix) {
	for {
		for r := range m {
			for q := range m[r] {
				m[r][q] = next()
			}
		}
		if m.nonsingular() {
			return m
		}
	}
}
