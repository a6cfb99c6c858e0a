package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui"
	"github.com/jio-dag/jio/tui/wizard"
	"github.com/jio-dag/jio/wallet/hd"
)

// errLeft says that the user left the wizard; nothing was made.
var errLeft = errors.New("left; nothing was made")

// isFirstRun reports whether nothing has run in the data directory yet and the
// user may be asked. Who says where and that there shall be no wallet has
// answered already.
func isFirstRun(r resolution) bool {
	if r.on("daemon") || r.on("no-wallet") {
		return false
	}
	_, err := os.Stat(node.LayoutOf(r.text("datadir"), r.text("network")).Dir)
	return errors.Is(err, os.ErrNotExist)
}

// firstRun asks what a first run must know, on the screen or on plain lines, and
// returns the settings with the answers in them. The answers are the caller's to
// wipe.
func (a *app) firstRun(ctx context.Context, r resolution, t *terminal) (resolution, wizard.Answers, error) {
	host := wizardHost(r.text("datadir"))
	steps, given := wizard.FirstRun(host), wizard.Answers{}
	var asked []string
	for _, name := range []string{wizard.Network, wizard.DataDir} {
		if r.named(name).isSet {
			given[name] = []byte(r.text(name))
			steps = wizard.Without(steps, name)
		} else {
			asked = append(asked, name)
		}
	}
	flow := wizard.NewFlow(steps, given)
	answers, err := a.walk(ctx, flow, t)
	if err != nil {
		flow.Answers().Wipe()
		return nil, nil, err
	}
	for _, name := range asked {
		r = r.with(name, answers.Text(name), "your answer")
	}
	return r, answers, keepChoices(r, asked)
}

func (a *app) walk(ctx context.Context, flow *wizard.Flow, t *terminal) (answers wizard.Answers, err error) {
	if t == nil {
		fmt.Fprintln(a.stdout, "Welcome to JIO. A few questions first; `back` goes back, an empty line takes what stands in brackets.")
		return wizard.Plain{Out: a.stdout, Line: a.lineReader(), Veil: a.veiled}.Run(flow)
	}
	answers, err = tui.Ask(ctx, flow, tui.Config{
		Theme: t.theme, Glyphs: t.glyphs, Profile: t.profile, Now: time.Now,
		Recovered: func(name string, f func() error) error {
			return node.Recovered(name, node.CrashDir(os.TempDir()), f)
		},
	}, os.Stdin, os.Stdout)
	if err == nil && answers == nil {
		err = errLeft
	}
	return answers, err
}

// lineReader reads lines from the standard input; on a terminal a secret is not
// shown while it is typed.
func (a *app) lineReader() func(secret bool, prompt string) ([]byte, error) {
	lines := bufio.NewReader(a.stdin)
	return func(secret bool, prompt string) ([]byte, error) {
		if secret && a.atTerminal() {
			defer fmt.Fprintln(a.stdout)
			return unechoed(os.Stdin.Fd(), func() { fmt.Fprint(a.stdout, prompt) })
		}
		fmt.Fprint(a.stdout, prompt)
		line, err := lines.ReadBytes('\n')
		if err != nil && len(line) == 0 {
			if errors.Is(err, io.EOF) {
				err = usage(errors.New("nobody answers the questions of a first run; --network, --datadir and --no-wallet together leave them out, and so does --daemon"))
			}
			return nil, err
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// wizardHost is what the steps need of the rest of the program.
func wizardHost(dataDir string) wizard.Host {
	h := wizard.Host{
		DataDir:      dataDir,
		NewWords:     newWords,
		CheckWords:   checkWords,
		Matches:      hd.WordsWith,
		CheckWatched: checkWatched,
		Positions:    threePositions,
	}
	for _, name := range []string{"devnet", "simnet", "testnet", "mainnet"} {
		h.Networks = append(h.Networks, wizard.Option{Value: name, Label: name + ": " + networkHelp[name]})
	}
	return h
}

var networkHelp = map[string]string{
	"devnet":  "a chain of your own, to try everything",
	"simnet":  "a chain of your own with next to no proof of work, for tests",
	"testnet": "the public test network; its coins have no value",
	"mainnet": "the network whose coins have value; not launched yet",
}

func newWords(count int) ([]byte, error) {
	entropy := make([]byte, count/3*4)
	defer clear(entropy)
	if _, err := rand.Read(entropy); err != nil {
		return nil, err
	}
	m, err := hd.NewMnemonic(entropy)
	if err != nil {
		return nil, err
	}
	defer m.Wipe()
	return m.Sentence(), nil
}

func checkWords(words []byte) error {
	m, err := hd.ParseMnemonic(words)
	if err != nil {
		return err
	}
	m.Wipe()
	return nil
}

// checkWatched takes a public key in hexadecimal or an address of the network.
func checkWatched(network, text string) error {
	if key, err := hex.DecodeString(text); err == nil && len(key) == 32 {
		if !types.ValidKey([32]byte(key)) {
			return fmt.Errorf("%s is not a public key", text)
		}
		return nil
	}
	p, err := params.ByName(network)
	if err != nil {
		return err
	}
	_, err = types.ParseAddress(p.AddressPrefix, text)
	return err
}

// threePositions draws three different numbers below count.
func threePositions(count int) (out [3]int) {
	chosen := make([]int, 0, 3)
	for len(chosen) < 3 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(count)))
		if err != nil {
			panic(err) // crypto/rand never fails
		}
		if i := int(n.Int64()); !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	return [3]int(chosen)
}

// makeWallet makes the wallet that the user asked for on a node that runs, and
// lets mining pay it.
func makeWallet(ctx context.Context, to api.Caller, answers wizard.Answers) error {
	mode := answers.Text(wizard.Mode)
	if mode == "" || mode == wizard.None {
		return nil
	}
	created, err := api.CreateWallet.Call(ctx, to, tui.CreateParams(answers, time.Now()))
	if err != nil {
		return err
	}
	created.Words.Wipe()
	name := created.Wallet.Name
	if mode == wizard.Watch {
		return nil
	}
	fresh, err := api.NewAddress.Call(ctx, to, api.AddressParams{Wallet: name, Label: "mining"})
	if err != nil {
		return err
	}
	change := api.MinerParams{PayTo: &fresh.Address}
	if answers.Text(wizard.Mine) == "yes" {
		on := true
		change.Mining = &on
	}
	_, err = api.SetMiner.Call(ctx, to, change)
	return err
}

// keepChoices writes a configuration file with what the user was asked where
// there is none, so that the next start finds it.
func keepChoices(r resolution, asked []string) error {
	if len(asked) == 0 {
		return nil
	}
	name := r.text("config")
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(configTemplate(r, asked))
	return errors.Join(err, f.Close())
}

// configTemplate lists every setting with what it means; those that were asked
// for are set, the others are comments with their defaults.
func configTemplate(r resolution, asked []string) string {
	var b strings.Builder
	b.WriteString("# Settings of JIO. Flags and JIO_* variables stand above this file.\n")
	for _, v := range r {
		if !v.setting.inFile() {
			continue
		}
		mark, value := "", v.text
		if !slices.Contains(asked, v.setting.name) {
			mark = "#"
			if value, _ = v.setting.standard(); v.setting.kind != kindText && value == "" {
				continue // no default here
			}
		}
		if v.setting.kind == kindText {
			value = fmt.Sprintf("%q", value)
		}
		fmt.Fprintf(&b, "\n# %s\n%s%s = %s\n", v.setting.usage, mark, v.setting.name, value)
	}
	return b.String()
}
