package dialog

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// answered returns the command of a verb whose answer is lines to be read.
func answered[R any](m api.Method[api.None, R], title string, lines func(c page.Context, r R) []string) func(page.Context, []string) (tea.Cmd, error) {
	return func(c page.Context, args []string) (tea.Cmd, error) {
		if len(args) > 0 {
			return nil, errArguments
		}
		return page.Ask(c, m, api.None{}, func(r R, err error) tea.Msg {
			if err != nil {
				return page.Toast{Token: style.Bad, Text: err.Error()}
			}
			return page.Show{Title: title, Lines: lines(c, r)}
		}), nil
	}
}

var tipsVerb = answered(api.GetTips, "Tips", func(c page.Context, r api.Tips) (lines []string) {
	for _, tip := range r.Tips {
		line := fmt.Sprintf("%s  blue score %s  %s ago", tip.Hash, component.Count(tip.BlueScore), component.Span(c.Now.Sub(component.Millis(tip.Timestamp))))
		if tip.Sink {
			line += "  sink"
		}
		lines = append(lines, line)
	}
	return lines
})

var bansVerb = answered(api.GetBans, "Bans", func(c page.Context, r api.Bans) (lines []string) {
	for _, b := range r.Bans {
		lines = append(lines, fmt.Sprintf("%s  for %s: %s", c.Hidden(b.Target), component.Span(component.Millis(b.Until).Sub(c.Now)), b.Reason))
	}
	if len(lines) == 0 {
		lines = []string{"Nobody is banned."}
	}
	return lines
})

var supplyVerb = answered(api.GetCoinSupply, "Supply", func(_ page.Context, r api.CoinSupply) []string {
	lines := []string{"issued   " + component.Money(r.Circulating) + " JIO"}
	if r.Maximum != nil {
		lines = append(lines, "at most  "+component.Money(*r.Maximum)+" JIO")
	}
	return lines
})

var versionVerb = answered(api.GetInfo, "Version", func(_ page.Context, r api.Info) []string {
	lines := []string{"version  " + r.Version}
	if r.Commit != "" {
		lines = append(lines, "commit   "+r.Commit)
	}
	return append(lines, "network  "+r.Network, "genesis  "+r.Genesis.String(), fmt.Sprintf("intends  %d blocks a second", r.BlocksPerSecond))
})

// configVerb tells what a running node says of its settings, and where the others
// are said.
func configVerb(c page.Context, args []string) (tea.Cmd, error) {
	return page.Send(page.Show{Title: "Settings", Lines: []string{
		"network    " + c.Status.Network,
		"directory  " + c.Status.DataDir,
		"",
		"`jio config show`, in a shell, lists every setting with where it comes from; a running node's do not change, but for the miner's.",
	}}), nil
}
