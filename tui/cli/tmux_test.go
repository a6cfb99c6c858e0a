package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tmuxSettings make tmux show the program and nothing else.
const tmuxSettings = "set -g status off\nset -g escape-time 0\nset -g default-terminal screen-256color\n"

// inTmux starts the program in a window of a tmux server of its own. When it has
// ended the window tells its exit code and the settings of the terminal, and stays.
// The second result asks the server.
func inTmux(t *testing.T, columns, rows int, args ...string) (s *terminalSession, ask func(args ...string) string) {
	t.Helper()
	tmux, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("tmux is not installed")
	}
	dir := t.TempDir()
	settings, socket := filepath.Join(dir, "settings"), filepath.Join(dir, "socket")
	if err := os.WriteFile(settings, []byte(tmuxSettings), 0o600); err != nil {
		t.Fatal(err)
	}
	ask = func(args ...string) string {
		out, err := exec.Command(tmux, append([]string{"-S", socket}, args...)...).CombinedOutput()
		if err != nil {
			t.Errorf("tmux %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	inner := program(t, args...)
	const script = `"$@"; echo "ended with $?"; stty -a; read -r _`
	window := []string{"-u", "-S", socket, "-f", settings, "new-session", "sh", "-c", script, "sh"}
	cmd := exec.CommandContext(t.Context(), tmux, append(window, inner.Args...)...)
	cmd.Env = append(inner.Env, "TMUX=")
	t.Cleanup(func() { ask("kill-server") })
	return onTerminal(t, cmd, columns, rows, nil), ask
}

// What a new user does in a terminal in a terminal: the first run, mining, a payment,
// lock and unlock. What tmux says of its window in the end is what it would say of one
// in which nothing ran.
func TestDashboardInTmux(t *testing.T) {
	dir := t.TempDir()
	s, ask := inTmux(t, 110, 34, "--network", "simnet", "--datadir", dir, "--threads", "1")
	words := firstRun(s)
	s.awaits("Wallet  main")
	minesAndPays(s, dir)
	s.types("3")
	s.awaits("n:receive")
	locksAndUnlocks(s)
	s.types("q")
	s.awaits("ended with 0")
	s.awaits(`[; ]icanon[; ]`)
	s.awaits(`[; ]echo[; ]`)
	if modes := ask("display-message", "-p", "alternate #{alternate_on} mouse #{mouse_any_flag} cursor #{cursor_flag}"); modes != "alternate 0 mouse 0 cursor 1" {
		t.Errorf("the window is left with %s", modes)
	}
	history := ask("capture-pane", "-p", "-S", "-")
	for _, secret := range append(words[:3], secretPassword) {
		if strings.Contains(history, " "+secret+" ") {
			t.Errorf("%q is in the scrollback:\n%s", secret, history)
		}
	}
}
