package store

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

var testSchema = Schema{Name: "test", Version: 3}

// testOptions make many small tables.
var testOptions = Options{Schema: testSchema, TableBytes: 2 << 10}

func mustOpen(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(dir, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func mustClose(t testing.TB, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// pairs yields keys and values in turn; "-" as a value deletes.
func pairs(kv ...string) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		for i := 0; i < len(kv); i += 2 {
			value := []byte(kv[i+1])
			if kv[i+1] == "-" {
				value = nil
			}
			if !yield([]byte(kv[i]), value) {
				return
			}
		}
	}
}

func mustWrite(t testing.TB, s interface {
	Write(iter.Seq2[[]byte, []byte]) error
}, kv ...string,
) {
	t.Helper()
	if err := s.Write(pairs(kv...)); err != nil {
		t.Fatal(err)
	}
}

// content reads the whole store.
func content(s interface {
	Scan([]byte, func(k, v []byte) error) error
},
) (map[string]string, error) {
	all := make(map[string]string)
	err := s.Scan(nil, func(k, v []byte) error {
		all[string(k)] = string(v)
		return nil
	})
	return all, err
}

// copyDir copies the files of a closed database to a new directory.
func copyDir(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, entry.Name()), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// script returns the batches of a small history: batch i changes a few keys, removes
// one and says in "head" that it was the last.
func script(i int) []string {
	return []string{
		"head", fmt.Sprint(i),
		fmt.Sprintf("key %04d", i), noise(i),
		fmt.Sprintf("key %04d", i/2), fmt.Sprintf("changed by %d", i),
		fmt.Sprintf("key %04d", i/3), "-",
	}
}

// noise returns up to 400 bytes that do not compress.
func noise(i int) string {
	rng := rand.New(rand.NewPCG(uint64(i), 0))
	text := make([]byte, 1+rng.IntN(400))
	for j := range text {
		text[j] = byte(rng.Uint32())
	}
	return string(text)
}

// scriptState returns what the first n batches of the script leave.
func scriptState(n int) map[string]string {
	state := make(map[string]string)
	for i := range n {
		for k, v := range pairs(script(i)...) {
			if v == nil {
				delete(state, string(k))
				continue
			}
			state[string(k)] = string(v)
		}
	}
	return state
}

func wantContent(t testing.TB, s interface {
	Scan([]byte, func(k, v []byte) error) error
}, want map[string]string,
) {
	t.Helper()
	got, err := content(s)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Fatalf("content is %v\nwant %v", got, want)
	}
}
