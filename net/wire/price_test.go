package wire

import "testing"

func TestPrice(t *testing.T) {
	for size, want := range map[int]int{
		0: 1, partBytes - 1: 1, partBytes: 2, 2<<20 - partBytes - 1: 7, 2<<20 - partBytes: 8, 2 << 20: 8, 8 << 20: 8,
	} {
		if got := Price(size, true); got != want {
			t.Errorf("an answer of %d bytes counts %d, want %d", size, got, want)
		}
	}
	if got := Price(0, false); got != RequestParts {
		t.Errorf("no answer counts %d", got)
	}
}
