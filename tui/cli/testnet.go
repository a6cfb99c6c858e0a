package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
	localnet "github.com/jio-dag/jio/testnet/local"
)

func (a *app) testnetCommand() *cobra.Command {
	group := &cobra.Command{
		Use:   "testnet",
		Short: "Run a network of real nodes on this machine, and steer it",
		Long: "Run a network of real nodes on this machine: processes with directories and ports of their\n" +
			"own on simnet, joined through relays that delay, part and heal them. `jio testnet up` runs it;\n" +
			"the other commands steer it from another terminal.",
		Args: noSuchCommand,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	group.PersistentFlags().String("dir", "", "the network's directory; local in the data directory unless told otherwise")
	group.AddCommand(a.testnetUp(), a.testnetDown(), a.testnetStatus(), a.testnetKill(), a.testnetStart(),
		a.testnetPartition(), a.testnetHeal(), a.testnetWithhold(), a.testnetLoad())
	return group
}

// testnetDir is the directory of the network that a command is about.
func (a *app) testnetDir(command *cobra.Command) (string, error) {
	if dir := command.Flags().Lookup("dir").Value.String(); dir != "" {
		return filepath.Abs(dir)
	}
	settings, err := a.resolve(command)
	if err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(settings.text("datadir"), "local"))
}

func (a *app) testnetUp() *cobra.Command {
	command := &cobra.Command{
		Use:   "up N",
		Short: "Bring up N nodes and show them until --for is over or a signal comes",
		Long: "Bring up N nodes and show them, once a second, until --for is over, a signal comes or\n" +
			"`jio testnet down` is called. Then the miners stop, the nodes are to come to one sink, and\n" +
			"a summary is printed; the exit code is 1 where they do not, or where one banned another.",
		Args: wants("N"),
		RunE: a.runTestnet,
	}
	addJSON(command)
	flags := command.Flags()
	flags.Int("mine", -1, "how many of the nodes mine; all unless told otherwise")
	flags.Duration("latency", 50*time.Millisecond, "how long a byte takes from one node to another")
	flags.Float64("load", 0, "payments a second")
	flags.Duration("for", 0, "how long; until a signal comes unless told otherwise")
	flags.Uint64("seed", 1, "of the miners' timing")
	flags.Bool("fresh", false, "forget what an earlier network left in the directory")
	return command
}

// testnetOptions reads what network to bring up.
func (a *app) testnetOptions(command *cobra.Command, count string) (o localnet.Options, err error) {
	settings, err := a.resolve(command)
	if err != nil {
		return o, err
	}
	if o.Nodes, err = strconv.Atoi(count); err != nil {
		return o, usage(fmt.Errorf("%q is no number of nodes", count))
	}
	if o.Dir, err = a.testnetDir(command); err != nil {
		return o, err
	}
	if o.Program, err = os.Executable(); err != nil {
		return o, err
	}
	flags := command.Flags()
	o.BPS = uint64(settings.count("bps"))
	o.Args = []string{"--log-level", settings.text("log-level")}
	if o.Miners, _ = flags.GetInt("mine"); o.Miners < 0 {
		o.Miners = o.Nodes
	}
	o.Latency, _ = flags.GetDuration("latency")
	o.Load, _ = flags.GetFloat64("load")
	o.Seed, _ = flags.GetUint64("seed")
	o.Fresh, _ = flags.GetBool("fresh")
	return o, usage(o.Validate())
}

func (a *app) runTestnet(command *cobra.Command, args []string) error {
	opts, err := a.testnetOptions(command, args[0])
	if err != nil {
		return err
	}
	limit, _ := command.Flags().GetDuration("for")
	asJSON := wantsJSON(command)
	return a.interruptible(command.Context(), node.CrashDir(opts.Dir), stopSignals, func(ctx context.Context) error {
		n, err := localnet.Open(ctx, opts, func(text string) { fmt.Fprintln(a.stderr, text) })
		if err != nil {
			return err
		}
		if limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
		}
		summary, err := n.Run(ctx, a.testnetScreen(asJSON))
		if err := errors.Join(err, n.Close()); err != nil {
			return err
		}
		if asJSON {
			err = a.printJSON(a.stdout, summary)
		} else {
			err = summary.Write(a.stdout)
		}
		return cmp.Or(err, summary.Verdict())
	})
}

// testnetScreen shows a view: on a terminal in the place of the one before, else
// as a line now and then.
func (a *app) testnetScreen(asJSON bool) func(localnet.View) {
	out, isFile := a.stdout.(*os.File)
	if !asJSON && isFile && noScreen(os.Stdin, out, os.Getenv) == "" {
		return func(v localnet.View) {
			fmt.Fprint(out, "\x1b[H\x1b[2J") // from the top of an empty screen
			_ = v.Write(out)
		}
	}
	const pause = 10 * time.Second
	next := time.Now()
	return func(v localnet.View) {
		if now := time.Now(); !now.Before(next) {
			next = now.Add(pause)
			fmt.Fprintln(a.stderr, v.Line())
		}
	}
}

