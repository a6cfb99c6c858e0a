package chaintest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// RunScript runs a text script and compares its answers. A script is paragraphs
// of commands, each with its answer below a line of dashes:
//
//	block C on=(A,B)
//	----
//	C: selected A, blues (A B), reds (), score 3, daa 2, chain-valid
//
// Lines that start with # are comments. With rewrite the answers are written
// into the file instead; the diff is the review. The commands are the methods
// of World listed in commands.
func RunScript(t *testing.T, path string, rewrite bool) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	var answered strings.Builder
	for i, p := range parseScript(string(data)) {
		if i > 0 {
			answered.WriteString("\n")
		}
		got := w.run(p.commands)
		if !rewrite && got != p.answer {
			t.Errorf("%s:%d:\n%s----\ngot:\n%swant:\n%s", path, p.line, p.commands, got, p.answer)
		}
		answered.WriteString(p.commands)
		if len(got) > 0 {
			answered.WriteString("----\n" + got)
		}
	}
	if !rewrite {
		return
	}
	if err := os.WriteFile(path, []byte(answered.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A paragraph is some commands and their answer, each ending in a newline.
type paragraph struct {
	line             int
	commands, answer string
}

func parseScript(text string) (paragraphs []paragraph) {
	line := 1
	for chunk := range strings.SplitSeq(text, "\n\n") {
		body := strings.Trim(chunk, "\n") + "\n"
		if body != "\n" {
			commands, answer, _ := strings.Cut(body, "----\n")
			paragraphs = append(paragraphs, paragraph{line, commands, answer})
		}
		line += strings.Count(chunk, "\n") + 2
	}
	return paragraphs
}

// A command is a name, words, and key=value arguments; a value in parentheses is
// a list.
type command struct {
	name  string
	words []string
	args  map[string]string
}

func parseCommand(line string) (c command, err error) {
	c.args = make(map[string]string)
	for i, field := range splitFields(line) {
		key, value, isArg := strings.Cut(field, "=")
		switch {
		case i == 0:
			c.name = field
		case isArg:
			c.args[key] = value
		default:
			c.words = append(c.words, field)
		}
	}
	if c.name == "" {
		return c, fmt.Errorf("empty command")
	}
	return c, nil
}

// splitFields splits at spaces outside parentheses.
func splitFields(line string) []string {
	depth := 0
	return strings.FieldsFunc(line, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return r == ' ' && depth == 0
	})
}

// list returns the members of a list argument, or its single value.
func (c *command) list(key string) []string {
	value := strings.Trim(c.args[key], "()")
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}
