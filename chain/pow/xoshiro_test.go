package pow

import "testing"

// draw returns the next output and keeps the state.
func (x *xoshiro) draw() (output uint64) {
	output, *x = x.next()
	return output
}

func TestXoshiroKnownAnswers(t *testing.T) {
	x := xoshiro{1, 2, 3, 4}
	want := []uint64{
		41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205,
		9973669472204895162, 14011001112246962877, 12406186145184390807, 15849039046786891736, 10450023813501588000,
	}
	for i, w := range want {
		if got := x.draw(); got != w {
			t.Errorf("output %d is %d, want %d", i, got, w)
		}
	}
}

func TestXoshiroSeedIsLittleEndian(t *testing.T) {
	h := filledHash(0)
	h[0], h[8], h[16], h[24] = 1, 2, 3, 4
	if got := *newXoshiro(h); got != (xoshiro{1, 2, 3, 4}) {
		t.Errorf("state %x", got)
	}
}
