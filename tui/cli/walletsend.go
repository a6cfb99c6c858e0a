package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (a *app) walletSenders() []*cobra.Command {
	return []*cobra.Command{a.walletSend(), a.walletReplace(bumpWords), a.walletReplace(cancelWords), a.walletAbandon()}
}

// addPayment declares the flags that say how to pay.
func addPayment(command *cobra.Command) {
	flags := command.Flags()
	flags.Uint32("account", 0, "from this account")
	flags.Bool("max", false, "pay everything to the last recipient, who is given no amount")
	flags.String("fee", "", "low, normal or priority")
	flags.Float64("fee-rate", 0, "in jots per unit of weight, instead of --fee")
	flags.StringSlice("coin", nil, "spend this coin, as ID:INDEX, and no others than those named")
	flags.String("label", "", "a note on it, for yourself")
	flags.Bool("allow-high-fee", false, "pay a fee that is out of proportion")
}

func (a *app) walletSend() *cobra.Command {
	command := &cobra.Command{
		Use:   "send ADDRESS|@CONTACT AMOUNT …",
		Short: "Send coins, after showing what that would do",
		Args:  atLeastArgs(1, "ADDRESS AMOUNT …"),
	}
	addPayment(command)
	command.Flags().Bool("yes", false, "do not ask")
	command.Flags().Int("confirmations", 0, "wait until the payment has so many")
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, args []string) error {
		request, err := s.sendRequest(args)
		if err != nil {
			return err
		}
		plan, err := call(s, api.PlanSend, request)
		if err != nil {
			return withAdvice(err)
		}
		s.writePlan(&plan)
		if err := s.confirm("Send it?"); err != nil {
			return err
		}
		request.Fee, request.FeeRate = "", plan.FeeRate // as it was shown
		if !s.on("yes") {
			request.MaxFee = &plan.Fee // as it was agreed to
		}
		var sent api.Sent
		err = s.unlocked(func() (err error) {
			sent, err = call(s, api.Send, request)
			return err
		})
		if err != nil {
			return err
		}
		// The id first: who stops waiting has to know what was sent.
		if err := s.showSent(&sent); err != nil {
			return err
		}
		return s.awaitConfirmations(&sent)
	})
}

// withAdvice adds to the fee guard's refusal how to overrule it.
func withAdvice(err error) error {
	var refusal *api.Error
	if errors.As(err, &refusal) && refusal.Code == api.CodeFeeGuard {
		return fmt.Errorf("%w; --allow-high-fee pays it all the same", err)
	}
	return err
}

// sendRequest reads pairs of recipient and amount, and the flags.
func (s *session) sendRequest(args []string) (r api.SendRequest, err error) {
	flags := s.command.Flags()
	r = api.SendRequest{Wallet: s.text("wallet"), Max: s.on("max"), Fee: s.text("fee"), AllowHighFee: s.on("allow-high-fee"), Label: s.text("label")}
	r.Account, _ = flags.GetUint32("account")
	if r.FeeRate, err = s.feeRate(); err != nil {
		return r, err
	}
	coins, _ := flags.GetStringSlice("coin")
	if r.Coins, err = outpoints(coins); err != nil {
		return r, err
	}
	if r.Max != (len(args)%2 == 1) {
		return r, usage(errors.New("want an ADDRESS and an AMOUNT for each recipient; with --max, no AMOUNT for the last"))
	}
	for len(args) > 0 {
		p := api.Payment{}
		if p.Address, err = s.recipient(args[0]); err != nil {
			return r, err
		}
		if len(args) > 1 {
			if p.Amount, err = types.ParseAmount(args[1]); err != nil {
				return r, usage(err)
			}
		}
		r.Payments = append(r.Payments, p)
		args = args[min(2, len(args)):]
	}
	return r, nil
}

// feeRate reads --fee-rate, where 0 says that it was not given. A rate that was
// given is one to pay: NaN is none that JSON could carry.
func (s *session) feeRate() (float64, error) {
	rate, _ := s.command.Flags().GetFloat64("fee-rate")
	if flags := s.command.Flags(); flags.Changed("fee-rate") && flags.Changed("fee") {
		return 0, usage(errors.New("--fee and --fee-rate both say what the fee is: give one of them"))
	}
	if s.command.Flags().Changed("fee-rate") && !(rate > 0 && rate <= math.MaxFloat64) {
		return 0, usage(fmt.Errorf("--fee-rate: %v is not a rate in jots per unit of weight", rate))
	}
	return rate, nil
}

// recipient turns @NAME into the address of a contact.
func (s *session) recipient(text string) (string, error) {
	name, isContact := strings.CutPrefix(text, "@")
	if !isContact {
		return text, nil
	}
	book, err := call(s, api.GetContacts, api.WalletParams{Wallet: s.text("wallet")})
	if err != nil {
		return "", err
	}
	for _, c := range book.Contacts {
		if c.Name == name {
			return c.Address, nil
		}
	}
	return "", usage(fmt.Errorf("there is no contact %q", name))
}

