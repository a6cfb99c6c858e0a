package wizard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// host makes the words w01 to w24 and asks for the 1st, 5th and 9th.
var host = Host{
	Networks: []Option{{"mainnet", "mainnet"}, {"devnet", "devnet, for trying things"}},
	DataDir:  "/home/someone/jio",
	NewWords: func(count int) ([]byte, error) {
		var words []string
		for i := range count {
			words = append(words, fmt.Sprintf("w%02d", i+1))
		}
		return []byte(strings.Join(words, " ")), nil
	},
	Matches: func(prefix []byte) (out []string) {
		for _, w := range []string{"abandon", "ability", "zoo", "zone"} {
			if strings.HasPrefix(w, string(prefix)) {
				out = append(out, w)
			}
		}
		return out
	},
	CheckWords: func(words []byte) error {
		if len(bytes.Fields(words)) != 12 {
			return errors.New("12 words are wanted")
		}
		return nil
	},
	CheckWatched: func(network, text string) error {
		if !strings.HasPrefix(text, "jio") {
			return fmt.Errorf("%q is no address of %s", text, network)
		}
		return nil
	},
	Positions: func(int) [3]int { return [3]int{0, 4, 8} },
}

// answer walks a flow with lines as a user on plain lines types them.
func answer(t *testing.T, lines ...string) (Answers, string, error) {
	t.Helper()
	var out strings.Builder
	p := Plain{Out: &out, Veil: func([]string) error { return nil }, Line: func(_ bool, prompt string) ([]byte, error) {
		out.WriteString(prompt)
		if len(lines) == 0 {
			return nil, io.EOF
		}
		line := lines[0]
		lines = lines[1:]
		return []byte(line), nil
	}}
	answers, err := p.Run(NewFlow(FirstRun(host), Answers{}))
	if err == nil && len(lines) > 0 {
		t.Errorf("not asked any more: %q", lines)
	}
	return answers, out.String(), err
}

func TestFirstRuns(t *testing.T) {
	const twelve = "a b c d e f g h i j k l"
	for _, c := range []struct {
		name  string
		lines []string
		want  map[string]string
	}{
		{
			"a new wallet",
			[]string{"2", "", "1", "", "2", "", "1", "w01", "w05", "W09 ", "", "pass word", "pass word", "2"},
			map[string]string{Network: "devnet", DataDir: "/home/someone/jio", Mode: Create, Name: "main", WordCount: "12", Password: "pass word", Mine: "yes", Passphrase: ""},
		},
		{
			"the check skipped where coins have no value",
			[]string{"devnet", "/d", "create", "mine", "24", "", "skip", "", "p", "p", ""},
			map[string]string{Name: "mine", WordCount: "24", Mine: "no"},
		},
		{
			"restored, with a passphrase",
			[]string{"1", "", "2", "", twelve, "2026-01-31", "salt", "salt", "p", "p", "no"},
			map[string]string{Network: "mainnet", Mode: Restore, Words: twelve, Birthday: "2026-01-31", Passphrase: "salt"},
		},
		{"watching", []string{"1", "", "3", "", "jio1a jio1b", ""}, map[string]string{Mode: Watch, Watched: "jio1a jio1b", Password: ""}},
		{"no wallet", []string{"1", "", "4"}, map[string]string{Mode: None, Name: ""}},
		{"back to the network", []string{"1", "back", "2", "", "4"}, map[string]string{Network: "devnet", Mode: None}},
	} {
		answers, out, err := answer(t, append(c.lines, "")...) // the summary is read
		if last := out[max(0, strings.LastIndex(out, "Ready")):]; err == nil && (!strings.Contains(last, "network    "+answers.Text(Network)) || !strings.Contains(last, "wallet     ")) {
			t.Errorf("%s: the summary is\n%s", c.name, last)
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, out)
			continue
		}
		for step, want := range c.want {
			if got := answers.Text(step); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, step, got, want)
			}
		}
	}
}

