package dag

import (
	"fmt"
	"math"

	"github.com/jio-dag/jio/chain/types"
)

// Ghostdag returns the data of a block with the given parents, which are in any
// order; without parents it is genesis. What the View returns must stay
// unchanged meanwhile. The caller owns the result.
func Ghostdag(v View, k int, parents []types.Hash) *Data {
	if len(parents) == 0 {
		return &Data{}
	}
	sp := SelectedParent(v, parents)
	candidates := mergeSet(v, sp, parents, math.MaxInt)
	c := newCluster(v, k, sp, min(k, len(candidates)))
	for _, candidate := range candidates {
		c.colour(candidate.Hash)
	}
	d := c.data
	below := v.Data(sp)
	d.BlueScore = below.BlueScore + uint64(len(d.Blues))
	d.BlueWork = below.BlueWork
	for _, blue := range d.Blues {
		// 2²⁵⁶ is out of reach of any amount of work; saturating keeps the order even so.
		d.BlueWork = d.BlueWork.SaturatingAdd(v.Work(blue))
	}
	return d
}

// A cluster is the blue set of a block in the making, a k-cluster throughout.
// It is spread over the merge sets of the block's selected chain, each block
// holding the blues that it added and the anticone sizes that it changed.
type cluster struct {
	view  View
	k     int
	data  *Data          // of the block itself
	chain []*Data        // its selected chain as far as it was needed: data, then its selected parent's, …
	peers []AnticoneSize // the blues in the anticone of the candidate at hand, with their sizes before it

	inherited map[types.Hash]uint32 // the latest sizes that the chain below the block wrote, as far as it was needed
}

// newCluster holds the selected parent, and has room for more blues besides.
func newCluster(v View, k int, sp types.Hash, more int) cluster {
	d := &Data{
		SelectedParent: sp,
		Blues:          append(make([]types.Hash, 0, 1+more), sp),
		AnticoneSizes:  make([]AnticoneSize, 0, 1+more),
	}
	d.setAnticoneSize(sp, 0) // every other blue is in its past
	return cluster{
		view:      v,
		k:         k,
		data:      d,
		chain:     []*Data{d},
		peers:     make([]AnticoneSize, 0, more),
		inherited: make(map[types.Hash]uint32),
	}
}

// colour adds the candidate to the blues if the set stays a k-cluster, else to
// the reds.
func (c *cluster) colour(candidate types.Hash) {
	if !c.admits(candidate) {
		c.data.Reds = append(c.data.Reds, candidate)
		return
	}
	c.data.Blues = append(c.data.Blues, candidate)
	c.data.setAnticoneSize(candidate, uint32(len(c.peers)))
	for _, p := range c.peers {
		c.data.setAnticoneSize(p.Block, p.Size+1)
	}
}

// admits reports whether the candidate, and every blue in its anticone, would
// have at most k blues in its anticone; if so it leaves the latter in c.peers.
func (c *cluster) admits(candidate types.Hash) bool {
	if len(c.data.Blues) == c.k+1 {
		return false // the selected parent has the other k in its anticone
	}
	c.peers = c.peers[:0]
	for i := 0; ; i++ {
		for _, blue := range c.link(i).Blues {
			if c.view.IsAncestor(blue, candidate) {
				continue
			}
			size := c.anticoneSize(blue)
			if int(size) == c.k || len(c.peers) == c.k {
				return false
			}
			c.peers = append(c.peers, AnticoneSize{blue, size})
		}
		// All blues further down are in the past of this chain block. At most
		// k+1 blocks are passed, for each that is not in the candidate's past is
		// in its anticone, and blue.
		if c.view.IsAncestor(c.link(i).SelectedParent, candidate) {
			return true
		}
	}
}

// anticoneSize returns the size of a blue's blue anticone: what the latest
// block of the selected chain that changed it wrote.
func (c *cluster) anticoneSize(blue types.Hash) uint32 {
	if size, ok := c.data.AnticoneSize(blue); ok {
		return size
	}
	for {
		if size, ok := c.inherited[blue]; ok {
			return size
		}
		if len(c.link(len(c.chain)-1).Blues) == 0 {
			panic(fmt.Sprintf("dag: no anticone size of the blue block %v on the selected chain", blue))
		}
		c.link(len(c.chain))
	}
}

// link returns the data of the i-th block of the selected chain, the block
// itself being the 0th.
func (c *cluster) link(i int) *Data {
	for len(c.chain) <= i {
		top := c.chain[len(c.chain)-1]
		c.inherit(c.view.Data(top.SelectedParent))
	}
	return c.chain[i]
}

// inherit takes in the next block down the chain. Sizes that a later block wrote
// stand.
func (c *cluster) inherit(d *Data) {
	c.chain = append(c.chain, d)
	for _, s := range d.AnticoneSizes {
		if _, ok := c.inherited[s.Block]; !ok {
			c.inherited[s.Block] = s.Size
		}
	}
}
