package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// Where a secret may come from: a prompt without echo, a file, or a file
// descriptor. It never comes from the command line, which others can read.
const (
	password    = "password"
	newPassword = "new-password"
	passphrase  = "passphrase"
)

// addSecret declares the flags of a secret that is not prompted for.
func addSecret(command *cobra.Command, name, what string) {
	command.Flags().String(name+"-file", "", "read "+what+" from a file, instead of asking")
	command.Flags().Int(name+"-fd", -1, "read "+what+" from a file descriptor, instead of asking")
}

// secret returns a secret from where the flags say, else by asking for it. The
// caller wipes it.
func (a *app) secret(command *cobra.Command, name, prompt string) ([]byte, error) {
	given, ok, err := a.givenSecret(command, name)
	if ok || err != nil {
		return given, err
	}
	return a.ask(name, prompt)
}

// freshSecret is secret for one that is new: it is asked for twice.
func (a *app) freshSecret(command *cobra.Command, name, prompt string) ([]byte, error) {
	given, ok, err := a.givenSecret(command, name)
	if ok || err != nil {
		return given, err
	}
	first, err := a.ask(name, prompt)
	if err != nil {
		return nil, err
	}
	again, err := a.ask(name, "The same again")
	defer clear(again)
	if err == nil && !bytes.Equal(first, again) {
		err = usage(errors.New("the two differ"))
	}
	if err != nil {
		clear(first)
		return nil, err
	}
	return first, nil
}

// givenSecret reads a secret that flags point at; one line end after it is not
// a part of it.
func (a *app) givenSecret(command *cobra.Command, name string) (secret []byte, given bool, err error) {
	file, _ := command.Flags().GetString(name + "-file")
	fd, _ := command.Flags().GetInt(name + "-fd")
	switch {
	case file != "" && fd >= 0:
		return nil, true, usage(fmt.Errorf("--%s-file and --%s-fd both say where the %s comes from", name, name, name))
	case file != "":
		secret, err = os.ReadFile(file)
	case fd >= 0:
		secret, err = io.ReadAll(io.LimitReader(os.NewFile(uintptr(fd), "fd"), 64<<10))
	default:
		return nil, false, nil
	}
	if err != nil {
		return nil, true, usage(fmt.Errorf("the %s: %w", name, err))
	}
	return withoutLineEnd(secret), true, nil
}

// withoutLineEnd cuts one line end off.
func withoutLineEnd(secret []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(secret, []byte("\n")), []byte("\r"))
}

// ask asks for a secret on the terminal, which shows nothing of it.
func (a *app) ask(name, prompt string) ([]byte, error) {
	if !a.atTerminal() {
		return nil, usage(fmt.Errorf("the %s is needed: use a terminal, --%s-file or --%s-fd", name, name, name))
	}
	secret, err := unechoed(os.Stdin.Fd(), func() { fmt.Fprintf(a.stderr, "%s: ", prompt) })
	fmt.Fprintln(a.stderr)
	return secret, err
}

// atTerminal reports whether somebody can be asked.
func (a *app) atTerminal() bool {
	return a.stdin == io.Reader(os.Stdin) && term.IsTerminal(os.Stdin.Fd())
}

// unechoed reads a line that the terminal does not show. The echo is off before
// prompt asks for the line. An interrupt gives the terminal its echo back.
func unechoed(fd uintptr, prompt func()) ([]byte, error) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, stopSignals...)
	defer signal.Stop(interrupts)
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	prompt()
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() { // left behind by a signal, which ends the program
		text, err := typed(os.Stdin)
		read <- line{text, err}
	}()
	var l line
	var stopped error
	select {
	case l = <-read:
	case by := <-interrupts:
		stopped = &signalError{by}
	}
	restored := term.Restore(fd, before)
	signal.Stop(interrupts)
	select {
	case by := <-interrupts: // it came with the line; nobody else heard it
		stopped = &signalError{by}
	default:
	}
	if stopped != nil {
		clear(l.text)
		l.text = nil
	}
	return l.text, errors.Join(stopped, l.err, restored)
}

// The keys that mean something while a secret is typed.
const (
	keyInterrupt = 0x03 // ctrl+c
	keyEnd       = 0x04 // ctrl+d
	keyBack      = 0x08
	keyErase     = 0x15 // ctrl+u
	keyDelete    = 0x7f
)

// typed reads a line from a raw terminal, key by key.
func typed(r io.Reader) (line []byte, err error) {
	key := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, key); err != nil {
			clear(line)
			return nil, err
		}
		switch key[0] {
		case '\r', '\n':
			return line, nil
		case keyInterrupt, keyEnd:
			clear(line)
			return nil, &signalError{os.Interrupt}
		case keyErase:
			clear(line)
			line = line[:0]
		case keyBack, keyDelete:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		default:
			line = grown(line, key[0])
		}
	}
}

// grown appends to a secret and leaves no copy of it behind.
func grown(line []byte, b byte) []byte {
	if len(line) == cap(line) {
		larger := append(make([]byte, 0, 2*cap(line)+64), line...)
		clear(line)
		line = larger
	}
	return append(line, b)
}

// confirm asks a question that only a yes answers; --yes is one.
func (s *session) confirm(question string) error {
	if s.on("yes") {
		return nil
	}
	if !s.atTerminal() {
		return usage(errors.New("nobody can be asked here whether to go on: say --yes"))
	}
	fmt.Fprintf(s.stderr, "%s Type yes to go on: ", question)
	answer, err := readLine(s.stdin)
	if err != nil {
		return err
	}
	if string(answer) != "yes" {
		return usage(errors.New("nothing was done"))
	}
	return nil
}

// readLine reads one line byte by byte, so that nothing after it is taken. The
// caller wipes it where it is a secret.
func readLine(r io.Reader) (line []byte, err error) {
	b := make([]byte, 1)
	for {
		n, err := r.Read(b)
		if n == 1 && b[0] == '\n' {
			return withoutLineEnd(line), nil
		}
		if n == 1 {
			line = grown(line, b[0])
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			return line, nil
		}
		if err != nil {
			clear(line)
			return nil, err
		}
	}
}
