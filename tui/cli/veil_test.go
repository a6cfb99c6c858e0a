package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// readWords reads the words that are shown one after the other.
func readWords(s *terminalSession) (words []string) {
	for i := range 24 {
		words = append(words, s.awaits(fmt.Sprintf(`%d ([a-z]{3,8}) +\(%d of 24\)`, i+1, i+1))[1])
		if s.echoes() {
			s.t.Error("the terminal echoes while words are shown")
		}
		s.types("enter")
	}
	return words
}

// rest answers what a plain first run asks after the words.
func rest(s *terminalSession, words []string) {
	s.answers("Enter goes on: ", "")
	s.answers("Three of the words will be asked for", "check")
	for i := range 3 {
		asked := s.awaits(strings.Repeat(`(?s).*?Word number (\d+):[^>]*>: `, i+1))
		n, err := strconv.Atoi(asked[i+1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.types(words[n-1], "enter")
	}
	s.answers(`Most people leave it empty[^>]*>: `, "")
	s.answers(`It protects the wallet[^>]*>: `, secretPassword)
	s.answers(`Password, once more[^>]*>: `, secretPassword)
	s.answers("Mining", "no")
	s.answers("With this the node starts now", "")
}

// wantNoWords checks that what a terminal still shows, or could scroll back to,
// holds none of the words with its number.
func wantNoWords(t *testing.T, text string, words []string) {
	t.Helper()
	for i, word := range words {
		if strings.Contains(text, fmt.Sprintf("%d %s", i+1, word)) {
			t.Fatalf("word %d stands in\n%s", i+1, text)
		}
	}
}

// The questions of a first run on a dumb terminal leave no word in it. The screen
// is high enough that nothing is scrolled off it.
func TestPlainFirstRunLeavesNoWords(t *testing.T) {
	dir := t.TempDir()
	s := openTerminal(t, 80, 300, []string{"TERM=dumb"}, "--network", "simnet", "--datadir", dir)
	s.answers("no wallet now", "create")
	s.answers("What shall the wallet be called", "")
	s.answers("12 words", "24")
	words := readWords(s)
	s.awaits("Enter goes on: ")
	wantNoWords(t, s.text(), words)
	rest(s, words)
	s.awaits("simnet.*blocks|wallet.*main|listening")
	s.signal(syscall.SIGTERM)
	s.ends()
	<-s.read
	wantNoWords(t, s.text(), words)
	if strings.Contains(s.output(), secretPassword) {
		t.Error("the password was shown")
	}
	wantNoTrace(t, dir, words, secretPassword)
}

// Where the output is led into a pipe the words are shown on the terminal all the
// same, and not in the pipe.
func TestPlainFirstRunKeepsWordsOutOfPipes(t *testing.T) {
	dir := t.TempDir()
	cmd := program(t, "--plain", "--network", "simnet", "--datadir", dir)
	var piped bytes.Buffer
	cmd.Stdout = &piped
	s := onTerminal(t, cmd, 80, 100, nil)
	s.types("create", "enter", "enter", "24", "enter")
	words := readWords(s)
	s.signal(syscall.SIGTERM)
	s.ends()
	wantNoWords(t, piped.String(), words)
	if !strings.Contains(piped.String(), "Write these words down") {
		t.Errorf("the questions were not asked:\n%s", &piped)
	}
}

// Where there is no terminal at all the words are told nobody, and the user how
// else a wallet is made.
func TestFirstRunWithoutATerminalMakesNoWords(t *testing.T) {
	dir := t.TempDir()
	_, out, err := ask(t, dir, "simnet", filepath.Join(dir, "data"), "create", "a", "24", "", "check")
	if codeOf(err).code != 2 || !strings.Contains(err.Error(), "jio wallet create") {
		t.Errorf("ended with %v\n%s", err, out)
	}
}
