package service

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/spend"
)

func (s *Service) freezeCoins(_ context.Context, p api.FreezeParams) (none api.None, err error) {
	points, err := outpoints("coins", p.Coins)
	if err != nil {
		return none, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return none, err
	}
	return none, w.Freeze(p.Frozen, points...)
}

func (s *Service) getHistory(_ context.Context, p api.HistoryParams) (api.History, error) {
	limit, err := within("limit", p.Limit, mostHistory)
	if err != nil {
		return api.History{}, err
	}
	if p.Offset < 0 {
		return api.History{}, invalid("offset", "%d is below 0", p.Offset)
	}
	if err := short("filter", p.Filter, mostSearchBytes); err != nil {
		return api.History{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.History{}, err
	}
	entries, total, err := w.History(wallet.Query{Offset: p.Offset, Limit: limit, Match: p.Filter})
	if err != nil {
		return api.History{}, err
	}
	page := api.History{Entries: make([]api.HistoryEntry, len(entries)), Total: total}
	for i := range entries {
		page.Entries[i] = s.historyEntry(&entries[i])
	}
	return page, nil
}

// request reads what is to be paid.
func (s *Service) request(p *api.SendRequest) (r wallet.Request, err error) {
	if len(p.Payments) == 0 || len(p.Payments) > mostPayments {
		return r, invalid("payments", "%d are not 1 to %d", len(p.Payments), mostPayments)
	}
	for i, payment := range p.Payments {
		name := item("payments", i) + "."
		to, err := s.payee(name+"address", payment.Address)
		if err != nil {
			return r, err
		}
		last := p.Max && i == len(p.Payments)-1
		if last != payment.Amount.IsZero() {
			return r, amountError(name, last)
		}
		r.Payments = append(r.Payments, wallet.Payment{Address: to, Amount: payment.Amount})
	}
	r.Account, r.Max, r.AllowHighFee, r.Label = p.Account, p.Max, p.AllowHighFee, label(p)
	if err := short("label", r.Label, wallet.MaxText); err != nil {
		return r, err
	}
	if r.Coins, err = outpoints("coins", p.Coins); err != nil {
		return r, err
	}
	r.MaxFee = p.MaxFee
	r.Fee, r.FeeRate, err = feeChoice(p.Fee, p.FeeRate)
	return r, err
}

// label is that of a payment, after those of its recipients.
func label(p *api.SendRequest) string {
	var said []string
	for _, payment := range p.Payments {
		said = append(said, payment.Label)
	}
	said = slices.DeleteFunc(append(said, p.Label), func(text string) bool { return text == "" })
	return strings.Join(slices.Compact(said), ", ")
}

func amountError(name string, max bool) error {
	if max {
		return invalid(name+"amount", "with max, the last recipient is paid what is left, and is given no amount")
	}
	return invalid(name+"amount", "nothing is paid; give an amount, or max for all there is")
}

// feeNames are the choices of the estimate.
var feeNames = map[string]wallet.Fee{"": wallet.FeeNormal, "normal": wallet.FeeNormal, "low": wallet.FeeLow, "priority": wallet.FeePriority}

func feeChoice(name string, perUnit float64) (wallet.Fee, uint64, error) {
	choice, known := feeNames[name]
	if !known {
		return 0, 0, invalid("fee", "%.20q is not low, normal or priority", name)
	}
	rate, err := feeRate(perUnit)
	switch {
	case err != nil || rate == 0:
		return choice, 0, err
	case name != "":
		return 0, 0, invalid("feeRate", "fee is given as well, and they say two things: give one of them")
	}
	return wallet.FeeCustom, rate, nil
}

// feeRate turns jots per unit of weight into thousandths; 0 stays 0.
func feeRate(perUnit float64) (uint64, error) {
	const most = 1e9 // far beyond what the fee guard lets pass
	if math.IsNaN(perUnit) || perUnit < 0 || perUnit > most {
		return 0, invalid("feeRate", "%v is not a rate in jots per unit of weight", perUnit)
	}
	return uint64(math.Round(perUnit * 1000)), nil
}

func (s *Service) planSend(_ context.Context, p api.SendRequest) (api.SendPlan, error) {
	w, r, err := s.order(&p)
	if err != nil {
		return api.SendPlan{}, err
	}
	plan, err := w.Plan(r)
	if err != nil {
		return api.SendPlan{}, err
	}
	return s.sendPlan(plan), nil
}

func (s *Service) send(_ context.Context, p api.SendRequest) (api.Sent, error) {
	w, r, err := s.order(&p)
	if err != nil {
		return api.Sent{}, err
	}
	plan, ids, err := w.Pay(r)
	return sent(plan, ids, err)
}

// order reads what is to be paid, and finds the wallet that has the keys.
func (s *Service) order(p *api.SendRequest) (*wallet.Wallet, wallet.Request, error) {
	r, err := s.request(p)
	if err != nil {
		return nil, r, err
	}
	w, err := s.wallet(p.Wallet)
	if err == nil && w.Summary().WatchOnly {
		err = wallet.ErrWatchOnly
	}
	return w, r, err
}

// sent tells how sending went. What is kept to be tried again is no failure.
func sent(plan *wallet.Plan, ids []types.Hash, err error) (api.Sent, error) {
	if err != nil && !errors.Is(err, wallet.ErrUnsent) {
		return api.Sent{}, err
	}
	result := api.Sent{IDs: list(ids), Step: 1, Steps: len(plan.Steps), Fee: plan.Fee}
	if err != nil {
		result.Step, result.Kept = 0, err.Error()
	}
	return result, nil
}

func (s *Service) sendPlan(plan *wallet.Plan) api.SendPlan {
	translated := api.SendPlan{
		Steps:    make([]api.SendStep, len(plan.Steps)),
		Payments: []api.Payment{},
		Amount:   plan.Paid,
		Fee:      plan.Fee,
		Total:    plan.Total(),
		FeeRate:  rate(plan.FeeRate),
		Seconds:  plan.Wait.Seconds(),
		Warnings: warnings(plan),
	}
	for i := range plan.Steps {
		translated.Steps[i] = s.sendStep(&plan.Steps[i])
	}
	last := &plan.Steps[len(plan.Steps)-1]
	for i, out := range last.Tx.Outputs {
		if i != last.Change {
			translated.Payments = append(translated.Payments, api.Payment{Address: s.text(out.Address), Amount: out.Value})
		}
	}
	return translated
}

func (s *Service) sendStep(d *spend.Draft) api.SendStep {
	step := api.SendStep{
		Inputs:  make([]api.Input, len(d.Coins)),
		Outputs: s.outputs(d.Tx.Outputs),
		Weight:  d.Charged(),
		Fee:     d.Fee,
	}
	for i := range d.Coins {
		in, coin := &d.Tx.Inputs[i], &d.Coins[i].Coin
		step.Inputs[i] = api.Input{Outpoint: outpoint(in.Outpoint), Sequence: in.Sequence, Address: s.text(coin.Address), Amount: &coin.Value}
	}
	if d.Change >= 0 {
		step.Change = &step.Outputs[d.Change]
	}
	return step
}

// warnings say what the owner may not expect.
func warnings(plan *wallet.Plan) []string {
	said := []string{}
	if n := len(plan.Steps); n > 1 {
		said = append(said, fmt.Sprintf("The coins are too many for one transaction: %d steps join them first, and the payment goes out with the last.", n))
	}
	if !plan.Left.IsZero() {
		said = append(said, fmt.Sprintf("%v JIO stay in coins that cost more to spend than they are worth.", plan.Left))
	}
	if plan.Fee.Jots() > 0 && plan.Fee.Jots() >= plan.Paid.Jots()/20 {
		said = append(said, "The fee is more than a twentieth of what is paid.")
	}
	return said
}

func (s *Service) bumpFee(_ context.Context, p api.ReplaceParams) (api.Sent, error) {
	return s.replace(&p, (*wallet.Wallet).Bump)
}

func (s *Service) cancelPayment(_ context.Context, p api.ReplaceParams) (api.Sent, error) {
	return s.replace(&p, (*wallet.Wallet).Cancel)
}

func (s *Service) replace(p *api.ReplaceParams, plan func(w *wallet.Wallet, id types.Hash, rate uint64, allowHighFee bool) (*wallet.Plan, error)) (api.Sent, error) {
	rate, err := feeRate(p.FeeRate)
	if err != nil {
		return api.Sent{}, err
	}
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return api.Sent{}, err
	}
	made, err := plan(w, p.ID, rate, p.AllowHighFee)
	if err != nil {
		return api.Sent{}, err
	}
	ids, err := w.Send(made)
	return sent(made, ids, err)
}

func (s *Service) abandonPayment(_ context.Context, p api.PaymentParams) (none api.None, err error) {
	w, err := s.wallet(p.Wallet)
	if err != nil {
		return none, err
	}
	return none, w.Abandon(p.ID)
}
