//go:build unix

package keystore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// underUmask sets the umask of the process for one test; no test of the package
// runs beside another.
func underUmask(t *testing.T, mask int) {
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

func assertMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %#o, want %#o", path, got, want)
	}
}

// Whatever the umask, files are 0600 and directories 0700.
func TestModesOfWhatIsWritten(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077} {
		t.Run(fmt.Sprintf("umask %03o", mask), func(t *testing.T) {
			dir := privateDir(t)
			underUmask(t, mask)
			f := cheapAt(filepath.Join(dir, "a", "b", "secrets.jio"))
			s, _, _ := canaries(t)
			if err := f.Create(canaryPassword, s); err != nil {
				t.Fatal(err)
			}
			assertMode(t, filepath.Join(dir, "a"), 0o700)
			assertMode(t, filepath.Join(dir, "a", "b"), 0o700)
			assertMode(t, f.path, 0o600)
			if err := f.ChangePassword(canaryPassword, newPassword); err != nil {
				t.Fatal(err)
			}
			assertMode(t, f.path, 0o600)
			if err := f.Backup(filepath.Join(dir, "backup")); err != nil {
				t.Fatal(err)
			}
			assertMode(t, filepath.Join(dir, "backup"), 0o600)
			restored := cheapAt(filepath.Join(dir, "c", "secrets.jio"))
			if err := restored.Restore(filepath.Join(dir, "backup"), newPassword); err != nil {
				t.Fatal(err)
			}
			assertMode(t, filepath.Join(dir, "c"), 0o700)
			assertMode(t, restored.path, 0o600)
		})
	}
}

// uses are all ways in which an existing file is read.
func uses(t *testing.T, f *File) map[string]error {
	s, _, _ := canaries(t)
	return map[string]error{
		"Unlock": second(f.Unlock(canaryPassword)), "Save": f.Save(canaryPassword, s),
		"ChangePassword": f.ChangePassword(canaryPassword, canaryPassword), "Backup": f.Backup(f.path + ".backup"),
	}
}

func TestFileModesAccepted(t *testing.T) {
	f := createCanaries(t)
	for mode := range fs.FileMode(0o1000) {
		if mode&0o400 == 0 {
			continue // not readable to its owner either
		}
		if err := os.Chmod(f.path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := f.Unlock(canaryPassword)
		if ok := mode&0o077 == 0; (err == nil) != ok || (!ok && !errors.Is(err, ErrPermissions)) {
			t.Errorf("mode %#o: %v", mode, err)
		}
	}
	os.Chmod(f.path, 0o640)
	for name, err := range uses(t, f) {
		if !errors.Is(err, ErrPermissions) {
			t.Errorf("%s of a file that a group may read: %v", name, err)
		}
	}
}

func TestDirectoryModesAccepted(t *testing.T) {
	f := createCanaries(t)
	dir := filepath.Dir(f.path)
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	for mode, ok := range map[fs.FileMode]bool{
		0o700: true, 0o500: true, 0o755: true, 0o750: true, 0o720: false, 0o770: false, 0o702: false, 0o777: false, 0o777 | fs.ModeSticky: false,
	} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, err := f.Unlock(canaryPassword)
		if (err == nil) != ok || (!ok && !errors.Is(err, ErrPermissions)) {
			t.Errorf("directory of mode %v: %v", mode, err)
		}
	}
	os.Chmod(dir, 0o777)
	s, _, _ := canaries(t)
	if err := cheapAt(filepath.Join(dir, "second")).Create(canaryPassword, s); !errors.Is(err, ErrPermissions) {
		t.Errorf("Create where all may write: %v", err)
	}
	if err := cheapAt(filepath.Join(dir, "second")).Restore(f.path, canaryPassword); !errors.Is(err, ErrPermissions) {
		t.Errorf("Restore where all may write: %v", err)
	}
}

// A backup may come from a disk that knows no modes.
func TestRestoreFromOpenModes(t *testing.T) {
	backup := createCanaries(t).path
	if err := os.Chmod(backup, 0o777); err != nil {
		t.Fatal(err)
	}
	f := cheapAt(filepath.Join(privateDir(t), "secrets.jio"))
	if err := f.Restore(backup, canaryPassword); err != nil {
		t.Fatal(err)
	}
	assertMode(t, f.path, 0o600)
}

func TestOnlyRegularFiles(t *testing.T) {
	good := createCanaries(t)
	for name, plant := range map[string]func(path string) error{
		"symbolic link": func(path string) error { return os.Symlink(good.path, path) },
		"dangling link": func(path string) error { return os.Symlink("nowhere", path) },
		"hollow link":   func(path string) error { return os.Symlink(path, path) },
		"directory":     func(path string) error { return os.Mkdir(path, 0o700) },
		"pipe":          func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		f := cheapAt(filepath.Join(privateDir(t), "secrets.jio"))
		if err := plant(f.path); err != nil {
			t.Fatal(err)
		}
		for use, err := range uses(t, f) {
			if !errors.Is(err, ErrNotRegular) {
				t.Errorf("%s of a %s: %v", use, name, err)
			}
		}
		if err := cheapAt(f.path+"2").Restore(f.path, canaryPassword); !errors.Is(err, ErrNotRegular) {
			t.Errorf("Restore of a %s: %v", name, err)
		}
		s, _, _ := canaries(t)
		if err := f.Create(canaryPassword, s); !errors.Is(err, ErrExists) {
			t.Errorf("Create over a %s: %v", name, err)
		}
	}
	if _, err := good.Unlock(canaryPassword); err != nil {
		t.Errorf("the file behind the link: %v", err)
	}
}

// A link waiting under the name of the new file is not written through.
func TestLinkInTheWay(t *testing.T) {
	f := createCanaries(t)
	victim := filepath.Join(privateDir(t), "victim")
	if err := os.WriteFile(victim, []byte("untouched"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, f.path+".new"); err != nil {
		t.Fatal(err)
	}
	if err := f.ChangePassword(canaryPassword, newPassword); err != nil {
		t.Fatal(err)
	}
	if got := string(mustRead(t, victim)); got != "untouched" {
		t.Errorf("the victim holds %d other bytes", len(got))
	}
	s, _, _ := canaries(t)
	assertHolds(t, f, newPassword, s)
}
