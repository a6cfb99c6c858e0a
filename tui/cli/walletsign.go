package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

func (a *app) walletSigners() []*cobra.Command {
	return []*cobra.Command{a.walletSign(), a.walletVerify(), a.walletPolicy(), a.walletPartial()}
}

func (a *app) walletSign() *cobra.Command {
	command := &cobra.Command{
		Use:   "sign ADDRESS MESSAGE",
		Short: "Sign a message with the key of an address (- reads the message from the standard input)",
		Args:  wants("ADDRESS", "MESSAGE"),
	}
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, args []string) error {
		message, err := s.message(args[1])
		if err != nil {
			return err
		}
		return s.unlocked(func() error {
			signed, err := call(s, api.SignMessage, api.MessageParams{Wallet: s.text("wallet"), Address: args[0], Message: message})
			if err != nil {
				return err
			}
			return s.show(signed, func(w io.Writer) { fmt.Fprintln(w, signed.Signature) })
		})
	})
}

func (s *session) message(arg string) (string, error) {
	if arg != stream {
		return arg, nil
	}
	text, err := io.ReadAll(io.LimitReader(s.stdin, 1<<20))
	return string(text), err
}

func (a *app) walletVerify() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "verify ADDRESS SIGNATURE MESSAGE",
		Short: "Verify a signed message (- reads the message from the standard input)",
		Args:  wants("ADDRESS", "SIGNATURE", "MESSAGE"),
	}, func(s *session, args []string) error {
		message, err := s.message(args[2])
		if err != nil {
			return err
		}
		verified, err := call(s, api.VerifyMessage, api.VerifyParams{Address: args[0], Signature: args[1], Message: message})
		if err != nil {
			return err
		}
		if !verified.Valid {
			return api.Errorf(api.CodeRejected, "the signature does not prove that the owner of %s signed this", args[0])
		}
		return s.show(verified, func(w io.Writer) { fmt.Fprintf(w, "signed by the owner of %s\n", args[0]) })
	})
}

func (a *app) walletPolicy() *cobra.Command {
	command := &cobra.Command{
		Use:   "policy POLICY",
		Short: "Watch the address of a policy: m-of-n, hash lock, time lock",
		Long: "Watch the address of a policy, and spend its coins by `jio wallet partial` where this wallet has keys of it.\n\n" +
			"  pk(KEY)  hash(IMAGE)  after(N)  older(N)  thresh(N,[POLICY,…])\n" +
			"  multi(N,KEY,…)  hashlock(KEY,IMAGE)  timelock(KEY,LOCK)  htlc(IMAGE,RECEIVER,SENDER,LOCK)\n\n" +
			"KEY is the public key of an address, as `jio wallet address --json` shows it; IMAGE the SHA-256 of 32 bytes;\n" +
			"LOCK is after(N), a blue score or milliseconds since 1970, or older(N), a depth in blue score.",
		Args: wants("POLICY"),
	}
	command.Flags().String("label", "", "a note on it, for yourself")
	command.Flags().String("birthday", "", "no coins came before this day, as 2026-01-31; all days are searched without it")
	return a.ofWallet(command, func(s *session, args []string) error {
		birthday, err := s.birthday()
		if err != nil {
			return err
		}
		made, err := call(s, api.NewPolicy, api.PolicyParams{Wallet: s.text("wallet"), Policy: args[0], Label: s.text("label"), Birthday: birthday})
		if err != nil {
			return err
		}
		return s.show(made, func(w io.Writer) {
			fmt.Fprintf(w, "address\t%s\nmeaning\t%s\npolicy\t%s\n", made.Address, made.Meaning, made.Policy)
		})
	})
}

