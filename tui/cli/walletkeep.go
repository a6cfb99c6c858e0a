package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

func (a *app) walletKeepers() []*cobra.Command {
	return []*cobra.Command{
		a.walletLock(), a.walletUnlock(), a.walletPasswd(), a.walletWords(), a.walletBackup(), a.walletScan(), a.walletImportMiningKey(),
	}
}

func (a *app) walletLock() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "lock",
		Short: "Lock a wallet: its secrets leave the memory of the node",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		w, err := call(s, api.LockWallet, api.WalletParams{Wallet: s.text("wallet")})
		if err != nil {
			return err
		}
		return s.show(w, func(out io.Writer) { fmt.Fprintf(out, "wallet %s is locked\n", w.Name) })
	})
}

func (a *app) walletUnlock() *cobra.Command {
	command := &cobra.Command{
		Use:   "unlock",
		Short: "Unlock a wallet for a while",
		Args:  wants(),
	}
	command.Flags().Duration("for", 0, "how long it stays unlocked unused, as 10m; the usual time without it")
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, _ []string) error {
		d, _ := s.command.Flags().GetDuration("for")
		return s.withPassword(func(p api.ConfirmParams) error {
			w, err := call(s, api.UnlockWallet, api.UnlockParams{Wallet: p.Wallet, Password: p.Password, Seconds: int64(d / time.Second)})
			if err != nil {
				return err
			}
			return s.show(w, func(out io.Writer) { fmt.Fprintf(out, "wallet %s is %s\n", w.Name, lockInWords(&w)) })
		})
	})
}

// withPassword finds the session's wallet and then its password, and does work
// with both. A wallet that only watches has none, and the node says what it
// cannot do.
func (s *session) withPassword(work func(p api.ConfirmParams) error) error {
	w, err := call(s, api.GetWallet, api.WalletParams{Wallet: s.text("wallet")})
	switch {
	case err != nil:
		return err
	case w.WatchOnly:
		return work(api.ConfirmParams{Wallet: w.Name})
	}
	return s.withPasswordOf(w.Name, work)
}

// withPasswordOf is withPassword for a wallet that was found, and has one. The
// password is wiped after it.
func (s *session) withPasswordOf(wallet string, work func(p api.ConfirmParams) error) error {
	secret, err := s.walletPassword(wallet)
	if err != nil {
		return err
	}
	defer clear(secret)
	return work(api.ConfirmParams{Wallet: wallet, Password: secret})
}

// walletPassword returns the password of a wallet that is there. Without it the
// wallet is locked, also to a command that nobody attends.
func (s *session) walletPassword(wallet string) ([]byte, error) {
	given, ok, err := s.givenSecret(s.command, password)
	if ok || err != nil {
		return given, err
	}
	if !s.atTerminal() {
		return nil, &api.Error{
			Code: api.CodeLocked, Reason: "locked",
			Message: fmt.Sprintf("the wallet %s is locked, and nobody can be asked for its password here: use a terminal, --password-file or --password-fd", wallet),
		}
	}
	return s.ask(password, "Password of the wallet "+wallet)
}

// oneTask is how long a wallet is unlocked for one command; it is locked again
// right after.
const oneTask = time.Minute

// aDay is how long a wallet can be unlocked at most.
const aDay = 24 * time.Hour

// unlocked runs work with the session's wallet unlocked, and locks it again when
// it was locked before. A password that was given is used in any case.
func (s *session) unlocked(work func() error) error {
	w, err := call(s, api.GetWallet, api.WalletParams{Wallet: s.text("wallet")})
	if err != nil {
		return err
	}
	given := s.command.Flags().Changed(password+"-file") || s.command.Flags().Changed(password+"-fd")
	if w.WatchOnly || w.Unlocked && !given {
		return work() // the node says what a wallet without secrets cannot do
	}
	return s.withPasswordOf(w.Name, func(p api.ConfirmParams) error {
		left := time.Until(time.UnixMilli(w.UnlockedUntil)) // not to be cut short
		unlock := api.UnlockParams{Wallet: p.Wallet, Password: p.Password, Seconds: int64(min(max(oneTask, left), aDay) / time.Second)}
		for tries := 1; ; tries++ {
			_, err := call(s, api.UnlockWallet, unlock)
			if err == nil {
				err = work()
			} else if reasonOf(err) != lockedMeanwhile {
				return err
			}
			if reasonOf(err) == lockedMeanwhile && tries < mostUnlocks {
				w.Unlocked = false // another command was done with it
				continue
			}
			if w.Unlocked {
				return err
			}
			if _, locking := call(s, api.LockWallet, api.WalletParams{Wallet: w.Name}); err == nil {
				err = locking
			}
			return err
		}
	})
}

