package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
)

// Two nodes mine apart, then meet: the dashboard of the one that did less shows its
// selected chain taking the other's way.
func TestDashboardShowsAReorg(t *testing.T) {
	const ours, theirs = 12, 30
	other := t.TempDir()
	daemon := launch(t, "--daemon", "--network", "simnet", "--datadir", other, "--no-wallet", "--p2p-listen", "127.0.0.1:0")
	at := regexp.MustCompile(`/ip4/127\.0\.0\.1/tcp/(\d+)`).FindStringSubmatch(daemon.await("open to peers"))
	succeed(t, "mine", "--blocks", strconv.Itoa(theirs), "--network", "simnet", "--datadir", other)

	s := openTerminal(t, 100, 30, nil, "--network", "simnet", "--datadir", t.TempDir(), "--no-wallet", "--p2p-listen", "127.0.0.1:0")
	s.awaits("1 Home")
	s.types(":")
	s.awaits("esc closes")
	s.types(fmt.Sprintf("mine blocks %d", ours), "enter")
	s.awaits(fmt.Sprintf("made %d blocks", ours))
	s.types("2")
	s.awaits(fmt.Sprintf(`sink .* blue %d `, ours))
	s.types(":")
	s.awaits("esc closes")
	s.types("connect 127.0.0.1:"+at[1], "enter")
	s.awaits(fmt.Sprintf(`reorg \d+s ago: %d blocks left`, ours))
	s.awaits(fmt.Sprintf(`sink .* blue %d `, theirs))
	s.awaits("x left")
	s.types("E")
	s.awaits("─ Events ─")
	s.awaits(fmt.Sprintf("note: the selected chain took another way: %d blocks left", ours))
	s.types("esc")
	s.awaits("left:along")
	s.types(":")
	s.awaits("esc closes")
	s.types("mine blocks 1", "enter")
	s.awaits("b left|r left")
	s.types("q")
	if code := s.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	s.wantRestored()
}
