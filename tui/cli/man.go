package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/jio-dag/jio/node"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man [DIR]",
		Short: "Print the manual page, or write those of all commands to DIR",
		Long: "Print the manual page in the form that man reads, as in `jio man | man -l -`,\n" +
			"or write those of all commands to DIR, such as ~/.local/share/man/man1.",
		Args: atMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			root := command.Root()
			root.DisableAutoGenTag = true // the same program prints the same pages
			header := &doc.GenManHeader{Title: "JIO", Section: "1", Source: "jio " + node.Version, Manual: "JIO"}
			if len(args) == 0 {
				return doc.GenMan(root, header, a.stdout)
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			header.Title = "" // each page its own
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(a.stdout, "the pages are in %s\n", args[0])
			return err
		},
	}
}
