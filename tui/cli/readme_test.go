package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the generated tables into README.md")

// The README's tables of settings and of exit codes are made from the tables
// that the program runs on.
func TestReadmeTables(t *testing.T) {
	name := filepath.Join("..", "..", "README.md")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for section, want := range map[string]string{"settings": settingsTable(), "exit codes": exitCodesTable()} {
		from, to := "<!-- "+section+" -->\n", "<!-- end of "+section+" -->"
		before, rest, found := strings.Cut(text, from)
		table, after, closed := strings.Cut(rest, to)
		if !found || !closed {
			t.Fatalf("the README has no section between %q and %q", from, to)
		}
		if table != want && !*rewrite {
			t.Errorf("the README's %s are not those of the program; go test ./tui/cli -run Readme -rewrite mends it\n got %s\nwant %s", section, table, want)
		}
		text = before + from + want + to + after
	}
	if *rewrite {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| flag, key of jio.toml | variable | default | meaning |\n|---|---|---|---|\n")
	for i := range settings {
		s := &settings[i]
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", s.name, s.variable(), documentedDefault(s), s.usage)
	}
	return b.String()
}

// documentedDefault avoids what depends on the machine.
func documentedDefault(s *setting) string {
	switch s.name {
	case "datadir":
		return "`$XDG_DATA_HOME/jio`, else `~/.local/share/jio`"
	case "config":
		return "`$XDG_CONFIG_HOME/jio/jio.toml`, else `~/.config/jio/jio.toml`"
	case "threads":
		return "all processors but one"
	}
	standard, _ := s.standard()
	if standard == "" || standard == "false" {
		return ""
	}
	return "`" + standard + "`"
}

func exitCodesTable() string {
	sorted := slices.SortedFunc(slices.Values(exitCodes), func(a, b exitCode) int { return a.code - b.code })
	var b strings.Builder
	b.WriteString("| code | name | meaning |\n|---|---|---|\n")
	for _, c := range sorted {
		fmt.Fprintf(&b, "| %d | `%s` | %s |\n", c.code, c.name, c.meaning)
	}
	return b.String()
}
