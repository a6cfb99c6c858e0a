package spend_test

import (
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// When a policy opens for a coin of blue score 100, at blue score 110 and on a
// date.
func TestOpens(t *testing.T) {
	const date = rules.LockTimeThreshold + 1000
	key := func(b byte) types.Policy { return types.KeyPolicy([32]byte{b}) }
	both := func(p ...types.Policy) types.Policy { return types.ThresholdPolicy(uint8(len(p)), p...) }
	either := func(p ...types.Policy) types.Policy { return types.ThresholdPolicy(1, p...) }
	for _, c := range []struct {
		name   string
		policy types.Policy
		at     uint64
		ok     bool
	}{
		{"after", both(key(1), types.AfterPolicy(150)), 151, true},
		{"older", both(key(1), types.OlderPolicy(30)), 130, true},
		{"the first of two", either(both(key(1), types.AfterPolicy(150)), both(key(1), types.OlderPolicy(30))), 130, true},
		{"the later of two", both(key(1), types.AfterPolicy(150), types.OlderPolicy(30)), 151, true},
		{"somebody else's is first", either(both(key(1), types.AfterPolicy(150)), both(key(2), types.OlderPolicy(30))), 151, true},
		{"a date", both(key(1), types.AfterPolicy(date+500)), date + 501, true},
		{"a blue score or a date", either(both(key(1), types.AfterPolicy(date+1)), both(key(1), types.AfterPolicy(150))), 151, true},
		{"a depth and a date", both(key(1), types.AfterPolicy(date+500), types.OlderPolicy(30)), 0, true},
		{"never", both(key(2), types.AfterPolicy(150)), 0, false},
	} {
		means := spend.Means{Key: func(k [32]byte) bool { return k[0] == 1 }, At: rules.Place{BlueScore: 110, MedianTime: date}, Coin: types.Coin{BlueScore: 100}}
		if at, ok := spend.Opens(c.policy, means); at != c.at || ok != c.ok {
			t.Errorf("%s: %d, %t, want %d, %t", c.name, at, ok, c.at, c.ok)
		}
	}
}
