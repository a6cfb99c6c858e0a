package wizard

// A Kind is how a step is answered.
type Kind int

// The kinds of steps.
const (
	Choice  Kind = iota // one of Options
	Line                // a line of text
	Secret              // a line that is not shown
	Reading             // nothing: what is shown must be read
)

// A Step is one page of the wizard.
type Step struct {
	Name    string
	Title   string
	Text    string
	Kind    Kind
	Options []Option
	Initial string // a line's text to begin with, or the value of the choice that is marked

	// Veiled says that what is typed or read is a secret that belongs on a screen,
	// which is cleared, and never on lines, which stay.
	Veiled bool
	// When leaves the step out where it returns false; nil never does.
	When func(a Answers) bool
	// Check says in a sentence what is wrong with an answer; nil takes any.
	Check func(a Answers, value []byte) error
	// Hint says something about an answer while it is typed.
	Hint func(value []byte) string
	// Complete returns what an answer is meant to be, for the tab key; nil for steps
	// that cannot tell. It may change and return the answer it is given.
	Complete func(value []byte) []byte
	// Show returns lines of at most so many cells to be read besides Text, such as
	// words; nil shows none.
	Show func(a Answers, width int) []string
}

// An Option is an answer to a Choice.
type Option struct{ Value, Label string }

// A Flow is a walk through steps.
type Flow struct {
	steps   []Step
	answers Answers
	path    []int // of the steps walked, the current one last
}

// NewFlow returns a walk at its first step. Answers given beforehand are kept,
// and may leave steps out.
func NewFlow(steps []Step, given Answers) *Flow {
	f := &Flow{steps: steps, answers: given}
	f.advance(0)
	return f
}

// Done reports whether all steps were answered.
func (f *Flow) Done() bool { return f.path[len(f.path)-1] == len(f.steps) }

// Current returns the step to be answered; the Flow must not be Done.
func (f *Flow) Current() *Step { return &f.steps[f.path[len(f.path)-1]] }

// Position returns which step this is of those walked so far.
func (f *Flow) Position() int { return len(f.path) }

// Answers returns what was decided; it belongs to the Flow until that is Done.
func (f *Flow) Answers() Answers { return f.answers }

// Answer takes an answer, which is copied, and goes on; it stays where the
// answer is wrong, and says why.
func (f *Flow) Answer(value []byte) error {
	step := f.Current()
	if step.Kind == Choice && !step.offers(string(value)) {
		return errChoice
	}
	if step.Check != nil {
		if err := step.Check(f.answers, value); err != nil {
			return err
		}
	}
	if step.Kind != Reading {
		f.answers.set(step.Name, value)
	}
	f.advance(f.path[len(f.path)-1] + 1)
	return nil
}

// Back returns to the step before and reports whether there was one.
func (f *Flow) Back() bool {
	if len(f.path) == 1 {
		return false
	}
	f.path = f.path[:len(f.path)-1]
	return true
}

// advance goes to the next step from one on that is not left out.
func (f *Flow) advance(next int) {
	for next < len(f.steps) && f.steps[next].When != nil && !f.steps[next].When(f.answers) {
		next++
	}
	f.path = append(f.path, next)
}

func (s *Step) offers(value string) bool {
	for _, o := range s.Options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// initial is what a step begins with: the answer given before, which stays the
// Flow's, else Initial. Secrets begin empty.
func (f *Flow) initial() []byte {
	step := f.Current()
	if given, ok := f.answers[step.Name]; ok && step.Kind != Secret {
		return given
	}
	return []byte(step.Initial)
}
