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
			"a sync between two nodes, and for how long readers have to wait, all made in a temporary directory, in less\n" +
			"than two minutes: what does not get done in its share of them is \"" + notMeasured + "\", in JSON null.\n" +
			"Rates are per second of processor time, save those of hashes on several threads and of the sync, which are\n" +
			"by the clock as the times are. What the standard library does in the same run is there to compare machines by.",
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

const notMeasured = "not measured in time"

// writeBench writes a figure a line.
func writeBench(w io.Writer, r *bench.Result) {
	line := func(what string, rate bench.Rate, unit string) {
		writeFigure(w, what, float64(rate), counted(float64(rate), unit))
	}
	line("the standard library's SHA3-256 of 32 bytes", r.Calibration.SHA3, "/CPU-s")
	line("the standard library's Ed25519", r.Calibration.Ed25519, "verified/CPU-s")
	for _, name := range slices.Sorted(maps.Keys(r.Hashes)) {
		for _, threads := range slices.Sorted(maps.Keys(r.Hashes[name])) {
			if threads == "1" {
				line("hashes, "+name+", 1 thread", r.Hashes[name][threads], "H/CPU-s")
			} else {
				line("hashes, "+name+", "+threads+" threads by the clock", r.Hashes[name][threads], "H/s")
			}
		}
	}
	line("header checks, "+r.Machine.Engine, r.HeaderChecks, "/CPU-s")
	line("signatures, one by one", r.Signatures.Single, "verified/CPU-s")
	line("signatures, 64 at a time", r.Signatures.Batch64, "verified/CPU-s")
	line("signatures, 256 at a time", r.Signatures.Batch256, "verified/CPU-s")
	line("empty blocks, a chain", r.Blocks.Empty, "/CPU-s")
	line("empty blocks, a chain of 50,000", r.Blocks.Long, "/CPU-s")
	line("empty blocks, its last 5,000", r.Blocks.LongEnd, "/CPU-s")
	line("empty blocks, 4 wide", r.Blocks.Wide4, "/CPU-s")
	line("empty blocks, 10 wide", r.Blocks.Wide10, "/CPU-s")
	line("payments, 100 a block", r.Payments.Hundred, "/CPU-s")
	line("payments, 300 a block", r.Payments.ThreeHundred, "/CPU-s")
	writeMean(w, "allocations of a payment, 100 a block", r.Allocations.Hundred)
	writeMean(w, "allocations of a payment, 300 a block", r.Allocations.ThreeHundred)
	writeTime(w, "wait of readers, 99 in 100 blocks of 300 payments", r.Pause)
	line("blocks from another node", r.Synced, "/s")
	writeTime(w, "restart", r.Restart)
	fmt.Fprintf(w, "memory at most\t%s\n", counted(float64(r.Memory), "B"))
	fmt.Fprintf(w, "machine\t%s, %s, %s/%s, %s\n", r.Machine.CPU, plural(r.Machine.Processors, "processor"), r.Machine.OS, r.Machine.Arch, r.Machine.Go)
	fmt.Fprintf(w, "commit\t%s\n", r.Commit)
}

// writeFigure writes a figure in its words, unless it is 0 because there was no
// time for it.
func writeFigure(w io.Writer, what string, figure float64, words string) {
	if figure == 0 {
		words = notMeasured
	}
	fmt.Fprintf(w, "%s\t%s\n", what, words)
}

func writeMean(w io.Writer, what string, m bench.Mean) {
	writeFigure(w, what, float64(m), fmt.Sprintf("%.1f", m))
}

func writeTime(w io.Writer, what string, t bench.Seconds) {
	writeFigure(w, what, float64(t), fmt.Sprintf("%.1f ms", 1000*t))
}
