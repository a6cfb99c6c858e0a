package cli

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// quiet keeps the miner's line for each block, which simnet makes by the
// thousand, out of the pipe.
const quiet = "--log-level=info,miner=warn"

func TestDaemonStopsCleanlyOnASignal(t *testing.T) {
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		dir := t.TempDir()
		p := launch(t, "--daemon", "--network", "simnet", "--mine", "--threads", "1", quiet, "--datadir", dir)
		p.await("throwaway key")
		p.await("mining")
		p.signal(s)
		if code := p.end(); code != 0 {
			t.Fatalf("%v: exit %d\n%s", s, code, &p.seen)
		}
		for _, want := range []string{"stopping", "database closed", "stopped"} {
			if !strings.Contains(p.seen.String(), want) {
				t.Errorf("%v: the log does not say %q:\n%s", s, want, &p.seen)
			}
		}
		if out := succeed(t, "verify", "--network", "simnet", "--datadir", dir); strings.Contains(out.stderr, "recounting") {
			t.Errorf("%v: the stop was not clean:\n%s", s, out.stderr)
		}
	}
}

// Whoever reads the log as JSON can read every line, from a wrong variable to the
// last word.
func TestEveryLineOfADaemonIsJSON(t *testing.T) {
	args := []string{"--daemon", "--network", "simnet", "--log-format", "json", "--datadir", t.TempDir()}
	said := func(p *process) (messages string) {
		for line := range strings.Lines(p.seen.String()) {
			var record struct{ Msg, Level, Subsystem string }
			if err := json.Unmarshal([]byte(line), &record); err != nil || record.Msg == "" || record.Level == "" || record.Subsystem == "" {
				t.Errorf("%v in %s", err, line)
			}
			messages += record.Msg + "\n"
		}
		return messages
	}
	p := launchWith(t, []string{"JIO_NONSENSE=1"}, args...)
	p.await("started")
	second := launch(t, args...)
	if code := second.end(); code != 6 {
		t.Errorf("exit %d", code)
	}
	if got := said(second); !strings.Contains(got, "already uses") {
		t.Errorf("the second process says %s", got)
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"JIO_NONSENSE means nothing", "a second signal forces", "stopped"} {
		if got := said(p); !strings.Contains(got, want) {
			t.Errorf("nothing says %q in\n%s", want, got)
		}
	}
	wrong := launch(t, append(args, "--threads", "100000")...)
	if code := wrong.end(); code != 2 || !strings.Contains(said(wrong), "threads") {
		t.Errorf("exit %d, %s", code, &wrong.seen)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "--daemon", "--network", "simnet", "--datadir", dir)
	p.await("started")
	holder := fmt.Sprintf("process %d", p.cmd.Process.Pid)
	for _, args := range [][]string{{"--daemon"}, {"verify"}, {"export", "-"}, {"import", "-"}} {
		out := run(t, append(args, "--network", "simnet", "--datadir", dir)...)
		if out.code != 6 || !strings.Contains(out.stderr, holder) {
			t.Errorf("jio %v: exit %d, %q; want 6 and a word of %s", args, out.code, out.stderr, holder)
		}
	}
	if out := run(t, "verify", "--json", "--network", "simnet", "--datadir", dir); !strings.Contains(out.stderr, `"name": "in-use"`) {
		t.Errorf("the error in JSON is %q", out.stderr)
	}
	other := launch(t, "--daemon", "--network", "devnet", "--datadir", dir)
	other.await("started") // another network has a directory of its own
	for _, p := range []*process{p, other} {
		p.signal(syscall.SIGTERM)
		if code := p.end(); code != 0 {
			t.Errorf("exit %d\n%s", code, &p.seen)
		}
	}
}

// A start right after a stop or a kill waits for what is left of the node before.
func TestStartRightAfterAnEnd(t *testing.T) {
	place := []string{"--network", "simnet", "--datadir", t.TempDir()}
	start := func() *process {
		p := launch(t, append([]string{"--daemon"}, place...)...)
		p.await("started")
		return p
	}
	first := start()
	succeed(t, append([]string{"stop", "--wait"}, place...)...)
	second := start()
	second.signal(syscall.SIGKILL)
	third := start()
	third.signal(syscall.SIGTERM)
	for p, want := range map[*process]int{first: 0, second: -1, third: 0} {
		if code := p.end(); code != want {
			t.Errorf("exit %d, want %d\n%s", code, want, &p.seen)
		}
	}
}

func TestKilledDaemonGoesOn(t *testing.T) {
	dir := t.TempDir()
	succeed(t, "mine", "--blocks", "5", "--network", "simnet", "--datadir", dir)
	p := launch(t, "--daemon", "--network", "simnet", "--mine", "--threads", "1", "--datadir", dir)
	p.await("found block")
	p.await("found block")
	p.signal(syscall.SIGKILL)
	p.end()

	again := launch(t, "--daemon", "--network", "simnet", "--datadir", dir)
	again.await("recounting")
	started := again.await("started")
	var blocks int
	if _, err := fmt.Sscanf(started[strings.Index(started, "blocks="):], "blocks=%d", &blocks); err != nil || blocks < 8 {
		t.Errorf("%d blocks after the kill (%v), want 8 or more: %s", blocks, err, started)
	}
	again.signal(syscall.SIGTERM)
	if code := again.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &again.seen)
	}
	succeed(t, "verify", "--network", "simnet", "--datadir", dir)
}

func TestStartWithoutATerminalSaysThatThereIsNoScreen(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "--network", "simnet", "--no-wallet", "--datadir", dir)
	p.await("no dashboard, because the output is not a terminal")
	p.await("started")
	p.signal(syscall.SIGHUP) // the terminal goes away
	if code := p.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &p.seen)
	}
}

func TestDaemonAnswersSignals(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "--daemon", "--network", "simnet", "--datadir", dir)
	p.await("started")
	log := filepath.Join(dir, "simnet", "log", "jio.log")
	if err := os.Rename(log, log+".1"); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.signal(syscall.SIGUSR1)
	p.await("goroutines follow")
	p.await("goroutine ")
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &p.seen)
	}
	fresh, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(fresh), "stopped") {
		t.Errorf("SIGHUP did not open a new log file: %v", err)
	}
}

func TestJSONLog(t *testing.T) {
	p := launch(t, "--daemon", "--network", "simnet", "--datadir", t.TempDir(), "--log-format", "json")
	line := p.await("started")
	if !strings.HasPrefix(line, "{") || !strings.Contains(line, `"subsystem":"node"`) {
		t.Errorf("the line is %s", line)
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &p.seen)
	}
}

func TestServiceManager(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenPacket("unixgram", name)
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	heard := func(want string) {
		t.Helper()
		buf := make([]byte, 4096)
		for {
			n, _, err := manager.ReadFrom(buf)
			if err != nil {
				t.Fatalf("%v while waiting for %s", err, want)
			}
			if string(buf[:n]) == want {
				return
			}
		}
	}
	p := launchWith(t, []string{"NOTIFY_SOCKET=" + name, "WATCHDOG_USEC=1000"}, "--daemon", "--network", "simnet", "--datadir", t.TempDir())
	heard("READY=1")
	heard("WATCHDOG=1")
	p.signal(syscall.SIGTERM)
	heard("STOPPING=1")
	if code := p.end(); code != 0 {
		t.Errorf("exit %d\n%s", code, &p.seen)
	}
}