const (
	// lockedMeanwhile is the reason of a node whose wallet another command has locked.
	lockedMeanwhile = "locked"
	// mostUnlocks bounds how often others may come in between; each does so once.
	mostUnlocks = 100
)

func (a *app) walletPasswd() *cobra.Command {
	command := &cobra.Command{
		Use:   "passwd",
		Short: "Change the password of a wallet; older copies of its file keep the old one",
		Args:  wants(),
	}
	addSecret(command, password, "the password of now")
	addSecret(command, newPassword, "the new password")
	return a.ofWallet(command, func(s *session, _ []string) error {
		return s.withPassword(func(p api.ConfirmParams) error {
			fresh, err := s.freshSecret(s.command, newPassword, "New password")
			if err != nil {
				return err
			}
			defer clear(fresh)
			if _, err := call(s, api.ChangePassword, api.PasswordParams{Wallet: p.Wallet, Old: p.Password, New: fresh}); err != nil {
				return err
			}
			return s.done("the password is changed, and the wallet is locked")
		})
	})
}

func (a *app) walletWords() *cobra.Command {
	command := &cobra.Command{
		Use:   "words",
		Short: "Show the words of a wallet",
		Args:  wants(),
	}
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, _ []string) error {
		return s.withPassword(func(p api.ConfirmParams) error {
			words, err := call(s, api.ShowWords, p)
			if err != nil {
				return err
			}
			defer words.Words.Wipe()
			return s.show(words, func(w io.Writer) {
				writeWords(w, words.Words)
				if words.Passphrase {
					fmt.Fprintln(w, "\nA passphrase belongs to them, which is not shown.")
				}
			})
		})
	})
}

func (a *app) walletBackup() *cobra.Command {
	return a.ofWallet(&cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the encrypted file of a wallet to a new FILE",
		Args:  wants("FILE"),
	}, func(s *session, args []string) error {
		file, err := filepath.Abs(args[0])
		if err != nil {
			return err
		}
		if _, err := call(s, api.BackupWallet, api.FileParams{Wallet: s.text("wallet"), File: file}); err != nil {
			return err
		}
		return s.done("copied to %s; it opens with the password of now, and labels are not in it", file)
	})
}

func (a *app) walletRestoreBackup() *cobra.Command {
	command := &cobra.Command{
		Use:   "restore-backup NAME FILE",
		Short: "Make a wallet from a copy of its encrypted file",
		Args:  wants("NAME", "FILE"),
	}
	addSecret(command, password, "the password of the copy")
	return a.online(command, func(s *session, args []string) error {
		file, err := filepath.Abs(args[1])
		if err != nil {
			return err
		}
		secret, err := s.secret(s.command, password, "Password of the copy")
		if err != nil {
			return err
		}
		defer clear(secret)
		w, err := call(s, api.RestoreBackup, api.RestoreParams{Wallet: args[0], File: file, Password: secret})
		if err != nil {
			return err
		}
		return s.show(w, func(out io.Writer) { writeWallet(out, &w) })
	})
}

func (a *app) walletScan() *cobra.Command {
	command := &cobra.Command{
		Use:   "scan",
		Short: "Search the chain for coins again, at further addresses if told so",
		Args:  wants(),
	}
	command.Flags().Int("further", 0, "so many more unused addresses")
	command.Flags().String("birthday", "", "from this day on, as 2026-01-31; all days without it")
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, _ []string) error {
		birthday, err := s.birthday()
		if err != nil {
			return err
		}
		p := api.ScanParams{Wallet: s.text("wallet"), Gap: s.number("further"), Birthday: birthday}
		scan := func() error {
			w, err := call(s, api.ScanFurther, p)
			if err != nil {
				return err
			}
			return s.show(w, func(out io.Writer) { writeWallet(out, &w) })
		}
		if p.Gap == 0 {
			return scan() // nothing is derived
		}
		return s.unlocked(scan)
	})
}

func (a *app) walletImportMiningKey() *cobra.Command {
	command := &cobra.Command{
		Use:   "import-mining-key",
		Short: "Take the node's throwaway mining key over into a wallet",
		Long: "Take the node's throwaway mining key over into a wallet.\n" +
			"The words of the wallet do not bring it back: back up the file after it.",
		Args: wants(),
	}
	addSecret(command, password, "the password")
	return a.ofWallet(command, func(s *session, _ []string) error {
		return s.withPassword(func(p api.ConfirmParams) error {
			address, err := call(s, api.ImportMiningKey, p)
			if err != nil {
				return err
			}
			return s.show(address, func(w io.Writer) {
				fmt.Fprintf(w, "%s is in the wallet; back up its file\n", address.Address)
			})
		})
	})
}
