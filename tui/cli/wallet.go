package cli

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

func (a *app) walletCommand() *cobra.Command {
	group := &cobra.Command{
		Use:   "wallet",
		Short: "Wallets of the node that runs",
		Long: "The wallets are the node's. Each has a name; --wallet says which, and may be left out where only one is open.\n" +
			"Passwords and words are asked for, or come from files: never from the command line.",
		Args: noSuchCommand,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	for _, commands := range [][]*cobra.Command{a.walletMakers(), a.walletKeepers(), a.walletBooks(), a.walletSenders(), a.walletSigners()} {
		group.AddCommand(commands...)
	}
	return group
}

// ofWallet is online for a command about one wallet.
func (a *app) ofWallet(command *cobra.Command, work func(s *session, args []string) error) *cobra.Command {
	command.Flags().String("wallet", "", "its name, where several are open")
	return a.online(command, work)
}

func (a *app) walletMakers() []*cobra.Command {
	return []*cobra.Command{a.walletCreate(), a.walletRestore(), a.walletWatch(), a.walletRestoreBackup(), a.walletList(), a.walletOpen(), a.walletClose()}
}

// named reads an optional NAME.
func named(args []string) string {
	if len(args) == 0 {
		return api.UsualWallet
	}
	return args[0]
}

func (a *app) walletCreate() *cobra.Command {
	command := &cobra.Command{
		Use:   "create [NAME]",
		Short: "Make a wallet from new words",
		Args:  atMost(1),
	}
	command.Flags().Int("words", 24, "how many words: 12 or 24")
	command.Flags().Bool("passphrase", false, "ask for a BIP-39 passphrase as well, without which the words open another wallet")
	command.Flags().Bool("mining-key", false, "take over the node's throwaway mining key")
	addSecret(command, password, "the password")
	addSecret(command, passphrase, "the passphrase")
	return a.online(command, func(s *session, args []string) error {
		p := api.CreateParams{Wallet: named(args), WordCount: s.number("words"), MiningKey: s.on("mining-key")}
		return s.create(p)
	})
}

// create asks for the secrets, makes the wallet and shows new words.
func (s *session) create(p api.CreateParams) error {
	defer api.WipeSecrets(&p)
	var err error
	if p.Passphrase, err = s.passphrase(); err != nil {
		return err
	}
	if p.Password, err = s.freshSecret(s.command, password, "Password of the new wallet"); err != nil {
		return err
	}
	created, err := call(s, api.CreateWallet, p)
	if err != nil {
		return err
	}
	defer created.Words.Wipe()
	if err := s.show(created, func(w io.Writer) { writeCreated(w, &created) }); err != nil {
		return err
	}
	if len(created.Words) == 0 || wantsJSON(s.command) || !s.atTerminal() {
		return nil
	}
	return s.retype(&created)
}

// passphrase is asked for only when the command says that there is one.
func (s *session) passphrase() ([]byte, error) {
	given, ok, err := s.givenSecret(s.command, passphrase)
	if ok || err != nil || !s.on("passphrase") {
		return given, err
	}
	return s.freshSecret(s.command, passphrase, "BIP-39 passphrase")
}

func writeCreated(w io.Writer, c *api.Created) {
	fmt.Fprintf(w, "wallet\t%s\n", c.Wallet.Name)
	for _, account := range c.Wallet.Accounts {
		if account.Address != "" {
			fmt.Fprintf(w, "address\t%s\n", account.Address)
		}
	}
	if len(c.Words) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWrite these words down, in this order. Whoever has them has the coins,\nand without them nobody can bring the wallet back:\n\t")
	writeWords(w, c.Words)
}

// writeWords prints numbered words in four columns.
func writeWords(w io.Writer, sentence []byte) {
	words := bytes.Fields(sentence)
	rows := (len(words) + 3) / 4
	for row := range rows {
		for i := row; i < len(words); i += rows {
			fmt.Fprintf(w, "%2d %s\t", i+1, words[i])
		}
		fmt.Fprintln(w)
	}
}

// retype asks for three of the words, and notes that they were written down
// when they are right. An empty line leaves it for later.
func (s *session) retype(c *api.Created) error {
	words := bytes.Fields(c.Words)
	for _, i := range someOf(len(words), 3) {
		fmt.Fprintf(s.stderr, "Type again word number %d (nothing to leave it for later): ", i+1)
		typed, err := readLine(s.stdin)
		if err != nil {
			return err
		}
		typed = bytes.TrimSpace(typed)
		right := bytes.Equal(typed, words[i])
		clear(typed)
		switch {
		case right:
		case len(typed) == 0:
			fmt.Fprintln(s.stderr, "jio: not noted as backed up; `jio wallet words` shows the words again")
			return nil
		default:
			return usage(fmt.Errorf("word %d is another one: look at what you wrote down; `jio wallet words` shows the words again", i+1))
		}
	}
	if _, err := call(s, api.MarkBackedUp, api.WalletParams{Wallet: c.Wallet.Name}); err != nil {
		return err
	}
	fmt.Fprintln(s.stderr, "right; the wallet is noted as backed up")
	return nil
}

// someOf picks some of n numbers, ascending.
func someOf(n, some int) []int {
	var picked []int
	for len(picked) < min(n, some) {
		drawn, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
		if err != nil {
			panic("cli: no randomness: " + err.Error())
		}
		if i := int(drawn.Int64()); !slices.Contains(picked, i) {
			picked = append(picked, i)
		}
	}
	slices.Sort(picked)
	return picked
}

func (a *app) walletRestore() *cobra.Command {
	command := &cobra.Command{
		Use:   "restore [NAME]",
		Short: "Make a wallet from words that were written down",
		Args:  atMost(1),
	}
	command.Flags().String("words-file", "", "read the words from a file, - for the standard input, instead of asking")
	command.Flags().String("birthday", "", "no coins came before this day, as 2026-01-31; all days are searched without it")
	command.Flags().Bool("passphrase", false, "ask for the BIP-39 passphrase that belongs to the words")
	addSecret(command, password, "the password")
	addSecret(command, passphrase, "the passphrase")
	return a.online(command, func(s *session, args []string) error {
		words, err := s.words()
		if err != nil {
			return err
		}
		birthday, err := s.birthday()
		if err != nil {
			return err
		}
		return s.create(api.CreateParams{Wallet: named(args), Words: words, Birthday: birthday})
	})
}

// words reads the words to restore from.
func (s *session) words() ([]byte, error) {
	switch file := s.text("words-file"); file {
	case "":
		if !s.atTerminal() {
			return nil, usage(errors.New("the words are needed: use a terminal or --words-file"))
		}
		return s.ask("words", "The words, with blanks between them")
	case stream:
		return io.ReadAll(io.LimitReader(s.stdin, 64<<10))
	default:
		words, err := os.ReadFile(file)
		return words, usage(err)
	}
}

// birthday reads a day of this machine's zone as milliseconds since 1970, 0
// where none is given.
func (s *session) birthday() (int64, error) {
	text := s.text("birthday")
	if text == "" {
		return 0, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, time.Local)
	if err != nil {
		return 0, usage(fmt.Errorf("--birthday %q: want a day such as 2026-01-31", text))
	}
	return day.UnixMilli(), nil
}

func (a *app) walletWatch() *cobra.Command {
	command := &cobra.Command{
		Use:   "watch NAME KEY|ADDRESS…",
		Short: "Make a wallet without secrets that watches public keys and addresses",
		Args:  atLeastArgs(2, "NAME", "KEY|ADDRESS…"),
	}
	command.Flags().String("birthday", "", "no coins came before this day, as 2026-01-31; all days are searched without it")
	return a.online(command, func(s *session, args []string) error {
		birthday, err := s.birthday()
		if err != nil {
			return err
		}
		created, err := call(s, api.CreateWallet, api.CreateParams{Wallet: args[0], Watch: args[1:], Birthday: birthday})
		if err != nil {
			return err
		}
		return s.show(created, func(w io.Writer) { writeCreated(w, &created) })
	})
}

func (a *app) walletList() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "list",
		Short: "List the wallets with their balances",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		all, err := call(s, api.ListWallets, api.None{})
		if err != nil {
			return err
		}
		return s.show(all, func(w io.Writer) {
			for i := range all.Wallets {
				each := &all.Wallets[i]
				fmt.Fprintf(w, "%s\t%s\t%s\n", each.Name, lockInWords(each), walletInWords(each))
			}
		})
	})
}

