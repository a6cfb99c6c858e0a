package moment

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestKnownMoments(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		bytes []byte
		want  time.Time
		ok    bool
	}{
		"zero":       {[]byte{0, 0, 0, 0, 0, 0, 0, 0}, time.Time{}, true},
		"a second":   {[]byte{0xe8, 3, 0, 0, 0, 0, 0, 0}, time.Unix(1, 0).UTC(), true},
		"future":     {[]byte{0, 0, 0, 0, 0, 0, 1, 0}, now, true},
		"nonsense":   {[]byte{1, 0, 0, 0, 0, 0, 1, 0}, time.Time{}, false},
		"before all": {[]byte{255, 255, 255, 255, 255, 255, 255, 255}, time.Time{}, false},
	} {
		if got, ok := Read(c.bytes, now); !got.Equal(c.want) || ok != c.ok {
			t.Errorf("%s: read %v, %v; want %v, %v", name, got, ok, c.want, c.ok)
		}
	}
}

// What is read is what was written, to the millisecond, and is written alike.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.UnixMicro(rapid.Int64Range(1000, last*1000).Draw(t, "µs")).UTC()
		b := Append([]byte("x"), want)
		got, ok := Read(b[1:], Last())
		if !ok || !got.Equal(want.Truncate(time.Millisecond)) || len(b) != 1+Size {
			t.Fatalf("%v reads back as %v, %v", want, got, ok)
		}
		if !bytes.Equal(Append([]byte("x"), got), b) {
			t.Fatalf("%v is written in two ways", got)
		}
	})
	if got, ok := Read(Append(nil, time.Time{}), Last()); !got.IsZero() || !ok {
		t.Errorf("the zero time reads back as %v, %v", got, ok)
	}
}
