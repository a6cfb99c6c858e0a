package chain_test

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest"
)

var rewrite = flag.Bool("rewrite", false, "write the answers into the scripts; the diff is the review")

func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { chaintest.RunScript(t, path, *rewrite) })
	}
}
