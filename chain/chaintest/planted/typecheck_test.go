package planted

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A typeChecker judges changed packages without compiling them; what they
// import is read from the go command's cache.
type typeChecker struct {
	root     string
	fset     *token.FileSet
	exports  map[string]string // export data of an import path
	importer types.Importer
}

// newTypeChecker prepares the check of some folders of the module.
func newTypeChecker(root string, folders []string) (*typeChecker, error) {
	c := &typeChecker{root: root, fset: token.NewFileSet(), exports: make(map[string]string)}
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, folder := range folders {
		args = append(args, "./"+folder)
	}
	list := exec.Command("go", args...)
	list.Dir = root
	var problems bytes.Buffer
	list.Stderr = &problems
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &problems)
	}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		c.exports[path] = file
	}
	c.importer = importer.ForCompiler(c.fset, "gc", c.open)
	return c, nil
}

func (c *typeChecker) open(path string) (io.ReadCloser, error) {
	file := c.exports[path]
	if file == "" {
		return nil, fmt.Errorf("no export data of %s", path)
	}
	return os.Open(file)
}

// check type-checks every package that holds a changed file.
func (c *typeChecker) check(changed map[string]string) error {
	for _, folder := range packagesOf(changed) {
		files, err := c.parse(folder, changed)
		if err != nil {
			return err
		}
		conf := types.Config{Importer: c.importer}
		if _, err := conf.Check(folder, c.fset, files, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *typeChecker) parse(folder string, changed map[string]string) ([]*ast.File, error) {
	pkg, err := build.ImportDir(filepath.Join(c.root, folder), 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		var source any // nil reads the file itself
		if text, ok := changed[filepath.Join(folder, name)]; ok {
			source = text
		}
		file, err := parser.ParseFile(c.fset, filepath.Join(c.root, folder, name), source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
