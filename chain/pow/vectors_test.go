package pow

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

var vectorsPath = flag.String("vectors", "", "file or directory of kHeavyHash cases, instead of ../shared/vectors")

// A vector is one known answer of kHeavyHash.
type vector struct {
	PrePoW    types.Hash `json:"pre_pow_hash"`
	Timestamp uint64     `json:"timestamp"`
	Nonce     string     `json:"nonce"`
	Pow       string     `json:"pow"` // 64 hex digits, the most significant first
}

// TestVectors runs the shared cases. The project's own choice of them is run
// whether the folder is there or not.
func TestVectors(t *testing.T) {
	path := *vectorsPath
	if path == "" {
		path = filepath.Join(moduleRoot(t), "../shared/vectors/kheavyhash.json")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			if os.Getenv("CI") == "true" {
				t.Fatalf("no vectors at %s", path)
			}
			t.Skipf("no vectors at %s", path)
		}
	} else if _, err := os.Stat(path); err != nil && !filepath.IsAbs(path) {
		path = filepath.Join(moduleRoot(t), path) // a path may count from the module root too
	}
	runVectors(t, vectorFiles(t, path))
}

func TestOwnVectors(t *testing.T) {
	runVectors(t, []string{"testdata/kheavyhash.json"})
}

// moduleRoot walks up to the directory of go.mod.
func moduleRoot(t *testing.T) string {
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// vectorFiles returns the path, or the JSON files in it if it is a directory.
func vectorFiles(t *testing.T, path string) []string {
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !info.IsDir() {
		return []string{path}
	}
	files, err := filepath.Glob(filepath.Join(path, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func runVectors(t *testing.T, files []string) {
	cases := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var vectors []vector
		if err := json.Unmarshal(text, &vectors); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i, v := range vectors {
			if err := v.check(); err != nil {
				t.Errorf("%s, case %d: %v", file, i, err)
			}
		}
		cases += len(vectors)
	}
	if cases == 0 {
		t.Fatalf("no cases in %v", files)
	}
	t.Logf("%d cases in %d files", cases, len(files))
}

func (v vector) check() error {
	nonce, err := strconv.ParseUint(v.Nonce, 10, 64)
	if err != nil {
		return err
	}
	b, err := types.ParseHash(v.Pow)
	if err != nil {
		return err
	}
	want := types.Uint256FromBigEndian(b)
	for _, e := range all("kheavyhash") {
		if err := v.checkEngine(e, nonce, want); err != nil {
			return fmt.Errorf("%s: %w", e.Implementation(), err)
		}
	}
	return nil
}

func (v vector) checkEngine(e Engine, nonce uint64, want types.Uint256) error {
	job := e.Prepare(v.PrePoW)
	if got := job.Value(v.Timestamp, nonce); got != want {
		return fmt.Errorf("value is %v", got)
	}
	if got := e.Value(v.PrePoW, v.Timestamp, nonce); got != want {
		return fmt.Errorf("value without a job is %v", got)
	}
	if found, ok := job.Search(want, v.Timestamp, nonce, 1); !ok || found != nonce {
		return errors.New("search misses the nonce")
	}
	return nil
}
