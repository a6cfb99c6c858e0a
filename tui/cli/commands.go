package cli

import "github.com/spf13/cobra"

// onlineCommands are those that call a node.
func (a *app) onlineCommands() []*cobra.Command {
	return []*cobra.Command{
		a.statusCommand(), a.blockCommand(), a.txCommand(), a.dagCommand(), a.tipsCommand(), a.mempoolCommand(), a.stopCommand(), a.walletCommand(), a.peersCommand(), a.connectCommand(), a.disconnectCommand(), a.banCommand(), a.unbanCommand(), a.bansCommand(), a.tokenCommand(), a.manCommand(), a.testnetCommand(),
	}
}
