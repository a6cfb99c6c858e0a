package cli

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"
)

// remark says something beside the result on the standard error: a sentence, or
// a line like those of the log where that is written for machines.
func (a *app) remark(level slog.Level, text string, attrs ...any) {
	if a.jsonLines.Load() {
		lines := slog.New(slog.NewJSONHandler(a.stderr, nil))
		lines.With("subsystem", "cli").Log(context.Background(), level, text, attrs...)
		return
	}
	fmt.Fprintln(a.stderr, "jio:", text)
}

// chooseLines settles how remarks are written: as the log is, by a command that
// runs a node. What the settings say counts also where one of them is wrong.
func (a *app) chooseLines(command *cobra.Command, r resolution) {
	format, err := settle("log-format", command.Flags(), nil, "")
	if r != nil {
		format, err = r.named("log-format"), nil
	}
	a.jsonLines.Store(err == nil && !command.HasParent() && format.text == "json")
}
