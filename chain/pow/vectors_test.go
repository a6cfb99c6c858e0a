package pow

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
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
	runVectors(t, vectors.Shared(t, *vectorsPath, "kheavyhash.json"))
}

func TestOwnVectors(t *testing.T) {
	runVectors(t, []string{"testdata/kheavyhash.json"})
}

func runVectors(t *testing.T, files []string) {
	cases := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []vector
		if err := json.Unmarshal(text, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i, v := range list {
			if err := v.check(); err != nil {
				t.Errorf("%s, case %d: %v", file, i, err)
			}
		}
		cases += len(list)
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
	for e := range all("kheavyhash") {
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