// writePlan shows what sending would do on the standard error, so that the
// output holds the result alone.
func (s *session) writePlan(p *api.SendPlan) {
	if wantsJSON(s.command) {
		return
	}
	for _, payment := range p.Payments {
		fmt.Fprintf(s.stderr, "pays    %v JIO to %s\n", payment.Amount, payment.Address)
	}
	inputs := 0
	for i := range p.Steps {
		inputs += len(p.Steps[i].Inputs)
	}
	last := &p.Steps[len(p.Steps)-1]
	fmt.Fprintf(s.stderr, "spends  %s in %s, weight %d\n", plural(inputs, "coin"), plural(len(p.Steps), "step"), last.Weight)
	if last.Change != nil {
		fmt.Fprintf(s.stderr, "change  %v JIO to %s\n", last.Change.Amount, last.Change.Address)
	}
	fmt.Fprintf(s.stderr, "fee     %v JIO, %.3f jots a unit, about %s to a block\n", p.Fee, p.FeeRate, lasting(time.Duration(p.Seconds*float64(time.Second))))
	fmt.Fprintf(s.stderr, "total   %v JIO\n", p.Total)
	for _, warning := range p.Warnings {
		fmt.Fprintf(s.stderr, "note    %s\n", warning)
	}
}

func (s *session) showSent(sent *api.Sent) error {
	return s.show(*sent, func(w io.Writer) {
		for i, id := range sent.IDs {
			name := "sent"
			if len(sent.IDs) > 1 {
				name = fmt.Sprintf("step %d of %d", i+1, len(sent.IDs))
			}
			fmt.Fprintf(w, "%s\t%v\n", name, id)
		}
		fmt.Fprintf(w, "fee\t%v JIO\n", sent.Fee)
		if sent.Kept != "" {
			fmt.Fprintf(w, "note\tnot sent yet, it will be tried again: %s\n", sent.Kept)
		}
	})
}

// awaitConfirmations waits for the payment, the last of what was sent, where
// the user asked for that.
func (s *session) awaitConfirmations(sent *api.Sent) error {
	wanted := s.number("confirmations")
	if wanted <= 0 {
		return nil
	}
	id := sent.IDs[len(sent.IDs)-1]
	progress := s.ticker()
	for {
		page, err := call(s, api.GetHistory, api.HistoryParams{Wallet: s.text("wallet"), Filter: id.String(), Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Entries) == 1 {
			e := &page.Entries[0]
			if e.Confirmations >= uint64(wanted) {
				return nil
			}
			if e.State != "pending" && e.State != "accepted" && e.State != "confirmed" {
				return api.Errorf(api.CodeRejected, "payment %v is %s: %s", id, e.State, e.Note)
			}
			progress.say("%s, %d of %d confirmations", e.State, e.Confirmations, wanted)
		}
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(pollInterval):
		}
	}
}

// replaceWords is what tells the two ways to replace a payment apart.
type replaceWords struct {
	use, short, question string
	method               api.Method[api.ReplaceParams, api.Sent]
}

var (
	bumpWords = replaceWords{
		"bump ID", "Send an unconfirmed payment again with a higher fee",
		"Replace it by the same payment with a higher fee?", api.BumpFee,
	}
	cancelWords = replaceWords{
		"cancel ID", "Replace an unconfirmed payment by one to yourself",
		"Replace it by a payment to yourself?", api.CancelPayment,
	}
)

func (a *app) walletReplace(words replaceWords) *cobra.Command {
	command := &cobra.Command{Use: words.use, Short: words.short, Args: wants("ID")}
	command.Flags().Float64("fee-rate", 0, "in jots per unit of weight; just enough to replace it without one")
	command.Flags().Bool("allow-high-fee", false, "pay a fee that is out of proportion")
	command.Flags().Bool("yes", false, "do not ask")
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, args []string) error {
		id, err := types.ParseHash(args[0])
		if err != nil {
			return usage(fmt.Errorf("transaction %q: want its id in full", args[0]))
		}
		rate, err := s.feeRate()
		if err != nil {
			return err
		}
		if err := s.confirm(words.question); err != nil {
			return err
		}
		return s.unlocked(func() error {
			sent, err := call(s, words.method, api.ReplaceParams{Wallet: s.text("wallet"), ID: id, FeeRate: rate, AllowHighFee: s.on("allow-high-fee")})
			if err != nil {
				return withAdvice(err)
			}
			return s.showSent(&sent)
		})
	})
}

func (a *app) walletAbandon() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "abandon ID",
		Short: "Give an unconfirmed payment up, so that its coins are free again",
		Long: "Give an unconfirmed payment up, so that its coins are free again. Where it was sent before, a block\n" +
			"may still accept it; `jio wallet cancel` makes sure that none does.",
		Args: wants("ID"),
	}, func(s *session, args []string) error {
		id, err := types.ParseHash(args[0])
		if err != nil {
			return usage(fmt.Errorf("transaction %q: want its id in full", args[0]))
		}
		if _, err := call(s, api.AbandonPayment, api.PaymentParams{Wallet: s.text("wallet"), ID: id}); err != nil {
			return err
		}
		return s.done("given up: %v", id)
	})
}
