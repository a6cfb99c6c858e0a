package rules

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/pow"
)

var vectorsPath = flag.String("vectors", "", "a directory of vector files, or one file, to read instead of the shared ones")

// vectorFiles returns the files of a family of vectors: those under the -vectors
// flag when it is given, else those in the folder beside the module.
func vectorFiles(t *testing.T, family string) []string {
	t.Helper()
	path := *vectorsPath
	if path == "" {
		path = filepath.Join(moduleRoot(t), "..", "shared", "vectors", family)
		if _, err := os.Stat(path); os.IsNotExist(err) {
			missingVectors(t, path)
		}
	} else if _, err := os.Stat(path); err != nil && !filepath.IsAbs(path) {
		path = filepath.Join(moduleRoot(t), path) // a path may count from the module root too
	}
	return filesUnder(t, path)
}

func missingVectors(t *testing.T, path string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("no vectors at %s", path)
	}
	t.Skipf("no vectors at %s; name another place with -vectors", path)
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// filesUnder returns path itself, or the files in it that are not documents.
func filesUnder(t *testing.T, path string) []string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !info.IsDir() {
		return []string{path}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) != ".md" {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	return files
}

// TestASERTVectors runs the published aserti3-2d vectors.
func TestASERTVectors(t *testing.T) { runASERT(t, vectorFiles(t, "asert")) }

// TestASERTSample runs the few that the project carries.
func TestASERTSample(t *testing.T) { runASERT(t, filesUnder(t, filepath.Join("testdata", "asert"))) }

func runASERT(t *testing.T, files []string) {
	rows := 0
	for _, file := range files {
		n, err := runASERTFile(file)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
		rows += n
	}
	if rows == 0 {
		t.Fatal("no rows")
	}
	t.Logf("%d rows in %d files", rows, len(files))
}

// anchorFields are the header lines that matter, by what stands before the
// colon.
type anchorFields map[string]uint64

func (a anchorFields) read(line string) {
	name, value, _ := strings.Cut(strings.Trim(line, "# "), ":")
	if n, err := strconv.ParseUint(strings.TrimSpace(value), 0, 64); err == nil {
		a[name] = n
	}
}

// schedule returns Bitcoin Cash's schedule from the anchor of a file.
func (a anchorFields) schedule() (*Schedule, error) {
	for _, name := range []string{"anchor height", "anchor parent time", "anchor nBits"} {
		if _, ok := a[name]; !ok {
			return nil, fmt.Errorf("no %q line before the rows", name)
		}
	}
	return &Schedule{
		AnchorTarget: decodeBits(uint32(a["anchor nBits"])),
		AnchorTime:   a["anchor parent time"],
		Spacing:      600,
		HalfLife:     172_800,
		Limit:        decodeBits(0x1d00ffff),
	}, nil
}

func runASERTFile(file string) (rows int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	anchor := anchorFields{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "#") || line == "" {
			anchor.read(line)
			continue
		}
		if err := runASERTRow(anchor, line); err != nil {
			return rows, fmt.Errorf("row %q: %w", line, err)
		}
		rows++
	}
	return rows, lines.Err()
}

func runASERTRow(anchor anchorFields, line string) error {
	schedule, err := anchor.schedule()
	if err != nil {
		return err
	}
	fields := strings.Fields(line)
	if len(fields) != 4 {
		return fmt.Errorf("%d fields, want iteration height time target", len(fields))
	}
	var row [4]uint64
	for i, field := range fields {
		if row[i], err = strconv.ParseUint(field, 0, 64); err != nil {
			return err
		}
	}
	slots := row[1] - anchor["anchor height"] + 1 // the row speaks of the block after height
	if got := pow.EncodeCompact(Asert(schedule, row[2], slots)); uint64(got) != row[3] {
		return fmt.Errorf("bits 0x%08x", got)
	}
	return nil
}
