package cli

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (a *app) walletBooks() []*cobra.Command {
	return []*cobra.Command{
		a.walletBalance(), a.walletAddress(), a.walletAccount(), a.walletRenameAccount(), a.walletHistory(), a.walletCoins(),
		a.walletFreeze(true), a.walletFreeze(false), a.walletLabel(), a.walletContacts(),
	}
}

func (a *app) walletBalance() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "balance [ADDRESS…]",
		Short: "Show what a wallet has, or what any addresses have",
	}, func(s *session, args []string) error {
		if len(args) > 0 {
			return s.addressBalances(args)
		}
		w, err := call(s, api.GetWallet, api.WalletParams{Wallet: s.text("wallet")})
		if err != nil {
			return err
		}
		return s.show(w, func(out io.Writer) { writeWallet(out, &w) })
	})
}

func (s *session) addressBalances(addresses []string) error {
	found, err := call(s, api.GetBalancesByAddresses, api.AddressesParams{Addresses: addresses})
	if err != nil {
		return err
	}
	return s.show(found, func(w io.Writer) {
		for _, b := range found.Balances {
			fmt.Fprintf(w, "%s\t%s\t%s\n", b.Address, inWords(b.Balance), plural(b.Coins, "coin"))
		}
	})
}

// writeWallet prints a wallet in four figures, which are "at least" while it
// does not know all.
func writeWallet(w io.Writer, s *api.WalletSummary) {
	fmt.Fprintf(w, "wallet\t%s, %s\n", s.Name, lockInWords(s))
	atLeast := ""
	if !s.Synced {
		atLeast = "at least "
		fmt.Fprintf(w, "synced to\t%s, blue score %d\n", clock(s.SyncedAt), s.SyncedTo)
	}
	if s.Scan != nil {
		fmt.Fprintf(w, "searching\t%d of %d, %s used, %v JIO found\n", s.Scan.Done, s.Scan.Total, plural(s.Scan.Used, "address"), s.Scan.Found)
	}
	b := s.Balance
	fmt.Fprintf(w, "available\t%s%v JIO\nmaturing\t%v JIO\npending\t%v JIO\nlocked\t%v JIO\n", atLeast, b.Available, b.Maturing, b.Pending, b.Locked)
	if len(s.Accounts) > 1 {
		for _, account := range s.Accounts {
			fmt.Fprintf(w, "account %d %s\t%s\n", account.Index, account.Name, inWords(account.Balance))
		}
	}
	if !s.BackedUp && !s.WatchOnly {
		fmt.Fprintln(w, "note\tnever backed up: write its words down, or use `jio wallet backup FILE`")
	}
	if s.NeedsUnlock {
		fmt.Fprintln(w, "note\tunlock it once, lest coins at further addresses be missed")
	}
	if s.Failure != "" {
		fmt.Fprintf(w, "stopped\t%s\n", s.Failure)
	}
}

func (a *app) walletAddress() *cobra.Command {
	command := &cobra.Command{
		Use:   "address",
		Short: "Hand out a fresh address to receive at, or list those there are",
		Args:  wants(),
	}
	command.Flags().Bool("list", false, "list the addresses that were handed out, used or added")
	command.Flags().Uint32("account", 0, "of this account")
	command.Flags().String("label", "", "a note on it, for yourself")
	return a.ofWallet(command, func(s *session, _ []string) error {
		if s.on("list") {
			return s.addressList()
		}
		account, _ := s.command.Flags().GetUint32("account")
		fresh, err := call(s, api.NewAddress, api.AddressParams{Wallet: s.text("wallet"), Account: account, Label: s.text("label")})
		if err != nil {
			return err
		}
		return s.show(fresh, func(w io.Writer) { fmt.Fprintln(w, fresh.Address) })
	})
}

func (s *session) addressList() error {
	all, err := call(s, api.GetAddresses, api.WalletParams{Wallet: s.text("wallet")})
	if err != nil {
		return err
	}
	return s.show(all, func(w io.Writer) {
		fmt.Fprintln(w, "ADDRESS\tPATH\tUSED\tJIO\tKEY OR POLICY\tLABEL")
		for _, a := range all.Addresses {
			chain := 0
			if a.Change {
				chain = 1
			}
			fmt.Fprintf(w, "%s\t%d/%d/%d\t%s\t%v\t%s\t%s\n", a.Address, a.Account, chain, a.Index, yesNo(a.Used), a.Balance, a.Key+a.Policy, a.Label)
		}
	})
}

