package params

import (
	"errors"
	"fmt"
)

// Validate reports what makes no sense in parameters changed by hand; nil when
// all is well. What the constructors return is valid.
func (p *Params) Validate() error {
	if p.BlocksPerSecond == 0 || p.BlocksPerSecond*p.Spacing != 1000 {
		return fmt.Errorf("spacing %d ms: want 1000 / %d blocks per second", p.Spacing, p.BlocksPerSecond)
	}
	return errors.Join(p.validateLimits(), p.validateDepths(), p.validateTime(), p.validateSchedules(), p.validateGenesis())
}

func (p *Params) validateLimits() error {
	switch {
	case p.K < 0:
		return fmt.Errorf("anticone bound K %d: want at least 0", p.K)
	case p.MaxParents < 1:
		return fmt.Errorf("max parents %d: want at least 1", p.MaxParents)
	case p.MergeSetLimit <= p.K:
		return fmt.Errorf("merge-set limit %d: want more than K, %d", p.MergeSetLimit, p.K)
	case p.BlockWeight == 0:
		return errors.New("block weight 0: no coinbase fits")
	case !p.FlatSubsidy.Valid():
		return fmt.Errorf("flat subsidy %v: more than there may be", p.FlatSubsidy)
	}
	return nil
}

func (p *Params) validateDepths() error {
	switch {
	case p.MergeDepth == 0:
		return errors.New("merge depth 0: want at least 1")
	case p.FinalityDepth < p.MergeDepth:
		return fmt.Errorf("finality depth %d: want at least the merge depth, %d", p.FinalityDepth, p.MergeDepth)
	case p.PruningDepth < p.minPruningDepth():
		return fmt.Errorf("pruning depth %d: want at least F + 2M + 4LK + 2K + 2 = %d", p.PruningDepth, p.minPruningDepth())
	}
	return nil
}

func (p *Params) validateTime() error {
	switch {
	case p.MedianTimeSpan < 1:
		return fmt.Errorf("median time span %d: want at least 1", p.MedianTimeSpan)
	case p.HalfLife < p.Spacing:
		return fmt.Errorf("half-life %d ms: want at least the spacing, %d ms", p.HalfLife, p.Spacing)
	}
	return nil
}

func (p *Params) validateSchedules() error {
	if len(p.RuleSets) == 0 || p.RuleSets[0].From != 0 {
		return errors.New("rule sets: want the first from DAA score 0")
	}
	if len(p.Engines) == 0 || p.Engines[0].From != 0 {
		return errors.New("engines: want the first from DAA score 0")
	}
	for i, s := range p.RuleSets[1:] {
		if last := p.RuleSets[i]; s.From <= last.From || s.HeaderVersion < last.HeaderVersion {
			return fmt.Errorf("rule set from %d: want a score above the one before and no lower version", s.From)
		}
	}
	for i, e := range p.Engines {
		switch {
		case i > 0 && e.From <= p.Engines[i-1].From:
			return fmt.Errorf("engine from %d: want a score above the one before", e.From)
		case e.Anchor.DAAScore > e.From:
			return fmt.Errorf("engine from %d: its anchor, %d, lies above it", e.From, e.Anchor.DAAScore)
		case e.Num == 0 || e.Den == 0:
			return fmt.Errorf("engine from %d: its work is weighed %d/%d", e.From, e.Num, e.Den)
		}
	}
	return nil
}

func (p *Params) validateGenesis() error {
	if h := p.Genesis.Hash(); h != p.GenesisHash {
		return fmt.Errorf("genesis hash %v: the block's is %v", p.GenesisHash, h)
	}
	return nil
}