func (a *app) walletPartial() *cobra.Command {
	group := &cobra.Command{
		Use:   "partial",
		Short: "Transactions that several have to sign",
		Long: "Transactions that several have to sign: create makes one that spends the coins of a policy's address,\n" +
			"each owner signs a copy, combine joins the copies, and send sends it. They go from hand to hand as files.",
		Args: noSuchCommand,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	group.AddCommand(a.partialCreate(), a.partialSign(), a.partialCombine(), a.partialSend())
	return group
}

// addPartial declares the flags for what is written and revealed.
func addPartial(command *cobra.Command) {
	command.Flags().String("out", "", "write the transaction to this file instead of the standard output")
	command.Flags().StringSlice("preimage", nil, "the 32 bytes in hex that a hash lock asks for")
}

func (a *app) partialCreate() *cobra.Command {
	command := &cobra.Command{
		Use:   "create FROM ADDRESS|@CONTACT AMOUNT …",
		Short: "Make a transaction that spends the coins of the address FROM",
		Args:  atLeastArgs(2, "FROM ADDRESS AMOUNT …"),
	}
	addPayment(command)
	addPartial(command)
	return a.ofWallet(command, func(s *session, args []string) error {
		request, err := s.sendRequest(args[1:])
		if err != nil {
			return err
		}
		preimages, _ := s.command.Flags().GetStringSlice("preimage")
		made, err := call(s, api.CreatePartial, api.PartialRequest{SendRequest: request, From: args[0], Preimages: preimages})
		if err != nil {
			return withAdvice(err)
		}
		return s.writePartial(&made)
	})
}

// writePartial writes a transaction where the flags say, and tells on the
// standard error what is to be done next.
func (s *session) writePartial(p *api.Partial) error {
	if wantsJSON(s.command) {
		return s.printJSON(s.stdout, p)
	}
	file := s.text("out")
	if err := s.writePartialTo(file, p.Partial); err != nil {
		return err
	}
	file = cmp.Or(file, "FILE")
	if p.Missing == "" {
		fmt.Fprintf(s.stderr, "complete: `jio wallet partial send %s` sends it\n", file)
		return nil
	}
	fmt.Fprintf(s.stderr, "not complete yet; to be added: %s\n", p.Missing)
	fmt.Fprintf(s.stderr, "next: `jio wallet partial sign %s` where the keys are, `jio wallet partial combine FILE FILE…` to join copies\n", file)
	return nil
}

// writePartialTo writes to a file, or to the standard output where none is named.
func (s *session) writePartialTo(file, partial string) error {
	if file == "" {
		_, err := fmt.Fprintln(s.stdout, partial)
		return err
	}
	_, err := replaceFile(file, func(w io.Writer) (uint64, error) {
		_, err := fmt.Fprintln(w, partial)
		return 1, err
	})
	return err
}

// partials reads transactions from files, - being the standard input.
func (s *session) partials(files []string) (p api.PartialParams, err error) {
	p.Preimages, _ = s.command.Flags().GetStringSlice("preimage")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if file == stream {
			text, err = io.ReadAll(io.LimitReader(s.stdin, 8<<20))
		}
		if err != nil {
			return p, usage(err)
		}
		p.Partials = append(p.Partials, string(text))
	}
	return p, nil
}

func (a *app) partialSign() *cobra.Command {
	command := &cobra.Command{
		Use:   "sign FILE…",
		Short: "Add this wallet's signatures",
		Args:  atLeastArgs(1, "FILE"),
	}
	addPartial(command)
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, args []string) error {
		p, err := s.partials(args)
		if err != nil {
			return err
		}
		return s.unlocked(func() error {
			signed, err := call(s, api.SignPartial, api.SignPartialParams{Wallet: s.text("wallet"), PartialParams: p})
			if err != nil {
				return err
			}
			return s.writePartial(&signed)
		})
	})
}

func (a *app) partialCombine() *cobra.Command {
	command := &cobra.Command{
		Use:   "combine FILE…",
		Short: "Join the signatures of several copies",
		Args:  atLeastArgs(2, "two FILEs or more"),
	}
	addPartial(command)
	return a.online(command, func(s *session, args []string) error {
		p, err := s.partials(args)
		if err != nil {
			return err
		}
		joined, err := call(s, api.CombinePartial, p)
		if err != nil {
			return err
		}
		return s.writePartial(&joined)
	})
}

func (a *app) partialSend() *cobra.Command {
	command := &cobra.Command{
		Use:   "send FILE…",
		Short: "Send a transaction that lacks nothing",
		Args:  atLeastArgs(1, "FILE"),
	}
	command.Flags().StringSlice("preimage", nil, "the 32 bytes in hex that a hash lock asks for")
	return a.online(command, func(s *session, args []string) error {
		p, err := s.partials(args)
		if err != nil {
			return err
		}
		sent, err := call(s, api.SendPartial, p)
		if err != nil {
			return err
		}
		return s.show(sent, func(w io.Writer) { fmt.Fprintf(w, "sent\t%v\n", sent.Hash) })
	})
}
