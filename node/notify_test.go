package node

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestNotifierSpeaks(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenPacket("unixgram", name)
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", name)
	n, err := newNotifier()
	if err != nil {
		t.Fatal(err)
	}
	n.tell("READY=1")
	heard := make([]byte, 64)
	size, _, err := manager.ReadFrom(heard)
	if err != nil || string(heard[:size]) != "READY=1" {
		t.Errorf("heard %q, %v", heard[:size], err)
	}
	if err := n.close(); err != nil {
		t.Error(err)
	}
}

func TestNotifierWithoutAServiceManager(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	n, err := newNotifier()
	if err != nil {
		t.Fatal(err)
	}
	n.tell("READY=1")
	if err := n.close(); err != nil {
		t.Error(err)
	}
}

func TestWatchdogInterval(t *testing.T) {
	own := strconv.Itoa(os.Getpid())
	for _, c := range []struct {
		usec, pid string
		want      time.Duration
	}{
		{"", "", 0},
		{"30000000", "", 15 * time.Second},
		{"30000000", own, 15 * time.Second},
		{"30000000", own + "0", 0},
		{"soon", own, 0},
		{"-1", own, 0},
	} {
		t.Setenv("WATCHDOG_USEC", c.usec)
		t.Setenv("WATCHDOG_PID", c.pid)
		if got := watchdogInterval(); got != c.want {
			t.Errorf("WATCHDOG_USEC=%q WATCHDOG_PID=%q: %v, want %v", c.usec, c.pid, got, c.want)
		}
	}
}
