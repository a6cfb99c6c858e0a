package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jio-dag/jio/tui/style"
)

// ask runs the plain wizard of a first run over lines. The configuration file is
// that of a directory.
func ask(t *testing.T, dir string, lines ...string) (resolution, string, error) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", dir)
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"), stdout: &out, stderr: &out}
	command := a.root()
	r, err := resolve(command.Flags())
	if err != nil {
		t.Fatal(err)
	}
	r, answers, err := a.firstRun(context.Background(), r, nil)
	answers.Wipe()
	return r, out.String(), err
}

func TestFirstRunKeepsWhatItAsked(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "jio", "jio.toml")
	r, out, err := ask(t, dir, "simnet", filepath.Join(dir, "data"), "none", "")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := r.text("network"); got != "simnet" {
		t.Errorf("the network is %s", got)
	}
	kept, err := readConfigFile(config, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 2 || kept["network"] != "simnet" || kept["datadir"] != filepath.Join(dir, "data") {
		t.Errorf("kept %v", kept)
	}
	if info, err := os.Stat(config); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestFirstRunWithoutAnswers(t *testing.T) {
	dir := t.TempDir()
	_, _, err := ask(t, dir, "simnet")
	if codeOf(err).code != 2 || !strings.Contains(err.Error(), "--no-wallet") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "jio")); err == nil {
		t.Error("something was kept")
	}
}

func TestGlyphsFollowTheLocale(t *testing.T) {
	for _, c := range []struct {
		choice, locale, term string
		want                 *style.Glyphs
	}{
		{"auto", "en_US.UTF-8", "xterm-256color", &style.Unicode},
		{"auto", "C.utf8", "tmux-256color", &style.Unicode},
		{"auto", "C", "xterm", &style.ASCII},
		{"auto", "", "xterm", &style.ASCII},
		{"auto", "en_US.UTF-8", "linux", &style.ASCII},
		{"auto", "en_US.UTF-8", "vt100", &style.ASCII},
		{"auto", "ja_JP.UTF-8", "xterm", &style.ASCII},
		{"unicode", "C", "linux", &style.Unicode},
		{"ascii", "en_US.UTF-8", "xterm", &style.ASCII},
	} {
		getenv := func(name string) string { return map[string]string{"LANG": c.locale, "TERM": c.term}[name] }
		if got := glyphsFor(c.choice, getenv); got != c.want {
			t.Errorf("%+v: got %s", c, got.Name)
		}
	}
}
