package keystore

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// fmtBytes prints bytes the way an unguarded secret would be printed.
func fmtBytes(b []byte) string { return fmt.Sprint(b) }

// TestSecretsAreRedacted shows what holds secrets in every way, alone, inside
// exported and unexported fields, as pointer and as value.
func TestSecretsAreRedacted(t *testing.T) {
	secrets, _, _ := canaries(t)
	session := NewSession(secrets, 0, time.Unix(0, 0))
	shown := []any{secrets, *secrets, session, *session}
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %c %U %t %e") {
		for _, value := range shown {
			if got := fmt.Sprintf(verb, value); got != redacted {
				t.Errorf("%s of a %T prints %q", verb, value, got)
			}
		}
	}
	for _, value := range shown {
		if text, err := json.Marshal(map[string]any{"x": value}); err != nil || string(text) != `{"x":"[redacted]"}` {
			t.Errorf("a %T in JSON: %s, %v", value, text, err)
		}
		if text, err := xml.Marshal(value); err != nil || !bytes.Contains(text, []byte(">[redacted]<")) {
			t.Errorf("a %T in XML: %s, %v", value, text, err)
		}
		if text := value.(fmt.Stringer).String(); text != redacted {
			t.Errorf("a %T as a string: %s", value, text)
		}
	}
}

func TestSecretsInsideOthersDoNotShow(t *testing.T) {
	secrets, _, _ := canaries(t)
	session := NewSession(secrets, 0, time.Unix(0, 0))
	type holder struct {
		Secrets *Secrets
		Value   Secrets
		secrets *Secrets
		value   Secrets
		session *Session
		open    Session
		list    []*secret
		one     *secret
	}
	held := holder{secrets, *secrets, secrets, *secrets, session, *session, secrets.list, secrets.list[0]}
	var printed bytes.Buffer
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %c %U %t %e %z") {
		fmt.Fprintf(&printed, verb+verb, held, &held)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&printed, nil), slog.NewJSONHandler(&printed, nil)} {
		slog.New(handler).Info("held", "secrets", secrets, "value", *secrets, "session", session, "holder", held, "at", &held)
	}
	if printed.Len() < 1000 {
		t.Fatalf("only %d bytes were printed", printed.Len())
	}
	assertNoCanary(t, "what was printed", printed.Bytes())
}

// The search itself finds what it is there to find.
func TestCanarySearchFinds(t *testing.T) {
	bare := struct{ Seed []byte }{canarySeed}
	text, err := json.Marshal(bare)
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{
		fmt.Sprintf("%v", bare), fmt.Sprintf("%x", bare), fmt.Sprintf("%X", bare), fmt.Sprintf("%s", bare), string(text),
	} {
		found := new(recorder)
		if assertNoCanary(found, "there", []byte(leak)); !found.failed {
			t.Errorf("a leak was missed: %s", leak)
		}
	}
}

// A recorder is a test that only remembers whether it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
