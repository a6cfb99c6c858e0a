package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/testnet/load"
	localnet "github.com/jio-dag/jio/testnet/local"
)

func (a *app) testnetLoad() *cobra.Command {
	command := &cobra.Command{
		Use:   "load",
		Short: "Send payments at a rate, and measure how they fare",
		Long: "Send payments between wallets at a rate, through all nodes of the network that `jio testnet\n" +
			"up` runs in turn, or through the node of --rpc, --network and --datadir. The wallets are\n" +
			"accounts of words whose entropy stands in a file, the same in every run. Coins of the first\n" +
			"are spread over all before anything is paid; on devnet and simnet blocks are made that pay\n" +
			"it while all are empty. With --in-nodes wallets of the nodes themselves pay, and the nodes\n" +
			"pick the coins and sign. Payments under way in the end are waited for, up to 30 s.",
		Args: wants(),
	}
	command.Flags().Float64("rate", 10, "payments a second")
	command.Flags().Duration("for", time.Minute, "how long")
	command.Flags().Int("wallets", load.DefaultWallets, "how many wallets pay each other")
	command.Flags().Bool("in-nodes", false, "the wallets are the nodes' own, made where they are missing: named load-0 and so on")
	addFlags(command.Flags(), scopeCall)
	addJSON(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		cfg, done, err := a.loadConfig(command)
		if err != nil {
			return err
		}
		defer done()
		return a.payFor(command, cfg)
	}
	return command
}

// payFor pays for as long as the command says, and shows the report.
func (a *app) payFor(command *cobra.Command, cfg load.Config) error {
	limit, _ := command.Flags().GetDuration("for")
	return a.interruptible(command.Context(), node.CrashDir(filepath.Dir(cfg.Key.Name())), stopSignals, func(ctx context.Context) error {
		paying, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		l := load.New(cfg)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.Run(paying)
		}()
		ticker := a.ticker()
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				ticker.say("%s", progressOf(l.Report()))
				continue
			case <-ended:
				report := l.Final(context.WithoutCancel(ctx))
				s := &session{app: a, command: command}
				return cmp.Or(s.show(report, func(w io.Writer) { report.Write(w) }), verdictOn(&report))
			}
		}
	})
}

// progressOf says how a load does, and what to do when it cannot get on.
func progressOf(r load.Report) string {
	text := fmt.Sprintf("%d sent, %d accepted, %d refused, %d starved %s", r.Sent, r.Accepted, r.Refused, r.Starved, r.Refusal)
	if r.Stalled > 0 {
		text += fmt.Sprintf("; no block for %.0f s: %s", r.Stalled, startMining)
	}
	return text
}

// verdictOn is the report's verdict, and what to do about it.
func verdictOn(r *load.Report) error {
	err := r.Verdict()
	if err != nil && r.Stalled > 0 {
		return fmt.Errorf("%w: %s", err, startMining)
	}
	return err
}

// startMining is what to do when nobody mines.
const startMining = "start a miner with `jio mine on`, or the network with `jio testnet up N --mine 1`"

// loadConfig finds the nodes to pay to and the key to pay from.
func (a *app) loadConfig(command *cobra.Command) (cfg load.Config, done func(), err error) {
	flags := command.Flags()
	rate, _ := flags.GetFloat64("rate")
	wallets, _ := flags.GetInt("wallets")
	switch {
	case !(rate > 0 && rate <= 1000):
		return cfg, nil, usage(fmt.Errorf("a rate of %v payments a second: want up to 1000", rate))
	case wallets < 1 || wallets > load.MaxWallets:
		return cfg, nil, usage(fmt.Errorf("%d wallets: want 1 to %d", wallets, load.MaxWallets))
	}
	cfg, done, err = a.loadFrom(command)
	cfg.Rate, cfg.Wallets, cfg.Settle = rate, wallets, settleTime
	cfg.InNodes, _ = flags.GetBool("in-nodes")
	return cfg, done, err
}

// settleTime bounds the wait for payments under way.
const settleTime = 30 * time.Second

// loadFrom finds the network or the node.
func (a *app) loadFrom(command *cobra.Command) (cfg load.Config, done func(), err error) {
	flags := command.Flags()
	dir, err := a.testnetDir(command)
	if err != nil {
		return cfg, nil, err
	}
	elsewhere := flags.Changed("rpc") || flags.Changed("network") || flags.Changed("datadir")
	if flags.Changed("dir") || !elsewhere {
		cfg, done, err = loadOfNet(command.Context(), dir)
		if !errors.Is(err, localnet.ErrNotUp) || flags.Changed("dir") {
			return cfg, done, err
		}
	}
	return a.loadOfNode(command)
}

// loadOfNet pays to all nodes of a network from the purse of its miners.
func loadOfNet(ctx context.Context, dir string) (cfg load.Config, done func(), err error) {
	nodes, bps, err := localnet.Attach(ctx, dir)
	if err != nil {
		return cfg, nil, err
	}
	for _, n := range nodes {
		cfg.Nodes = append(cfg.Nodes, n)
	}
	if cfg.Params, err = params.SimNetAt(bps); err != nil {
		return cfg, nil, err
	}
	cfg.Fund = true
	return withKey(cfg, localnet.PurseFile(dir))
}

// loadOfNode pays to one node, from a key in its directory.
func (a *app) loadOfNode(command *cobra.Command) (cfg load.Config, done func(), err error) {
	settings, err := a.resolve(command)
	if err != nil {
		return cfg, nil, err
	}
	if cfg.Params, err = settings.params(); err != nil {
		return cfg, nil, usage(err)
	}
	if cfg.Params.Name == params.MainNet().Name {
		return cfg, nil, usage(errors.New("a load is for test networks: its coins are kept without a password"))
	}
	c, err := a.dial(command)
	if err != nil {
		return cfg, nil, err
	}
	cfg.Nodes, cfg.Fund = []load.Node{c}, node.CanGenerate(cfg.Params) == nil
	return withKey(cfg, filepath.Join(node.LayoutOf(settings.text("datadir"), cfg.Params.Name).Dir, "load.key"))
}

// withKey opens the key to pay from, for this process alone.
func withKey(cfg load.Config, file string) (load.Config, func(), error) {
	key, err := load.OpenKey(file)
	if err != nil {
		return cfg, nil, err
	}
	if err := key.Lock(); err != nil {
		return cfg, nil, errors.Join(err, key.Close())
	}
	cfg.Key = key
	return cfg, func() { _ = key.Close() }, nil
}
