package spend

import (
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// merged returns the steps that merge coins until one transaction can hold the
// rest of them with the payments, and that rest. Rounds keep the chains of
// unconfirmed steps short: what a round makes is merged again only in the next,
// so a chain is as long as the logarithm of the number of coins, to the base of
// the some six hundred that one transaction holds.
func (p *planner) merged(items []item) (steps []Draft, rest []item, err error) {
	outputs := p.payments
	if !p.max {
		outputs = append(slices.Clip(outputs), p.change)
	}
	m := merger{planner: p, final: p.roomFor(outputs), step: p.roomFor([]types.Output{p.change}), rest: items}
	for _, it := range items {
		m.final.take(&it)
	}
	for m.final.over() {
		if p.single {
			return nil, nil, &LimitError{Kind: ErrTooManyInputs, What: "coins", Value: uint64(len(items)), Limit: m.held()}
		}
		if err := m.merge(); err != nil {
			return nil, nil, err
		}
	}
	return m.steps, append(m.rest, m.made...), nil
}

// A room is what is left of the limits of a transaction.
type room struct{ weight, size int }

// roomFor returns the room for inputs beside the given outputs.
func (a *accountant) roomFor(outputs []types.Output) room {
	t := a.begin(nil, outputs, -1)
	return room{weight: int(a.limits.weight) - int(t.weight), size: a.limits.size - t.size}
}

func (r *room) take(it *item) { r.weight -= int(it.weight); r.size -= it.size }
func (r *room) give(it *item) { r.weight += int(it.weight); r.size += it.size }
func (r *room) over() bool    { return r.weight < 0 || r.size < 0 }

// A merger holds the coins of a round: those it has not come to, the largest
// first, and those it made.
type merger struct {
	*planner
	steps []Draft
	rest  []item
	made  []item
	final room // left beside all coins in the paying step; below zero until they fit
	step  room // of a merging step without inputs
}

// merge adds a step over the smallest coins of the round: as many as fit, or as
// few as bring the rest down to what the paying step holds.
func (m *merger) merge() error {
	if len(m.rest) < 2 {
		if len(m.made) == 0 {
			return &LimitError{Kind: ErrTooManyOutputs, What: "weight of the payments", Value: m.begin(nil, m.payments, -1).weight, Limit: m.limits.weight}
		}
		m.rest, m.made = append(m.made, m.rest...), nil
	}
	n := m.batch()
	if n < 2 {
		both := m.begin(m.rest[len(m.rest)-2:], []types.Output{m.change}, 0)
		return m.explain(&both)
	}
	batch := m.rest[len(m.rest)-n:]
	t := m.filled(batch, []types.Output{m.change}, 0)
	if t.verdict != fits {
		return m.explain(&t)
	}
	d, err := m.draft(&t)
	if err != nil {
		return err
	}
	d.Change = 0
	made, err := m.result(&d)
	if err != nil {
		return err
	}
	for i := range batch {
		m.final.give(&batch[i])
	}
	m.final.take(&made)
	m.rest, m.made, m.steps = m.rest[:len(m.rest)-n], append(m.made, made), append(m.steps, d)
	return nil
}

// batch returns how many of the last coins go into the next step.
func (m *merger) batch() int {
	step, final := m.step, m.final
	final.take(&item{way: m.keep})
	var sum uint64
	n := 0
	for i := len(m.rest) - 1; i >= 0 && (n < 2 || final.over()); i-- {
		it := &m.rest[i]
		step.take(it)
		final.give(it)
		if sum += it.value(); step.over() || sum > types.MaxAmount.Jots() {
			break
		}
		n++
	}
	return n
}

// result returns the one output of a merging step as a coin for a later one.
func (m *merger) result(d *Draft) (item, error) {
	coin := d.Result(0, m.policy)
	coin.State = Available
	return newItem(&coin, m.tariff.rate)
}

// held returns how many of the coins, the lightest first, one paying step can
// hold, for the words of an error.
func (m *merger) held() uint64 {
	all := slices.Clone(m.rest)
	slices.SortFunc(all, func(a, b item) int { return int(b.weight) - int(a.weight) })
	left := m.final
	for i := range all {
		if !left.over() {
			return uint64(len(all) - i)
		}
		left.give(&all[i])
	}
	return 0
}
