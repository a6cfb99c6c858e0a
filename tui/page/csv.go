package page

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/style"
)

// askCSV asks where the history that is seen shall be written.
func (w *Wallet) askCSV() Prompt {
	entries := w.history.Entries
	return Prompt{
		Title: "Export the history", Text: "A new CSV file on this machine; nothing is overwritten.",
		Fields: []PromptField{{Label: "File"}},
		Done: func(values [][]byte) tea.Cmd {
			file := string(values[0])
			return func() tea.Msg {
				if err := writeCSV(file, entries); err != nil {
					return Toast{style.Bad, err.Error()}
				}
				return Toast{style.Good, strconv.Itoa(len(entries)) + " lines written to " + file}
			}
		},
	}
}

func writeCSV(file string, entries []api.HistoryEntry) (err error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
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

func csvRecord(e *api.HistoryEntry) []string {
	amount, fee := "-"+e.Amount.String(), ""
	if e.Incoming {
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
