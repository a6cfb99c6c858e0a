package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
	"github.com/jio-dag/jio/store"
)

func writeConfig(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "jio.toml")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestConfigShowTellsOrigins(t *testing.T) {
	file := writeConfig(t, "network = \"simnet\"\nthreads = 1\nram-scale = 2\nmine = true\nlog-level = \"warn\"\n")
	p := program(t, "config", "show", "--json", "--config", file, "--network", "testnet")
	p.Env = append(p.Env, "JIO_LOG_LEVEL=debug", "JIO_NETWORK=devnet", "JIO_DATADIR=", "JIO_NETWROK=devnet")
	out := finish(t, p)
	if out.code != 0 {
		t.Fatalf("exit %d: %s", out.code, out.stderr)
	}
	var shown map[string]shownSetting
	parse(t, out.stdout, &shown)
	for name, want := range map[string]shownSetting{
		"network":   {"testnet", "flag --network"},
		"log-level": {"debug", "environment JIO_LOG_LEVEL"},
		"mine":      {true, "file " + file},
		"threads":   {1.0, "file " + file},
		"ram-scale": {2.0, "file " + file},
		"config":    {file, "flag --config"},
		"daemon":    {false, "default"},
	} {
		if shown[name] != want {
			t.Errorf("%s: %+v, want %+v", name, shown[name], want)
		}
	}
	if len(shown) != len(settings) || shown["datadir"].Origin != "default" {
		t.Errorf("%d settings shown, datadir %+v", len(shown), shown["datadir"])
	}
	if !strings.Contains(out.stderr, "JIO_NETWROK means nothing; did you mean JIO_NETWORK?") {
		t.Errorf("no warning of a misspelt variable: %q", out.stderr)
	}
}

func TestConfigShowAsATable(t *testing.T) {
	out := succeed(t, "config", "show", "--mine", "--threads=1").stdout
	for i := range settings {
		if !strings.Contains(out, settings[i].name) {
			t.Errorf("%s is not shown:\n%s", settings[i].name, out)
		}
	}
	if !strings.Contains(out, "flag --mine") || !strings.Contains(out, "default") {
		t.Errorf("origins are missing:\n%s", out)
	}
}

func TestDefaultConfigFileIsRead(t *testing.T) {
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "jio"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "jio", "jio.toml"), []byte(`network = "simnet"`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := program(t, "config", "show")
	p.Env = append(p.Env, "XDG_CONFIG_HOME="+home)
	if out := finish(t, p); !strings.Contains(out.stdout, "simnet") {
		t.Errorf("got %s%s", out.stdout, out.stderr)
	}
}

func TestConfigFileIsStrict(t *testing.T) {
	for _, c := range []struct{ content, says string }{
		{`netwrok = "devnet"`, `unknown key "netwrok"; did you mean network?`},
		{`logLevel = "info"`, "did you mean log-level?"},
		{`zzzzzz = 1`, `unknown key "zzzzzz"`},
		{`config = "other.toml"`, `unknown key "config"`},
		{"[node]\nnetwork = \"devnet\"", `unknown key "node"`},
		{`threads = "two"`, "type int"},
		{`threads = -1`, "whole number"},
		{`threads = 1.5`, "type int"},
		{`mine = "yes"`, "type bool"},
		{`network = 1`, "type string"},
		{`ram-scale = nan`, "not a number"},
		{`network = `, "line 1"},
		{"network = \"devnet\"\nnetwork = \"simnet\"", "network"},
	} {
		file := writeConfig(t, c.content)
		out := run(t, "config", "show", "--config", file)
		if out.code != 2 || !strings.Contains(out.stderr, c.says) || !strings.Contains(out.stderr, file) {
			t.Errorf("%q: exit %d, %q; want 2 and %q", c.content, out.code, out.stderr, c.says)
		}
	}
}

func TestSuggestions(t *testing.T) {
	known := []string{"network", "threads", "mine", "mine-to"}
	for word, want := range map[string]string{
		"netwrok": "; did you mean network?",
		"thread":  "; did you mean threads?",
		"min":     "; did you mean mine?",
		"mineto":  "; did you mean mine-to?",
		"xyz":     "",
		"":        "",
	} {
		if got := didYouMean(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "abc", 3},
		{"same", "same", 0},
		{"kitten", "sitting", 3},
		{"flaw", "lawn", 2},
		{"ab", "ba", 2},
	} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("any"), 1},
		{usage(errors.New("any")), 2},
		{&store.SchemaError{}, 2},
		{chain.ErrWrongGenesis, 2},
		{fmt.Errorf("any: %w", client.ErrNoNode), 3},
		{client.ErrCookie, 3},
		{client.ErrCredential, 3},
		{api.Errorf(api.CodeNotReady, "any"), 3},
		{api.Errorf(api.CodeUnavailable, "any"), 3},
		{fmt.Errorf("any: %w", api.Errorf(api.CodeLocked, "any")), 4},
		{api.Errorf(api.CodeFunds, "any"), 5},
		{api.Errorf(api.CodeRejected, "any"), 5},
		{api.Errorf(api.CodeFeeGuard, "any"), 5},
		{api.Errorf(api.CodeInvalidParams, "any"), 2},
		{api.Errorf(api.CodeTooLarge, "any"), 2},
		{api.Errorf(api.CodeNotFound, "any"), 1},
		{&store.InUseError{}, 6},
		{&store.CorruptError{Err: errors.New("any")}, 7},
		{&chain.CorruptError{Err: errors.New("any")}, 7},
		{&chain.SupplyError{}, 70},
		{&node.PanicError{}, 70},
		{&signalError{os.Interrupt}, 130},
		{&signalError{syscall.SIGTERM}, 143},
		{&signalError{syscall.SIGHUP}, 129},
		{errors.Join(errors.New("any"), &store.CorruptError{Err: errors.New("any")}), 7},
		{fmt.Errorf("%w: %w", chain.ErrFailed, &chain.SupplyError{}), 70},
		{errors.Join(&store.CorruptError{Err: errors.New("any")}, &node.PanicError{}), 70},
	} {
		if got := codeOf(c.err); got.code != c.want {
			t.Errorf("%v: %d, want %d", c.err, got.code, c.want)
		}
	}
}
