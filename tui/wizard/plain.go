package wizard

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// A Plain asks questions on lines, for terminals without a screen, for screen
// readers and for pipes.
type Plain struct {
	Out io.Writer
	// Line asks with a prompt and reads a line without its end; the echo is off before
	// a secret one is asked for. The bytes belong to the caller.
	Line func(secret bool, prompt string) ([]byte, error)
	// Veil lets lines be read that must not stay anywhere, one at a time. Its error
	// ends the questions.
	Veil func(lines []string) error
}

// Run asks for the steps of a flow one after the other and returns the answers.
// It ends early with the error of Line, io.EOF when nobody answers any more.
func (p Plain) Run(flow *Flow) (Answers, error) {
	for !flow.Done() {
		if err := p.ask(flow); err != nil {
			flow.Answers().Wipe()
			return nil, err
		}
	}
	return flow.Answers(), nil
}

func (p Plain) ask(flow *Flow) error {
	step := flow.Current()
	p.say("\n%s\n", step.Title)
	if step.Text != "" {
		p.say("%s\n", step.Text)
	}
	if err := p.show(step, flow.Answers()); err != nil {
		return err
	}
	for i, o := range step.Options {
		p.say("  %d  %s\n", i+1, o.Label)
	}
	initial := flow.initial()
	value, err := p.Line(step.Kind == Secret || step.Kind == Line && step.Veiled, invitation(step, initial)+": ")
	if err != nil {
		return err
	}
	defer clear(value)
	if string(bytes.TrimSpace(value)) == "back" && flow.Back() {
		return nil
	}
	if err := flow.Answer(meaning(step, value, initial)); err != nil {
		p.say("%v\n", err)
	}
	return nil
}

// show shows what a step has to be read, which what is typed again must not be.
func (p Plain) show(step *Step, a Answers) error {
	switch {
	case step.Show == nil:
		return nil
	case step.Veiled && step.Kind == Reading:
		return p.Veil(step.Show(a, 1))
	}
	for _, line := range step.Show(a, 80) {
		p.say("  %s\n", line)
	}
	return nil
}

// invitation says what may be typed and what nothing stands for.
func invitation(step *Step, initial []byte) string {
	switch {
	case step.Kind == Choice:
		for i, o := range step.Options {
			if o.Value == string(initial) {
				return fmt.Sprintf("Number [%d]", i+1)
			}
		}
		return "Number"
	case step.Kind == Reading:
		return "Enter goes on"
	case len(initial) > 0 && step.Veiled:
		return "[as before]"
	case len(initial) > 0:
		return "[" + string(initial) + "]"
	}
	return ">"
}

// meaning is the answer that a line stands for: a choice by its number or its
// name, the initial one for nothing.
func meaning(step *Step, line, initial []byte) []byte {
	if step.Kind != Secret {
		line = bytes.TrimSpace(line)
	}
	if len(line) == 0 && step.Kind != Secret {
		return initial
	}
	if step.Kind == Choice {
		if n, err := strconv.Atoi(string(line)); err == nil && n >= 1 && n <= len(step.Options) {
			return []byte(step.Options[n-1].Value)
		}
	}
	return line
}

// say writes to the user; who cannot be written to is noticed when no answer
// comes.
func (p Plain) say(format string, args ...any) { _, _ = fmt.Fprintf(p.Out, format, args...) }
