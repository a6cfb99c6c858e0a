package wizard

import (
	"bytes"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A Screen drives a Flow as a page of the dashboard.
type Screen struct {
	flow    *Flow
	field   component.Field
	choice  int
	reading component.Reading
	failed  string
	done    func(Answers) tea.Cmd
	left    tea.Cmd
}

// NewScreen returns the page of a flow. done is given the answers, which it
// owns, when all steps were answered; left is what leaving the first step does.
func NewScreen(flow *Flow, done func(Answers) tea.Cmd, left tea.Cmd) *Screen {
	s := &Screen{flow: flow, done: done, left: left}
	s.enter()
	return s
}

// enter prepares the fields for the current step.
func (s *Screen) enter() {
	s.field.Clear()
	s.failed, s.choice, s.reading.Top = "", 0, 0
	if s.flow.Done() {
		return
	}
	step := s.flow.Current()
	s.field = component.Field{Secret: step.Kind == Secret, Max: 1024}
	initial := s.flow.initial()
	s.field.SetBytes(initial)
	for i, o := range step.Options {
		if o.Value == string(initial) {
			s.choice = i
		}
	}
}

// Title implements page.Page.
func (s *Screen) Title() string { return "Setup" }

// Typing implements page.Page.
func (s *Screen) Typing() bool { return true }

// Keys implements page.Page.
func (s *Screen) Keys() []page.Binding {
	keys := []page.Binding{
		{Keys: []string{"enter"}, Short: "next", Help: "Go on."},
		{Keys: []string{"esc"}, Short: "back", Help: "Go back by a step; leave at the first."},
	}
	if s.flow.Done() {
		return nil
	}
	switch step := s.flow.Current(); {
	case step.Kind == Choice:
		keys = append(
			keys,
			page.Binding{Keys: []string{"up", "down", "k", "j", "tab", "shift+tab"}, Short: "choose", Help: "Mark another answer."},
			page.Binding{Keys: strings.Split("123456789"[:len(step.Options)], ""), Help: "Mark an answer by its number."},
		)
	case step.Kind == Reading && s.reading.Long:
		keys = append(keys, page.Binding{Keys: []string{"up", "down"}, Short: "read", Help: "Read on, or back."})
	case step.Complete != nil:
		keys = append(keys, page.Binding{Keys: []string{"tab"}, Short: "complete", Help: "Complete the word."})
	}
	return keys
}

// Update implements page.Page.
func (s *Screen) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok || s.flow.Done() {
		return nil
	}
	step := s.flow.Current()
	s.failed = "" // it was of what stood there before
	switch name := key.String(); {
	case name == "esc":
		return s.back()
	case name == "enter":
		return s.answer(step)
	case step.Kind == Choice:
		s.choose(step, name)
	case step.Kind == Reading && name == "up":
		s.reading.Top--
	case step.Kind == Reading && name == "down":
		s.reading.Top++
	case step.Complete != nil && name == "tab":
		s.complete(step)
	case step.Kind != Reading:
		component.Edit(&s.field, key)
	}
	return nil
}

func (s *Screen) choose(step *Step, key string) {
	n := len(step.Options)
	switch key {
	case "up", "k", "shift+tab":
		s.choice = (s.choice + n - 1) % n
	case "down", "j", "tab":
		s.choice = (s.choice + 1) % n
	default:
		if len(key) == 1 && key >= "1" && int(key[0]-'1') < n {
			s.choice = int(key[0] - '1')
		}
	}
}

func (s *Screen) complete(step *Step) {
	typed := bytes.Clone(s.field.Bytes())
	value := step.Complete(typed)
	s.field.SetBytes(value)
	clear(typed) // value may be another slice
	clear(value)
}

func (s *Screen) back() tea.Cmd {
	if !s.flow.Back() {
		s.field.Clear()
		s.flow.Answers().Wipe()
		return s.left
	}
	s.enter()
	return nil
}

func (s *Screen) answer(step *Step) tea.Cmd {
	value := s.field.Bytes()
	if step.Kind == Choice {
		value = []byte(step.Options[s.choice].Value)
	}
	if err := s.flow.Answer(value); err != nil {
		s.failed = err.Error()
		return nil
	}
	s.enter()
	if s.flow.Done() {
		return s.done(s.flow.Answers())
	}
	return nil
}

// Draw implements page.Page.
func (s *Screen) Draw(c page.Context, a component.Area) {
	if s.flow.Done() {
		return
	}
	step := s.flow.Current()
	width := min(84, a.Width)
	lines := s.lines(step, width-4)
	answer := s.answerHeight(step, width-4)
	height := min(a.Height, len(lines)+1+answer+2)
	place := a.Sub((a.Width-width)/2, (a.Height-height)/2, width, height)
	place.Clear()
	a = component.Panel{Title: fmt.Sprintf("%d  %s", s.flow.Position(), step.Title), Note: s.waysOn(), Focus: true}.Draw(place, c.Glyphs)
	// The answer is always seen; what is above it scrolls where it must.
	text, bottom := a.Bottom(min(answer, a.Height))
	s.reading.Draw(text, lines, " down: more")
	s.drawAnswer(c, bottom, step)
}

// waysOn says how to leave the step.
func (s *Screen) waysOn() string {
	if s.flow.Position() == 1 {
		return "enter goes on, esc leaves"
	}
	return "enter goes on, esc goes back"
}

// lines are what is to be read above the answer.
func (s *Screen) lines(step *Step, width int) (lines []component.Cell) {
	if step.Text != "" {
		for _, line := range component.Wrap(step.Text, width) {
			lines = append(lines, component.Cell{Text: line, Token: style.Plain})
		}
	}
	if step.Show == nil {
		return lines
	}
	if len(lines) > 0 {
		lines = append(lines, component.Cell{})
	}
	for _, line := range step.Show(s.flow.Answers(), width) {
		lines = append(lines, component.Cell{Text: line, Token: style.Strong})
	}
	return lines
}

// answerHeight is how many rows the answer takes, with what is said of it.
func (s *Screen) answerHeight(step *Step, width int) int {
	rows := 1
	switch step.Kind {
	case Choice:
		rows = 0
		for _, o := range step.Options {
			rows += len(component.Wrap(o.Label, width-optionIndent))
		}
	case Line, Secret:
		rows = 2
	}
	if s.failed != "" {
		rows += len(component.Wrap(s.failed, width))
	}
	return rows
}

// optionIndent is what the pointer takes before an answer.
const optionIndent = 2

func (s *Screen) drawAnswer(c page.Context, a component.Area, step *Step) {
	y := 0
	switch step.Kind {
	case Choice:
		for i, o := range step.Options {
			token, mark := style.Plain, "  "
			if i == s.choice {
				token, mark = style.Cursor, string(c.Glyphs.Pointer)+" "
			}
			for _, line := range component.Wrap(o.Label, a.Width-optionIndent) {
				a.Print(0, y, token, mark+line)
				y, mark = y+1, "  "
			}
		}
	case Reading:
		a.Print(0, y, style.Key, "enter goes on")
		y++
	default:
		a.Print(0, y, style.Key, string(c.Glyphs.Pointer))
		s.field.Draw(a.Sub(2, y, a.Width-2, 1), true, c.Glyphs)
		y++
		if step.Hint != nil {
			a.Print(2, y, style.Dim, component.Cut(step.Hint(s.field.Bytes()), a.Width-2, c.Glyphs.Ellipsis))
		}
		y++
	}
	for i, line := range component.Wrap(s.failed, a.Width) {
		a.Print(0, y+i, style.Bad, line)
	}
}
