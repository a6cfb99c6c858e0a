package wallet_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// The packages through which secrets go: the wallets, the way of a call to them,
// and the programs that ask for words and passwords.
var secretive = []string{
	"./wallet/...", "./node", "./node/api", "./node/service", "./node/rpc", "./node/rpc/client",
	"./tui", "./tui/component", "./tui/dialog", "./tui/page", "./tui/wizard", "./tui/cli", "./testnet/load",
}

// secretPart matches a part of a name that says that something is a secret, and
// secretName a whole name: there are sentences and words about other things.
var (
	secretPart = regexp.MustCompile(`^(mnemonic|password|passphrase|seed|secret|private|entropy)s?$`)
	secretName = regexp.MustCompile(`^(sentence|(new|old|typed|the)?words)$`)
)

// notSecret is what looks like a secret in text and is none, by file and name,
// with the reason.
var notSecret = map[string]string{
	"node/api/chain.go: Sentence string":            "says why a block is red",
	"node/rpc/cookie.go: newSecret returns string":  "a cookie or token, which HTTP carries in a header of text",
	"node/rpc/token.go: secret string":              "a token, as above",
	"tui/cli/token.go: secret string":               "a token, which is printed once",
	"tui/cli/bench.go: words string":                "what one measure says",
	"tui/component/wrap.go: words returns []string": "words of any text that is wrapped into lines",
	"tui/dialog/command.go: words []string":         "words of a command that was typed",
	"tui/dialog/walletverb.go: words []string":      "words of a command, as above",
	"wallet/hd/mnemonic.go: words []string":         "of the list, which is public",
	"wallet/spend/errors.go: words string":          "what a mistake is called",
}

// TestNoStringSecrets goes through the types of everything that is declared in
// the packages that handle secrets. A string cannot be wiped, so that nothing that
// its name calls a secret may be one, nor may a secret be converted to one other
// than to compare it.
func TestNoStringSecrets(t *testing.T) {
	found := make(map[string]token.Position)
	for _, p := range loadSources(t) {
		p.examine(found)
	}
	for what, at := range found {
		if notSecret[what] == "" {
			t.Errorf("%s: %s is a secret in a string", at, what)
		}
	}
	for what := range notSecret {
		if _, there := found[what]; !there {
			t.Errorf("%s is excepted and not there any more", what)
		}
	}
}

// A source is a package that was checked from its source.
type source struct {
	name  string // from the root of the module on
	set   *token.FileSet
	files []*ast.File
	info  *types.Info
}

// loadSources checks the packages, with what they import from the build cache.
func loadSources(t *testing.T) (list []*source) {
	t.Helper()
	const module = "github.com/jio-dag/jio"
	exports, targets := map[string]string{}, map[string][]string{}
	for line := range strings.Lines(goList(t)) {
		part := strings.Split(strings.TrimSpace(line), "\t") // import path, export file, of a dependency only, folder, files
		exports[part[0]] = part[1]
		if part[2] == "false" {
			targets[part[0]] = part[3:]
		}
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for importPath, files := range targets {
		s := &source{name: strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/"), set: set}
		s.info = &types.Info{Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		for _, name := range files[1:] {
			file, err := parser.ParseFile(set, filepath.Join(files[0], name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s.files = append(s.files, file)
		}
		if _, err := (&types.Config{Importer: imports}).Check(importPath, set, s.files, s.info); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// goList lists the packages and all they depend on, built in the way in which this
// test was, as what is built already need not be built again.
func goList(t *testing.T) string {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.DepOnly}}\t{{.Dir}}{{range .GoFiles}}\t{{.}}{{end}}"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-trimpath", Value: "true"}) {
		args = append(args, "-trimpath")
	}
	list := exec.Command("go", append(args, secretive...)...)
	list.Dir = ".."
	errors := new(bytes.Buffer)
	list.Stderr = errors
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errors)
	}
	return string(out)
}

// examine notes every secret that is a string, under its file and what it is.
func (s *source) examine(found map[string]token.Position) {
	note := func(at token.Pos, format string, args ...any) {
		place := s.set.Position(at)
		found[path.Join(s.name, filepath.Base(place.Filename))+": "+fmt.Sprintf(format, args...)] = place
	}
	for id, object := range s.info.Defs {
		switch object := object.(type) {
		case *types.Var:
			if (saysSecret(object.Name()) || isOfSecretType(object.Type())) && isText(object.Type()) {
				note(id.Pos(), "%s %s", object.Name(), object.Type())
			}
		case *types.Func:
			for result := range object.Signature().Results().Variables() {
				if saysSecret(object.Name()) && isText(result.Type()) {
					note(id.Pos(), "%s returns %s", object.Name(), result.Type())
				}
			}
		}
	}
	for _, file := range s.files {
		s.conversions(file, note)
	}
}

// conversions notes the secrets that become strings. One that is compared becomes
// none: the compiler makes no copy for it.
func (s *source) conversions(file *ast.File, note func(token.Pos, string, ...any)) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			return n.Op != token.EQL && n.Op != token.NEQ
		case *ast.CallExpr:
			to := s.info.Types[n.Fun]
			if to.IsType() && isText(to.Type) && len(n.Args) == 1 && s.isSecret(n.Args[0]) {
				note(n.Pos(), "string(%s)", types.ExprString(n.Args[0]))
			}
		}
		return true
	})
}

// isSecret reports whether an expression is named as a secret or has a type that
// is, and is no string already.
func (s *source) isSecret(e ast.Expr) bool {
	t := s.info.TypeOf(e)
	if t == nil || isText(t) {
		return false
	}
	if isOfSecretType(t) {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return saysSecret(e.Name)
	case *ast.SelectorExpr:
		return saysSecret(e.Sel.Name)
	case *ast.CallExpr:
		return s.isSecret(e.Fun)
	case *ast.IndexExpr:
		return s.isSecret(e.X)
	}
	return false
}

func isOfSecretType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && saysSecret(named.Obj().Name())
}

var namePart = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)

// saysSecret reports whether a name, in parts such as newPassword, says that what
// it names is a secret.
func saysSecret(name string) bool {
	if secretName.MatchString(strings.ToLower(name)) {
		return true
	}
	return slices.ContainsFunc(namePart.FindAllString(name, -1), func(part string) bool {
		return secretPart.MatchString(strings.ToLower(part))
	})
}

// isText reports whether a type is a string or holds strings.
func isText(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0
	case *types.Slice:
		return isText(t.Elem())
	case *types.Array:
		return isText(t.Elem())
	case *types.Pointer:
		return isText(t.Elem())
	case *types.Map:
		return isText(t.Elem()) || isText(t.Key())
	case *types.Chan:
		return isText(t.Elem())
	}
	return false
}
