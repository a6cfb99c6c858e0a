package cli

import (
	"fmt"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc"
)

// tokenCommand works on the files of tokens: a node that runs knows at once.
func (a *app) tokenCommand() *cobra.Command {
	group := &cobra.Command{
		Use:   "token",
		Short: "Tokens with which programs may call the node",
		Args:  noSuchCommand,
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	group.AddCommand(a.tokenAdd(), a.tokenRevoke(), a.tokenList())
	return group
}

// tokenDir is where the tokens of the network are.
func (a *app) tokenDir(command *cobra.Command) (string, error) {
	settings, err := a.resolve(command)
	if err != nil {
		return "", err
	}
	p, err := settings.params()
	if err != nil {
		return "", usage(err)
	}
	dir, err := filepath.Abs(settings.text("datadir"))
	return rpc.TokenDir(node.LayoutOf(dir, p.Name).Dir), err
}

func (a *app) tokenAdd() *cobra.Command {
	command := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a token and print its secret, which is shown only this once",
		Args:  wants("NAME"),
	}
	command.Flags().String("scope", api.Read.String(), "how far it reaches: read, wallet or admin")
	addJSON(command)
	command.RunE = func(command *cobra.Command, args []string) error {
		text, _ := command.Flags().GetString("scope")
		scope, err := api.ParseScope(text)
		if err != nil {
			return usage(err)
		}
		dir, err := a.tokenDir(command)
		if err != nil {
			return err
		}
		secret, err := rpc.AddToken(dir, args[0], scope)
		if err != nil {
			return usage(err)
		}
		if wantsJSON(command) {
			return a.printJSON(a.stdout, map[string]string{"name": args[0], "scope": scope.String(), "secret": secret})
		}
		_, err = fmt.Fprintln(a.stdout, secret)
		return err
	}
	return command
}

func (a *app) tokenRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke NAME",
		Short: "End a token",
		Args:  wants("NAME"),
		RunE: func(command *cobra.Command, args []string) error {
			dir, err := a.tokenDir(command)
			if err != nil {
				return err
			}
			return usage(rpc.RevokeToken(dir, args[0]))
		},
	}
}

func (a *app) tokenList() *cobra.Command {
	command := &cobra.Command{
		Use:   "list",
		Short: "List the tokens; their secrets are not kept",
		Args:  wants(),
	}
	addJSON(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		dir, err := a.tokenDir(command)
		if err != nil {
			return err
		}
		tokens, err := rpc.Tokens(dir)
		if err != nil {
			return err
		}
		type shown struct {
			Name    string `json:"name"`
			Scope   string `json:"scope"`
			Created int64  `json:"created"` // milliseconds since 1970
		}
		list := make([]shown, len(tokens))
		for i, t := range tokens {
			list[i] = shown{t.Name, t.Scope.String(), t.Created.UnixMilli()}
		}
		if wantsJSON(command) {
			return a.printJSON(a.stdout, list)
		}
		table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		for _, t := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\n", t.Name, t.Scope, clock(t.Created))
		}
		return table.Flush()
	}
	return command
}
