package wizard

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
)

var errChoice = errors.New("choose one of the answers")

// A Host does for the steps what they cannot do themselves.
type Host struct {
	Networks []Option
	DataDir  string // where data goes unless the user says otherwise
	// NewWords returns a new sentence of 12 or 24 words.
	NewWords func(count int) ([]byte, error)
	// Matches returns the words of the list that begin with some letters.
	Matches func(prefix []byte) []string
	// CheckWords says what is wrong with a sentence.
	CheckWords func(words []byte) error
	// CheckWatched says what is wrong with a public key or an address.
	CheckWatched func(network, text string) error
	// Positions returns three different numbers below count, in ascending order,
	// by chance.
	Positions func(count int) [3]int
}

// FirstRun returns the steps of a first start: where the node lives, then a
// wallet.
func FirstRun(h Host) []Step {
	return append(nodeSteps(h), append(WalletSteps(h), Step{
		Name: Mine, Title: "Mining", Kind: Choice, Initial: "no",
		Text:    "Shall the node search for blocks at once? The key m changes it at any time; the next start begins without, or with --mine.",
		Options: []Option{{"no", "not now"}, {"yes", "mine at once, on all processors but one"}},
		When:    func(a Answers) bool { return a.Text(Mode) != None },
	}, Step{Name: "summary", Title: "Ready", Kind: Reading, Text: "With this the node starts now.", Show: summary})...)
}

// summary says what the answers come to, without their secrets.
func summary(a Answers, _ int) []string {
	wallet := map[string]string{Create: "new", Restore: "restored from its words", Watch: "watches only", None: "none"}[a.Text(Mode)]
	if name := a.Text(Name); hasWallet(a) {
		wallet = name + ", " + wallet
	}
	lines := []string{"network    " + a.Text(Network), "directory  " + a.Text(DataDir), "wallet     " + wallet}
	if hasWallet(a) {
		mining := map[string]string{"yes": "at once", "no": "not now"}[a.Text(Mine)]
		lines = append(lines, "mining     "+mining)
	}
	return lines
}

func nodeSteps(h Host) []Step {
	return []Step{
		{
			Name: Network, Title: "Network", Kind: Choice, Options: h.Networks, Initial: h.Networks[0].Value,
			Text: "Which network shall this node be part of?",
		},
		{
			Name: DataDir, Title: "Data directory", Kind: Line, Initial: h.DataDir,
			Text: "Blocks, wallets and logs are kept here. The chain grows; choose a disk with room.",
			Check: func(_ Answers, value []byte) error {
				if len(bytes.TrimSpace(value)) == 0 {
					return errors.New("a directory is needed")
				}
				return nil
			},
		},
	}
}

// WalletSteps returns the steps that make a wallet.
func WalletSteps(h Host) []Step {
	steps := []Step{
		{
			Name: Mode, Title: "Wallet", Kind: Choice, Initial: Create,
			Text: "A wallet holds the keys to your coins. Whoever has its words has the coins: nobody from JIO will ever ask for them.",
			Options: []Option{
				{Create, "create a new wallet"},
				{Restore, "restore one from its words"},
				{Watch, "watch addresses without their keys"},
				{None, "no wallet now"},
			},
		},
		{
			Name: Name, Title: "Name", Kind: Line, Initial: api.UsualWallet, When: hasWallet,
			Text: "What shall the wallet be called? Small letters, digits, - and _.", Check: checkName,
		},
	}
	steps = append(steps, createSteps(h)...)
	steps = append(steps, restoreSteps(h)...)
	steps = append(steps, watchSteps(h)...)
	return append(steps, secretSteps()...)
}

func hasWallet(a Answers) bool { return a.Text(Mode) != None }

func is(mode string) func(Answers) bool {
	return func(a Answers) bool { return a.Text(Mode) == mode }
}

var goodName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

func checkName(_ Answers, value []byte) error {
	if !goodName.Match(value) {
		return errors.New("use 1 to 32 small letters, digits, - and _, the first a letter or digit")
	}
	return nil
}

// createSteps show new words and ask for some of them, so that they were
// written down.
func createSteps(h Host) []Step {
	steps := []Step{
		{
			Name: WordCount, Title: "Words", Kind: Choice, Initial: "24", When: is(Create),
			Text:    "The wallet is made from words. With them alone it can be restored on any machine.",
			Options: []Option{{"24", "24 words"}, {"12", "12 words"}},
			Check: func(a Answers, value []byte) error {
				count := 24
				if string(value) == "12" {
					count = 12
				}
				words, err := h.NewWords(count)
				if err != nil {
					return err
				}
				a.set(Words, words)
				clear(words)
				return nil
			},
		},
		{
			Name: "show words", Title: "Write these words down", Kind: Reading, When: is(Create), Show: numbered, Veiled: true,
			Text: "On paper, in order. They are shown again only to who knows the password; a recorder of the terminal would see them too.",
		},
		{
			Name: "check", Title: "Written down?", Kind: Choice, Initial: "check", When: is(Create),
			Text:    "Three of the words will be asked for.",
			Options: []Option{{"check", "ask me"}, {"skip", "skip this, on a network whose coins have no value"}},
			Check: func(a Answers, value []byte) error {
				if string(value) == "skip" && a.Text(Network) == "mainnet" {
					return errors.New("on mainnet the words are always asked for")
				}
				a.set("positions", positionsOf(h, a))
				return nil
			},
		},
	}
	for i := range 3 {
		steps = append(steps, retypeStep(i))
	}
	return steps
}