func (a *app) walletAccount() *cobra.Command {
	command := &cobra.Command{
		Use:   "account NAME",
		Short: "Add an account: a part of a wallet with addresses of its own",
		Args:  wants("NAME"),
	}
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, args []string) error {
		return s.unlocked(func() error {
			account, err := call(s, api.NewAccount, api.NewAccountParams{Wallet: s.text("wallet"), Name: args[0]})
			if err != nil {
				return err
			}
			return s.show(account, func(w io.Writer) { writeAccount(w, &account) })
		})
	})
}

func (a *app) walletRenameAccount() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "rename-account NUMBER NAME",
		Short: "Give an account another name",
		Args:  wants("NUMBER", "NAME"),
	}, func(s *session, args []string) error {
		number, err := strconv.ParseUint(args[0], 10, 32)
		if err != nil {
			return usage(fmt.Errorf("account %q: want its number, as `jio wallet balance` prints it", args[0]))
		}
		account, err := call(s, api.RenameAccount, api.AccountParams{Wallet: s.text("wallet"), Account: uint32(number), Name: args[1]})
		if err != nil {
			return err
		}
		return s.show(account, func(w io.Writer) { writeAccount(w, &account) })
	})
}

func writeAccount(w io.Writer, a *api.Account) { fmt.Fprintf(w, "account %d, %s\n", a.Index, a.Name) }

func (a *app) walletHistory() *cobra.Command {
	command := &cobra.Command{
		Use:   "history",
		Short: "List what came and went, the newest first",
		Long: "List what came (+) and went (-) without the fee, the newest first. What moved within the wallet, \"self\" and\n" +
			"\"compound\", has no sign: it changes the balance by its fee alone.",
		Args: wants(),
	}
	command.Flags().String("filter", "", "only with this in a label, an address or an id")
	command.Flags().Int("limit", 50, "at most so many")
	command.Flags().Int("offset", 0, "without the first so many")
	command.Flags().String("csv", "", "write all of it, or as much as --limit says, as CSV to this file (- is the standard output)")
	return a.ofWallet(command, func(s *session, _ []string) error {
		if s.command.Flags().Changed("csv") {
			return s.historyCSV(s.text("csv"))
		}
		page, err := call(s, api.GetHistory, api.HistoryParams{
			Wallet: s.text("wallet"), Filter: s.text("filter"), Limit: s.number("limit"), Offset: s.number("offset"),
		})
		if err != nil {
			return err
		}
		return s.show(page, func(w io.Writer) { writeHistory(w, &page) })
	})
}

func writeHistory(w io.Writer, page *api.History) {
	fmt.Fprintln(w, "TIME\tKIND\tSTATE\tJIO\tFEE\tCONFIRMATIONS\tID\tNOTE")
	for i := range page.Entries {
		e := &page.Entries[i]
		sign, fee := "-", ""
		switch {
		case e.Kind == "self", e.Kind == "compound": // it stays within the wallet
			sign = ""
		case e.Incoming:
			sign = "+"
		}
		if e.Fee != nil {
			fee = e.Fee.String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s%v\t%s\t%d\t%v\t%s\n", clock(e.Time), e.Kind, e.State, sign, e.Amount, fee, e.Confirmations, e.ID,
			strings.TrimSpace(e.Label+" "+e.Note))
	}
	if rest := page.Total - len(page.Entries); rest > 0 {
		fmt.Fprintf(w, "%d of %d\n", len(page.Entries), page.Total)
	}
}

func (a *app) walletCoins() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "coins",
		Short: "List the unspent coins, the oldest first",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		all, err := allCoins(s)
		if err != nil {
			return err
		}
		return s.show(all, func(w io.Writer) {
			fmt.Fprintln(w, "COIN\tJIO\tSTATE\tUNTIL BLUE SCORE\tADDRESS\tLABEL")
			for _, c := range all.Coins {
				until := ""
				if c.Until > 0 {
					until = strconv.FormatUint(c.Until, 10)
				}
				fmt.Fprintf(w, "%v:%d\t%v\t%s\t%s\t%s\t%s\n", c.Outpoint.TransactionID, c.Outpoint.Index, c.Amount, c.State, until, c.Address, c.Label)
			}
		})
	})
}

