package cli

import (
	"testing"
	"time"
)

// Calls for blocks that come fast grow up to the limit; where one block takes
// long each call asks for one, whatever came before.
func TestCallsForBlocksFitTheirTime(t *testing.T) {
	for _, c := range []struct {
		each time.Duration // of a block
		want uint64        // a call in the end
	}{
		{0, oneCall},
		{300 * time.Millisecond, 4},
		{2 * time.Second, 1},
		{time.Minute, 1},
	} {
		for begin := uint64(1); begin <= oneCall; begin++ {
			ask := begin
			for range 10 {
				ask = nextCall(ask, time.Duration(ask)*c.each)
			}
			took := time.Duration(ask) * c.each
			if ask < 1 || ask > oneCall || ask > 1 && took > 5*time.Second || begin == 1 && c.each != 2*time.Second && ask != c.want {
				t.Errorf("%v a block, from %d: %d a call", c.each, begin, ask)
			}
		}
	}
}
