package params

// MaxRate is the greatest number of blocks per second the GHOSTDAG K is
// tabulated for.
const MaxRate = uint64(len(ghostdagK))

// ghostdagK[bps-1] is GHOSTDAG's K: the smallest k such that, with honest
// blocks arriving as a Poisson process, a block's anticone (all that is made
// within 2·D of it, D = 5 s being the bound on network delay) is larger than k
// with probability below 1 %. PHANTOM GHOSTDAG, section 4.2, equation 1.
var ghostdagK = [...]int{
	18, 31, 43, 55, 67, 79, 90, 102,
	113, 124, 135, 146, 157, 168, 179, 190,
	201, 212, 223, 234, 244, 255, 266, 277,
	288, 298, 309, 320, 330, 341, 352, 362,
}

const (
	minBlockWeight = 500_000 // whatever the rate, a block holds the largest transaction
	weightRate     = 4_000_000

	hour = 60 * 60 // seconds
)

// derive fills in everything that follows from the rate of blocks, which must
// be between 1 and MaxRate and divide 1000. Depths are stated in seconds of
// steady block production and kept in blue score.
func (p *Params) derive(bps uint64) {
	p.BlocksPerSecond = bps
	p.Spacing = 1000 / bps
	p.K = ghostdagK[bps-1]
	p.MaxParents = min(max(p.K/2, 10), 16)
	p.MergeSetLimit = min(max(2*p.K, 180), 512)
	p.MergeDepth = 1 * hour * bps
	p.FinalityDepth = 12 * hour * bps
	p.PruningDepth = max(30*hour*bps, p.minPruningDepth())
	p.CoinbaseMaturity = 100 * bps
	p.BlockWeight = max(weightRate/bps, minBlockWeight)
	p.MedianTimeSpan = int(30*bps) + 31
}

// minPruningDepth is the least depth at which no valid block can merge anything
// outside the future of the pruning point (prunality analysis of PHANTOM
// GHOSTDAG): F + 2M + 4LK + 2K + 2.
func (p *Params) minPruningDepth() uint64 {
	k, limit := uint64(p.K), uint64(p.MergeSetLimit)
	return p.FinalityDepth + 2*p.MergeDepth + 4*limit*k + 2*k + 2
}
