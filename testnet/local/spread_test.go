package local

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/testnet/figures"
)

func TestSpreadMeasuresAWholeNetworkOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpread()
		hash := func(i byte) types.Hash { return types.Hash{i} }
		s.submitted(hash(1), time.Now(), 0, 3) // not whole yet
		s.added(hash(1), time.Now(), 1)
		s.mended()
		s.submitted(hash(2), time.Now(), 0, 3)
		time.Sleep(20 * time.Millisecond)
		s.added(hash(2), time.Now(), 0) // the origin itself is no measure
		time.Sleep(30 * time.Millisecond)
		s.added(hash(2), time.Now(), 1)
		time.Sleep(50 * time.Millisecond)
		s.added(hash(2), time.Now(), 2)
		s.added(hash(2), time.Now(), 2) // forgotten by now
		s.submitted(hash(3), time.Now(), 1, 3)
		s.refused(hash(3))
		s.added(hash(3), time.Now(), 0)
		s.submitted(hash(4), time.Now(), 1, 3)
		s.broke()
		s.mended()
		s.added(hash(4), time.Now(), 0)
		want := figures.Percentiles{Count: 2, P50: 50 * time.Millisecond, P95: 100 * time.Millisecond, P99: 100 * time.Millisecond, Max: 100 * time.Millisecond}
		if got := s.sum(); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		if len(s.pending) != 0 {
			t.Errorf("%d blocks are still awaited", len(s.pending))
		}
	})
}
