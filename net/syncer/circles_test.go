package syncer_test

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// A peer that sends the same headers again and says that there are more is
// listened to twice, not until the time of the session is over.
func TestHeadersInCircles(t *testing.T) {
	p := params.SimNet()
	source, heavier := newNode(t, p), newNode(t, p)
	source.mine(150, "")
	heavier.mine(200, "claim")
	asked := 0
	r := newRig(t, p)
	r.join("good", honest(source), source)
	r.join("bad", &remote{serve: func(m wire.Message) (wire.Message, error) {
		if _, ok := m.(*wire.BlocksRequest); ok {
			return &wire.Blocks{}, nil
		}
		asked++
		answer, err := honest(heavier).serve(&wire.HeadersRequest{})
		if h, ok := answer.(*wire.Headers); ok {
			h.Headers, h.More = h.Headers[:100], true
		}
		return answer, err
	}}, heavier)
	r.follows(source, 10*time.Second)
	if asked != 2 || r.points["bad"] != syncer.PointsWrongSync {
		t.Errorf("asked %d times for %d points, want twice and %d", asked, r.points["bad"], syncer.PointsWrongSync)
	}
}
