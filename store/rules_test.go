package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
)

// levelRooms may import goleveldb.
var levelRooms = []string{"store", "store/storetest"}

// levelNames returns the names that goleveldb has in a file, and the imports of
// it, or of another of that name, that may not be there.
func levelNames(room string, file *ast.File) (names map[string]bool, forbidden []string) {
	const level = "github.com/syndtr/goleveldb/leveldb"
	names = make(map[string]bool)
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, "\"`")
		ours := path == level || strings.HasPrefix(path, level+"/")
		if strings.Contains(strings.ToLower(path), "leveldb") && (!ours || !slices.Contains(levelRooms, room)) {
			forbidden = append(forbidden, path)
		}
		switch {
		case path != level:
		case spec.Name != nil:
			names[spec.Name.Name] = true
		default:
			names["leveldb"] = true
		}
	}
	return names, forbidden
}

// forbidden finds in a file what would give up durability or hide damage: any
// mention of NoSync, goleveldb's Recover and RecoverFile, goleveldb or anything
// of that name outside the store, and linkname, which gets around the rest.
func forbidden(room string, file *ast.File) []string {
	names, found := levelNames(room, file)
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:linkname") {
				found = append(found, c.Text)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "NoSync" || names["."] && strings.HasPrefix(n.Name, "Recover") {
				found = append(found, n.Name)
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && names[x.Name] && strings.HasPrefix(n.Sel.Name, "Recover") {
				found = append(found, n.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestNoSyncForbidden(t *testing.T) {
	files := 0
	root := vectors.ModuleRoot(t)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == ".git"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Logf("%s cannot be read: %v", path, err) // the compiler's to judge
			return nil
		}
		files++
		room, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, name := range forbidden(filepath.ToSlash(room), file) {
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
		`import "github.com/syndtr/goleveldb/leveldb"; import l "github.com/syndtr/goleveldb/leveldb"; var a, b = leveldb.Recover, l.RecoverFile`: 2,
		"import `github.com/syndtr/goleveldb/leveldb`; var f = leveldb.Recover":                                                                   1,
		"import `github.com/another/GoLevelDB/db`":                                                                                                1,
		"//go:linkname recover github.com/syndtr/goleveldb/leveldb.Recover\nfunc recover()":                                                       1,
		`import "github.com/syndtr/goleveldb/leveldb/opt"; var o = opt.Options{NoSync: true}`:                                                     1,
		`import "github.com/syndtr/goleveldb/leveldb/opt"; func f(o *opt.Options) { o.NoSync = true }`:                                            1,
		`import "github.com/syndtr/goleveldb/leveldb"; var f = leveldb.RecoverFile`:                                                               1,
		`import l "github.com/syndtr/goleveldb/leveldb"; func f() { l.Recover(nil, nil) }`:                                                        1,
		`import . "github.com/syndtr/goleveldb/leveldb"; func f() { Recover(nil, nil) }`:                                                          1,
		`import "github.com/syndtr/goleveldb/leveldb"; func f() { recover(); leveldb.Open(nil, nil) }`:                                            0,
		`/* NoSync, leveldb.Recover */ func f() { leveldb.Recover() }`:                                                                            0,
		`import "github.com/syndtr/goleveldb/leveldb/opt"; var o = opt.WriteOptions{Sync: true, NoWriteMerge: true}`:                              0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden("store", file); len(found) != want {
			t.Errorf("%s: found %v", source, found)
		}
		imported := strings.Count(source, "import ")
		if found := forbidden("wallet", file); len(found) < imported {
			t.Errorf("%s: outside the store, found %v", source, found)
		}
	}
}

// TestGoleveldbPinned: the tagged v1.0.0 is older and does not sync a new
// manifest; anything newer is to be read and measured first.
func TestGoleveldbPinned(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(vectors.ModuleRoot(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?im)^.*leveldb.*$`).FindAllString(string(text), -1)
	want := regexp.MustCompile(`^(require)?\s*github\.com/syndtr/goleveldb v1\.0\.1-0\.20220721030215-126854af5e6d( // indirect)?$`)
	if len(lines) != 1 || !want.MatchString(lines[0]) {
		t.Errorf("go.mod says %q", lines)
	}
	// What go.mod says may be overruled, by a go.work for one.
	built, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}{{with .Replace}} replaced by {{.}}{{end}}", "github.com/syndtr/goleveldb").CombinedOutput()
	if err != nil || strings.TrimSpace(string(built)) != "v1.0.1-0.20220721030215-126854af5e6d" {
		t.Errorf("built from %s, %v", built, err)
	}
}
