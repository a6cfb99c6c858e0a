package page

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// The messages with which a page asks its host for something.
type (
	// Toast says something in the line above the footer and keeps it in the list
	// of events.
	Toast struct {
		Token style.Token // style.Good, style.Warn or style.Bad
		Text  string
	}
	// Aside says something that nobody waits for: it takes no other's place.
	Aside struct{ Toast }
	// Copy puts text on the clipboard.
	Copy struct{ Text, What string }
	// Open shows a block, a transaction or an address: what api.Search calls it,
	// or "" to search for the name first.
	Open struct{ Kind, Name string }
	// Go switches to another page, by its title, and presses a key there unless it is
	// empty.
	Go struct{ Title, Key string }
	// List shows one of the lists of the wallet page, by its title.
	List struct{ Title string }
	// Confirm asks a question whose answer is No unless the user says otherwise.
	// With Retype the user must type that text as well.
	Confirm struct {
		Title, Text string
		Yes         tea.Cmd
		Retype      string
	}
	// Prompt asks for some lines of text and hands them to Done, in order. Secrets
	// belong to the command that Done returns, which wipes them. What Check refuses
	// stays where it was typed.
	Prompt struct {
		Title, Text string
		Fields      []PromptField
		Check       func(values [][]byte) error // nil accepts everything
		Done        func(values [][]byte) tea.Cmd
	}
	// Show shows text that is to be read or copied by hand.
	Show struct {
		Title string
		Lines []string
		QR    string // drawn as a code as well, when not empty
	}
	// ShowWords shows the words of a wallet. They are the receiver's to wipe.
	ShowWords struct {
		Wallet     string
		Words      api.Secret
		Passphrase bool // there is one besides
	}
	// Quit leaves the dashboard as the key does.
	Quit struct{}
	// Close takes the topmost dialog away. The lock screen goes only where Lock says
	// so, and nothing else does then.
	Close struct{ Lock bool }
)

// A PromptField is a line that is asked for.
type PromptField struct {
	Label  string
	Value  string // to begin with
	Secret bool
}

// patience is how long an answer is waited for.
const patience = 20 * time.Second

// An Event is a Toast and when it was said.
type Event struct {
	Time time.Time
	Toast
}

// Mark says in a word what the colour of a Toast says.
func Mark(t style.Token) string {
	switch t {
	case style.Good:
		return "ok: "
	case style.Warn:
		return "note: "
	case style.Bad:
		return "failed: "
	}
	return ""
}

// A Busy page has something going on that quitting would interrupt, said in a
// sentence; "" when it has not.
type Busy interface{ Busy() string }

// Send returns a command that does nothing but send a message.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// say returns a command that shows a Toast.
func say(token style.Token, text string) tea.Cmd { return Send(Toast{token, text}) }

// Ask returns a command that calls a method and turns the answer into a message.
// It runs outside Update, so no page ever waits. Secrets among the parameters are
// wiped once the call has ended, so it can be made only once.
func Ask[P, R any](c Context, m api.Method[P, R], params P, answer func(R, error) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		defer api.WipeSecrets(&params)
		return answer(m.Call(ctx, c.Caller, params))
	}
}

// Do returns a command that calls a method whose answer is a sentence for the
// user, or the sentence that says why not.
func Do[P, R any](c Context, m api.Method[P, R], params P, done func(R) string) tea.Cmd {
	return Ask(c, m, params, func(r R, err error) tea.Msg {
		if err != nil {
			return Toast{style.Bad, refusal(err)}
		}
		return Toast{style.Good, done(r)}
	})
}

// An Asked sees to it that a page asks again for what it shows only when the
// answer to the question before has come.
type Asked struct{ waiting bool }

// Again returns the command when no question is open, else nil.
func (a *Asked) Again(cmd tea.Cmd) tea.Cmd {
	if a.waiting {
		return nil
	}
	a.waiting = true
	return cmd
}

// Answered closes the question.
func (a *Asked) Answered() { a.waiting = false }