// allCoins asks for page after page.
func allCoins(s *session) (all api.WalletCoins, err error) {
	all.Coins = []api.WalletCoin{} // none is an empty list too
	for {
		page, err := call(s, api.GetCoins, api.CoinsParams{Wallet: s.text("wallet"), Offset: len(all.Coins)})
		if err != nil {
			return all, err
		}
		all.Coins, all.Total = append(all.Coins, page.Coins...), page.Total
		if len(page.Coins) == 0 || len(all.Coins) >= all.Total {
			return all, nil
		}
	}
}

func (a *app) walletFreeze(frozen bool) *cobra.Command {
	command := &cobra.Command{
		Use:   "thaw COIN…",
		Short: "Let frozen coins be spent again",
		Args:  atLeastArgs(1, "COIN…, each as ID:INDEX"),
	}
	if frozen {
		command.Use, command.Short = "freeze COIN…", "Keep coins from being spent"
	}
	return a.ofWallet(command, func(s *session, args []string) error {
		coins, err := outpoints(args)
		if err != nil {
			return err
		}
		if _, err := call(s, api.FreezeCoins, api.FreezeParams{Wallet: s.text("wallet"), Coins: coins, Frozen: frozen}); err != nil {
			return err
		}
		return s.done("%s %s", plural(len(coins), "coin"), map[bool]string{true: "frozen", false: "thawed"}[frozen])
	})
}

// outpoints reads coins as ID:INDEX.
func outpoints(texts []string) ([]api.Outpoint, error) {
	coins := make([]api.Outpoint, len(texts))
	for i, text := range texts {
		id, index, found := strings.Cut(text, ":")
		h, err := types.ParseHash(id)
		n, bad := strconv.ParseUint(index, 10, 32)
		if !found || err != nil || bad != nil {
			return nil, usage(fmt.Errorf("coin %q: want ID:INDEX, as `jio wallet coins` prints them", text))
		}
		coins[i] = api.Outpoint{TransactionID: h, Index: uint32(n)}
	}
	return coins, nil
}

func (a *app) walletLabel() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "label ADDRESS|ID|COIN [TEXT]",
		Short: "Put a label on an address, a transaction or a coin; without a text, take it off",
		Args:  atLeastArgs(1, "ADDRESS|ID|COIN and a text"),
	}, func(s *session, args []string) error {
		text := strings.Join(args[1:], " ")
		if _, err := call(s, api.SetLabel, api.LabelParams{Wallet: s.text("wallet"), Target: args[0], Label: text}); err != nil {
			return err
		}
		return s.done("labelled")
	})
}

func (a *app) walletContacts() *cobra.Command {
	command := &cobra.Command{
		Use:   "contacts [add NAME ADDRESS | remove NAME]",
		Short: "List the address book, add to it or remove from it",
		Long:  "List the address book, add to it or remove from it. `jio wallet send @NAME AMOUNT` pays a contact.",
	}
	return a.ofWallet(command, func(s *session, args []string) error {
		p := api.ContactParams{Wallet: s.text("wallet")}
		switch {
		case len(args) == 0:
			return s.contacts()
		case len(args) == 3 && args[0] == "add":
			p.Name, p.Address = args[1], args[2]
		case len(args) == 2 && args[0] == "remove":
			p.Name = args[1]
		default:
			return usage(errors.New("want nothing, add NAME ADDRESS, or remove NAME"))
		}
		if _, err := call(s, api.SetContact, p); err != nil {
			return err
		}
		return s.done("%s: %s", args[0], p.Name)
	})
}

func (s *session) contacts() error {
	book, err := call(s, api.GetContacts, api.WalletParams{Wallet: s.text("wallet")})
	if err != nil {
		return err
	}
	return s.show(book, func(w io.Writer) {
		for _, c := range book.Contacts {
			fmt.Fprintf(w, "%s\t%s\n", c.Name, c.Address)
		}
	})
}
