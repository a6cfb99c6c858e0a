package pow

// A ternary is a vector of 64 integers modulo 3, one in each bit: 1 has its bit
// in plus, −1 has it in minus, 0 in neither.
type ternary struct{ plus, minus uint64 }

// add adds all 64 pairs. Where the terms are equal the sum is minus either of
// them; where they differ it is 1 unless one is −1, and −1 unless one is 1.
func (a ternary) add(b ternary) ternary {
	differ := (a.plus | b.minus) ^ (a.minus | b.plus)
	return ternary{(a.minus | b.minus) ^ differ, (a.plus | b.plus) ^ differ}
}

// neg changes all 64 signs.
func (a ternary) neg() ternary { return ternary{a.minus, a.plus} }

// cancelled makes 0 of the places that are both 1 and −1.
func (a ternary) cancelled() ternary {
	return ternary{a.plus &^ a.minus, a.minus &^ a.plus}
}

// ternaryRow returns the cells of a row modulo 3. Cell 16q+s is bit 4s+q: the
// columns change places, which at most turns the sign of a determinant.
func ternaryRow(row [4]uint64) ternary {
	// 8, 4, 2, 1 are −1, 1, −1, 1 modulo 3, so the planes of the cells' bits
	// are added with alternating signs.
	p := bitPlanes(row)
	return ternary{p[0], p[1]}.cancelled().add(ternary{p[2], p[3]}.cancelled())
}

// invertibleModulo3 reports whether the determinant is not a multiple of 3, as
// it is for 56 matrices in 100. Adding 64 cells at once makes this a
// cheap proof that a matrix has rank 64.
func (m *matrix) invertibleModulo3() bool {
	var rows [size]ternary
	for r := range rows {
		rows[r] = ternaryRow(m[r])
	}
	for k := range rows {
		pivot := rows[k]
		nonzero := pivot.plus | pivot.minus
		if nonzero == 0 {
			return false
		}
		column := nonzero & -nonzero
		if pivot.minus&column != 0 {
			pivot = pivot.neg()
		}
		clearColumn(rows[k+1:], column, pivot)
	}
	return true
}

// clearColumn makes the integers at a single bit 0 by adding or subtracting a
// pivot that is 1 there. The masks stand for a branch that nothing could predict.
func clearColumn(rows []ternary, column uint64, pivot ternary) {
	for i, a := range rows {
		ifMinus, ifPlus := spread(a.minus&column), spread(a.plus&column)
		rows[i] = a.add(ternary{
			pivot.plus&ifMinus | pivot.minus&ifPlus,
			pivot.minus&ifMinus | pivot.plus&ifPlus,
		})
	}
}

// spread returns all ones for a single bit, 0 for 0.
func spread(bit uint64) uint64 { return uint64(-int64(bit) >> 63) }