func TestWrongAnswersAreExplained(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{[]string{"7"}, "choose one of the answers"},
		{[]string{"1", "", "1", "my wallet"}, "use 1 to 32 small letters"},
		{[]string{"1", "", "1", "", "", "", "skip"}, "on mainnet the words are always asked for"},
		{[]string{"1", "", "1", "", "", "", "", "w02"}, "that is not word number 1"},
		{[]string{"1", "", "2", "", "a b"}, "12 words are wanted"},
		{[]string{"1", "", "2", "", "a b c d e f g h i j k l", "yesterday"}, "write the day as"},
		{[]string{"1", "", "3", "", "bc1q"}, `"bc1q" is no address of mainnet`},
		{[]string{"2", "", "1", "", "", "", "2", "", ""}, "an empty password"},
		{[]string{"2", "", "1", "", "", "", "2", "", "a", "b"}, "the passwords differ"},
	} {
		_, out, err := answer(t, c.lines...)
		if !errors.Is(err, io.EOF) {
			t.Errorf("%q: ended with %v", c.lines, err)
		}
		if !strings.Contains(out, c.want) {
			t.Errorf("%q: nothing says %q:\n%s", c.lines, c.want, out)
		}
	}
}

// Where nothing can be veiled, the questions end before any word is told.
func TestPlainLinesRefuseWords(t *testing.T) {
	var out strings.Builder
	no := errors.New("no terminal")
	lines := []string{Create, "a", "12"}
	_, err := Plain{Out: &out, Veil: func([]string) error { return no }, Line: func(bool, string) ([]byte, error) {
		line := []byte(lines[0])
		lines = lines[1:]
		return line, nil
	}}.Run(NewFlow(WalletSteps(host), Answers{Network: []byte("devnet")}))
	if !errors.Is(err, no) || strings.Contains(out.String(), "w01") {
		t.Errorf("%v\n%s", err, &out)
	}
}

// Every word is shown once, under its number.
func TestWordsAreNumbered(t *testing.T) {
	for _, count := range []int{12, 24} {
		words, _ := host.NewWords(count)
		shown := strings.Join(numbered(Answers{Words: words}, 80), "\n")
		for i := range count {
			if want := fmt.Sprintf("%2d w%02d", i+1, i+1); strings.Count(shown, want) != 1 {
				t.Errorf("%q is shown %d times:\n%s", want, strings.Count(shown, want), shown)
			}
		}
	}
}

// Whatever is typed, the screen fits, secrets are not on it, and leaving wipes.
func TestScreens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := Answers{}
		var result Answers
		left := false
		s := NewScreen(NewFlow(FirstRun(host), answers), func(a Answers) tea.Cmd { result = a; return nil },
			func() tea.Msg { left = true; return nil })
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"enter", "enter", "enter", "esc", "up", "down", "tab", "1", "2", "s3cr3t", "w01", "w05", "w09", "backspace"}), 0, 60).Draw(t, "keys")
		c := page.Context{Glyphs: &style.Unicode}
		for _, k := range keys {
			if cmd := s.Update(c, key(k)); cmd != nil {
				cmd()
			}
			canvas := component.NewCanvas(rapid.SampledFrom([]int{20, 60, 80}).Draw(t, "width"), 16)
			s.Draw(c, canvas.Area())
			if !s.flow.Done() && s.flow.Current().Kind == Secret && strings.Contains(canvas.String(), "s3cr3t") {
				t.Fatalf("a secret is on the screen:\n%s", canvas)
			}
			if left || result != nil {
				break
			}
		}
		if left && len(answers) != 0 {
			t.Fatalf("left with answers: %v", answers)
		}
	})
}

// What is wrong with an answer is said until the answer changes.
func TestARefusalGoesWithTheNextKey(t *testing.T) {
	step := Step{Name: "name", Title: "Name", Kind: Line, Check: checkName}
	s := NewScreen(NewFlow([]Step{step}, Answers{}), func(Answers) tea.Cmd { return nil }, nil)
	c := page.Context{Glyphs: &style.ASCII}
	for _, k := range []struct {
		name    string
		refused bool
	}{{"A", false}, {"enter", true}, {"B", false}} {
		s.Update(c, key(k.name))
		canvas := component.NewCanvas(80, 24)
		s.Draw(c, canvas.Area())
		if refused := strings.Contains(canvas.String(), "small letters"); refused != k.refused {
			t.Errorf("after %s, refused: %v:\n%s", k.name, refused, canvas)
		}
	}
}

