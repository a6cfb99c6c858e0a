package planted

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
)

var planted = flag.Bool("planted", false, "plant every bug and run the tests that must catch it: minutes")

// cheap are the bugs that are planted without the flag.
var cheap = []string{"duplicated-merkle-leaf", "median-time-steps-back"}

// TestBugsApply holds that every bug still finds its place and compiles.
func TestBugsApply(t *testing.T) {
	root, bugs := vectors.ModuleRoot(t), allBugs(t)
	var folders []string
	planted := make([]map[string]string, len(bugs))
	for i := range bugs {
		changed, err := bugs[i].plant(root)
		if err != nil {
			t.Errorf("%s: %v", bugs[i].name, err)
		}
		planted[i] = changed
		folders = append(folders, packagesOf(changed)...)
	}
	slices.Sort(folders)
	checker, err := newTypeChecker(root, slices.Compact(folders))
	if err != nil {
		t.Fatal(err)
	}
	for i := range bugs {
		if err := checker.check(planted[i]); err != nil {
			t.Errorf("%s does not compile: %v", bugs[i].name, err)
		}
	}
}

// TestPlantedBugsAreCaught plants one bug at a time and demands that each of
// its catchers fails. At the end it prints who caught what.
func TestPlantedBugsAreCaught(t *testing.T) {
	bugs := allBugs(t)
	if !*planted {
		bugs = slices.DeleteFunc(bugs, func(b bug) bool { return !slices.Contains(cheap, b.name) })
	}
	g := newGate(vectors.ModuleRoot(t), bugs)
	var report table
	t.Run("bugs", func(t *testing.T) {
		for i := range bugs {
			b := &bugs[i]
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				caughtBy, err := g.judge(b, t.TempDir())
				if err != nil {
					t.Error(err)
				}
				report.add(b, caughtBy, err == nil)
			})
		}
	})
	fmt.Print(&report)
}

// A table collects what became of each bug.
type table struct {
	mu     sync.Mutex
	rows   []string
	caught int
}

func (r *table) add(b *bug, caughtBy []string, caught bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	by := strings.Join(caughtBy, ", ")
	if caught {
		r.caught++
	} else {
		by = "NOT CAUGHT " + by
	}
	r.rows = append(r.rows, fmt.Sprintf("%s\t%s\t%s\t%s\n", b.name, b.what, b.incident, by))
}

// String returns the table by name, and the sum.
func (r *table) String() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "name\tbug\tincident\tcaught by\n")
	slices.Sort(r.rows)
	for _, row := range r.rows {
		fmt.Fprint(w, row)
	}
	w.Flush()
	return fmt.Sprintf("%s%d of %d planted bugs caught\n", &out, r.caught, len(r.rows))
}

func allBugs(t *testing.T) []bug {
	t.Helper()
	bugs, err := readBugs()
	if err != nil || len(bugs) < 20 {
		t.Fatalf("%d bugs: %v", len(bugs), err)
	}
	return bugs
}
