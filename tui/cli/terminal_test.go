package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for something to be seen. It bounds a
// failure; nothing that works waits for it.
const patience = 90 * time.Second

// A session of the program on a terminal that is emulated here: what it writes
// becomes a screen that can be read, what a user types is written to it.
type terminalSession struct {
	t       *testing.T
	cmd     *exec.Cmd
	pty     *os.File
	screen  vt10x.Terminal
	changed chan struct{}
	read    chan struct{} // closed when the program's output has ended

	mu  sync.Mutex
	raw bytes.Buffer
}

// openTerminal starts the program on a terminal with variables of the
// environment.
func openTerminal(t *testing.T, columns, rows int, environment []string, args ...string) *terminalSession {
	t.Helper()
	return onTerminal(t, program(t, args...), columns, rows, environment)
}

// onTerminal starts a program on a terminal, but for what of its standard streams
// leads elsewhere already.
func onTerminal(t *testing.T, cmd *exec.Cmd, columns, rows int, environment []string) *terminalSession {
	t.Helper()
	s := &terminalSession{
		t: t, cmd: cmd, screen: vt10x.New(vt10x.WithSize(columns, rows)),
		changed: make(chan struct{}, 1), read: make(chan struct{}),
	}
	s.cmd.Env = append(append(s.cmd.Env, "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=", "COLORFGBG=15;0"), environment...)
	var err error
	s.pty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // an error says that it has ended
		_ = s.pty.Close()
		<-s.read
	})
	go s.follow()
	return s
}

func (s *terminalSession) follow() {
	defer close(s.read)
	buffer := make([]byte, 32<<10)
	for {
		n, err := s.pty.Read(buffer)
		if n > 0 {
			s.mu.Lock()
			s.raw.Write(buffer[:n])
			s.mu.Unlock()
			_, _ = s.screen.Write(buffer[:n])
			s.answer(buffer[:n])
			select {
			case s.changed <- struct{}{}:
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// answer is what a terminal says when it is asked for its colours or its cursor.
func (s *terminalSession) answer(asked []byte) {
	if bytes.Contains(asked, []byte("\x1b]11;?")) {
		_, _ = io.WriteString(s.pty, "\x1b]11;rgb:0000/0000/0000\x1b\\")
	}
	if bytes.Contains(asked, []byte("\x1b[6n")) {
		_, _ = io.WriteString(s.pty, "\x1b[1;1R")
	}
}

// text is what the screen shows.
func (s *terminalSession) text() string { return s.screen.String() }

// awaits waits until the screen holds what a pattern describes and returns the
// match with its groups.
func (s *terminalSession) awaits(pattern string) []string {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	limit := time.After(patience)
	for {
		if match := re.FindStringSubmatch(s.text()); match != nil {
			return match
		}
		select {
		case <-s.changed:
		case <-s.read:
			if match := re.FindStringSubmatch(s.text()); match != nil {
				return match
			}
			s.t.Fatalf("the program ended without showing %q:\n%s", pattern, s.text())
		case <-limit:
			s.t.Fatalf("%q was not shown:\n%s", pattern, s.text())
		}
	}
}

// types sends keys: text as it is, and the names of others.
func (s *terminalSession) types(keys ...string) {
	s.t.Helper()
	named := map[string]string{
		"enter": "\r", "esc": "\x1b", "tab": "\t", "down": "\x1b[B", "up": "\x1b[A", "left": "\x1b[D", "right": "\x1b[C", "ctrl+c": "\x03",
	}
	for _, k := range keys {
		if sequence, ok := named[k]; ok {
			k = sequence
		}
		if _, err := io.WriteString(s.pty, k); err != nil {
			s.t.Fatal(err)
		}
	}
}

// answers waits for a question and types the answer, then enter.
func (s *terminalSession) answers(pattern, answer string) []string {
	s.t.Helper()
	match := s.awaits(pattern)
	s.types(answer, "enter")
	return match
}

// ends waits for the program to end and returns its exit code.
func (s *terminalSession) ends() int {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case err := <-done:
		// The terminal must not be closed before all was read from it.
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(patience):
		s.t.Fatalf("the program did not end:\n%s", s.text())
		return -1
	}
}

func (s *terminalSession) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// output is everything the program ever wrote to the terminal.
func (s *terminalSession) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// wantRestored checks that a program that ended gave the terminal back: the main
// screen, no mouse, a cursor, lines that are echoed.
func (s *terminalSession) wantRestored() {
	s.t.Helper()
	<-s.read
	mode := s.screen.Mode()
	if mode&vt10x.ModeAltScreen != 0 {
		s.t.Error("the alternate screen was not left")
	}
	if mode&(vt10x.ModeMouseButton|vt10x.ModeMouseMotion|vt10x.ModeMouseMany) != 0 {
		s.t.Error("the mouse was not given back")
	}
	if !s.screen.CursorVisible() {
		s.t.Error("the cursor is hidden")
	}
	if !s.echoes() {
		s.t.Error("what is typed is not echoed, or not taken line by line")
	}
}

// echoes reports whether the terminal echoes what is typed and takes it line by
// line, as a shell needs it.
func (s *terminalSession) echoes() bool {
	state, err := unix.IoctlGetTermios(int(s.pty.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0 && state.Lflag&unix.ICANON != 0
}

// words reads the numbered words off the screen, in their order.
func (s *terminalSession) words() []string {
	s.t.Helper()
	found := regexp.MustCompile(`(\d+) ([a-z]{3,8})\b`).FindAllStringSubmatch(s.text(), -1)
	words := make([]string, 24)
	for _, match := range found {
		n := 0
		for _, digit := range match[1] {
			n = n*10 + int(digit-'0')
		}
		if n >= 1 && n <= 24 {
			words[n-1] = match[2]
		}
	}
	for i, w := range words {
		if w == "" {
			s.t.Fatalf("word %d is not on the screen:\n%s", i+1, s.text())
		}
	}
	return words
}
