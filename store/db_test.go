package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/syndtr/goleveldb/leveldb/opt"

	"github.com/jio-dag/jio/store/storetest"
)

func TestOpenMakesPrivateDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	mustClose(t, mustOpen(t, dir))
	for _, d := range []string{dir, filepath.Dir(dir)} {
		info, err := os.Stat(d)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, want 0700", d, info.Mode().Perm())
		}
	}
}

func TestOpenRefusesAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, testOptions); err == nil {
		t.Fatal("a file was opened as a directory")
	}
}

func TestSchemaRefused(t *testing.T) {
	dir := t.TempDir()
	db := mustOpen(t, dir)
	mustWrite(t, db, "k", "v")
	mustClose(t, db)
	for _, c := range []struct {
		want Schema
		say  []string
	}{
		{Schema{"test", 2}, []string{dir, `"test" records of version 3`, "of version 2", "a newer jio"}},
		{Schema{"test", 4}, []string{dir, `"test" records of version 3`, "of version 4", "an older jio", "delete that directory"}},
		{Schema{"chain", 3}, []string{dir, `"test" records of version 3`, `"chain"`, "choose another directory"}},
	} {
		_, err := Open(dir, Options{Schema: c.want})
		var refused *SchemaError
		if !errors.As(err, &refused) || refused.Found != testSchema || refused.Want != c.want {
			t.Fatalf("opening as %v: %v", c.want, err)
		}
		for _, part := range c.say {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
	db = mustOpen(t, dir)
	defer db.Close()
	if !db.Clean() {
		t.Error("a refusal made the last stop unclean")
	}
	wantContent(t, db, map[string]string{"k": "v"})
}

func TestCleanFollowsClose(t *testing.T) {
	d := storetest.New()
	start := func(d *storetest.Disk, clean bool) *DB {
		t.Helper()
		db, err := OpenDisk(d, "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		if db.Clean() != clean {
			t.Errorf("clean is %v", db.Clean())
		}
		return db
	}
	db := start(d, true) // a new one
	mustWrite(t, db, "a", "1")
	killed := d.Clone()
	mustClose(t, db)
	mustClose(t, start(d, true))

	db = start(killed, false)
	wantContent(t, db, map[string]string{"a": "1"})
	mustClose(t, db)
	db = start(killed, true)
	// A kill right after a clean start is a kill all the same.
	mustClose(t, start(killed.Clone(), false))
	mustClose(t, db)
}

func TestKilledAtEveryBatch(t *testing.T) {
	d := storetest.New()
	db, err := OpenDisk(d, "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i := range 60 {
		mustWrite(t, db, script(i)...)
		killed, err := OpenDisk(d.Clone(), "memory", testOptions)
		if err != nil {
			t.Fatal(err)
		}
		wantContent(t, killed, scriptState(i+1))
		mustWrite(t, killed, script(i+1)...)
		wantContent(t, killed, scriptState(i+2))
		mustClose(t, killed)
	}
}

func TestTwoOpensOfOneDirectory(t *testing.T) {
	dir := t.TempDir()
	db := mustOpen(t, dir)
	if _, err := Open(dir, testOptions); err == nil {
		t.Fatal("opened twice")
	}
	mustWrite(t, db, "a", "1")
	mustClose(t, db)
	mustClose(t, mustOpen(t, dir))
}

func TestClosed(t *testing.T) {
	for _, s := range []twin{mustOpen(t, t.TempDir()), NewMemory()} {
		mustWrite(t, s, "a", "1")
		mustClose(t, s)
		_, get := s.Get([]byte("a"))
		scan := s.Scan(nil, func(_, _ []byte) error { return nil })
		for call, err := range map[string]error{"Get": get, "Scan": scan, "Write": s.Write(pairs("a", "2")), "Close": s.Close()} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%T: %s on a closed store: %v", s, call, err)
			}
		}
	}
}

func TestReservedKeys(t *testing.T) {
	for _, s := range []twin{mustOpen(t, t.TempDir()), NewMemory()} {
		if err := s.Write(pairs("a", "1", string(schemaKey), "x")); !errors.Is(err, ErrReservedKey) {
			t.Errorf("%T: %v", s, err)
		}
		if v, err := s.Get(schemaKey); v != nil || err != nil {
			t.Errorf("%T: the stamp shows: %q, %v", s, v, err)
		}
		mustWrite(t, s, "\xfe\xff", "last")
		wantContent(t, s, map[string]string{"\xfe\xff": "last"})
		mustClose(t, s)
	}
}

func TestScanEndsWithTheErrorOfItsCaller(t *testing.T) {
	stop := errors.New("stop")
	for _, s := range []twin{mustOpen(t, t.TempDir()), NewMemory()} {
		mustWrite(t, s, "a1", "", "a2", "", "b", "")
		var seen []string
		err := s.Scan([]byte("a"), func(k, _ []byte) error {
			seen = append(seen, string(k))
			return stop
		})
		if err != stop || !slices.Equal(seen, []string{"a1"}) {
			t.Errorf("%T: saw %v and got %v", s, seen, err)
		}
		mustClose(t, s)
	}
}

func TestBatchLargerThanTheWriteBuffer(t *testing.T) {
	d := storetest.New()
	db, err := OpenDisk(d, "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	var kv []string
	for i := range 2000 {
		k, v := fmt.Sprintf("%06d", i), strings.Repeat("x", i%200)
		want[k], kv = v, append(kv, k, v)
	}
	mustWrite(t, db, kv...)
	killed, err := OpenDisk(d.Clone(), "memory", testOptions)
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, killed, want)
	mustClose(t, killed)
	mustClose(t, db)
}

func TestStrictIsDefault(t *testing.T) {
	o := Options{}.levelOptions()
	if o.Strict != 0 || opt.DefaultStrict != opt.StrictJournalChecksum|opt.StrictBlockChecksum|opt.StrictCompaction|opt.StrictReader {
		t.Errorf("strictness is %b, goleveldb's default %b", o.Strict, opt.DefaultStrict)
	}
	if o.NoSync || !o.DisableLargeBatchTransaction || o.GetMaxManifestFileSize() < 1<<40 {
		t.Errorf("goleveldb is opened with %+v", o)
	}
}

func TestBuffersAreBounded(t *testing.T) {
	for _, c := range []struct{ cache, blocks, writes int }{
		{0, 12 << 20, 2 << 20},
		{-1, 3 << 20, 512 << 10},
		{1, 3 << 20, 512 << 10},
		{256 << 20, 192 << 20, 32 << 20},
		{1 << 30, 1<<30 - 128<<20, 64 << 20},
		{1 << 40, 1<<31 - 1 - 128<<20, 64 << 20},
	} {
		blocks, writes := Options{CacheBytes: c.cache}.buffers()
		if blocks != c.blocks || writes != c.writes {
			t.Errorf("%d bytes become %d and %d, want %d and %d", c.cache, blocks, writes, c.blocks, c.writes)
		}
	}
}
