package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// moduleRoot walks up to go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	t.Fatalf("no go.mod above the test: %v", err)
	return ""
}

// forbidden finds in a file what would give up durability or hide damage: any
// mention of NoSync, and goleveldb's Recover and RecoverFile.
func forbidden(file *ast.File) (found []string) {
	level := ""
	for _, spec := range file.Imports {
		if spec.Path.Value == `"github.com/syndtr/goleveldb/leveldb"` {
			level = "leveldb"
			if spec.Name != nil {
				level = spec.Name.Name
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "NoSync" || level == "." && (n.Name == "Recover" || n.Name == "RecoverFile") {
				found = append(found, n.Name)
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && level != "" && x.Name == level && strings.HasPrefix(n.Sel.Name, "Recover") {
				found = append(found, n.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestNoSyncForbidden(t *testing.T) {
	files := 0
	err := filepath.WalkDir(moduleRoot(t), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == ".git"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Logf("%s cannot be read: %v", path, err) // the compiler's to judge
			return nil
		}
		files++
		for _, name := range forbidden(file) {
			t.Errorf("%s uses %s", path, name)
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Fatalf("read %d files: %v", files, err)
	}
}

func TestForbiddenIsFound(t *testing.T) {
	for source, want := range map[string]int{
		`import "github.com/syndtr/goleveldb/leveldb/opt"; var o = opt.Options{NoSync: true}`:                        1,
		`import "github.com/syndtr/goleveldb/leveldb/opt"; func f(o *opt.Options) { o.NoSync = true }`:               1,
		`import "github.com/syndtr/goleveldb/leveldb"; var f = leveldb.RecoverFile`:                                  1,
		`import l "github.com/syndtr/goleveldb/leveldb"; func f() { l.Recover(nil, nil) }`:                           1,
		`import . "github.com/syndtr/goleveldb/leveldb"; func f() { Recover(nil, nil) }`:                             1,
		`import "github.com/syndtr/goleveldb/leveldb"; func f() { recover(); leveldb.Open(nil, nil) }`:               0,
		`import "x/leveldb"; /* NoSync, leveldb.Recover */ func f() { leveldb.Recover() }`:                           0,
		`import "github.com/syndtr/goleveldb/leveldb/opt"; var o = opt.WriteOptions{Sync: true, NoWriteMerge: true}`: 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p; "+source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden(file); len(found) != want {
			t.Errorf("%s: found %v", source, found)
		}
	}
}

// TestGoleveldbPinned: the tagged v1.0.0 is older and does not sync a new
// manifest; anything newer is to be read and measured first.
func TestGoleveldbPinned(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^.*github\.com/syndtr/goleveldb.*$`).FindAllString(string(text), -1)
	want := regexp.MustCompile(`^(require)?\s*github\.com/syndtr/goleveldb v1\.0\.1-0\.20220721030215-126854af5e6d( // indirect)?$`)
	if len(lines) != 1 || !want.MatchString(lines[0]) {
		t.Errorf("go.mod says %q", lines)
	}
}
