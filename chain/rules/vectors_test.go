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

	"github.com/jio-dag/jio/chain/chaintest/vectors"
	"github.com/jio-dag/jio/chain/pow"
)

var vectorsPath = flag.String("vectors", "", "a directory of vector files, or one file, to read instead of the shared ones")

// TestASERTVectors runs the published aserti3-2d vectors.
func TestASERTVectors(t *testing.T) { runASERT(t, vectors.Shared(t, *vectorsPath, "asert")) }

// TestASERTSample runs the few that the project carries.
func TestASERTSample(t *testing.T) { runASERT(t, vectors.Files(t, filepath.Join("testdata", "asert"))) }

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
