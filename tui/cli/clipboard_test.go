package cli

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestClipboardSequences(t *testing.T) {
	const text = "jiodev1qq"
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	for name, want := range map[string][]string{
		"":     {"\x1b]52;c;" + encoded},
		"TMUX": {"\x1b]52;c;" + encoded, "\x1bPtmux;\x1b\x1b]52;c;" + encoded},
		"STY":  {"\x1bP\x1b]52;c;" + encoded},
	} {
		got := sequences(text, func(asked string) string {
			if asked == name {
				return "there"
			}
			return ""
		})
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("within %q: %q lacks %q", name, got, part)
			}
		}
	}
	var out bytes.Buffer
	if err := clipboards(&out).Terminal(text); err != nil || !strings.Contains(out.String(), encoded) {
		t.Errorf("%q, %v", out.String(), err)
	}
}
