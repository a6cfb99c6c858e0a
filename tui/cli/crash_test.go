package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hinshun/vt10x"

	"github.com/jio-dag/jio/node"
)

// faults are what a test may let happen to a node of the program, by the value of
// asProgram that asks for it.
var faults = map[string]func(*node.Node){
	// Whoever changes the chain panics: without peers a worker of the miner.
	"panic": func(n *node.Node) { n.Chain().OnChange(func() { panic("injected") }) },
}

func withFault(name string) []string { return []string{asProgram + "=" + name} }

// A panic in a goroutine of the miner, under a dashboard: the terminal is given
// back before anything is said, the crash file is the owner's alone, and the next
// start works.
func TestDashboardSurvivesAPanicOfTheMiner(t *testing.T) {
	dir := t.TempDir()
	flags := []string{"--network", "simnet", "--datadir", dir, "--no-wallet", "--no-p2p", "--threads", "1"}
	s := openTerminal(t, 100, 30, withFault("panic"), flags...)
	s.awaits("OFF  1/")
	s.types("m")
	if code := s.ends(); code != 70 {
		t.Errorf("exit %d, want 70", code)
	}
	s.wantRestored()
	s.awaits(`internal error in miner`)
	if inside, after, left := strings.Cut(s.output(), "\x1b[?1049l"); !left || strings.Contains(inside, "internal error") || !strings.Contains(after, "internal error") {
		t.Errorf("the error was not said after the alternate screen was left: %q", after)
	}
	wantCrashFile(t, dir, "injected", "goroutine: miner", "crash_test.go")

	again := openTerminal(t, 100, 30, nil, flags...)
	again.awaits("OFF  1/")
	again.types("q")
	if code := again.ends(); code != 0 {
		t.Errorf("the next start: exit %d", code)
	}
	again.wantRestored()
}

// wantCrashFile looks for the one crash file of simnet, which holds some texts.
func wantCrashFile(t *testing.T, dir string, texts ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "simnet", "log", "crash-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("crash files %v, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the crash file's mode is %v, %v", info.Mode(), err)
	}
	report, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if !strings.Contains(string(report), text) {
			t.Errorf("the crash file lacks %q:\n%s", text, report)
		}
	}
}

// blocksOf is how many blocks the node on a directory of simnet has.
func blocksOf(t *testing.T, dir string) uint64 {
	t.Helper()
	var s struct{ Blocks uint64 }
	parse(t, succeed(t, "status", "--json", "--network", "simnet", "--datadir", dir).stdout, &s)
	return s.Blocks
}

// SIGKILL cannot be caught: the terminal stays as it was, for reset to mend, but
// nothing of the chain is lost and the next start needs no help.
func TestDashboardThatIsKilledLosesNothing(t *testing.T) {
	dir := t.TempDir()
	flags := []string{"--network", "simnet", "--datadir", dir, "--no-wallet", "--threads", "1"}
	s := openTerminal(t, 100, 30, nil, flags...)
	s.awaits("OFF  1/")
	s.types("m")
	s.awaits(`found [1-9]\d`)
	before := blocksOf(t, dir)
	s.signal(syscall.SIGKILL)
	if code := s.ends(); code != -1 {
		t.Errorf("exit %d of a killed process", code)
	}
	<-s.read
	if s.screen.Mode()&vt10x.ModeAltScreen == 0 {
		t.Error("the alternate screen was left; reset need not be spoken of")
	}

	again := openTerminal(t, 100, 30, nil, flags...)
	again.awaits("OFF  1/")
	if after := blocksOf(t, dir); before < 10 || after < before {
		t.Errorf("%d blocks before the kill, %d after it", before, after)
	}
	again.types("q")
	if code := again.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	again.wantRestored()
}

// No command but a dashboard asks the terminal anything.
func TestCommandsAskTheTerminalNothing(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"version"},
		{"--help"},
		{"status", "--network", "simnet", "--datadir", dir},
		{"wallet", "list", "--network", "simnet", "--datadir", dir},
		{"config", "show"},
	} {
		s := openTerminal(t, 80, 24, []string{"CI="}, args...)
		s.ends()
		<-s.read
		if strings.Contains(s.output(), "\x1b") {
			t.Errorf("jio %s: sent %q", strings.Join(args, " "), s.output())
		}
	}
	s := openTerminal(t, 80, 24, []string{"CI="}, "--plain", "--network", "simnet", "--datadir", dir, "--no-wallet")
	s.awaits("started")
	s.signal(syscall.SIGTERM)
	if code := s.ends(); code != 0 {
		t.Errorf("--plain: exit %d", code)
	}
	if strings.Contains(s.output(), "\x1b") {
		t.Errorf("--plain: sent %q", s.output())
	}
}
