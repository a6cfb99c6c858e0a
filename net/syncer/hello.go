package syncer

import (
	"fmt"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// ruleSetsDomain hashes the list of rule sets.
var ruleSetsDomain = types.NewDomain("JioRuleSets")

// RuleSetsHash returns the hash of a network's list of rule sets, by which peers
// notice that one of them runs an old release.
func RuleSetsHash(p *params.Params) types.Hash {
	e := types.NewEncoder(nil)
	e.Count(len(p.RuleSets))
	for _, r := range p.RuleSets {
		e.Uint64(r.From)
		e.Uint32(r.HeaderVersion)
		e.Uint16(r.TransactionVersion)
	}
	return ruleSetsDomain.Sum(e.Bytes())
}

// nextActivation returns the DAA score at which the next rule set takes force, 0
// when the last one is in force.
func nextActivation(p *params.Params, daaScore uint64) uint64 {
	for _, r := range p.RuleSets {
		if r.From > daaScore {
			return r.From
		}
	}
	return 0
}

// Greeting returns the Hello of a node at a time. It may run on any goroutine.
func Greeting(p *params.Params, m *chain.Manager, agent string, services wire.Services, now time.Time) wire.Hello {
	s := m.Snapshot()
	return wire.Hello{
		Version:        wire.ProtocolVersion,
		Agent:          agent,
		Services:       services,
		Genesis:        p.GenesisHash,
		RuleSets:       RuleSetsHash(p),
		NextActivation: nextActivation(p, s.SinkDAAScore),
		Sink:           s.Sink,
		BlueWork:       s.SinkBlueWork,
		DAAScore:       s.SinkDAAScore,
		PruningPoint:   s.PruningPoint,
		Clock:          uint64(now.UnixMilli()),
	}
}

// JudgeHello returns why a peer must be turned away, in words for that peer; nil
// when it may stay. It may run on any goroutine.
func JudgeHello(p *params.Params, h *wire.Hello) error {
	if h.Genesis != p.GenesisHash {
		return fmt.Errorf("this is %s with genesis %v, not a network with genesis %v", p.Name, p.GenesisHash, h.Genesis)
	}
	if h.Version != wire.ProtocolVersion {
		return fmt.Errorf("protocol version %d is spoken here, not %d", wire.ProtocolVersion, h.Version)
	}
	return nil
}
