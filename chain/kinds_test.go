package chain_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// unreachable are the kinds that a Manager never reports, with the reason.
var unreachable = map[rules.ErrorKind]string{
	rules.ErrPolicyKind: "the decoder refuses a policy of unknown kind, and there is no encoding to hash one by",
}

// TestEveryKindHasACase holds that each kind of rule error that the source of
// chain/rules declares is the outcome of a named invalid block, and that there
// are enough of them.
func TestEveryKindHasACase(t *testing.T) {
	cases := make(map[rules.ErrorKind]int)
	for name, want := range invalidBlocks(t) {
		var kind rules.ErrorKind
		if !errors.As(want, &kind) {
			t.Errorf("%s: %v is no kind of rule error", name, want)
		}
		cases[kind]++
	}
	declared := declaredKinds(t)
	for name, kind := range declared {
		reason, known := unreachable[kind]
		switch {
		case known && cases[kind] > 0:
			t.Errorf("%s is said to be out of reach (%s) and has a case", name, reason)
		case !known && cases[kind] == 0:
			t.Errorf("%s has no case", name)
		}
		delete(cases, kind)
	}
	for kind := range cases {
		t.Errorf("%q is not declared", kind)
	}
	for kind := range unreachable {
		if !slices.Contains(slices.Collect(maps.Values(declared)), kind) {
			t.Errorf("%q is out of reach and not declared", kind)
		}
	}
}

// invalidBlocks returns the named cases and what each breaks.
func invalidBlocks(t *testing.T) map[string]error {
	t.Helper()
	named := map[string]error{invalidParentCase: rules.ErrInvalidParent, massCase: rules.ErrMass}
	add := func(name string, want error) {
		if named[name] != nil {
			t.Errorf("two cases are named %q", name)
		}
		named[name] = want
	}
	for _, c := range corruptions() {
		add(c.name, c.want)
	}
	for _, g := range limitGroups {
		for _, l := range g.limits {
			add(l.name, l.want)
		}
	}
	const enough = 150
	if len(named) < enough {
		t.Errorf("%d named invalid blocks, want at least %d", len(named), enough)
	}
	t.Logf("%d named invalid blocks", len(named))
	return named
}

// declaredKinds reads the constants of type ErrorKind from the source.
func declaredKinds(t *testing.T) map[string]rules.ErrorKind {
	t.Helper()
	files, err := filepath.Glob("rules/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	kinds := make(map[string]rules.ErrorKind)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				addKind(t, kinds, spec)
			}
			return true
		})
	}
	if len(kinds) < 50 {
		t.Fatalf("only %d kinds found", len(kinds))
	}
	return kinds
}

// addKind notes a constant declared as `Name ErrorKind = "text"`.
func addKind(t *testing.T, kinds map[string]rules.ErrorKind, spec *ast.ValueSpec) {
	t.Helper()
	if typed, ok := spec.Type.(*ast.Ident); !ok || typed.Name != "ErrorKind" {
		return
	}
	for i, name := range spec.Names {
		literal, ok := spec.Values[i].(*ast.BasicLit)
		if !ok {
			t.Fatalf("%s is no literal", name)
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds[name.Name] = rules.ErrorKind(text)
	}
}

const invalidParentCase = "child of an invalid block"

// TestInvalidParent refuses what builds on an invalid block, and remembers that
// too.
func TestInvalidParent(t *testing.T) {
	s := newSpecimen()
	invalid := s.changed(coinbase(func(tx *types.Transaction) { tx.Gas = 1 }), 0)
	s.builder.Oracle.Add(invalid)
	child := s.builder.Oracle.Make([]types.Hash{invalid.Hash()}, chaintest.Content{})
	s.builder.Oracle.Add(child)
	grandchild := s.builder.Oracle.Make([]types.Hash{child.Hash()}, chaintest.Content{})
	for _, r := range routes {
		m, mem := s.open(t)
		before := contents(t, mem)
		var unknown *chain.UnknownParentsError
		if err := r.deliver(m, child); !errors.As(err, &unknown) {
			t.Fatalf("%s: before its parent: %v", r.name, err)
		}
		for _, step := range []struct {
			block types.Block
			want  error
		}{
			{invalid, rules.ErrCoinbaseGas},
			{child, rules.ErrInvalidParent},
			{child, chain.ErrKnownInvalid},
			{invalid, chain.ErrKnownInvalid},
			{grandchild, rules.ErrInvalidParent},
		} {
			if err := r.deliver(m, step.block); !errors.Is(err, step.want) {
				t.Fatalf("%s: %v, want %v", r.name, err, step.want)
			}
		}
		if !r.headerFirst && !maps.Equal(before, contents(t, mem)) {
			t.Error("the store changed")
		}
		s.expectValid(t, m, s.valid)
	}
}
