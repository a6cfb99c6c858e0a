//go:build !purego

package types

// addIFMA adds to each point of a pair the one of another pair.
//
//go:noescape
func addIFMA(sum, other *pair)

// accumulateIFMA adds to the buckets of two columns, the first and the second of a
// pair, the points or their negatives that the columns' digits say; see
// decodePoints. The count must be 1 or more: it counts down to zero after a point.
//
//go:noescape
func accumulateIFMA(buckets *buckets, points *pair, first, second *int8, count uint64)

// An extended point is X, Y, T and Z of extended coordinates in four lanes of five limbs.
type extended [5][4]uint64

// A pair is two points, or one and its negative.
type pair [2]extended

// Buckets have the sums of the points with each digit, for two columns at once.
// Those of digit 0 go to waste.
type buckets [129]pair

var neutral = extended{{0, 1, 0, 1}}

// decodePoints returns, for the encodings of points, each and its negative in the
// form in which it is added: Y − X, Y + X, 2d·X·Y and 2. ok is false where one is
// of no point.
func decodePoints(encoded [][32]byte) (points []pair, found []bool) {
	points, found = make([]pair, len(encoded)), make([]bool, len(encoded))
	for from := 0; from < len(encoded); from += 8 {
		var eight [8][32]byte
		n := copy(eight[:], encoded[from:])
		x, y, all := decodeOctet(&eight)
		t := x.times(&y)
		t = t.times(lanesOfTwoD)
		copy(found[from:], all[:n])
		for i := range n {
			points[from+i] = addable(x.lane(i), y.lane(i), t.lane(i))
		}
	}
	return points, found
}

func addable(x, y, t limbs) (p pair) {
	minus, plus := y.minus(x).reduced(), y.plus(x).reduced()
	t = t.reduced()
	negative := limbs{}.minus(t).reduced()
	for i := range t {
		p[0][i] = [4]uint64{minus[i], plus[i], t[i]}
		p[1][i] = [4]uint64{plus[i], minus[i], negative[i]}
	}
	p[0][0][3], p[1][0][3] = 2, 2
	return p
}

// columns is how many digits to the base 256 a scalar has. A scalar of 128 bits has
// halfColumns, the last one to take the carry.
const (
	columns     = 32
	halfColumns = 17
)

// A multiscalar is a sum of points times scalars to be computed (Pippenger, 1976).
type multiscalar struct {
	points []pair
	digits [columns][]int8 // of each scalar, −128 to 127
	length int             // the digits from here on are zero
}

func newMultiscalar(n, length int) *multiscalar {
	m := &multiscalar{points: make([]pair, 0, n), length: length}
	all := make([]int8, columns*n)
	for c := range m.digits {
		m.digits[c] = all[c*n : c*n : (c+1)*n]
	}
	return m
}

// add adds a point times a scalar below 2²⁵⁴, or below 2¹²⁸ for half the length.
func (m *multiscalar) add(p *pair, scalar *[32]byte) {
	m.points = append(m.points, *p)
	carry := 0
	for c := range m.digits {
		digit := int(scalar[c]) + carry
		carry = (digit + 128) >> 8
		m.digits[c] = append(m.digits[c], int8(digit-carry<<8))
	}
}

// atOnce is how many points a call of the assembly takes, which cannot be
// interrupted: some 20 µs.
const atOnce = 256

// into adds the points to the buckets of a column and the next.
func (m *multiscalar) into(b *buckets, column int) {
	if column >= m.length {
		return
	}
	first, second := m.digits[column], m.digits[column+1]
	for from := 0; from < len(m.points); from += atOnce {
		n := min(len(m.points)-from, atOnce)
		accumulateIFMA(b, &m.points[from], &first[from], &second[from], uint64(n))
	}
}

// smallOrder reports whether eight times the sum of some multiscalars is the
// neutral element.
func smallOrder(sums ...*multiscalar) bool {
	total := pair{neutral, neutral} // of even and of odd columns
	b := new(buckets)
	for column := columns - 2; column >= 0; column -= 2 {
		total.double(16)
		for i := range b {
			b[i] = pair{neutral, neutral}
		}
		for _, m := range sums {
			m.into(b, column)
		}
		some := b.sum()
		addIFMA(&total, &some)
	}
	odd := pair{total[1], neutral}
	odd.double(8)
	total[1] = neutral
	addIFMA(&total, &odd)
	total.double(3)
	return total[0].neutral()
}

// sum returns for both columns the sum of each bucket times its digit.
func (b *buckets) sum() pair {
	run, sum := b[len(b)-1], b[len(b)-1]
	for digit := len(b) - 2; digit > 0; digit-- {
		addIFMA(&run, &b[digit])
		addIFMA(&sum, &run)
	}
	return sum
}

func (p *pair) double(times int) {
	for range times {
		addIFMA(p, p)
	}
}

// neutral reports whether p is the neutral element: X = 0 and Y = Z.
func (p *extended) neutral() bool {
	return p.coordinate(0) == limbs{} && p.coordinate(1) == p.coordinate(3)
}

func (p *extended) coordinate(lane int) limbs {
	return limbs{p[0][lane], p[1][lane], p[2][lane], p[3][lane], p[4][lane]}.reduced()
}
