package page

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// TestHistoryAsCSV sums up amounts less fees, which is what the wallet has.
func TestHistoryAsCSV(t *testing.T) {
	fee := types.Jots(1_000)
	entries := []api.HistoryEntry{
		{Kind: "mined", Amount: types.Jots(50_000_000), Incoming: true},
		{Kind: "received", Amount: types.Jots(7_000_000), Incoming: true, Label: "=1+1"},
		{Kind: "self", Amount: types.Jots(30_000_000), Fee: &fee},
		{Kind: "compound", Amount: types.Jots(56_000_000), Fee: &fee},
		{Kind: "sent", Amount: types.Jots(2_000_000), Fee: &fee},
	}
	file := filepath.Join(t.TempDir(), "history.csv")
	if err := writeCSV(file, entries); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) != len(entries)+1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	var amounts []string
	for _, line := range lines[1:] {
		amounts = append(amounts, line[3])
	}
	want := []string{"0.50000000", "0.07000000", "0.00000000", "0.00000000", "-0.02000000"}
	for i := range want {
		if amounts[i] != want[i] {
			t.Errorf("%s is written as %s, want %s", entries[i].Kind, amounts[i], want[i])
		}
	}
	if label := lines[2][5]; label != "'=1+1" {
		t.Errorf("a label is written as %s", label)
	}
	if err := writeCSV(file, entries); err == nil {
		t.Error("a file was overwritten")
	}
}