func lockInWords(w *api.WalletSummary) string {
	switch {
	case !w.Open:
		return "closed"
	case w.WatchOnly:
		return "watches only"
	case w.Unlocked:
		return "unlocked until " + clock(w.UnlockedUntil)
	}
	return "locked"
}

func (a *app) walletOpen() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "open NAME",
		Short: "Open a wallet; it stays locked",
		Args:  wants("NAME"),
	}, func(s *session, args []string) error {
		w, err := call(s, api.OpenWallet, api.WalletParams{Wallet: args[0]})
		if err != nil {
			return err
		}
		return s.show(w, func(out io.Writer) { writeWallet(out, &w) })
	})
}

func (a *app) walletClose() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "close NAME",
		Short: "Close a wallet until it is opened again or the node starts anew",
		Args:  wants("NAME"),
	}, func(s *session, args []string) error {
		if _, err := call(s, api.CloseWallet, api.WalletParams{Wallet: args[0]}); err != nil {
			return err
		}
		return s.done("wallet %s is closed", args[0])
	})
}

// atMost and atLeastArgs check the number of arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error { return usage(cobra.MaximumNArgs(n)(command, args)) }
}

func atLeastArgs(n int, names ...string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) >= n {
			return nil
		}
		return usage(fmt.Errorf("%q wants %s", command.CommandPath(), strings.Join(names, " ")))
	}
}
