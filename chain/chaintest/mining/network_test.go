package mining

import (
	"testing"

	"github.com/jio-dag/jio/chain/params"
)

// TestNetworkIsMainnet demands that what is simulated at ten blocks per second is
// mainnet but for its name, its genesis and where difficulty starts.
func TestNetworkIsMainnet(t *testing.T) {
	got, err := Network(10)
	if err != nil {
		t.Fatal(err)
	}
	want := params.MainNet()
	type rule struct {
		name      string
		got, want any
	}
	for _, r := range []rule{
		{"spacing", got.Spacing, want.Spacing},
		{"K", got.K, want.K},
		{"max parents", got.MaxParents, want.MaxParents},
		{"merge-set limit", got.MergeSetLimit, want.MergeSetLimit},
		{"merge depth", got.MergeDepth, want.MergeDepth},
		{"median time span", got.MedianTimeSpan, want.MedianTimeSpan},
		{"future allowance", got.FutureAllowance, want.FutureAllowance},
		{"half-life", got.HalfLife, want.HalfLife},
		{"easiest target", got.MaxBits, want.MaxBits},
		{"retarget", got.NoRetarget, want.NoRetarget},
		{"flat subsidy", got.FlatSubsidy, want.FlatSubsidy},
	} {
		if r.got != r.want {
			t.Errorf("%s: %v, on mainnet %v", r.name, r.got, r.want)
		}
	}
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
	if _, err := Network(7); err == nil {
		t.Error("7 blocks per second do not divide a second, and were taken")
	}
}
