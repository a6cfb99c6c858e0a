package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
)

// verifyResult is what jio verify --json prints.
type verifyResult struct {
	Network    string       `json:"network"`
	Headers    uint64       `json:"headers"`
	Blocks     uint64       `json:"blocks"`
	Chain      uint64       `json:"chainBlocks"`
	Sink       types.Hash   `json:"sink"`
	Coins      uint64       `json:"coins"`
	Supply     types.Amount `json:"supply"`
	Commitment types.Hash   `json:"utxoCommitment"`
}

func (a *app) verifyCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "verify",
		Short: "Read every record of the database, recount the whole state, and hold the index against it",
		Args:  wants(),
	}
	addJSON(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		return a.offline(command, func(ctx context.Context, n *node.Node) error {
			progress := a.ticker()
			report, err := n.Verify(ctx, func(stage string, done, total int64) {
				progress.say("verifying %s: %d of %d", stage, done, total)
			})
			if err != nil {
				return err
			}
			return a.printVerified(command, n.Snapshot().Network, &report)
		})
	}
	return command
}

func (a *app) printVerified(command *cobra.Command, network string, r *chain.Report) error {
	result := verifyResult{network, r.Headers, r.Blocks, r.Chain, r.Sink, r.Coins, types.Jots(r.Supply), r.Commitment}
	if wantsJSON(command) {
		return a.printJSON(a.stdout, result)
	}
	_, err := fmt.Fprintf(a.stdout, "%s verified: %d headers, %d blocks, %d of them on the selected chain\nsink       %v\ncoins      %d\nsupply     %v JIO\ncommitment %v\n",
		network, r.Headers, r.Blocks, r.Chain, r.Sink, r.Coins, result.Supply, r.Commitment)
	return err
}
