package cli

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// besideNode starts a node and returns the arguments that call it.
func besideNode(t *testing.T) []string {
	t.Helper()
	place := []string{"--network", "simnet", "--datadir", t.TempDir()}
	launch(t, append([]string{"--daemon", "--log-level", "warn"}, place...)...) // ends with the test
	succeed(t, append([]string{"status", "--wait"}, place...)...)
	return place
}

// TestPromptsShowNoSecret makes a wallet on a terminal: the password is asked
// for twice and never seen, the words are shown once and three are asked for
// again.
func TestPromptsShowNoSecret(t *testing.T) {
	place := besideNode(t)
	s := openTerminal(t, 120, 40, nil, append([]string{"wallet", "create", "--words", "24"}, place...)...)
	s.awaits("Password of the new wallet: ")
	if s.echoes() {
		t.Error("the terminal echoes while a password is typed")
	}
	s.types(secretPassword, "enter")
	s.answers("The same again: ", secretPassword)
	s.awaits("Type again")
	words := s.words()
	for i := range 3 {
		asked := s.awaits(strings.Repeat(`Type again word number (\d+)[^:]*: [a-z]+\s+`, i) + `Type again word number (\d+)`)
		n, err := strconv.Atoi(asked[i+1])
		if err != nil {
			t.Fatal(err)
		}
		s.types(words[n-1], "enter")
	}
	if code := s.ends(); code != 0 {
		t.Fatalf("exit %d\n%s", code, s.text())
	}
	if <-s.read; strings.Contains(s.output(), secretPassword) {
		t.Errorf("the password was shown:\n%s", s.output())
	}
	list := succeed(t, append([]string{"wallet", "list", "--json"}, place...)...)
	var all struct {
		Wallets []struct{ BackedUp bool }
	}
	parse(t, list.stdout, &all)
	if len(all.Wallets) != 1 || !all.Wallets[0].BackedUp {
		t.Errorf("the words were typed again, and the wallets are %+v", all)
	}
	checkQuestion(t, place)
}

// checkQuestion declines a payment, and interrupts the prompt for a password.
func checkQuestion(t *testing.T, place []string) {
	t.Helper()
	to := strings.TrimSpace(succeed(t, append([]string{"wallet", "address"}, place...)...).stdout)
	succeed(t, append([]string{"mine", "--blocks", "105", "--mine-to", to}, place...)...)
	s := openTerminal(t, 120, 40, nil, append([]string{"wallet", "send", to, "1"}, place...)...)
	s.answers("Send it[?] Type yes to go on: ", "y")
	code := s.ends()
	if <-s.read; code != 2 || !strings.Contains(s.output(), "nothing was done") {
		t.Errorf("exit %d\n%s", code, s.output())
	}
	succeed(t, append([]string{"wallet", "lock"}, place...)...)
	for _, interrupt := range []func(s *terminalSession){
		func(s *terminalSession) { s.signal(syscall.SIGINT) },
		func(s *terminalSession) { s.types("ctrl+c") },
	} {
		s = openTerminal(t, 120, 40, nil, append([]string{"wallet", "unlock"}, place...)...)
		s.awaits("Password of the wallet main: ")
		interrupt(s)
		if code := s.ends(); code != 130 {
			t.Errorf("exit %d\n%s", code, s.output())
		}
		if !s.echoes() {
			t.Error("the terminal does not echo any more")
		}
	}
}

// A line is edited as it is typed, and an interrupt is no line.
func TestTypedSecrets(t *testing.T) {
	long := strings.Repeat("0123456789", 30)
	for keys, want := range map[string]string{
		"abc\r":             "abc",
		"abd\x7fc\n":        "abc",
		"ab\x08\x08\x08c\r": "c",
		"wrong\x15right\r":  "right",
		"é\x7fe\r":          "e",
		"\r":                "",
		long + "\r":         long,
	} {
		if got, err := typed(strings.NewReader(keys)); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", keys, got, err, want)
		}
	}
	for _, keys := range []string{"abc\x03\r", "\x04"} {
		if _, err := typed(strings.NewReader(keys)); codeOf(err).code != 130 {
			t.Errorf("%q: %v", keys, err)
		}
	}
	if _, err := typed(strings.NewReader("abc")); err == nil {
		t.Error("a line without an end is one")
	}
}

// The two ways to name a password disagree, or name nothing.
func TestPasswordsComeFromFilesOrNowhere(t *testing.T) {
	place := besideNode(t)
	for _, c := range []struct {
		args string
		says string
	}{
		{"wallet create", "use a terminal, --password-file or --password-fd"},
		{"wallet create --password-file none", "none"},
		{"wallet create --password-file none --password-fd 3", "both say"},
		{"wallet restore", "--words-file"},
		{"wallet create --password-file /dev/null", "empty password"},
	} {
		out := run(t, append(strings.Fields(c.args), place...)...)
		if out.code != 2 || !strings.Contains(out.stderr, c.says) {
			t.Errorf("jio %s: exit %d, %q; want 2 and %q", c.args, out.code, out.stderr, c.says)
		}
	}
	for name := range strings.FieldsSeq("password passphrase words") {
		if out := run(t, append([]string{"wallet", "create", fmt.Sprintf("--%s=secret", name)}, place...)...); out.code != 2 {
			t.Errorf("--%s took a secret from the command line: exit %d", name, out.code)
		}
	}
}
