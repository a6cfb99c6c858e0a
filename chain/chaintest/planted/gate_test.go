package planted

import (
	"errors"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
)

// A gate that lets everything through would show a fine table too: these hold
// that it can say no.

const merkle = "chain/types/merkle.go"

// harmful is a bug that is caught, to be made harmless in several ways.
func harmful() bug {
	return bug{
		name:     "harmful",
		catchers: []catcher{{"./chain/types", "^TestNoTwoListsShareARoot$"}},
		edits: []edit{{merkle, `	level := make([]Hash, len(leaves))
`, `	level := make([]Hash, len(leaves))
	leaves = leaves[:0]
`}},
	}
}

func TestGateSaysNo(t *testing.T) {
	cases := []struct {
		name   string
		want   error
		change func(b *bug)
	}{
		{"harmful", nil, func(b *bug) {}},
		{"harmless", errNotCaught, func(b *bug) { b.edits[0].new = b.edits[0].old + "\t// nothing\n" }},
		{"a test that looks elsewhere", errNotCaught, func(b *bug) { b.catchers[0].run = "^TestHashOrder$" }},
		{"the second looks elsewhere", errNotCaught, func(b *bug) {
			b.catchers = append(b.catchers, catcher{"./chain/types", "^TestNobodyWroteThis$"})
		}},
		{"does not build", errNotBuilt, func(b *bug) { b.edits[0].new += "\tleaves := 1\n" }},
		{"text that is not there", errMoved, func(b *bug) { b.edits[0].old = "func merkleLeaves(\n" }},
		{"text that is there twice", errMoved, func(b *bug) { b.edits[0].old = "}\n" }},
	}
	bugs := make([]bug, len(cases))
	for i, c := range cases {
		bugs[i] = harmful()
		c.change(&bugs[i])
	}
	g := newGate(vectors.ModuleRoot(t), bugs)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			caughtBy, err := g.judge(&bugs[i], t.TempDir())
			if !errors.Is(err, c.want) || (err == nil) != (len(caughtBy) == len(bugs[i].catchers)) {
				t.Errorf("caught by %v, %v; want %v", caughtBy, err, c.want)
			}
		})
	}
}

func TestTrialThatDoesNotEnd(t *testing.T) {
	output := `{"Action":"start"}
{"Action":"output","Test":"TestSlow","Output":"panic: test timed out after 10m0s\n"}
{"Action":"fail","Test":"TestSlow"}
`
	if got, err := readTrial(strings.NewReader(output)); err != nil || got.ended || !got.built {
		t.Errorf("%+v %v", got, err)
	}
}

func TestParseBug(t *testing.T) {
	const whole = "bug: a\nincident: b\ncaught by: ./c ^D$/e f\n-- in g/h.go --\n\told\n-- becomes --\n-- in i.go --\nx\n-- becomes --\ny\n\nz\n"
	b, err := parseBug("name", whole)
	if err != nil || b.what != "a" || b.incident != "b" || b.catchers[0] != (catcher{"./c", "^D$/e f"}) ||
		b.edits[0] != (edit{"g/h.go", "\told\n", ""}) || b.edits[1] != (edit{"i.go", "x\n", "y\n\nz\n"}) {
		t.Errorf("%+v %v", b, err)
	}
	for _, change := range []struct{ old, new string }{
		{"bug: a\n", ""},
		{"incident: b\n", ""},
		{"caught by: ./c ^D$/e f\n", ""},
		{" ^D$/e f", ""},
		{"bug: a", "bag: a"},
		{"-- in g/h.go --\n", ""},
		{"\told\n", ""},
		{"y\n\nz\n", "x\n"},
	} {
		if b, err := parseBug("name", strings.Replace(whole, change.old, change.new, 1)); err == nil {
			t.Errorf("%q for %q is read as %+v", change.new, change.old, b)
		}
	}
}
