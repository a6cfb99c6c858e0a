package params

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// TestValidate changes one thing at a time.
func TestValidate(t *testing.T) {
	tests := []struct {
		want    string // part of the error; "" for none
		corrupt func(p *Params)
	}{
		{"", func(p *Params) {}},
		{"spacing", func(p *Params) { p.Spacing = 999 }},
		{"spacing", func(p *Params) { p.BlocksPerSecond = 0 }},
		{"K -1", func(p *Params) { p.K = -1 }},
		{"max parents", func(p *Params) { p.MaxParents = 0 }},
		{"merge-set limit", func(p *Params) { p.MergeSetLimit = p.K }},
		{"", func(p *Params) { p.MergeSetLimit = p.K + 1 }},
		{"block weight", func(p *Params) { p.BlockWeight = 0 }},
		{"flat subsidy", func(p *Params) { p.FlatSubsidy = types.Jots(types.MaxAmount.Jots() + 1) }},
		{"merge depth", func(p *Params) { p.MergeDepth = 0 }},
		{"finality depth", func(p *Params) { p.FinalityDepth = p.MergeDepth - 1 }},
		{"", func(p *Params) { p.PruningDepth = 63_398 }},
		{"pruning depth", func(p *Params) { p.PruningDepth = 63_397 }},
		{"median time", func(p *Params) { p.MedianTimeSpan = 0 }},
		{"half-life", func(p *Params) { p.HalfLife = 999 }},
		{"", func(p *Params) { p.HalfLife = 1000 }},
		{"rule sets", func(p *Params) { p.RuleSets = nil }},
		{"rule sets", func(p *Params) { p.RuleSets[0].From = 1 }},
		{"rule set from 0", func(p *Params) { p.RuleSets = append(p.RuleSets, RuleSet{0, 2, 1}) }},
		{"rule set from 5", func(p *Params) { p.RuleSets = append(p.RuleSets, RuleSet{5, 0, 1}) }},
		{"", func(p *Params) { p.RuleSets = append(p.RuleSets, RuleSet{5, 2, 1}) }},
		{"engines", func(p *Params) { p.Engines = nil }},
		{"engines", func(p *Params) { p.Engines[0].From = 1 }},
		{"engine from 0", func(p *Params) { p.Engines = append(p.Engines, p.Engines[0]) }},
		{"anchor", func(p *Params) { p.Engines[0].Anchor.DAAScore = 1 }},
		{"weighed", func(p *Params) { p.Engines[0].Num = 0 }},
		{"weighed", func(p *Params) { p.Engines[0].Den = 0 }},
		{"", func(p *Params) { p.Engines = append(p.Engines, Engine{9, "sha256d", Anchor{9, 0, 0x207fffff}, 1, 2}) }},
		{"genesis", func(p *Params) { p.Genesis.Header.Timestamp++ }},
		{"genesis", func(p *Params) { p.GenesisHash[0]++ }},
	}
	for i, tt := range tests {
		p := SimNet()
		tt.corrupt(p)
		err := p.Validate()
		if tt.want == "" && err != nil {
			t.Errorf("case %d: %v", i, err)
		}
		if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("case %d: %v, want one that mentions %q", i, err, tt.want)
		}
	}
}
