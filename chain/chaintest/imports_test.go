package chaintest_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/chaintest/vectors"
)

const module = "github.com/jio-dag/jio/"

// rooms are all packages of the project, in the order in which they may know
// each other: a package imports only packages that stand above it.
var rooms = []string{
	"chain/types",
	"chain/params",
	"chain/pow",
	"chain/dag",
	"chain/rules",
	"chain/utxo",
	"chain/wake",
	"chain",
	"chain/mempool",
	"chain/index",
	"store",
	"store/storetest",
	"chain/chaintest/vectors",
	"chain/chaintest",
	"chain/chaintest/mining",
	"chain/chaintest/planted",
	"wallet/hd",
	"wallet/keystore",
	"wallet/spend",
	"wallet",
	"miner",
	"miner/stratum",
	"miner/pool",
	"net/wire",
	"net/p2p/moment",
	"net/p2p/addrbook",
	"net/p2p/reputation",
	"net/p2p",
	"net/syncer",
	"net",
	"node/api",
	"node/service",
	"node/rpc",
	"node/rpc/client",
	"node/network",
	"node/metrics",
	"node",
	"node/bench",
	"testnet/sim",
	"testnet/figures",
	"testnet/load",
	"testnet/local",
	"testnet",
	"tui/silence",
	"tui/style",
	"tui/component",
	"tui/page",
	"tui/dialog",
	"tui/wizard",
	"tui",
	"tui/cli",
	"tui/screenshot",
	"main",
}

// pure packages are functions of values: no clock, lock, context, logger,
// goroutine or I/O.
var pure = []string{
	"chain/types", "chain/params", "chain/pow", "chain/dag", "chain/rules", "chain/utxo",
	"wallet/hd", "wallet/spend", "net/wire",
}

// impureImports may not appear in a pure package, nor may anything below them.
var impureImports = []string{
	"context", "crypto/rand", "io/fs", "io/ioutil", "log", "math/rand", "net", "os",
	"path/filepath", "runtime", "sync", "syscall", "testing", "time",
}

// allowedImpure are the exceptions: a pool of encoders and a memory of decoded
// keys change no answer.
var allowedImpure = map[string][]string{
	"chain/types": {"sync", "sync/atomic"},
}

// programs are the parts of tui that start nodes and call them.
var programs = []string{"tui/cli", "tui/screenshot"}

// siblings may not import each other.
var siblings = []string{"wallet", "miner", "net"}

// A sourceFile is a parsed file that is not a test.
type sourceFile struct {
	room    string // the folder, "main" for the module's root
	name    string // of the file, relative to the root
	syntax  *ast.File
	imports []string
}

func TestImportsPointUpwards(t *testing.T) {
	files := sourceFiles(t)
	if len(files) == 0 {
		t.Fatal("no source files found")
	}
	for _, f := range files {
		if !slices.Contains(rooms, f.room) {
			t.Errorf("%s: package %s has no place in the list of rooms", f.name, f.room)
			continue
		}
		for _, imported := range f.imports {
			if broken := brokenRule(f.room, imported); broken != "" {
				t.Errorf("%s: %s", f.name, broken)
			}
		}
	}
}

func TestPurePackages(t *testing.T) {
	for _, f := range sourceFiles(t) {
		if !slices.Contains(pure, f.room) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if what := impurity(n); what != "" {
				t.Errorf("%s: %s in pure package %s", f.name, what, f.room)
			}
			return true
		})
	}
}

