package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/bench"
)

func (a *app) benchCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "bench",
		Short: "Measure what this machine makes of JIO",
		Long: "Measures hashes, header checks, signatures, blocks and payments added to a database on disk, a restart,\n" +
			"and a sync between two nodes, all made in a temporary directory, in less than two minutes.\n" +
			"Rates are per second of processor time, save the sync's, which is by the clock as the restart is.\n" +
			"What the standard library does in the same run is there to compare machines by.",
		Args: wants(),
	}
	addJSON(command)
	command.Flags().Bool("short", false, "measure less, in less than 20 seconds")
	command.Flags().String("dir", "", "where the databases are made, and removed again; the system's temporary directory unless told otherwise")
	engine, _ := settingNamed("engine")
	addFlag(command.Flags(), engine)
	command.RunE = a.bench
	return command
}

func (a *app) bench(command *cobra.Command, _ []string) error {
	cfg, err := a.benchConfig(command)
	if err != nil {
		return usage(err)
	}
	return a.interruptible(command.Context(), node.CrashDir(os.TempDir()), stopSignals, func(ctx context.Context) error {
		result, err := bench.Run(ctx, cfg)
		if err != nil {
			return err
		}
		if wantsJSON(command) {
			return a.printJSON(a.stdout, result)
		}
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		writeBench(table, result)
		return table.Flush()
	})
}

func (a *app) benchConfig(command *cobra.Command) (cfg bench.Config, err error) {
	settings, err := a.resolve(command)
	if err != nil {
		return cfg, err
	}
	cfg = bench.Config{Amounts: bench.Full, Engine: settings.text("engine")}
	if short, _ := command.Flags().GetBool("short"); short {
		cfg.Amounts = bench.Short
	}
	cfg.Dir, _ = command.Flags().GetString("dir")
	cfg.Progress = func(text string) { fmt.Fprintln(a.stderr, text) }
	return cfg, settings.blame("engine", pow.Choose(params.SimNet(), cfg.Engine))
}

// writeBench writes a figure a line.
func writeBench(w io.Writer, r *bench.Result) {
	line := func(what string, rate bench.Rate, unit string) {
		fmt.Fprintf(w, "%s\t%s\n", what, counted(float64(rate), unit))
	}
	line("the standard library's SHA3-256 of 32 bytes", r.Calibration.SHA3, "/s")
	line("the standard library's Ed25519", r.Calibration.Ed25519, "verified/s")
	for _, name := range slices.Sorted(maps.Keys(r.Hashes)) {
		for _, threads := range slices.Sorted(maps.Keys(r.Hashes[name])) {
			line(fmt.Sprintf("hashes, %s, threads: %s", name, threads), r.Hashes[name][threads], "H/s")
		}
	}
	line("header checks, "+r.Machine.Engine, r.HeaderChecks, "/s")
	line("signatures, one by one", r.Signatures.Single, "verified/s")
	line("signatures, 64 at a time", r.Signatures.Batch64, "verified/s")
	line("signatures, 256 at a time", r.Signatures.Batch256, "verified/s")
	line("empty blocks, a chain", r.Blocks.Empty, "/CPU-s")
	line("empty blocks, 4 wide", r.Blocks.Wide4, "/CPU-s")
	line("empty blocks, 10 wide", r.Blocks.Wide10, "/CPU-s")
	line("payments, 100 a block", r.Payments.Hundred, "/CPU-s")
	line("payments, 300 a block", r.Payments.ThreeHundred, "/CPU-s")
	line("blocks from another node", r.Synced, "/s")
	fmt.Fprintf(w, "restart\t%.3f s\n", r.Restart)
	fmt.Fprintf(w, "memory at most\t%s\n", counted(float64(r.Memory), "B"))
	fmt.Fprintf(w, "machine\t%s, %s, %s/%s, %s\n", r.Machine.CPU, plural(r.Machine.Processors, "processor"), r.Machine.OS, r.Machine.Arch, r.Machine.Go)
	fmt.Fprintf(w, "commit\t%s\n", r.Commit)
}
