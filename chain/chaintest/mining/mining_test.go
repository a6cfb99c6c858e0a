package mining

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

var (
	full = flag.Bool("full", false, "simulate all cases, for long, and print the table")
	seed = flag.Uint64("seed", 1, "of every case")
)

// TestMining holds what the rules of time, difficulty and money were chosen for
// against what they do.
func TestMining(t *testing.T) {
	cases := quickCases()
	if *full {
		cases = allCases()
		fmt.Println(tableHead)
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s/%.0f%%/%dbps", c.Name, 100*c.Share, c.BPS), func(t *testing.T) {
			started := time.Now()
			r, err := Run(c.Scenario)
			if err != nil {
				t.Fatal(err)
			}
			if *full {
				fmt.Printf("%s | %4.0f s\n", tableRow(r), time.Since(started).Seconds())
			}
			for _, claim := range c.claims {
				if got := claim.of(r); !(claim.low <= got && got <= claim.high) {
					t.Errorf("%s %.4f: want %.3f to %.3f", claim.what, got, claim.low, claim.high)
				}
			}
		})
	}
}

// quickCases is what runs by default, in seconds.
func quickCases() []testCase {
	s := Scenario{BPS: 1, Seed: *seed, Warmup: 10 * time.Minute, Length: 2 * time.Hour}
	long := Scenario{BPS: 1, Seed: *seed, Warmup: 10 * time.Minute, Length: 3 * time.Hour}
	fast := Scenario{BPS: 10, Seed: *seed, Warmup: 2 * time.Minute, Length: 10 * time.Minute}
	return []testCase{
		steady(s), steady(fast), stall(s, 8*time.Hour), surge(s), slump(s),
		stamped(long, 0.33, Random), stamped(long, 0.45, Ahead), withheld(long, 0.33, OwnReds), withheld(long, 0.33, Alone), outOfWindow(long),
	}
}

var (
	stamps  = []Stamp{Ahead, Alternating, Minimal, Swinging, Random}
	tactics = []Tactic{Alone, Late, VeryLate, OwnReds, Selfish}
	shares  = []float64{0.20, 0.33, 0.45}
)

func allCases() (all []testCase) {
	for _, bps := range []uint64{1, 10} {
		shock := Scenario{BPS: bps, Seed: *seed, Warmup: 20 * time.Minute, Length: 2 * time.Hour}
		attack := shock
		attack.Length = 10 * time.Hour
		if bps == 10 {
			attack.Length = 40 * time.Minute
		}
		all = append(all, steady(attack), stall(shock, time.Hour), stall(shock, 8*time.Hour), stall(shock, 24*time.Hour), surge(shock), slump(shock))
		if bps == 1 {
			all = append(all, outOfWindow(shock))
		}
		for _, share := range shares {
			for _, stamp := range stamps {
				all = append(all, stamped(attack, share, stamp))
			}
			for _, tactic := range tactics {
				s := attack
				s.Length = min(s.Length, 4*time.Hour)
				all = append(all, withheld(s, share, tactic))
			}
		}
	}
	return all
}

const tableHead = `case                  bps share |  found  rate | ten-minute means | minute 1     2     5    10    30    60  most |  reds  late  lost missed | emission | hashed revenue`

func tableRow(r *Result) string {
	means := r.Means(10)
	part := func(n int) float64 { return 100 * float64(n) / float64(r.Found) }
	row := fmt.Sprintf("%-21s %3d %3.0f %% | %6d %5.3f | %5.3f … %5.3f   |   ", r.Name, r.BPS, 100*r.Share, r.Found, r.Rate(), slices.Min(means), slices.Max(means))
	for _, n := range []int{1, 2, 5, 10, 30, 60} {
		if n > len(r.Minutes) {
			row += "      "
			continue
		}
		row += fmt.Sprintf(" %5.2f", r.Minutes[n-1])
	}
	row += fmt.Sprintf(" %5.2f | %4.1f%% %4.1f%% %4.1f%% %6d | %8.3f |", slices.Max(r.Minutes), part(r.Reds), part(r.Late), part(r.Lost), r.Missed, r.Emission)
	if !math.IsNaN(r.Revenue) && r.Share > 0 {
		row += fmt.Sprintf(" %6.3f %7.3f", r.Hashed, r.Revenue)
	} else {
		row += "      –       –"
	}
	return row
}
