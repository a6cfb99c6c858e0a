package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// historyCSV writes the history, as far as the flags ask for it, to a file or to
// the standard output.
func (s *session) historyCSV(file string) error {
	switch {
	case file == "":
		return usage(errors.New("--csv: want a file, or - for the standard output"))
	case file == stream && wantsJSON(s.command):
		return usage(errors.New("--csv - and --json both write to the standard output: give one of them"))
	}
	entries, err := s.wholeHistory()
	if err != nil {
		return err
	}
	if file == stream {
		return page.WriteCSV(s.stdout, entries)
	}
	lines, err := replaceFile(file, func(w io.Writer) (uint64, error) {
		return uint64(len(entries)), page.WriteCSV(w, entries)
	})
	if err != nil {
		return usage(err)
	}
	return s.show(map[string]any{"file": file, "entries": lines}, func(w io.Writer) {
		fmt.Fprintf(w, "%s written to %s\n", plural(len(entries), "line"), file)
	})
}

// wholeHistory asks for one page after the other, up to --limit where that was
// given.
func (s *session) wholeHistory() (entries []api.HistoryEntry, err error) {
	limited, limit, offset := s.command.Flags().Changed("limit"), s.number("limit"), s.number("offset")
	for {
		ask := api.HistoryParams{Wallet: s.text("wallet"), Filter: s.text("filter"), Offset: offset + len(entries)}
		if limited {
			ask.Limit = min(limit-len(entries), mostOfHistory)
		}
		if limited && ask.Limit == 0 {
			return entries, nil
		}
		found, err := call(s, api.GetHistory, ask)
		if err != nil || len(found.Entries) == 0 {
			return entries, err
		}
		if entries = append(entries, found.Entries...); offset+len(entries) >= found.Total {
			return entries, nil
		}
	}
}

// mostOfHistory is how many entries one page of a history may have.
const mostOfHistory = 1000
