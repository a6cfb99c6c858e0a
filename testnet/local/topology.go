package local

// A link joins two nodes: from dials to.
type link struct{ from, to int }

// links returns who dials whom among n nodes: each the ones 1, 2, 4, 8 … places
// further on a ring. Up to five nodes everybody is joined with everybody; beyond
// that the way between any two grows as the logarithm of their number. Every
// node dials somebody, because one that was told of nobody would follow the
// addresses it hears of.
func links(n int) (all []link) {
	for step := 1; 2*step <= n; step *= 2 {
		for i := range n {
			if 2*step == n && i >= step && n > 2 {
				continue // the other one dials
			}
			all = append(all, link{i, (i + step) % n})
		}
	}
	return all
}

// neighbours counts the nodes that a node is joined with and for which up holds.
func neighbours(all []link, i int, up func(other int) bool) int {
	met := make(map[int]bool)
	for _, l := range all {
		switch {
		case l.from == i && up(l.to):
			met[l.to] = true
		case l.to == i && up(l.from):
			met[l.from] = true
		}
	}
	return len(met)
}
