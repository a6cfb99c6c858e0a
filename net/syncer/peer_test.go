package syncer

import (
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// However eagerly a peer is asked, it gets no more than it must answer.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer wire.Kind
		size   int
		err    error
		parts  int
	}{
		{"small answers", wire.KindHeaders, 1000, nil, 1},
		{"answers", wire.KindBlocks, 256 << 10, nil, 2},
		{"large answers", wire.KindBlocks, 8 << 20, nil, wire.RequestParts},
		{"errors", wire.KindHeaders, 0, errTimeout, wire.RequestParts},
	} {
		now := time.UnixMilli(0)
		p := &peer{budget: budgetBurst, budgetAt: now}
		for minute := range 5 {
			counted := 0
			for range 3000 {
				now = now.Add(20 * time.Millisecond)
				if p.mayAsk(now) {
					p.charge(c.answer, c.size, c.err)
					counted += c.parts
				}
			}
			most := budgetPerMinute
			if minute == 0 {
				most += budgetBurst
			}
			if counted > most+wire.RequestParts || counted < most-wire.RequestParts {
				t.Errorf("%s, minute %d: %d parts, want %d", c.name, minute, counted, most)
			}
		}
	}
}

func TestClockOffset(t *testing.T) {
	joined := time.UnixMilli(1_000_000_000_000)
	for _, c := range []struct {
		clock uint64
		want  time.Duration
	}{
		{1_000_000_000_000, 0},
		{1_000_000_001_500, 1500 * time.Millisecond},
		{999_999_999_000, -time.Second},
		{0, -24 * time.Hour},
		{1<<64 - 1, 24 * time.Hour},
	} {
		if got := clockOffset(&peer{joined: joined, hello: wire.Hello{Clock: c.clock}}); got != c.want {
			t.Errorf("clock %d: %v, want %v", c.clock, got, c.want)
		}
	}
}

func TestJudgeHello(t *testing.T) {
	p := params.SimNet()
	right := wire.Hello{Version: wire.ProtocolVersion, Genesis: p.GenesisHash}
	if err := JudgeHello(p, &right); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*wire.Hello){
		func(h *wire.Hello) { h.Genesis[31]++ },
		func(h *wire.Hello) { h.Version++ },
		func(h *wire.Hello) { h.Version = 0 },
	} {
		wrong := right
		if change(&wrong); JudgeHello(p, &wrong) == nil {
			t.Errorf("%+v may stay", wrong)
		}
	}
}

// Any change of the list of rule sets shows.
func TestRuleSetsHash(t *testing.T) {
	seen := map[types.Hash]bool{}
	for _, change := range []func(p *params.Params){
		func(*params.Params) {},
		func(p *params.Params) { p.RuleSets[0].HeaderVersion++ },
		func(p *params.Params) { p.RuleSets[0].TransactionVersion++ },
		func(p *params.Params) {
			p.RuleSets = append(p.RuleSets, params.RuleSet{From: 9, HeaderVersion: 2, TransactionVersion: 1})
		},
		func(p *params.Params) {
			p.RuleSets = append(p.RuleSets, params.RuleSet{From: 10, HeaderVersion: 2, TransactionVersion: 1})
		},
	} {
		p := params.SimNet()
		change(p)
		seen[RuleSetsHash(p)] = true
		if next := nextActivation(p, 9); next != 0 && next != 10 {
			t.Errorf("the next activation after 9 is %d", next)
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d hashes of 5 lists", len(seen))
	}
}

func TestRate(t *testing.T) {
	var p progress
	at := time.UnixMilli(0)
	if p.rate() != 0 {
		t.Error("a rate out of nothing")
	}
	for i := range 600 {
		p.add(at.Add(time.Duration(i)*100*time.Millisecond), uint64(i*i))
	}
	// between 29.9 s and 59.9 s: (599² − 299²) / 30
	if got := p.rate(); got < 8979 || got > 8981 {
		t.Errorf("the rate is %v", got)
	}
	if len(p.samples) != 301 {
		t.Errorf("%d samples are kept", len(p.samples))
	}
}

// Answers earn what time-outs spend; nothing else is excused, and where nobody else
// is there, only who failed to answer is asked soon.
func TestRest(t *testing.T) {
	now := time.UnixMilli(0)
	p := new(peer)
	for range 100 {
		p.earn()
	}
	for i := range creditMost / timeoutCost {
		if !p.fail(now, errTimeout, 0) || p.failures != 0 || p.rest.until != now.Add(restShort) {
			t.Fatalf("time-out %d is not excused: %+v", i, p.rest)
		}
	}
	for i := range 8 {
		want := rest{now.Add(restFirst << min(i, restDoublings)), now.Add(restShort)}
		if p.fail(now, errTimeout, 0) || p.rest != want || p.failures != i+1 {
			t.Errorf("after %d failures: %+v, want %+v", p.failures, p.rest, want)
		}
	}
	for _, c := range []struct {
		err      error
		points   int
		failures int
	}{
		{errLacking, 0, 1},
		{errWrongAnswer, PointsWrongSync, unreliable},
		{errTimeout, PointsWrongSync, unreliable},
	} {
		p := &peer{credit: creditMost}
		want := rest{now.Add(restFirst), now.Add(restFirst)}
		if p.fail(now, c.err, c.points) || p.rest != want || p.failures != c.failures {
			t.Errorf("%v, %d points: %+v after %d failures", c.err, c.points, p.rest, p.failures)
		}
	}
}
