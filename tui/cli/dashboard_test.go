package cli

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"github.com/jio-dag/jio/node/api"
)

const secretPassword = "corr3ct h0rse"

// firstRun walks through the wizard of a new wallet and returns its words.
func firstRun(s *terminalSession) []string {
	s.t.Helper()
	s.answers("create a new wallet", "")
	s.answers("What shall the wallet be called", "")
	s.answers("12 words", "")
	s.awaits("Write these words down")
	words := s.words()
	s.types("enter")
	s.answers("Three of the words", "")
	for step := 6; step <= 8; step++ {
		n, err := strconv.Atoi(s.awaits(strconv.Itoa(step) + `  Type a word again[^:]*Word number (\d+):`)[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.types(words[n-1], "enter")
	}
	s.answers(`Passphrase `, "")
	s.answers(`Password `, secretPassword)
	s.answers(`Password, once more`, secretPassword)
	s.answers("Shall the node search for blocks", "")
	s.answers("wallet +main, new", "")
	return words
}

// The whole way of a new user: words, password, mining, maturity, a payment to
// another wallet, its confirmation, lock, unlock, quit; then the same words in
// another wallet.
func TestDashboardFromFirstRunToPayment(t *testing.T) {
	dir := t.TempDir()
	s := openTerminal(t, 110, 34, nil, "--network", "simnet", "--datadir", dir, "--threads", "1")
	words := firstRun(s)
	s.awaits("Wallet  main")
	s.awaits("SIMNET")

	minesAndPays(s, dir)
	s.types("y")
	s.awaits(`transaction id sent to the terminal \(OSC 52\)`)
	if id := s.awaits(`Transaction ([0-9a-f]{64})`)[1]; !strings.Contains(s.output(), base64.StdEncoding.EncodeToString([]byte(id))) {
		t.Error("the id was not sent to the terminal's clipboard")
	}
	s.types("enter", "3", "/", "rent", "enter")
	s.awaits(`-5\.00000000 sent .*rent`)

	locksAndUnlocks(s)

	s.types("M")
	s.answers("Password: ", secretPassword)
	if shown := s.awaits(`Words of [^│]*`); !slices.Equal(s.words(), words) {
		t.Errorf("%s are not those that were written down", shown)
	}
	s.awaits("esc:close") // so that the next footer is that of the page
	s.types("q")
	s.awaits("n:match") // of the filter, which esc clears
	s.types("esc")
	s.awaits("n:receive")

	restoreAgain(s, words)
	s.types("1", "m")
	s.awaits("MINING  1/")
	s.types("q")
	s.awaits("The miner is at work")
	s.types("y")
	if code := s.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	s.wantRestored()
	for i, word := range words {
		if strings.Contains(s.text(), fmt.Sprintf("%d %s ", i+1, word)) {
			t.Errorf("a word is left on the screen:\n%s", s.text())
		}
	}
	wantNoTrace(t, dir, words, secretPassword)
}

// minesAndPays mines until a coin can be spent and pays another wallet, up to the
// confirmation.
func minesAndPays(s *terminalSession, dir string) {
	s.t.Helper()
	s.types("m")
	s.awaits("MINING  1/")
	s.awaits(`Available +[1-9][0-9,]*\.`)
	s.types("m")
	s.awaits("OFF  1/")

	address := payee(s.t, dir)
	s.types("4", "enter")
	s.awaits("esc leaves")
	s.types(address, "enter")
	s.awaits("an address of simnet")
	s.types("5", "enter", "enter", "rent", "enter")
	s.awaits("Preview")
	s.awaits("5.00000000 JIO")
	s.types("S")
	s.awaits("Send 5.00000000 JIO to")
	s.types("y")
	s.awaits("pending")
	s.types("m")
	s.awaits(`(accepted|confirmed), \d+ confirmation`)
	s.types("m")
	s.awaits("mining is off")
}

func locksAndUnlocks(s *terminalSession) {
	s.t.Helper()
	s.types("l")
	s.awaits("Wallet  main .* locked")
	s.types("u")
	s.answers("Password: ", secretPassword)
	s.awaits("unlocked, locks in")
}

// payee makes a second wallet on the running node and returns its address.
func payee(t *testing.T, dir string) string {
	t.Helper()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("another\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, "wallet", "create", "second", "--network", "simnet", "--datadir", dir, "--password-file", password, "--json")
	out := succeed(t, "wallet", "address", "--wallet", "second", "--network", "simnet", "--datadir", dir)
	for _, word := range strings.Fields(out.stdout) {
		if strings.HasPrefix(word, "jiosim1") {
			return word
		}
	}
	t.Fatalf("no address in %q", out.stdout)
	return ""
}

// restoreAgain makes a wallet of the same words on the dashboard.
func restoreAgain(s *terminalSession, words []string) {
	s.t.Helper()
	s.types("N")
	s.awaits("restore one from its words")
	s.types("2", "enter")
	s.awaits("What shall the wallet be called")
	for range api.UsualWallet {
		s.types("\x7f")
	}
	s.types("again", "enter")
	s.answers("Type the words of the wallet", strings.Join(words, " "))
	s.answers("Since when", "")
	s.answers(`Passphrase `, "")
	s.answers(`Password `, secretPassword)
	s.answers(`Password, once more`, secretPassword)
	s.awaits("the wallet again is made")
}

// wantNoTrace looks for words and password in everything the program wrote.
func wantNoTrace(t *testing.T, dir string, words []string, password string) {
	t.Helper()
	secrets := []string{strings.Join(words, " "), strings.Join(words[:3], " "), password}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds a secret", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A resize storm, then a signal: nothing breaks, and the terminal is given back.
func TestDashboardEndsOnSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		s := openTerminal(t, 80, 24, nil, "--network", "simnet", "--datadir", t.TempDir(), "--no-wallet")
		s.awaits("1 Home")
		for _, size := range [][2]uint16{{200, 60}, {1, 1}, {60, 16}, {39, 9}, {160, 48}, {3, 40}, {80, 24}} {
			s.screen.Resize(int(size[0]), int(size[1]))
			if err := pty.Setsize(s.pty, &pty.Winsize{Cols: size[0], Rows: size[1]}); err != nil {
				t.Fatal(err)
			}
		}
		s.awaits("Wallet .*3 opens it")
		s.signal(sig)
		if code := s.ends(); code != 0 {
			t.Errorf("%v: exit %d", sig, code)
		}
		s.wantRestored()
	}
}

// What a terminal cannot show is not sent to it.
func TestDashboardOnOtherTerminals(t *testing.T) {
	for _, c := range []struct {
		name        string
		environment []string
		forbidden   []string
	}{
		{"a console of Linux", []string{"TERM=linux"}, []string{"╭", "◆"}},
		{"screen", []string{"TERM=screen-256color"}, nil},
		{"a vt100", []string{"TERM=vt100"}, []string{"╭", "\x1b[38;", "\x1b[3"}},
		{"no Unicode", []string{"LANG=C"}, []string{"╭", "◆", "…"}},
		{"no colours", []string{"NO_COLOR=1"}, []string{"\x1b[38;", "\x1b[3"}},
		{"a good terminal", []string{"COLORTERM=truecolor"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openTerminal(t, 80, 24, c.environment, "--network", "simnet", "--datadir", t.TempDir(), "--no-wallet")
			s.awaits("2 DAG")
			s.types("2")
			s.awaits("live, space freezes")
			s.types("q")
			if code := s.ends(); code != 0 {
				t.Errorf("exit %d", code)
			}
			s.wantRestored()
			for _, text := range c.forbidden {
				if strings.Contains(s.output(), text) {
					t.Errorf("%q was sent", text)
				}
			}
		})
	}
}

// A dumb terminal gets lines.
func TestDumbTerminalGetsLines(t *testing.T) {
	s := openTerminal(t, 80, 24, []string{"TERM=dumb"}, "--network", "simnet", "--datadir", t.TempDir(), "--no-wallet")
	s.awaits("no dashboard, because the terminal is dumb")
	s.awaits("started")
	s.signal(syscall.SIGTERM)
	if code := s.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	if strings.Contains(s.output(), "\x1b[") {
		t.Error("escape sequences were sent")
	}
}

// The dashboard of a daemon leaves it running.
func TestAttach(t *testing.T) {
	dir := t.TempDir()
	daemon := launch(t, "--daemon", "--network", "simnet", "--datadir", dir, "--no-wallet", "--no-p2p")
	daemon.await("started")
	s := openTerminal(t, 100, 30, nil, "attach", "--network", "simnet", "--datadir", dir)
	s.awaits("SIMNET")
	s.types("m")
	s.awaits("MINING")
	s.types("q")
	if code := s.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	s.wantRestored()
	succeed(t, "status", "--network", "simnet", "--datadir", dir)
	daemon.signal(syscall.SIGTERM)
	if code := daemon.end(); code != 0 {
		t.Errorf("the daemon: exit %d", code)
	}
}

// A second program on the same directory names the first and how to attach.
func TestSecondDashboardIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := openTerminal(t, 80, 24, nil, "--network", "simnet", "--datadir", dir, "--no-wallet")
	s.awaits("1 Home")
	other := openTerminal(t, 80, 24, nil, "--network", "simnet", "--datadir", dir, "--no-wallet")
	other.awaits("jio attach")
	if code := other.ends(); code != 6 {
		t.Errorf("exit %d, want 6", code)
	}
}
