package keystore

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"
)

// newPassword follows canaryPassword.
var newPassword = []byte("another password")

// privateDir returns a directory that nobody else may write to, whatever the
// umask of the tests.
func privateDir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "wallet")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// cheapAt returns a File that costs next to nothing.
func cheapAt(path string) *File {
	return &File{path, testRandom(3), osDisk{}, cheapCost, cheapBounds}
}

// createCanaries makes a file of the canaries under canaryPassword.
func createCanaries(t testing.TB) *File {
	t.Helper()
	f := cheapAt(filepath.Join(privateDir(t), "secrets.jio"))
	s, _, _ := canaries(t)
	if err := f.Create(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	return f
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// assertHolds opens a file and compares its secrets, and looks for strangers in
// its directory.
func assertHolds(t testing.TB, f *File, password []byte, want *Secrets) {
	t.Helper()
	got, err := f.Unlock(password)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.encode(), want.encode()) {
		t.Errorf("%s holds other secrets", f.path)
	}
	names, err := os.ReadDir(filepath.Dir(f.path))
	if err != nil || len(names) != 1 {
		t.Errorf("the directory holds %v, %v", names, err)
	}
	assertNoCanary(t, "the file", mustRead(t, f.path))
}

// TestStandardFile goes through a life at the true cost.
func TestStandardFile(t *testing.T) {
	f := At(filepath.Join(privateDir(t), "deep", "secrets.jio"), rand.Reader)
	s, _, _ := canaries(t)
	if err := f.Create(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, f, canaryPassword, s)
	if h, err := parseHeader(mustRead(t, f.path), standardBounds); err != nil || h.cost != standardCost {
		t.Errorf("the file costs %v, %v", h.cost, err)
	}
	if _, err := f.Unlock(newPassword); !errors.Is(err, ErrPassword) {
		t.Errorf("a wrong password: %v", err)
	}
}

// A cheap file is nothing that a File made by At reads or writes.
func TestStandardFileRefusesCheapOnes(t *testing.T) {
	f := At(createCanaries(t).path, rand.Reader)
	s, _, _ := canaries(t)
	for name, err := range map[string]error{
		"Unlock": second(f.Unlock(canaryPassword)), "Save": f.Save(canaryPassword, s),
		"ChangePassword": f.ChangePassword(canaryPassword, newPassword), "Backup": f.Backup(f.path + ".backup"),
		"Restore": At(f.path+"2", rand.Reader).Restore(f.path, canaryPassword),
	} {
		if !errors.Is(err, ErrParameters) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ *Secrets, err error) error { return err }

func TestCreateAndUnlock(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	assertHolds(t, f, canaryPassword, s)
	before := mustRead(t, f.path)
	if err := f.Create(newPassword, s); !errors.Is(err, ErrExists) {
		t.Errorf("a second Create: %v", err)
	}
	if !bytes.Equal(mustRead(t, f.path), before) {
		t.Error("a refused Create changed the file")
	}
}

func TestSave(t *testing.T) {
	f := createCanaries(t)
	s, err := f.Unlock(canaryPassword)
	if err != nil {
		t.Fatal(err)
	}
	before := mustRead(t, f.path)
	if _, err := s.AddSeed(About{Label: "third"}, make([]byte, 32), testRandom(9)); err != nil {
		t.Fatal(err)
	}
	if err := s.Describe(s.Entries()[0].ID, About{Label: "renamed"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(newPassword, s); !errors.Is(err, ErrPassword) || !bytes.Equal(mustRead(t, f.path), before) {
		t.Fatalf("saved under another password: %v", err)
	}
	if err := f.Save(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, f, canaryPassword, s)
	after := mustRead(t, f.path)
	if bytes.Equal(after[18:34], before[18:34]) || bytes.Equal(after[34:58], before[34:58]) {
		t.Error("salt or nonce was used twice")
	}
}

// Secrets that were wiped, or read before another was added, do not replace
// those in the file.
func TestSaveForgetsNothing(t *testing.T) {
	f := createCanaries(t)
	whole, err := f.Unlock(canaryPassword)
	if err != nil {
		t.Fatal(err)
	}
	wiped, outdated := new(Secrets), &Secrets{list: whole.list[:1]}
	for name, s := range map[string]*Secrets{"wiped": wiped, "outdated": outdated} {
		if err := f.Save(canaryPassword, s); !errors.Is(err, ErrForgets) {
			t.Errorf("%s: %v", name, err)
		}
	}
	assertHolds(t, f, canaryPassword, whole)
}

func TestChangePassword(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	if err := f.ChangePassword(newPassword, newPassword); !errors.Is(err, ErrPassword) {
		t.Errorf("from a wrong password: %v", err)
	}
	if err := f.ChangePassword(canaryPassword, newPassword); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, f, newPassword, s)
	if _, err := f.Unlock(canaryPassword); !errors.Is(err, ErrPassword) {
		t.Errorf("the old password: %v", err)
	}
}

// A file that resists more than usual stays so.
func TestRewriteIsNeverWeaker(t *testing.T) {
	f := createCanaries(t)
	f.cost = cost{128, 2, 1}
	if err := f.ChangePassword(canaryPassword, newPassword); err != nil {
		t.Fatal(err)
	}
	f.cost = cheapCost
	s, err := f.Unlock(newPassword)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Save(newPassword, s); err != nil {
			t.Fatal(err)
		}
		if h, err := parseHeader(mustRead(t, f.path), cheapBounds); err != nil || h.cost != (cost{128, 2, 1}) {
			t.Errorf("written back at %v, %v", h.cost, err)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	backup := filepath.Join(privateDir(t), "backup")
	if err := f.Backup(backup); err != nil {
		t.Fatal(err)
	}
	if err := f.Backup(backup); !errors.Is(err, ErrExists) {
		t.Errorf("over an older backup: %v", err)
	}
	if err := f.Backup(f.path); !errors.Is(err, ErrExists) {
		t.Errorf("over the file itself: %v", err)
	}
	if err := f.Restore(backup, canaryPassword); !errors.Is(err, ErrExists) {
		t.Errorf("over the file: %v", err)
	}
	restored := cheapAt(filepath.Join(privateDir(t), "new", "secrets.jio"))
	if err := restored.Restore(backup, newPassword); !errors.Is(err, ErrPassword) {
		t.Errorf("with a wrong password: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(restored.path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a refused Restore made a directory: %v", err)
	}
	if err := restored.Restore(backup, canaryPassword); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, restored, canaryPassword, s)
	if !bytes.Equal(mustRead(t, restored.path), mustRead(t, f.path)) {
		t.Error("the restored file differs from the first")
	}
}

func TestBackupRefuses(t *testing.T) {
	f := createCanaries(t)
	if err := f.Backup(filepath.Join(privateDir(t), "not", "there")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a missing directory: %v", err)
	}
	if err := os.WriteFile(f.path, canarySeed, 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(privateDir(t), "backup")
	if err := f.Backup(to); !errors.Is(err, ErrFormat) {
		t.Errorf("of garbage: %v", err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("garbage was copied: %v", err)
	}
}

func TestEmptyPassword(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	for _, none := range [][]byte{nil, {}} {
		for name, err := range map[string]error{
			"Create": cheapAt(f.path+"2").Create(none, s), "Unlock": second(f.Unlock(none)), "Save": f.Save(none, s),
			"ChangePassword from": f.ChangePassword(none, newPassword), "ChangePassword to": f.ChangePassword(canaryPassword, none),
			"Restore": cheapAt(f.path+"2").Restore(f.path, none),
		} {
			if !errors.Is(err, ErrNoPassword) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	assertHolds(t, f, canaryPassword, s)
}

func TestMissingFile(t *testing.T) {
	f := cheapAt(filepath.Join(privateDir(t), "secrets.jio"))
	s, _, _ := canaries(t)
	for name, err := range map[string]error{
		"Unlock": second(f.Unlock(canaryPassword)), "Save": f.Save(canaryPassword, s), "Backup": f.Backup(f.path + "2"),
		"ChangePassword": f.ChangePassword(canaryPassword, newPassword), "Restore": f.Restore(f.path+"2", canaryPassword),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that grew beyond what a wallet can be is not read to its end.
func TestHugeFile(t *testing.T) {
	f := createCanaries(t)
	if err := os.Truncate(f.path, 64<<20); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := f.Unlock(canaryPassword)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, ErrFormat) || n > 32<<20 {
		t.Errorf("a file of 64 MiB: %v after %d bytes", err, n)
	}
}

// The largest wallet there may be fits.
func TestFullFile(t *testing.T) {
	f := cheapAt(filepath.Join(privateDir(t), "secrets.jio"))
	s := fullSecrets(t)
	if err := f.Create(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, f, canaryPassword, s)
	if n := len(mustRead(t, f.path)); n > maxSealedSize {
		t.Errorf("%d bytes are more than the limit of %d", n, maxSealedSize)
	}
}

// What does not open again is not written: here because the reader refuses the
// cost at which the writer writes.
func TestUnprovenIsNotWritten(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	f.cost = cost{2048, 1, 1}
	other := cheapAt(filepath.Join(privateDir(t), "new", "secrets.jio"))
	other.cost = f.cost
	for name, err := range map[string]error{
		"Create": other.Create(canaryPassword, s), "Save": f.Save(canaryPassword, s),
		"ChangePassword": f.ChangePassword(canaryPassword, newPassword),
	} {
		if !errors.Is(err, ErrUnproven) || !errors.Is(err, ErrParameters) {
			t.Errorf("%s: %v", name, err)
		}
	}
	assertHolds(t, f, canaryPassword, s)
	if _, err := os.Stat(filepath.Dir(other.path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Create made a directory: %v", err)
	}
}

func TestNoRandomnessNoFile(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	f.rand = iotest.ErrReader(io.ErrClosedPipe)
	fresh := cheapAt(f.path + "2")
	fresh.rand = f.rand
	for name, err := range map[string]error{
		"Create": fresh.Create(canaryPassword, s), "Save": f.Save(canaryPassword, s),
		"ChangePassword": f.ChangePassword(canaryPassword, newPassword),
	} {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: %v", name, err)
		}
	}
	assertHolds(t, f, canaryPassword, s)
}

// What a power loss left over is gone with the next write.
func TestLeftOverIsRemoved(t *testing.T) {
	f := createCanaries(t)
	s, _, _ := canaries(t)
	if err := os.WriteFile(f.path+".new", []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(canaryPassword, s); err != nil {
		t.Fatal(err)
	}
	assertHolds(t, f, canaryPassword, s)
}