// steers makes a command tell the network something.
func (a *app) steers(command *cobra.Command, read func(command *cobra.Command, args []string) (localnet.Command, error)) *cobra.Command {
	addJSON(command)
	command.RunE = func(command *cobra.Command, args []string) error {
		told, err := read(command, args)
		if err != nil {
			return usage(err)
		}
		dir, err := a.testnetDir(command)
		if err != nil {
			return err
		}
		reply, err := localnet.Tell(command.Context(), dir, told)
		if err != nil {
			return err
		}
		return a.showReply(command, &reply)
	}
	return command
}

func (a *app) showReply(command *cobra.Command, reply *localnet.Reply) error {
	switch {
	case wantsJSON(command) && reply.View != nil:
		return a.printJSON(a.stdout, reply.View)
	case wantsJSON(command):
		return a.printJSON(a.stdout, struct{}{})
	case reply.View != nil:
		return reply.View.Write(a.stdout)
	}
	_, err := fmt.Fprintln(a.stdout, reply.Done)
	return err
}

func (a *app) testnetDown() *cobra.Command {
	command := a.steers(&cobra.Command{
		Use:   "down",
		Short: "Stop the network, or the nodes that an interrupted run left",
		Args:  wants(),
	}, func(*cobra.Command, []string) (localnet.Command, error) {
		return localnet.Command{Do: localnet.DoDown}, nil
	})
	tell := command.RunE
	command.RunE = func(command *cobra.Command, args []string) error {
		err := tell(command, args)
		if !errors.Is(err, localnet.ErrNotUp) {
			return err
		}
		dir, dirErr := a.testnetDir(command)
		if dirErr != nil {
			return dirErr
		}
		stopped, stopErr := localnet.StopAll(command.Context(), dir)
		if stopped == 0 {
			return err
		}
		return cmp.Or(stopErr, a.showReply(command, &localnet.Reply{Done: "stopped " + plural(stopped, "node")}))
	}
	return command
}

func (a *app) testnetStatus() *cobra.Command {
	return a.steers(&cobra.Command{
		Use:   "status",
		Short: "Show tips, blue scores, peers and agreement of the nodes",
		Args:  wants(),
	}, func(*cobra.Command, []string) (localnet.Command, error) {
		return localnet.Command{Do: localnet.DoStatus}, nil
	})
}

func (a *app) testnetKill() *cobra.Command {
	return a.steers(&cobra.Command{
		Use:   "kill NODE",
		Short: "End a node as a power loss would",
		Args:  wants("NODE"),
	}, aboutNode(localnet.DoKill))
}

func (a *app) testnetStart() *cobra.Command {
	return a.steers(&cobra.Command{
		Use:   "start NODE",
		Short: "Start a node that is down",
		Args:  wants("NODE"),
	}, aboutNode(localnet.DoStart))
}

func aboutNode(do string) func(*cobra.Command, []string) (localnet.Command, error) {
	return func(_ *cobra.Command, args []string) (c localnet.Command, err error) {
		c.Do = do
		if c.Node, err = strconv.Atoi(args[0]); err != nil {
			err = fmt.Errorf("%q is no number of a node", args[0])
		}
		return c, err
	}
}

func (a *app) testnetPartition() *cobra.Command {
	return a.steers(&cobra.Command{
		Use:     "partition SIDES",
		Short:   "Shut every link between two sides, as in 0,1|2,3,4",
		Example: "  jio testnet partition '0,1|2,3,4'",
		Args:    wants("SIDES"),
	}, func(_ *cobra.Command, args []string) (localnet.Command, error) {
		return localnet.Command{Do: localnet.DoPartition, Sides: args[0]}, nil
	})
}

func (a *app) testnetHeal() *cobra.Command {
	return a.steers(&cobra.Command{
		Use:   "heal",
		Short: "Open every link again, and release what is withheld",
		Args:  wants(),
	}, func(*cobra.Command, []string) (localnet.Command, error) {
		return localnet.Command{Do: localnet.DoHeal}, nil
	})
}

func (a *app) testnetWithhold() *cobra.Command {
	command := &cobra.Command{
		Use:   "withhold NODE",
		Short: "Let a miner build a branch of its own that the others see only afterwards",
		Args:  wants("NODE"),
	}
	command.Flags().Duration("for", 0, "how long; until the branch is sure to be red unless told otherwise")
	return a.steers(command, func(command *cobra.Command, args []string) (localnet.Command, error) {
		c, err := aboutNode(localnet.DoWithhold)(command, args)
		c.For, _ = command.Flags().GetDuration("for")
		return c, err
	})
}
