package store

import (
	"bytes"
	"testing"
)

func FuzzStamp(f *testing.F) {
	f.Add(testSchema.stamp())
	f.Add([]byte{stampVersion, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := parseStamp(data)
		if s != (Schema{}) && !bytes.Equal(s.stamp(), data) {
			t.Fatalf("%x reads as %v and is written as %x", data, s, s.stamp())
		}
	})
}

func FuzzCleanNote(f *testing.F) {
	f.Add(formatClean(0))
	f.Add(formatClean(1<<64 - 1))
	f.Add([]byte("batch 007\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if n, ok := parseClean(text); ok && !bytes.Equal(formatClean(n), text) {
			t.Fatalf("%q reads as %d", text, n)
		}
	})
}

func TestCleanNote(t *testing.T) {
	for _, n := range []uint64{0, 1, 1<<64 - 1} {
		if got, ok := parseClean(formatClean(n)); !ok || got != n {
			t.Errorf("%d comes back as %d, %v", n, got, ok)
		}
	}
	for _, bad := range []string{"", "batch \n", "batch 1", "batch 01\n", "batch 1\n\n", "batch -1\n", "batch 18446744073709551616\n"} {
		if n, ok := parseClean([]byte(bad)); ok {
			t.Errorf("%q reads as %d", bad, n)
		}
	}
}
