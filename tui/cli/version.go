package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
)

func (a *app) versionCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  wants(),
	}
	addJSON(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		platform := runtime.GOOS + "/" + runtime.GOARCH
		if wantsJSON(command) {
			return a.printJSON(a.stdout, map[string]string{
				"version": node.Version, "commit": node.Commit(), "go": runtime.Version(), "platform": platform,
			})
		}
		_, err := fmt.Fprintf(a.stdout, "jio %s, commit %s, %s, %s\n", node.Version, node.Commit(), runtime.Version(), platform)
		return err
	}
	return command
}
