package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
)

// mineResult is what jio mine --json prints.
type mineResult struct {
	Made      uint64     `json:"made"`
	Sink      types.Hash `json:"sink"`
	BlueScore uint64     `json:"blueScore"`
	MineTo    string     `json:"mineTo"`
}

func (a *app) mineCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "mine --blocks N",
		Short: "Make N blocks now, with timestamps at the block rate (devnet, simnet)",
		Args:  wants(),
	}
	addFlags(command.Flags(), scopeMine)
	blocks := command.Flags().Uint64("blocks", 0, "how many blocks to make")
	addJSON(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		if *blocks == 0 {
			return usage(errors.New("say how many blocks to make: jio mine --blocks N; to mine all the time, start the node with --mine"))
		}
		cfg, err := a.offlineConfig(command)
		if err != nil {
			return err
		}
		if err := node.CanGenerate(cfg.Params); err != nil {
			return usage(err)
		}
		return a.withNode(command.Context(), cfg, func(ctx context.Context, n *node.Node) error {
			return a.generate(ctx, command, n, *blocks)
		})
	}
	return command
}

func (a *app) generate(ctx context.Context, command *cobra.Command, n *node.Node, blocks uint64) error {
	progress := a.ticker()
	made, err := n.Generate(ctx, blocks, nil, func(made uint64) { progress.say("%d of %d blocks", made, blocks) })
	if err != nil {
		return fmt.Errorf("made %d of %d blocks: %w", made, blocks, err)
	}
	s := n.Chain().Snapshot()
	result := mineResult{made, s.Sink, s.SinkBlueScore, n.MineTo()}
	if wantsJSON(command) {
		return a.printJSON(a.stdout, result)
	}
	_, err = fmt.Fprintf(a.stdout, "made %d blocks\nsink       %v\nblue score %d\npaid to    %s\n", made, s.Sink, s.SinkBlueScore, result.MineTo)
	return err
}
