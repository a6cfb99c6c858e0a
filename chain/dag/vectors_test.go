package dag

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
	"github.com/jio-dag/jio/chain/types"
)

var vectorsFlag = flag.String("vectors", "", "file or directory of GHOSTDAG vectors to read instead of ../shared/vectors/ghostdag*")

// A vectorFile is one DAG with the GHOSTDAG data that another implementation
// computed for it.
type vectorFile struct {
	K      int           `json:"k"`
	Blocks []vectorBlock `json:"blocks"`
}

type vectorBlock struct {
	ID             types.Hash            `json:"id"`
	Parents        []types.Hash          `json:"parents"`
	Work           types.Uint256         `json:"work"`
	BlueScore      uint64                `json:"blue_score"`
	BlueWork       types.Uint256         `json:"blue_work"`
	SelectedParent string                `json:"selected_parent"` // empty for genesis
	Blues          []types.Hash          `json:"mergeset_blues"`
	Reds           []types.Hash          `json:"mergeset_reds"`
	AnticoneSizes  map[types.Hash]uint32 `json:"blues_anticone_sizes"`
}

func TestVectors(t *testing.T) {
	files := vectors.Shared(t, *vectorsFlag, "ghostdag*")
	blocks := 0
	for _, path := range files {
		blocks += replayVector(t, path)
	}
	fmt.Printf("%d blocks in %d files\n", blocks, len(files))
}

func TestOwnVectors(t *testing.T) {
	files := vectors.Files(t, "testdata")
	blocks := 0
	for _, path := range files {
		blocks += replayVector(t, path)
	}
	if len(files) != 7 || blocks != 84+6+1000 {
		t.Errorf("testdata holds %d blocks in %d files", blocks, len(files))
	}
}

func readVector(t testing.TB, path string) (v vectorFile) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil && strings.HasSuffix(path, ".gz") {
		data, err = gunzip(data)
	}
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(v.Blocks) == 0 {
		t.Fatalf("%s: no blocks", path)
	}
	return v
}

func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// replayVector adds the blocks of a file one by one, on reachability of our
// own, and compares every field. It returns the number of blocks.
func replayVector(t *testing.T, path string) int {
	t.Helper()
	v := readVector(t, path)
	genesis := v.Blocks[0]
	nodes := make(MemoryNodes)
	d := newTestDAG(v.K, genesis.ID, nodes, nodes)
	d.work[genesis.ID] = genesis.Work
	compareVector(t, path, genesis, Ghostdag(d, v.K, nil))
	for _, block := range v.Blocks[1:] {
		compareVector(t, path, block, d.addWork(block.ID, block.Parents, block.Work))
	}
	d.checkIntervals(t)
	return len(v.Blocks)
}

func compareVector(t *testing.T, path string, want vectorBlock, got *Data) {
	t.Helper()
	block := want.ID
	fail := func(field string, got, want any) {
		t.Helper()
		t.Fatalf("%s: block %v: %s is %v, want %v", path, block, field, got, want)
	}
	if sp := vectorHash(t, want.SelectedParent); got.SelectedParent != sp {
		fail("selected parent", got.SelectedParent, sp)
	}
	if !slices.Equal(got.Blues, want.Blues) {
		fail("blues", got.Blues, want.Blues)
	}
	if !slices.Equal(got.Reds, want.Reds) {
		fail("reds", got.Reds, want.Reds)
	}
	if got.BlueScore != want.BlueScore {
		fail("blue score", got.BlueScore, want.BlueScore)
	}
	if got.BlueWork != want.BlueWork {
		fail("blue work", got.BlueWork, want.BlueWork)
	}
	sizes := make(map[types.Hash]uint32)
	for _, s := range got.AnticoneSizes {
		sizes[s.Block] = s.Size
	}
	if !maps.Equal(sizes, want.AnticoneSizes) || len(sizes) != len(got.AnticoneSizes) {
		fail("anticone sizes", got.AnticoneSizes, want.AnticoneSizes)
	}
}

func vectorHash(t *testing.T, s string) (h types.Hash) {
	if s == "" {
		return h
	}
	h, err := types.ParseHash(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
