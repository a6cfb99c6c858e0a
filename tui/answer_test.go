package tui

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
)

// A node elsewhere that does not answer is not said to be syncing.
func TestNoAnswer(t *testing.T) {
	for _, size := range sizes {
		f := newFake()
		f.status.Synced, f.status.Sync = false, api.Sync{Stage: page.NoAnswer, ETA: -1}
		m := dashboard(t, f, size[0], size[1])
		wantScreen(t, m, "NO ANSWER")
		if got := strings.ToLower(screen(m)); strings.Contains(got, "syncing") || strings.Contains(got, "stage") {
			t.Errorf("at %v:\n%s", size, screen(m))
		}
	}
}
