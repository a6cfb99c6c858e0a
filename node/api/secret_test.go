package api_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/node/api"
)

// A secret goes to JSON and comes back as a string of encoding/json does, which
// it never is on the way.
func TestSecretIsAJSONString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`["\\/<>&\x00-\x1f\x7f\x{2028}a😀]*`)).Draw(t, "text")
		made, err := json.Marshal(map[string]api.Secret{"s": api.Secret(text)})
		want, _ := json.Marshal(map[string]string{"s": text})
		var read map[string]string
		if err != nil || json.Unmarshal(made, &read) != nil || read["s"] != text {
			t.Fatalf("%q became %s, %v", text, made, err)
		}
		for _, encoded := range [][]byte{made, want} {
			var back map[string]api.Secret
			if err := json.Unmarshal(encoded, &back); err != nil || string(back["s"]) != text {
				t.Fatalf("%s was read as %q, %v", encoded, string(back["s"]), err)
			}
		}
	})
}

// JSON would carry another password than the one that was typed.
func TestSecretIsText(t *testing.T) {
	if made, err := json.Marshal(api.Secret("pass\xffword")); err == nil {
		t.Errorf("bytes that are no text became %s", made)
	}
}
