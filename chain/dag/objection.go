package dag

import "github.com/jio-dag/jio/chain/types"

// An Objection says why GHOSTDAG made a block red: it has more than k blues in
// its anticone, or one of these has k others in its own already.
type Objection struct {
	// Anticone is the blues in the block's anticone, those that were merged last
	// first; k+1 of them when there are more.
	Anticone []types.Hash
	// Crowded is the first of them with k blues in its own anticone, zero when
	// there is none.
	Crowded types.Hash
}

// Object returns what stands against a red of the merge set of the block that d
// belongs to, in the eyes of that block.
func Object(v View, k int, d *Data, red types.Hash) (o Objection) {
	c := cluster{view: v, k: k, data: d, chain: []*Data{d}, inherited: make(map[types.Hash]uint32)}
	for i := 0; ; i++ {
		for _, blue := range c.link(i).Blues {
			// Those that were coloured after the red may be in its future.
			if v.IsAncestor(blue, red) || v.IsAncestor(red, blue) {
				continue
			}
			o.Anticone = append(o.Anticone, blue)
			if o.Crowded.IsZero() && int(c.anticoneSize(blue)) >= k {
				o.Crowded = blue
			}
			if len(o.Anticone) > k {
				return o
			}
		}
		if v.IsAncestor(c.link(i).SelectedParent, red) {
			return o
		}
	}
}
