package node

import (
	"fmt"

	"github.com/jio-dag/jio/node/api"
)

// A summaryLine is what the log and the service manager hear about progress. An
// idle node repeats nothing, because equal lines are not said twice.
type summaryLine struct {
	blueScore, daaScore, blocks uint64
	tips                        int
	mining                      bool
	rate                        float64 // hashes per second over the last ten seconds
	found, chain, blue, red     uint64
}

func summarize(s *api.Status) summaryLine {
	return summaryLine{
		blueScore: s.SinkBlueScore,
		daaScore:  s.DAAScore,
		blocks:    s.Blocks,
		tips:      len(s.Tips),
		mining:    s.Mining,
		rate:      s.Miner.Rate10s,
		found:     s.Miner.Found,
		chain:     s.Miner.Chain,
		blue:      s.Miner.Blue,
		red:       s.Miner.Red,
	}
}

func (l summaryLine) attrs() []any {
	attrs := []any{"blue_score", l.blueScore, "daa_score", l.daaScore, "blocks", l.blocks, "tips", l.tips}
	if !l.mining {
		return attrs
	}
	return append(attrs, "hash_rate", hashRate(l.rate), "found", l.found, "chain", l.chain, "blue", l.blue, "red", l.red)
}

// String is the summary for the service manager's status line.
func (l summaryLine) String() string {
	text := fmt.Sprintf("blue score %d, %d blocks", l.blueScore, l.blocks)
	if l.mining {
		text += fmt.Sprintf(", mining at %s, %d found", hashRate(l.rate), l.found)
	}
	return text
}

// hashRate prints hashes per second with a unit of thousands.
func hashRate(perSecond float64) string {
	unit := 0
	for perSecond >= 1000 && unit < len(rateUnits)-1 {
		perSecond, unit = perSecond/1000, unit+1
	}
	return fmt.Sprintf("%.2f %s", perSecond, rateUnits[unit])
}

var rateUnits = []string{"H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s"}