// positionsOf chooses which words are asked for.
func positionsOf(h Host, a Answers) []byte {
	var out []byte
	for _, p := range h.Positions(len(bytes.Fields(a[Words]))) {
		out = append(out, byte(p))
	}
	return out
}

// retypeStep asks for one of the three words. Its title cannot name the word's
// number beforehand, so Show does.
func retypeStep(i int) Step {
	return Step{
		Name: fmt.Sprintf("retype %d", i+1), Title: "Type a word again", Kind: Line, Veiled: true,
		When: func(a Answers) bool { return a.Text(Mode) == Create && a.Text("check") == "check" },
		Show: func(a Answers, _ int) []string { return []string{fmt.Sprintf("Word number %d:", a["positions"][i]+1)} },
		Check: func(a Answers, value []byte) error {
			want := bytes.Fields(a[Words])[a["positions"][i]]
			if !bytes.EqualFold(bytes.TrimSpace(value), want) {
				return fmt.Errorf("that is not word number %d; going back shows the words again", a["positions"][i]+1)
			}
			return nil
		},
	}
}

// numbered lists the words with their numbers, in as many columns as fit.
func numbered(a Answers, width int) []string { return component.Numbered(a[Words], width) }

func restoreSteps(h Host) []Step {
	return []Step{
		{
			Name: Words, Title: "Your words", Kind: Line, When: is(Restore), Veiled: true,
			Text:  "Type the words of the wallet in order, with spaces between them.",
			Hint:  func(value []byte) string { return wordsHint(h, value) },
			Check: func(_ Answers, value []byte) error { return h.CheckWords(value) }, Complete: func(value []byte) []byte { return completed(h, value) },
		},
		{
			Name: Birthday, Title: "Since when", Kind: Line, When: is(Restore),
			Text: "If you know that no coins came before some day, say so to search less: 2026-01-31. Empty searches everything.",
			Check: func(_ Answers, value []byte) error {
				if len(value) == 0 {
					return nil
				}
				if _, err := time.Parse(time.DateOnly, string(value)); err != nil {
					return errors.New("write the day as 2026-01-31, or nothing")
				}
				return nil
			},
		},
	}
}

func watchSteps(h Host) []Step {
	return []Step{{
		Name: Watched, Title: "Watch", Kind: Line, When: is(Watch),
		Text: "Public keys in hexadecimal or addresses, with spaces between them.",
		Check: func(a Answers, value []byte) error {
			items := strings.Fields(string(value))
			if len(items) == 0 {
				return errors.New("at least one key or address is needed")
			}
			for _, item := range items {
				if err := h.CheckWatched(a.Text(Network), item); err != nil {
					return err
				}
			}
			return nil
		},
	}}
}

// hasSecrets reports whether the wallet holds keys.
func hasSecrets(a Answers) bool { return a.Text(Mode) == Create || a.Text(Mode) == Restore }

func secretSteps() []Step {
	return []Step{
		{
			Name: Passphrase, Title: "Passphrase", Kind: Secret, When: hasSecrets,
			Text: "An optional passphrase besides the words; each opens another wallet, and without it the words are of no use. Most people leave it empty.",
		},
		{
			Name: "passphrase again", Title: "Passphrase, once more", Kind: Secret, Text: "A slip here would lock you out.",
			When:  func(a Answers) bool { return hasSecrets(a) && len(a[Passphrase]) > 0 },
			Check: same(Passphrase, "the passphrases differ; go back to type the first again"),
		},
		{
			Name: Password, Title: "Password", Kind: Secret, When: hasSecrets, Hint: Strength,
			Text: "It protects the wallet on this machine. It can be changed later; the words cannot.",
			Check: func(_ Answers, value []byte) error {
				if len(value) == 0 {
					return errors.New("an empty password protects nothing")
				}
				return nil
			},
		},
		{
			Name: "password again", Title: "Password, once more", Kind: Secret, When: hasSecrets, Text: "A slip here would lock you out.",
			Check: same(Password, "the passwords differ; go back to type the first again"),
		},
	}
}

func same(as, otherwise string) func(Answers, []byte) error {
	return func(a Answers, value []byte) error {
		if !bytes.Equal(a[as], value) {
			return errors.New(otherwise)
		}
		return nil
	}
}

// Without returns steps without those of some names, whose answers are given.
func Without(steps []Step, names ...string) []Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return slices.Contains(names, s.Name) })
}
