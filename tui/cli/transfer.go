package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
)

// stream is the FILE that stands for the standard input or output.
const stream = "-"

func (a *app) exportCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "export FILE",
		Short: "Write every block to FILE, one a line in hex, genesis first (- is the standard output)",
		Args:  wants("FILE"),
	}
	addJSON(command)
	command.RunE = func(command *cobra.Command, args []string) error {
		return a.offline(command, func(ctx context.Context, n *node.Node) error {
			return a.export(ctx, command, n, args[0])
		})
	}
	return command
}

func (a *app) export(ctx context.Context, command *cobra.Command, n *node.Node, file string) error {
	progress, total := a.ticker(), n.Chain().Snapshot().Blocks
	write := func(w io.Writer) (blocks uint64, err error) {
		return n.Export(ctx, w, func(done uint64) { progress.say("%d of %d blocks", done, total) })
	}
	if file == stream {
		_, err := write(a.stdout)
		return err
	}
	blocks, err := replaceFile(file, write)
	if err != nil {
		return err
	}
	if wantsJSON(command) {
		return a.printJSON(a.stdout, map[string]any{"file": file, "blocks": blocks})
	}
	_, err = fmt.Fprintf(a.stdout, "wrote %d blocks to %s\n", blocks, file)
	return err
}

// replaceFile puts a file, readable by its owner alone, in its place only once it
// is whole. What is no plain file, a pipe say, is written to as it stands.
func replaceFile(name string, write func(io.Writer) (uint64, error)) (n uint64, err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return writeTo(name, write)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // 0600
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	n, err = write(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return n, err
	}
	return n, os.Rename(f.Name(), name)
}

func writeTo(name string, write func(io.Writer) (uint64, error)) (n uint64, err error) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	n, err = write(f)
	return n, errors.Join(err, f.Close())
}

func (a *app) importCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "import FILE",
		Short: "Add the blocks of a FILE that export wrote (- is the standard input)",
		Args:  wants("FILE"),
	}
	addJSON(command)
	command.RunE = func(command *cobra.Command, args []string) error {
		cfg, err := a.offlineConfig(command)
		if err != nil {
			return err
		}
		return a.withNode(command.Context(), cfg, func(ctx context.Context, n *node.Node) error {
			return a.importFile(ctx, command, n, args[0])
		})
	}
	return command
}

func (a *app) importFile(ctx context.Context, command *cobra.Command, n *node.Node, file string) error {
	in := io.NopCloser(a.stdin)
	if file != stream {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		in = f
	}
	progress := a.ticker()
	count, err := n.Import(ctx, in, func(lines uint64) { progress.say("%d lines", lines) })
	if err = errors.Join(err, in.Close()); err != nil {
		return fmt.Errorf("%s: %w; the %d blocks added before it stay", file, err, count.Added)
	}
	sink := n.Chain().Snapshot().Sink
	if wantsJSON(command) {
		return a.printJSON(a.stdout, map[string]any{"lines": count.Lines, "added": count.Added, "known": count.Known, "sink": sink})
	}
	_, err = fmt.Fprintf(a.stdout, "%d blocks read: %d added, %d known before\nsink %v\n", count.Lines, count.Added, count.Known, sink)
	return err
}
