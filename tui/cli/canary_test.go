package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// A canary is a secret that must be found nowhere.
type canary struct{ name, text string }

// inFile keeps a secret where the program can read it.
func (c canary) inFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), c.name)
	if err := os.WriteFile(name, []byte(c.text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestSecretsAppearNowhere takes a wallet through its life on a node that logs
// all it can, and lets the node crash at the end. No secret may stand in what
// the program said, its command line, its environment, its log, its crash
// report or any other of its files. What remains in its memory after a lock is
// counted and reported: the collector decides when the last copy is overwritten,
// so no number is demanded.
func TestSecretsAppearNowhere(t *testing.T) {
	password, wrong := canary{"password", "first-canary-in-the-mine"}, canary{"wrong password", "second-canary-in-the-mine"}
	phrase, words := canary{"passphrase", "third-canary-in-the-mine"}, canary{name: "words"}
	place := []string{"--network", "simnet", "--datadir", t.TempDir()}
	p := launch(t, append([]string{"--daemon", "--log-level", "debug"}, place...)...)
	p.await("started")
	said := new(strings.Builder)
	tell := func(code int, args ...string) outcome {
		out := run(t, append(args, place...)...)
		if out.code != code {
			t.Fatalf("jio %s: exit %d, want %d\n%s", strings.Join(args, " "), out.code, code, out.stderr)
		}
		fmt.Fprintln(said, out.stderr)
		return out
	}
	withPassword := []string{"--password-file", password.inFile(t)}
	var made struct{ Words string }
	parse(t, tell(0, append([]string{"wallet", "create", "main", "--json", "--words", "12", "--passphrase-file", phrase.inFile(t)}, withPassword...)...).stdout, &made)
	words.text = made.Words
	for range 2 {
		fmt.Fprintln(said, tell(0, append([]string{"wallet", "unlock"}, withPassword...)...).stdout)
		fmt.Fprintln(said, tell(0, "wallet", "address").stdout)
		fmt.Fprintln(said, tell(4, "wallet", "words", "--password-file", wrong.inFile(t)).stdout)
		all := []canary{password, wrong, phrase, words}
		before := inMemory(t, p.cmd.Process.Pid, all)
		fmt.Fprintln(said, tell(0, "wallet", "lock").stdout)
		p.await("freed memory is overwritten")
		after := inMemory(t, p.cmd.Process.Pid, all)
		for i, c := range all {
			t.Logf("%s: %d times in memory before the lock, %d times after it", c.name, before[i], after[i])
		}
	}
	checkProcess(t, p.cmd.Process.Pid, password, wrong, phrase, words)
	p.signal(syscall.SIGABRT)
	p.end()
	said.WriteString(p.seen.String())
	if !strings.Contains(said.String(), "goroutine ") {
		t.Error("there was no crash")
	}
	checkFree(t, "what the program said", []byte(said.String()), password, wrong, phrase, words)
	checkFiles(t, place[len(place)-1], password, wrong, phrase, words)
}

// inMemory counts secrets in the memory of a process.
func inMemory(t *testing.T, pid int, secrets []canary) []int {
	t.Helper()
	counts := make([]int, len(secrets))
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if runtime.GOOS != "linux" || err != nil {
		t.Logf("the memory of a process cannot be read here: %v", err)
		return counts
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Logf("the memory of a process cannot be read here: %v", err)
		return counts
	}
	defer memory.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil || !strings.HasPrefix(rights, "rw") || to-from > 1<<30 {
			continue
		}
		part := make([]byte, to-from)
		n, _ := memory.ReadAt(part, from) // some cannot be read
		for i, c := range secrets {
			counts[i] += bytes.Count(part[:n], []byte(c.text))
		}
	}
	return counts
}

// checkProcess looks at what other users may see of a process, and at its
// environment.
func checkProcess(t *testing.T, pid int, secrets ...canary) {
	t.Helper()
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
		if err != nil {
			t.Logf("not looked at: %v", err)
		}
		checkFree(t, name, data, secrets...)
	}
}

func checkFiles(t *testing.T, dir string, secrets ...canary) {
	t.Helper()
	crash := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		crash = crash || d.Name() == "fatal.txt" && bytes.Contains(data, []byte("goroutine "))
		checkFree(t, path, data, secrets...)
		return err
	})
	if err != nil || !crash {
		t.Errorf("looking through the files: %v; a crash report: %v", err, crash)
	}
}

func checkFree(t *testing.T, what string, data []byte, secrets ...canary) {
	t.Helper()
	for _, c := range secrets {
		if bytes.Contains(data, []byte(c.text)) {
			t.Errorf("%s: it holds the %s", what, c.name)
		}
	}
}
