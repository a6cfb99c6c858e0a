package cli

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// asProgram makes the test binary be the program itself, so that tests can
// start, signal and kill real processes.
const asProgram = "CLI_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if how := os.Getenv(asProgram); how != "" {
		a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, opened: faults[how]}
		os.Exit(a.main(context.Background(), os.Args))
	}
	os.Exit(m.Run())
}

// program returns the program with arguments, in an environment where no
// setting comes from outside.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	p := exec.CommandContext(t.Context(), os.Args[0], args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "JIO_") && !strings.HasPrefix(entry, "XDG_") {
			p.Env = append(p.Env, entry)
		}
	}
	p.Env = append(p.Env, asProgram+"=1", "HOME="+t.TempDir())
	return p
}

// An outcome is how a program ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// run runs the program to its end.
func run(t *testing.T, args ...string) outcome {
	t.Helper()
	return finish(t, program(t, args...))
}

func finish(t *testing.T, p *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	p.Stdout, p.Stderr = &stdout, &stderr
	return outcome{codeOfExit(t, p.Run()), stdout.String(), stderr.String()}
}

func codeOfExit(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return -1
}

// succeed runs the program and fails the test unless it exits with 0.
func succeed(t *testing.T, args ...string) outcome {
	t.Helper()
	out := run(t, args...)
	if out.code != 0 {
		t.Fatalf("jio %s: exit %d\n%s%s", strings.Join(args, " "), out.code, out.stdout, out.stderr)
	}
	return out
}

// A process is a program that runs beside the test.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	seen  strings.Builder
}

// launch starts the program and returns while it runs.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	return launchWith(t, nil, args...)
}

// launchWith is launch with variables of the environment.
func launchWith(t *testing.T, environment []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: program(t, args...)}
	p.cmd.Env = append(p.cmd.Env, environment...)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(stderr)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // an error says that it has ended
	return p
}

// await reads lines until one holds a text.
func (p *process) await(text string) string {
	p.t.Helper()
	for p.lines.Scan() {
		p.seen.WriteString(p.lines.Text() + "\n")
		if strings.Contains(p.lines.Text(), text) {
			return p.lines.Text()
		}
	}
	p.t.Fatalf("the program ended without saying %q:\n%s", text, &p.seen)
	return ""
}

// end reads what is left, waits for the end and returns the exit code, -1 for a
// process that was killed.
func (p *process) end() int {
	p.t.Helper()
	for p.lines.Scan() {
		p.seen.WriteString(p.lines.Text() + "\n")
	}
	return codeOfExit(p.t, p.cmd.Wait())
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}
