package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// look runs the dashboard on an emulated terminal until it shows what it shall,
// and returns what is on the screen then.
func look(ctx context.Context, cmd *exec.Cmd, columns, rows int) (screen, error) {
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "LC_ALL=", "COLORFGBG=15;0", "NO_COLOR=", "JIO_THEME=dark")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns)})
	if err != nil {
		return nil, err
	}
	defer terminal.Close()
	emulated := vt10x.New(vt10x.WithSize(columns, rows))
	read := make(chan struct{})
	go func() {
		defer close(read)
		output := bufio.NewReader(terminal)
		for emulated.Parse(output) == nil { // fails when the program has ended
		}
	}()
	const settling = 12 * time.Second // graphs need some samples
	for end := time.Now().Add(settling); time.Now().Before(end); {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
	if text := emulated.String(); !strings.Contains(text, "MINING") {
		return nil, fmt.Errorf("the dashboard does not show a node that mines:\n%s", text)
	}
	seen := cellsOf(emulated, columns, rows)
	if _, err := io.WriteString(terminal, "q"); err != nil {
		return nil, err
	}
	<-read
	return seen, cmd.Wait()
}

// cellsOf copies what a terminal shows, which goes on changing.
func cellsOf(t vt10x.Terminal, columns, rows int) screen {
	t.Lock()
	defer t.Unlock()
	s := make(screen, rows)
	for y := range s {
		s[y] = make([]vt10x.Glyph, columns)
		for x := range s[y] {
			s[y][x] = t.Cell(x, y)
		}
	}
	return s
}