// The rules are held against arrows that must and must not be refused, so that
// a rule that refuses nothing is noticed.
func TestImportRules(t *testing.T) {
	for _, c := range []struct {
		from, to string
		refused  bool
	}{
		{"chain", module + "chain/utxo", false},
		{"chain", module + "store", true},
		{"chain/types", module + "chain/params", true},
		{"chain/types", module + "unheard/of", true},
		{"chain/types", "sync", false},
		{"chain/types", "sync/atomic", false},
		{"chain/rules", "sync/atomic", true},
		{"chain/dag", "sync", true},
		{"chain/rules", "time", true},
		{"chain/rules", "math/rand/v2", true},
		{"chain/rules", "math/bits", false},
		{"chain", "time", false},
		{"miner", module + "chain/pow", false},
		{"miner", module + "wallet/hd", true},
		{"net/p2p", module + "miner", true},
		{"net/p2p", module + "net/wire", false},
		{"node", module + "miner", false},
		{"tui/page", module + "node", true},
		{"tui/page", module + "node/api", false},
		{"tui/page", module + "tui/style", false},
		{"tui/page", module + "chain", true},
		{"tui/cli", module + "chain", false},
		{"testnet", module + "node", false},
		{"main", module + "tui/cli", false},
		{"main", module + "node", true},
	} {
		if got := brokenRule(c.from, c.to); (got != "") != c.refused {
			t.Errorf("%s importing %s: refused = %v (%q), want %v", c.from, c.to, got != "", got, c.refused)
		}
	}
}

// brokenRule says which rule an import breaks, "" for none.
func brokenRule(from, imported string) string {
	to, ours := strings.CutPrefix(imported, module)
	if !ours {
		return impureImport(from, imported)
	}
	switch {
	case !slices.Contains(rooms, to):
		return fmt.Sprintf("imports %s, which has no place in the list of rooms", to)
	case slices.Index(rooms, to) >= slices.Index(rooms, from):
		return fmt.Sprintf("%s imports %s, which stands below it", from, to)
	case areSiblings(from, to):
		return fmt.Sprintf("%s imports its sibling %s", from, to)
	case top(from) == "tui" && !slices.Contains(programs, from) && top(to) != "tui" && to != "node/api" && to != "chain/types":
		return fmt.Sprintf("%s imports %s: the dashboard sees the node's API and the values it speaks in, nothing deeper", from, to)
	case from == "main" && to != "tui/cli":
		return fmt.Sprintf("main imports %s: it starts the command line and nothing else", to)
	}
	return ""
}

func impureImport(from, imported string) string {
	if !slices.Contains(pure, from) || slices.Contains(allowedImpure[from], imported) {
		return ""
	}
	for _, bad := range impureImports {
		if imported == bad || strings.HasPrefix(imported, bad+"/") {
			return fmt.Sprintf("pure package %s imports %s", from, imported)
		}
	}
	return ""
}

// impurity names a construct that no pure package may hold, "" for none.
func impurity(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "a go statement"
	case *ast.SelectStmt:
		return "a select statement"
	case *ast.ChanType:
		return "a channel"
	case *ast.Ident:
		if n.Name == "float64" || n.Name == "float32" {
			return "floating point"
		}
	case *ast.BasicLit:
		if n.Kind == token.FLOAT {
			return "the floating-point literal " + n.Value
		}
	}
	return ""
}

func areSiblings(a, b string) bool {
	return top(a) != top(b) && slices.Contains(siblings, top(a)) && slices.Contains(siblings, top(b))
}

func top(room string) string {
	first, _, _ := strings.Cut(room, "/")
	return first
}

// sourceFiles parses every Go file of the module that is not a test, whatever
// its build tags.
func sourceFiles(t *testing.T) []sourceFile {
	t.Helper()
	root := vectors.ModuleRoot(t)
	var files []sourceFile
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipHidden(root, name, d)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parse(root, name)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func skipHidden(root, name string, d fs.DirEntry) error {
	if name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
		return filepath.SkipDir
	}
	return nil
}

func parse(root, name string) (sourceFile, error) {
	syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return sourceFile{}, err
	}
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return sourceFile{}, err
	}
	rel = filepath.ToSlash(rel)
	f := sourceFile{room: path.Dir(rel), name: rel, syntax: syntax}
	if f.room == "." {
		f.room = "main"
	}
	for _, spec := range syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return sourceFile{}, err
		}
		f.imports = append(f.imports, p)
	}
	return f, nil
}

// Every room named twice would make the order ambiguous.
func TestRoomsAreNamedOnce(t *testing.T) {
	sorted := slices.SortedFunc(slices.Values(rooms), cmp.Compare[string])
	if n := len(slices.Compact(sorted)); n != len(rooms) {
		t.Errorf("%d rooms, %d different ones", len(rooms), n)
	}
}
