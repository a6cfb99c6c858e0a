package rules

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// headerVersion checks the version before anything whose meaning depends on it.
func headerVersion(p *params.Params, h *types.Header) error {
	last := p.RuleSets[len(p.RuleSets)-1].HeaderVersion
	if h.Version > last {
		return broken(ErrUnknownVersion, "header version %d: this release knows versions up to %d; a newer one may be available", h.Version, last)
	}
	if want := p.RuleSetAt(h.DAAScore).HeaderVersion; h.Version != want {
		return broken(ErrVersion, "header version %d: want %d at DAA score %d", h.Version, want, h.DAAScore)
	}
	return nil
}
