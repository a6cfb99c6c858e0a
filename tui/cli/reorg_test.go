package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	s.awaits("x──+x")
	wantChainInSight(t, s.text(), "x")
	s.types("E")
	s.awaits("─ Events ─")
	s.awaits(fmt.Sprintf("note: the selected chain took another way: %d blocks left", ours))
	s.types("esc")
	s.awaits("left:along")
	s.types(":")
	s.awaits("esc closes")
	s.types("mine blocks 1", "enter")
	s.awaits("[br]──+[br]")
	wantChainInSight(t, s.text(), "br")
	s.types("q")
	if code := s.ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	s.wantRestored()
}

// wantChainInSight checks the picture of the DAG: the chain stands in one row that
// ends with the sink near the right edge, and the blocks that left it, drawn as one of
// some letters, stand in another, to the left of the sink.
func wantChainInSight(t *testing.T, screen, left string) {
	t.Helper()
	picture, _, _ := strings.Cut(screen, "◆ chain")
	rows := strings.Split(picture, "\n")[4:]
	y := slices.IndexFunc(rows, func(row string) bool { return strings.ContainsRune(row, '▶') })
	if y < 0 {
		t.Fatalf("the sink is not drawn:\n%s", screen)
	}
	sink := slices.Index([]rune(rows[y]), '▶')
	if n := strings.Count(rows[y], "◆"); n < 20 || sink < 80 {
		t.Errorf("%d chain blocks are drawn before the sink, in column %d:\n%s", n, sink, screen)
	}
	drawn := 0
	for i, row := range rows {
		for x, r := range []rune(row) {
			if !strings.ContainsRune(left, r) {
				continue
			}
			if drawn++; i == y || x >= sink {
				t.Errorf("a block that left the chain stands in row %d, column %d; the sink in row %d, column %d:\n%s", i, x, y, sink, screen)
			}
		}
	}
	if drawn < 4 {
		t.Errorf("%d blocks that left the chain are drawn:\n%s", drawn, screen)
	}
}
