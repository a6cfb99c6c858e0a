package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

// declared returns the names of the methods and topics that the source
// declares: the first field of each literal of type Method or Topic.
func declared(t *testing.T, generic string) (names []string) {
	t.Helper()
	inspectSource(t, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || len(lit.Elts) == 0 || baseName(lit.Type) != generic {
			return true
		}
		names = append(names, strings.Trim(lit.Elts[0].(*ast.BasicLit).Value, `"`))
		return true
	})
	return names
}

// inspectSource visits the package's files that are no tests.
func inspectSource(t *testing.T, visit func(ast.Node) bool) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, visit)
	}
}

// baseName is the name of a generic type that is given its parameters.
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func TestCatalogHoldsEveryMethodAndTopic(t *testing.T) {
	for generic, described := range map[string][]api.Description{"Method": api.Methods(), "Topic": api.Topics()} {
		var listed []string
		for _, d := range described {
			listed = append(listed, d.Name)
			if d.Summary == "" || d.Scope.String() == "unknown" {
				t.Errorf("%s has no summary or no scope", d.Name)
			}
		}
		want := declared(t, generic)
		slices.Sort(listed)
		slices.Sort(want)
		if len(want) < 5 || !slices.Equal(listed, want) {
			t.Errorf("%s: the catalogue lists\n%v, declared are\n%v", generic, listed, want)
		}
	}
}
