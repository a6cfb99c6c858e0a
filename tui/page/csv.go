package page

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// askCSV asks where a history shall be written.
func askCSV(c Context, of api.HistoryParams) Prompt {
	return Prompt{
		Title: "Export the history", Text: "A new CSV file on this machine; nothing is overwritten. Each line changes the balance by its amount less its fee.",
		Fields: []PromptField{{Label: "File"}},
		Done: func(values [][]byte) tea.Cmd {
			file := string(values[0])
			return func() tea.Msg {
				entries, err := wholeHistory(c, of)
				if err == nil {
					err = writeCSV(file, entries)
				}
				if err != nil {
					return Toast{style.Bad, err.Error()}
				}
				return Toast{style.Good, strconv.Itoa(len(entries)) + " lines written to " + file}
			}
		},
	}
}

// wholeHistory asks for one page of a history after the other.
func wholeHistory(c Context, of api.HistoryParams) (entries []api.HistoryEntry, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		of.Offset = len(entries)
		page, err := api.GetHistory.Call(ctx, c.Caller, of)
		if err != nil || len(page.Entries) == 0 {
			return entries, err
		}
		if entries = append(entries, page.Entries...); len(entries) >= page.Total {
			return entries, nil
		}
	}
}

func writeCSV(file string, entries []api.HistoryEntry) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(WriteCSV(f, entries), f.Close())
}

// WriteCSV writes a history as lines of comma-separated values under a line of
// titles. Each line changes the balance by its amount less its fee.
func WriteCSV(to io.Writer, entries []api.HistoryEntry) error {
	w := csv.NewWriter(to)
	if err := w.Write([]string{"time", "kind", "state", "amount", "fee", "label", "transaction", "confirmations"}); err != nil {
		return err
	}
	for i := range entries {
		if err := w.Write(csvRecord(&entries[i])); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// csvRecord writes an entry so that its amount, less its fee, is what it does to
// the balance: what moved within the wallet is nothing but its fee.
func csvRecord(e *api.HistoryEntry) []string {
	amount, fee := "-"+e.Amount.String(), ""
	switch {
	case e.Kind == "self", e.Kind == "compound":
		amount = types.Amount{}.String()
	case e.Incoming:
		amount = e.Amount.String()
	}
	if e.Fee != nil {
		fee = e.Fee.String()
	}
	return []string{
		component.Millis(e.Time).Format("2006-01-02T15:04:05Z"), e.Kind, e.State, amount, fee,
		inert(e.Label), e.ID.String(), strconv.FormatUint(e.Confirmations, 10),
	}
}

// inert keeps a spreadsheet from taking a label, which a stranger may have
// chosen, for a formula.
func inert(label string) string {
	if label != "" && (label[0] == '=' || label[0] == '+' || label[0] == '-' || label[0] == '@') {
		return "'" + label
	}
	return label
}
