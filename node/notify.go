package node

import (
	"net"
	"os"
	"strconv"
	"time"
)

// A notifier tells the service manager how the process is doing, by the
// protocol of sd_notify(3). Its zero value tells nobody.
type notifier struct{ conn net.Conn }

// newNotifier connects to $NOTIFY_SOCKET where a service manager set it.
func newNotifier() (notifier, error) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return notifier{}, nil
	}
	conn, err := net.Dial("unixgram", name) // a leading @ means the abstract namespace, as it does there
	if err != nil {
		return notifier{}, err
	}
	return notifier{conn}, nil
}

// tell sends assignments such as READY=1. The service manager may be gone, so a
// failure is nobody's business.
func (n notifier) tell(state string) {
	if n.conn != nil {
		_, _ = n.conn.Write([]byte(state))
	}
}

func (n notifier) close() error {
	if n.conn == nil {
		return nil
	}
	return n.conn.Close()
}

// watchdogInterval is half the time within which the service manager wants to
// hear WATCHDOG=1 from this process, 0 when it does not care.
func watchdogInterval() time.Duration {
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || micros <= 0 {
		return 0
	}
	return time.Duration(micros) * time.Microsecond / 2
}
