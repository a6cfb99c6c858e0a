package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// shownSetting is a setting as jio config show --json prints it.
type shownSetting struct {
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

func (a *app) configCommand() *cobra.Command {
	group := &cobra.Command{
		Use:   "config",
		Short: "Settings",
		Args:  noSuchCommand,
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	show := &cobra.Command{
		Use:   "show",
		Short: "Print every setting, its value and where that comes from",
		Args:  wants(),
		RunE:  a.showConfig,
	}
	addFlags(show.Flags(), scopeStart, scopeMine, scopeCall, scopeScreen)
	addJSON(show)
	group.AddCommand(show)
	return group
}

func (a *app) showConfig(command *cobra.Command, _ []string) error {
	settings, err := a.resolve(command)
	if err != nil {
		return err
	}
	if wantsJSON(command) {
		shown := make(map[string]shownSetting, len(settings))
		for _, s := range settings {
			shown[s.setting.name] = shownSetting{s.setting.kind.typed(s.text), s.origin}
		}
		return a.printJSON(a.stdout, shown)
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.setting.name, s.text, s.origin)
	}
	return table.Flush()
}
