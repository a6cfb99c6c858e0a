package spend

import (
	"errors"
	"slices"
	"sort"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A Plan is the steps of a payment in the order they must be sent: all but the
// last merge coins, the last pays. A step spends outputs of earlier ones by their
// final IDs, so all of them may be signed and sent at once, or one by one as they
// confirm; after any of them a new Request over the coins as they then are is as
// good.
type Plan struct {
	Steps []Draft
	Fee   types.Amount // of all steps together
	Paid  types.Amount // to the payments
	Left  types.Amount // Max only: worth of usable coins that cost more to spend than they are worth
}

// New returns the plan that pays a request at little cost. The errors are those
// of this package; nothing is signed yet.
func New(r Request) (*Plan, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	p, err := r.planner()
	if err != nil {
		return nil, err
	}
	plan, err := p.plan()
	if err != nil {
		return nil, err
	}
	if !r.AllowHighFee {
		if err := guardFee(plan.Fee, plan.Paid); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// A planner makes the plan of one request.
type planner struct {
	selector
	purse  *purse
	params *params.Params
	policy types.Policy // of change and of coins between steps
	max    bool
	single bool
}

func (r *Request) planner() (*planner, error) {
	purse, err := r.purse()
	if err != nil {
		return nil, err
	}
	keep, err := wayOf(&r.Change)
	if err != nil {
		return nil, err
	}
	p := &planner{purse: purse, params: r.Params, policy: r.Change, max: r.Max, single: r.OneStep}
	p.selector = selector{
		accountant: accountant{limits: limitsOf(r.Params), tariff: tariff{rate: r.FeeRate}},
		forced:     purse.forced,
		payments:   r.Payments,
		change:     types.Output{Address: r.Change.Address()},
		keep:       keep,
		dice:       r.Dice,
	}
	p.arrange(purse.free)
	return p, nil
}

func (p *planner) plan() (*Plan, error) {
	if err := p.checkRoom(); err != nil {
		return nil, err
	}
	if p.max {
		return p.everything()
	}
	t := p.best()
	if t.verdict == fits {
		return p.finish(nil, &t)
	}
	if p.coversInSteps() {
		return p.gathered()
	}
	return nil, p.explain(&t)
}

// checkRoom returns an error when the payments leave no room for a coin.
func (p *planner) checkRoom() error {
	room := p.roomFor(append(slices.Clip(p.payments), p.change))
	if room.take(&item{way: keyWay}); room.over() {
		return &LimitError{Kind: ErrTooManyOutputs, What: "payments", Value: uint64(len(p.payments)), Limit: p.mostPayments()}
	}
	return nil
}

// mostPayments returns how many payments fit beside change and one coin.
func (p *planner) mostPayments() uint64 {
	n := sort.Search(len(p.payments), func(n int) bool {
		room := p.roomFor(append(slices.Clip(p.payments[:n+1]), p.change))
		room.take(&item{way: keyWay})
		return room.over()
	})
	return uint64(n)
}

// coversInSteps reports whether all coins suffice but one transaction cannot hold
// as many as it takes.
func (p *planner) coversInSteps() bool {
	n := p.fewest(p.target())
	if n > len(p.free) {
		return false
	}
	t := p.begin(append(slices.Clip(p.forced), p.free[:n]...), append(slices.Clip(p.payments), p.change), -1)
	return t.verdict == heavy || p.begin(p.forced, p.payments, -1).verdict == heavy
}

// everything pays all that the coins are worth.
func (p *planner) everything() (*Plan, error) {
	items := append(slices.Clip(p.forced), p.free...)
	var left types.Amount
	for _, it := range p.purse.free {
		if it.worth <= 0 {
			left, _ = left.Add(it.coin.Coin.Value)
		}
	}
	plan, err := p.chain(items)
	if err == nil {
		plan.Left = left
	}
	return plan, err
}

// gathered pays from more coins than one transaction holds, the largest ones.
// Each step costs on its own, so as many coins are taken as cover that too.
func (p *planner) gathered() (*Plan, error) {
	for n := p.enough(); ; n += 1 + n/256 {
		n = min(n, len(p.free))
		plan, err := p.chain(append(slices.Clip(p.forced), p.free[:n]...))
		if err == nil || n == len(p.free) || !errors.As(err, new(*FundsError)) {
			return plan, err
		}
	}
}

// enough estimates how many coins cover the payments and the steps to merge those
// coins.
func (p *planner) enough() int {
	step := p.roomFor([]types.Output{p.change})
	most := max(2, min(step.weight/int(p.keep.weight), step.size/p.keep.size))
	overhead := -worthOf(0, p.begin(nil, []types.Output{p.change}, -1).weight+p.keep.weight, p.tariff.rate)
	n := p.fewest(p.target())
	for {
		steps := (n - 1) / (most - 1)
		more := p.fewest(addWorth(p.target(), overhead*int64(steps)))
		if more <= n || more > len(p.free) {
			return n
		}
		n = more
	}
}

// chain pays from a list of coins, in as many steps as it takes.
func (p *planner) chain(items []item) (*Plan, error) {
	steps, items, err := p.merged(items)
	if err != nil {
		return nil, err
	}
	t := p.last(items)
	if t.verdict != fits {
		return nil, p.explain(&t)
	}
	return p.finish(steps, &t)
}

// last settles the paying step.
func (p *planner) last(items []item) trial {
	if p.max {
		return p.filled(items, p.payments, len(p.payments)-1)
	}
	return p.settle(items)
}

func (p *planner) finish(steps []Draft, t *trial) (*Plan, error) {
	d, err := p.draft(t)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Steps: append(steps, d)}
	for i := range plan.Steps {
		plan.Fee, _ = plan.Fee.Add(plan.Steps[i].Fee)
	}
	for i := range d.Tx.Outputs {
		if i != d.Change {
			plan.Paid, _ = plan.Paid.Add(d.Tx.Outputs[i].Value)
		}
	}
	return plan, nil
}
