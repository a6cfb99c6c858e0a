package cli

import (
	"strings"
	"testing"
)

func TestTestnetUsage(t *testing.T) {
	dir := t.TempDir()
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"up":                               {2, "wants N"},
		"up five":                          {2, "number of nodes"},
		"up 0":                             {2, "0 nodes"},
		"up 3 --bps 7":                     {2, "divisor"},
		"up 3 --mine 4":                    {2, "4 miners"},
		"up 3 --load 5 --mine 0":           {2, "load without miners"},
		"partition":                        {2, "wants SIDES"},
		"partition 0|1":                    {3, "no network is up"},
		"kill one":                         {2, "number of a node"},
		"kill 1":                           {3, "no network is up"},
		"start 1":                          {3, "no network is up"},
		"heal":                             {3, "no network is up"},
		"withhold 1":                       {3, "no network is up"},
		"status --json":                    {3, "no network is up"},
		"down":                             {3, "no network is up"},
		"load --rate 0":                    {2, "rate"},
		"load --wallets 0":                 {2, "0 wallets"},
		"load --wallets 65":                {2, "65 wallets"},
		"load":                             {3, "no network is up"},
		"dance":                            {2, "unknown command"},
		"load --network simnet --rate NaN": {2, "rate"},
	} {
		out := run(t, append([]string{"testnet", "--dir", dir}, strings.Fields(line)...)...)
		if out.code != want.code || !strings.Contains(out.stderr, want.says) {
			t.Errorf("jio testnet %s: exit %d, %s; want %d and a word of %q", line, out.code, out.stderr, want.code, want.says)
		}
	}
}
