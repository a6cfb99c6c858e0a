package mining

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/jio-dag/jio/chain/types"
)

const (
	honest = 8
	rival  = honest // the index of the adversary
	miners = honest + 1

	nearest, farthest = 300.0, 2000.0 // milliseconds between two honest miners
	rivalDelay        = 100.0         // between the adversary and anybody
)

// guard is by how much a target may exceed that of the selected parent. Blocks
// are drawn at that rate from the selected parent's target and then thinned out
// to their own.
var guard = math.Exp2(0.25) * (1 + 1.0/4096)

// A simulation is a run of a scenario.
type simulation struct {
	graph     *graph
	rng       *rand.Rand
	now       float64 // milliseconds
	queue     queue
	planned   uint64 // events so far
	delays    [miners][miners]float64
	rates     [miners]float64 // hashes per millisecond
	views     [miners]view
	templates [miners]template // of the views; none where the parents are nil
	rival     adversary
}

// A template is what a miner looks for.
type template struct {
	position
	parents []types.Hash
}

func newSimulation(s *Scenario) (*simulation, error) {
	p, err := Network(s.BPS)
	if err != nil {
		return nil, err
	}
	m := &simulation{graph: newGraph(p), rng: rand.New(rand.NewPCG(s.Seed, s.BPS))}
	m.rival = adversary{simulation: m, Tactic: s.Tactic, Stamp: s.Stamp}
	for i := range m.views {
		m.views[i] = newView(m.graph.genesis())
		for j := range i {
			delay := nearest + (farthest-nearest)*m.rng.Float64()
			if i == rival {
				delay = rivalDelay
			}
			m.delays[i][j], m.delays[j][i] = delay, delay
		}
	}
	return m, nil
}

// setHashRate deals out a multiple of the hash rate that finds blocks at the
// anchor's difficulty in their spacing.
func (m *simulation) setHashRate(factor, share float64) {
	total := factor / float64(m.graph.params.Spacing) / m.graph.genesis().chance
	for i := range honest {
		m.rates[i] = total * (1 - share) / honest
	}
	m.rates[rival] = total * share
}

// run lets time pass until the simulation's clock shows a number of milliseconds. Finding a block
// has no memory, so the next find may be drawn anew after each event.
func (m *simulation) run(until float64) error {
	m.at(until, func() {})
	for m.now < until {
		found := m.now + m.rng.ExpFloat64()/m.findRate()
		if next := m.queue[0]; next.at <= found {
			heap.Pop(&m.queue)
			m.now = next.at
			next.do()
			continue
		}
		m.now = found
		if err := m.find(); err != nil {
			return fmt.Errorf("at %v: %w", time.Duration(m.now)*time.Millisecond, err)
		}
	}
	return nil
}

// findRate bounds how many blocks all miners find per millisecond.
func (m *simulation) findRate() (sum float64) {
	for i := range miners {
		sum += m.bound(i)
	}
	return sum
}

func (m *simulation) bound(miner int) float64 {
	return m.rates[miner] * m.base(miner).chance * guard
}

// base returns the block that a miner's next block has as its selected parent.
func (m *simulation) base(miner int) *block {
	if miner == rival {
		return m.rival.base()
	}
	return m.views[miner].sink
}

// find lets one of the miners find a block, or nearly.
func (m *simulation) find() error {
	miner, left := 0, m.rng.Float64()*m.findRate()
	for miner < rival && left >= m.bound(miner) {
		left -= m.bound(miner)
		miner++
	}
	t := m.template(miner)
	allowed := m.base(miner).chance * guard
	chance := chanceOf(t.bits)
	if chance > allowed {
		return fmt.Errorf("the target eases by %v over the selected parent's: want at most 2^(1/4)", chance/m.base(miner).chance)
	}
	if m.rng.Float64() >= chance/allowed {
		return nil
	}
	return m.mine(miner, t)
}

// template returns what a miner looks for.
func (m *simulation) template(miner int) template {
	if m.templates[miner].parents == nil {
		if miner == rival {
			m.templates[miner] = m.rival.template()
		} else {
			m.templates[miner] = m.templateOn(m.views[miner].tips)
		}
	}
	return m.templates[miner]
}

// templateOn returns what follows from tips.
func (m *simulation) templateOn(tips []*block) template {
	data, parents := m.graph.virtual(tips)
	return template{m.graph.position(data), parents}
}

// stale makes a miner compute its template again.
func (m *simulation) stale(miner int) { m.templates[miner] = template{} }

// clock returns what the clocks of all miners show.
func (m *simulation) clock() uint64 {
	return m.graph.genesis().header.Timestamp + uint64(m.now)
}

// mine makes a block of a miner's template.
func (m *simulation) mine(miner int, t template) error {
	stamp := max(m.clock(), t.medianTime+1)
	if miner == rival {
		stamp = m.rival.stamp(t.medianTime)
	}
	b := &block{miner: miner, made: m.now, position: t.position}
	b.header = &types.Header{
		Version:   1,
		Parents:   t.parents,
		Timestamp: stamp,
		Bits:      t.bits,
		Nonce:     m.rng.Uint64(),
		DAAScore:  t.daaScore,
		BlueWork:  t.data.BlueWork,
		BlueScore: t.data.BlueScore,
	}
	b.hash = b.header.Hash()
	if err := m.graph.add(b); err != nil {
		return err
	}
	m.stale(miner)
	if miner == rival {
		m.rival.keep(b)
		return nil
	}
	m.publish(b)
	return nil
}

// publish sends a block to everybody. Who hears of it before its parents keeps
// it until they come, and so with a block from the future until its time comes.
func (m *simulation) publish(b *block) {
	b.arrives = make([]float64, miners)
	ripe := float64(b.header.Timestamp) - float64(m.graph.genesis().header.Timestamp) - float64(m.graph.params.FutureAllowance)
	for i := range miners {
		at := max(m.now+m.delays[b.miner][i], ripe)
		for _, p := range b.header.Parents {
			at = max(at, m.graph.block(p).arrives[i])
		}
		b.arrives[i] = at
		m.at(at, func() { m.hear(i, b) })
	}
}

// hear enters a block into a miner's view.
func (m *simulation) hear(miner int, b *block) {
	m.views[miner].enter(b)
	m.stale(miner)
	if miner == rival && b.miner != rival {
		m.rival.heard()
	}
}