func key(name string) tea.KeyMsg {
	for t, n := range map[tea.KeyType]string{tea.KeyEnter: "enter", tea.KeyEsc: "esc", tea.KeyUp: "up", tea.KeyDown: "down", tea.KeyTab: "tab", tea.KeyBackspace: "backspace"} {
		if n == name {
			return tea.KeyMsg{Type: t}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func TestStrength(t *testing.T) {
	for password, want := range map[string]string{
		"": "", "aaaaaaaaaaaa": "weak", "12345678": "weak", "hunter2": "fair", "correct horse": "good", "correct horse battery staple": "strong",
	} {
		if got := Strength([]byte(password)); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%q is called %q, want %q", password, got, want)
		}
	}
}

// On plain lines, which stay in the terminal, passwords are not seen while they are
// typed, nor words; on a screen, which is cleared, words are.
func TestPlainLinesHideSecrets(t *testing.T) {
	words := strings.Repeat("abandon ", 12)
	for mode, want := range map[string]string{
		Create:  "..." + "." + "." + "***" + "***", // wallet, name, count; reading; whether to ask; three words; secrets
		Restore: ".." + "*" + "." + "***",          // wallet, name; words; birthday; secrets
	} {
		typed := map[string][]string{
			Create:  {Create, "a", "12", "", "check", "w01", "w05", "w09", "", "p", "p"},
			Restore: {Restore, "a", words, "", "", "p", "p"},
		}[mode]
		var out strings.Builder
		asked := ""
		veiled := ""
		veil := func(lines []string) error { veiled += strings.Join(lines, " "); return nil }
		_, err := Plain{Out: &out, Veil: veil, Line: func(secret bool, prompt string) ([]byte, error) {
			out.WriteString(prompt)
			if asked += map[bool]string{true: "*", false: "."}[secret]; len(asked) > len(typed) {
				return nil, io.EOF
			}
			return []byte(typed[len(asked)-1]), nil
		}}.Run(NewFlow(WalletSteps(host), Answers{Network: []byte("devnet")}))
		if err != nil || asked != want {
			t.Errorf("%s: asked %s, want %s, %v\n%s", mode, asked, want, err, &out)
		}
		want := map[string]string{Create: "1 w01 2 w02 3 w03 4 w04 5 w05 6 w06 7 w07 8 w08 9 w09 10 w10 11 w11 12 w12"}[mode]
		if got := strings.Join(strings.Fields(veiled), " "); got != want {
			t.Errorf("%s: veiled is %q, want %q", mode, got, want)
		}
		if strings.Contains(out.String(), "w0") {
			t.Errorf("%s: words stand on the lines:\n%s", mode, &out)
		}
	}
}

// Lines stay in a terminal: words typed before are not offered again in full.
func TestLinesRepeatNoWords(t *testing.T) {
	const twelve = "a b c d e f g h i j k l"
	answers, out, err := answer(t, "1", "", "2", "", twelve, "back", "", "", "", "p", "p", "", "")
	if err != nil || answers.Text(Words) != twelve {
		t.Errorf("%q, %v", answers.Text(Words), err)
	}
	if strings.Contains(out, twelve) || !strings.Contains(out, "[as before]") {
		t.Errorf("the words are repeated:\n%s", out)
	}
}

// Every answer that may be chosen is seen whole, however narrow the screen.
func TestChoicesAreSeenWhole(t *testing.T) {
	for _, step := range FirstRun(host) {
		if step.Kind != Choice {
			continue
		}
		for _, width := range []int{40, 60, 80} {
			step.When = nil
			canvas := component.NewCanvas(width, 24)
			s := NewScreen(NewFlow([]Step{step}, Answers{}), nil, nil)
			s.Draw(page.Context{Glyphs: &style.ASCII}, canvas.Area())
			seen := strings.Join(strings.FieldsFunc(canvas.String(), func(r rune) bool { return strings.ContainsRune(" |\n", r) }), " ")
			for _, o := range step.Options {
				if !strings.Contains(seen, o.Label) {
					t.Errorf("%q is not seen at %d:\n%s", o.Label, width, canvas)
				}
			}
		}
	}
}
