package local

import (
	"math/bits"
	"slices"
	"testing"
)

func TestLinks(t *testing.T) {
	for n := 1; n <= MaxNodes; n++ {
		all := links(n)
		pairs, dials := make(map[link]int), make([]int, n)
		for _, l := range all {
			if l.from == l.to || l.from < 0 || l.from >= n || l.to < 0 || l.to >= n {
				t.Fatalf("%d nodes: link %v", n, l)
			}
			pairs[link{min(l.from, l.to), max(l.from, l.to)}]++
			dials[l.from]++
		}
		for pair, count := range pairs {
			if count != 1 && n > 2 {
				t.Errorf("%d nodes: %v are joined %d times", n, pair, count)
			}
		}
		if n > 1 && slices.Min(dials) == 0 {
			t.Errorf("%d nodes: one dials nobody", n)
		}
		if n <= 5 && len(pairs) != n*(n-1)/2 {
			t.Errorf("%d nodes: %d pairs are joined, want all", n, len(pairs))
		}
		if far, most := diameter(all, n), bits.Len(uint(n)); far > most {
			t.Errorf("%d nodes: the longest way is %d, want at most %d", n, far, most)
		}
		for i := range n {
			want := 0
			for pair := range pairs {
				if pair.from == i || pair.to == i {
					want++
				}
			}
			if got := neighbours(all, i, func(int) bool { return true }); got != want {
				t.Errorf("%d nodes: %d neighbours of %d, want %d", n, got, i, want)
			}
		}
	}
}

// diameter is the longest of the shortest ways, by flooding from every node.
func diameter(all []link, n int) (far int) {
	for start := range n {
		seen := map[int]bool{start: true}
		for steps := 0; len(seen) < n; steps++ {
			if steps > n {
				return steps
			}
			next := make(map[int]bool)
			for _, l := range all {
				if seen[l.from] || seen[l.to] {
					next[l.from], next[l.to] = true, true
				}
			}
			for i := range next {
				seen[i] = true
			}
			far = max(far, steps+1)
		}
	}
	return far
}

func TestParseSides(t *testing.T) {
	for text, want := range map[string][]int{
		"0,1|2,3,4":    {1, 1, 2, 2, 2},
		" 4 | 0 , 1 ":  {2, 2, 0, 0, 1},
		"3":            {0, 0, 0, 1, 0},
		"0|1|2|3|4":    {1, 2, 3, 4, 5},
		"0,1,2,3,4":    nil,
		"0,1|1,2":      nil,
		"0,5|1":        nil,
		"":             nil,
		"0,|1":         nil,
		"-1|0":         nil,
		"0,0|1":        nil,
		"zero|1,2,3,4": nil,
	} {
		got, err := parseSides(text, 5)
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}
