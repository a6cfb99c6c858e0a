// Package vectors finds the cases that other implementations answered: in a
// folder beside the module, which a fresh clone need not have, or where a test's
// -vectors flag says. It reads no case and imports nothing of ours, so that the
// tests of every package may use it.
package vectors

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// ModuleRoot returns the folder of go.mod, which is above that of every test.
func ModuleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// Shared returns the files of a family of vectors, which a pattern of path.Match
// names: those below given, a file or a folder whose path counts from the test's
// folder or the module's root; where given is "", those in ../shared/vectors
// beside the module. Without these the test is skipped, unless the environment
// says CI=true: then it fails.
func Shared(t testing.TB, given, family string) []string {
	t.Helper()
	if given != "" {
		return Files(t, givenPaths(t, given, family)...)
	}
	here := filepath.Join(ModuleRoot(t), "..", "shared", "vectors")
	paths := glob(t, here, family)
	if len(paths) == 0 && os.Getenv("CI") == "true" {
		t.Fatalf("no vectors: %s is missing in %s", family, here)
	}
	if len(paths) == 0 {
		t.Skipf("no vectors: %s is missing in %s; name another place with -vectors", family, here)
	}
	return Files(t, paths...)
}

// givenPaths are those of the family in a folder that holds several, or the path
// itself.
func givenPaths(t testing.TB, given, family string) []string {
	if _, err := os.Stat(given); err != nil && !filepath.IsAbs(given) {
		given = filepath.Join(ModuleRoot(t), given)
	}
	if paths := glob(t, given, family); len(paths) > 0 {
		return paths
	}
	return []string{given}
}

func glob(t testing.TB, dir, pattern string) []string {
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// Files returns the files among paths and below them, documents apart.
func Files(t testing.TB, paths ...string) (files []string) {
	t.Helper()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && filepath.Ext(file) != ".md" && entry.Name() != "LICENSE" {
				files = append(files, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
