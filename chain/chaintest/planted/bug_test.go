package planted

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A bug is one file of testdata; see the package documentation.
type bug struct {
	name     string // of its file, without the extension
	what     string
	incident string
	catchers []catcher
	edits    []edit
}

// A catcher is a package, relative to the module's root, and a regexp for
// -run: what must fail with the bug.
type catcher struct{ pkg, run string }

// tests returns the regexp of the catcher's top-level tests alone.
func (c catcher) tests() string {
	top, _, _ := strings.Cut(c.run, "/")
	return top
}

// An edit replaces lines of a file of the module.
type edit struct{ file, old, new string }

// readBugs returns the bugs of testdata by name.
func readBugs() ([]bug, error) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		return nil, err
	}
	var bugs []bug
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		b, err := parseBug(strings.TrimSuffix(filepath.Base(path), ".txt"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		bugs = append(bugs, b)
	}
	return bugs, nil
}

var (
	editLine    = regexp.MustCompile(`^-- in (\S+\.go) --\n$`)
	becomesLine = "-- becomes --\n"
)

// parseBug reads the text of a file of testdata.
func parseBug(name, text string) (bug, error) {
	b := bug{name: name}
	var into *string // where lines go; nil in the head
	for line := range strings.Lines(text) {
		if m := editLine.FindStringSubmatch(line); m != nil {
			b.edits = append(b.edits, edit{file: m[1]})
			into = &b.edits[len(b.edits)-1].old
			continue
		}
		switch {
		case line == becomesLine && len(b.edits) > 0:
			into = &b.edits[len(b.edits)-1].new
		case into != nil:
			*into += line
		default:
			if err := b.parseHead(strings.TrimSuffix(line, "\n")); err != nil {
				return b, err
			}
		}
	}
	return b, b.complete()
}

func (b *bug) parseHead(line string) error {
	key, value, _ := strings.Cut(line, ": ")
	switch key {
	case "bug":
		b.what = value
	case "incident":
		b.incident = value
	case "caught by":
		pkg, run, ok := strings.Cut(value, " ")
		if !ok {
			return fmt.Errorf("%q: want a package and a regexp", line)
		}
		b.catchers = append(b.catchers, catcher{pkg, run})
	default:
		return fmt.Errorf("%q: want bug, incident, caught by or -- in file --", line)
	}
	return nil
}

func (b *bug) complete() error {
	if b.what == "" || b.incident == "" || len(b.catchers) == 0 || len(b.edits) == 0 {
		return fmt.Errorf("want a bug, an incident, who catches it and an edit: have %+v", *b)
	}
	for _, e := range b.edits {
		if e.old == "" || e.old == e.new {
			return fmt.Errorf("an edit of %s changes nothing", e.file)
		}
	}
	return nil
}

// files returns the names of the files that the bug changes, in order.
func (b *bug) files() []string {
	var files []string
	for _, e := range b.edits {
		files = append(files, e.file)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

var errMoved = errors.New("the text to change must stand there once")

// plant returns the changed files of the module at root, by name. Each edit's
// old text must stand in its file exactly once, so that a bug whose place was
// rewritten is noticed.
func (b *bug) plant(root string) (map[string]string, error) {
	changed := make(map[string]string)
	for _, e := range b.edits {
		text, ok := changed[e.file]
		if !ok {
			data, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				return nil, err
			}
			text = string(data)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("%w: %s holds it %d times:\n%s", errMoved, e.file, n, e.old)
		}
		changed[e.file] = strings.Replace(text, e.old, e.new, 1)
	}
	return changed, nil
}

// packages returns the folders of the changed files.
func packagesOf(changed map[string]string) []string {
	var folders []string
	for file := range maps.Keys(changed) {
		folders = append(folders, filepath.Dir(file))
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}
