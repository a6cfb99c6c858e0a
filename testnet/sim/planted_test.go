package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	planted = flag.Bool("planted", false, "plant bugs, one at a time, and demand that a few worlds show each: minutes")
	bugs    = flag.String("bugs", "", "comma-separated names of the bugs to plant; all when empty")
	within  = flag.Int("within", 500, "how many worlds a planted bug may need to show")
	hunt    = flag.Bool("hunt", false, "run -seeds worlds one after the other until one breaks a promise")
)

// visible are the bugs of chain/chaintest/planted, where the format is explained,
// that the promises of a network show. Those of testdata can be seen here only.
var visible = []string{
	"body-condemns-header", "cached-verdict", "coinbase-unchecked", "coinbases-of-all", "commitment-unchecked",
	"double-spend-in-block", "dropped-sync", "merged-unlocks-unchecked", "no-sync", "overspend", "own-transactions-unjudged",
	"proof-of-work-unchecked", "stale-coins", "stale-virtual", "stalled-peer", "subsidy-unchecked", "undo-forgets-the-spent",
}

// TestHunt runs one world after the other until something is wrong.
func TestHunt(t *testing.T) {
	if !*hunt {
		t.Skip("without -hunt nothing is looked for")
	}
	for i := range *seeds {
		cfg := config(*first + uint64(i))
		fmt.Printf("seed %d\n", cfg.Seed)
		if _, err := Run(cfg); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPlantedBugsApply holds that every bug still finds its place.
func TestPlantedBugsApply(t *testing.T) {
	for _, path := range bugFiles(t) {
		if _, err := overlay(path, t.TempDir()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestPlantedBugsShow builds this test with each bug and lets it hunt.
func TestPlantedBugsShow(t *testing.T) {
	if !*planted {
		t.Skip("without -planted no bug is built")
	}
	for _, path := range bugFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			overlay, err := overlay(path, dir)
			if err != nil {
				t.Fatal(err)
			}
			hunter := filepath.Join(dir, "hunter")
			if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", hunter, ".").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			out, err := exec.Command(hunter, "-test.run", "^TestHunt$", "-hunt", "-nodes", "7", "-minutes", "2", "-seeds", fmt.Sprint(*within)).CombinedOutput()
			worlds := strings.Count(string(out), "\nseed ") + 1
			if err == nil {
				t.Fatalf("%d worlds do not show it", worlds)
			}
			t.Logf("shown by world %d\n%s", worlds, gist(string(out)))
		})
	}
}

// gist returns what a hunter said at the end, without the stacks of a panic.
func gist(out string) string {
	lines := strings.Split(out, "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[0], "seed ") {
		lines = lines[1:]
	}
	return strings.Join(lines[:min(4, len(lines))], "\n")
}

// bugFiles returns the files of the bugs to plant.
func bugFiles(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "planted", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range visible {
		paths = append(paths, filepath.Join("..", "..", "chain", "chaintest", "planted", "testdata", name+".txt"))
	}
	if *bugs == "" {
		return paths
	}
	var chosen []string
	for _, name := range strings.Split(*bugs, ",") {
		for _, dir := range []string{"testdata/planted", "../../chain/chaintest/planted/testdata"} {
			if path := filepath.Join(dir, name+".txt"); fileExists(path) {
				chosen = append(chosen, path)
			}
		}
	}
	return chosen
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

var place = regexp.MustCompile(`(?m)^-- in (\S+) --\n`)

// overlay writes the files that a bug changes into dir, and what makes the go
// command read them, whose path it returns.
func overlay(path, dir string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return "", err
	}
	changed, replace := make(map[string]string), make(map[string]string)
	places := place.FindAllStringSubmatchIndex(string(text), -1)
	for i, at := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		name := filepath.Join(root, string(text[at[2]:at[3]]))
		if err := change(changed, name, string(text[at[1]:end])); err != nil {
			return "", err
		}
		replace[name] = filepath.Join(dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(replace[name], []byte(changed[name]), 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// change makes one edit: the lines before the mark become those after it.
func change(changed map[string]string, name, edit string) error {
	if _, ok := changed[name]; !ok {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		changed[name] = string(text)
	}
	before, after, ok := strings.Cut(edit, "-- becomes --\n")
	if n := strings.Count(changed[name], before); !ok || n != 1 {
		return fmt.Errorf("the text to change must stand there once: %s holds it %d times", name, n)
	}
	changed[name] = strings.Replace(changed[name], before, after, 1)
	return nil
}
