package node

import "testing"

func TestHashRate(t *testing.T) {
	for rate, want := range map[float64]string{
		0:       "0.00 H/s",
		999:     "999.00 H/s",
		1000:    "1.00 kH/s",
		1234567: "1.23 MH/s",
		5e21:    "5000.00 EH/s",
	} {
		if got := hashRate(rate); got != want {
			t.Errorf("%v: %s, want %s", rate, got, want)
		}
	}
}
