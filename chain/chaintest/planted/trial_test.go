package planted

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// An event is a line of go test -json.
type event struct {
	Action string
	Test   string
	Output string
}

// A trial is one run of go test.
type trial struct {
	passed, failed []string // tests, in the order in which they ended
	built          bool
	ended          bool // false when the run was stopped for taking too long
	output         string
}

// try runs go test on a package of the module at root; a run that cannot even
// start is an error, failing tests are not.
func try(root, pkg string, args ...string) (trial, error) {
	args = append(append([]string{"test", "-json", "-vet=off"}, args...), pkg)
	if p, err := build.ImportDir(filepath.Join(root, pkg), 0); err != nil {
		return trial{}, err
	} else if slices.Contains(append(p.TestImports, p.XTestImports...), "pgregory.net/rapid") {
		args = append(args, "-rapid.nofailfile") // a planted failure must leave no file
	}
	run := exec.Command("go", args...)
	run.Dir = root
	var problems bytes.Buffer
	run.Stderr = &problems
	out, err := run.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return trial{}, err
	}
	t, err := readTrial(bytes.NewReader(out))
	if err != nil {
		return t, fmt.Errorf("go test: %w\n%s", err, &problems)
	}
	t.output += problems.String()
	return t, nil
}

func readTrial(r io.Reader) (trial, error) {
	t := trial{built: true, ended: true}
	for d := json.NewDecoder(r); ; {
		var e event
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			return t, nil
		} else if err != nil {
			return t, err
		}
		t.output += e.Output
		switch {
		case e.Action == "build-fail":
			t.built = false
		case strings.HasPrefix(e.Output, "panic: test timed out"):
			t.ended = false
		case e.Action == "pass" && e.Test != "":
			t.passed = append(t.passed, e.Test)
		case e.Action == "fail" && e.Test != "":
			t.failed = append(t.failed, e.Test)
		}
	}
}

// A gate runs bugs against the tests that must catch them.
type gate struct {
	root     string
	baseline map[string]func() (trial, error) // by package: its catchers on the sound code
}

func newGate(root string, bugs []bug) *gate {
	g := &gate{root: root, baseline: make(map[string]func() (trial, error))}
	tests := make(map[string][]string)
	for _, b := range bugs {
		for _, c := range b.catchers {
			tests[c.pkg] = append(tests[c.pkg], c.tests())
		}
	}
	for pkg, list := range tests {
		slices.Sort(list)
		run := strings.Join(slices.Compact(list), "|")
		g.baseline[pkg] = sync.OnceValues(func() (trial, error) { return try(root, pkg, "-run", run) })
	}
	return g
}

// judge plants a bug and returns the test by which each catcher saw it.
func (g *gate) judge(b *bug, dir string) (caughtBy []string, err error) {
	overlay, err := g.overlay(b, dir)
	if err != nil {
		return nil, err
	}
	for _, c := range b.catchers {
		test, err := g.catch(c, overlay)
		if err != nil {
			return caughtBy, fmt.Errorf("%s -run '%s': %w", c.pkg, c.run, err)
		}
		caughtBy = append(caughtBy, c.pkg+" "+test)
	}
	return caughtBy, nil
}

// overlay writes the changed files and the file that tells the go command of
// them into dir.
func (g *gate) overlay(b *bug, dir string) (path string, err error) {
	changed, err := b.plant(g.root)
	if err != nil {
		return "", err
	}
	replace := make(map[string]string)
	for i, name := range b.files() {
		copied := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		replace[filepath.Join(g.root, name)] = copied
		if err := os.WriteFile(copied, []byte(changed[name]), 0o600); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o600)
}

var (
	errNotCaught = errors.New("NOT CAUGHT")
	errNotBuilt  = errors.New("does not build, which catches nothing")
	errEndless   = errors.New("does not end, which catches nothing")
)

// catch returns a test that passes on the sound code and fails with the
// overlay, the innermost of those that end first.
func (g *gate) catch(c catcher, overlay string) (test string, err error) {
	sound, err := g.baseline[c.pkg]()
	if err != nil {
		return "", err
	}
	if !sound.built {
		return "", fmt.Errorf("the sound code: %w:\n%s", errNotBuilt, sound.output)
	}
	buggy, err := try(g.root, c.pkg, "-failfast", "-overlay", overlay, "-run", c.run)
	switch {
	case err != nil:
		return "", err
	case !buggy.built:
		return "", fmt.Errorf("the bug: %w:\n%s", errNotBuilt, buggy.output)
	case !buggy.ended:
		return "", fmt.Errorf("the bug: %w", errEndless)
	}
	for _, test := range buggy.failed {
		if slices.Contains(sound.passed, test) {
			return test, nil
		}
	}
	return "", fmt.Errorf("%w: with the bug %v fail and %d pass; on the sound code %v fail and %d pass",
		errNotCaught, buggy.failed, len(buggy.passed), sound.failed, len(sound.passed))
}
