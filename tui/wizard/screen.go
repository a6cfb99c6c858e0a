package wizard

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A Screen drives a Flow as a page of the dashboard.
type Screen struct {
	flow   *Flow
	field  component.Field
	choice int
	failed string
	done   func(Answers) tea.Cmd
	left   tea.Cmd
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
	s.failed, s.choice = "", 0
	if s.flow.Done() {
		return
	}
	step := s.flow.Current()
	s.field = component.Field{Secret: step.Kind == Secret, Max: 1024}
	initial := s.flow.initial()
	s.field.Set(initial)
	for i, o := range step.Options {
		if o.Value == initial {
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
	return []page.Binding{
		{Keys: []string{"enter"}, Short: "next", Help: "Go on."},
		{Keys: []string{"up", "down"}, Short: "choose", Help: "Mark another answer."},
		{Keys: []string{"esc"}, Short: "back", Help: "Go back by a step; leave at the first."},
	}
}

// Update implements page.Page.
func (s *Screen) Update(_ page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok || s.flow.Done() {
		return nil
	}
	step := s.flow.Current()
	switch name := key.String(); {
	case name == "esc":
		return s.back()
	case name == "enter":
		return s.answer(step)
	case step.Kind == Choice:
		s.choose(step, name)
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
		if i := int(key[0] - '1'); len(key) == 1 && i >= 0 && i < n {
			s.choice = i
		}
	}
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
	text := component.Wrap(step.Text, width-4)
	var shown []string
	if step.Show != nil {
		shown = step.Show(s.flow.Answers())
	}
	height := min(a.Height, len(text)+len(shown)+len(step.Options)+8)
	place := a.Sub((a.Width-width)/2, (a.Height-height)/2, width, height)
	place.Clear()
	a = component.Panel{Title: fmt.Sprintf("%d  %s", s.flow.Position(), step.Title), Note: "esc goes back", Focus: true}.Draw(place, c.Glyphs)
	y := 0
	for _, line := range text {
		a.Print(0, y, style.Plain, line)
		y++
	}
	y++
	for _, line := range shown {
		a.Print(0, y, style.Strong, line)
		y++
	}
	s.drawAnswer(c, a, step, y+1)
}

func (s *Screen) drawAnswer(c page.Context, a component.Area, step *Step, y int) {
	switch step.Kind {
	case Choice:
		for i, o := range step.Options {
			token, mark := style.Plain, "  "
			if i == s.choice {
				token, mark = style.Cursor, string(c.Glyphs.Pointer)+" "
			}
			a.Print(0, y, token, mark+o.Label)
			y++
		}
	case Reading:
		a.Print(0, y, style.Key, "enter goes on")
		y++
	default:
		a.Print(0, y, style.Key, string(c.Glyphs.Pointer))
		s.field.Draw(a.Sub(2, y, a.Width-2, 1), true, c.Glyphs)
		y++
		if step.Hint != nil {
			a.Print(2, y, style.Dim, step.Hint(s.field.Bytes()))
		}
		y++
	}
	for i, line := range component.Wrap(s.failed, a.Width) {
		a.Print(0, y+i, style.Bad, line)
	}
}
