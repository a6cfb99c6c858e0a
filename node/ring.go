package node

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/jio-dag/jio/node/api"
)

// ringLines is how many log lines are kept for those who ask for recent ones.
const ringLines = 4096

// A ring keeps the latest log lines and numbers them from 1.
type ring struct {
	mu    sync.Mutex
	lines [ringLines]api.LogLine
	last  uint64 // number of the latest line, 0 before the first
}

func (r *ring) add(line api.LogLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	line.Number = r.last
	r.lines[r.last%ringLines] = line
}

// after returns at most limit lines with greater numbers, the oldest first; the
// latest ones where the number is 0.
func (r *ring) after(number uint64, limit int) []api.LogLine {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := uint64(1)
	if r.last > ringLines {
		first = r.last - ringLines + 1
	}
	if number == 0 && r.last >= uint64(limit) {
		first = max(first, r.last-uint64(limit)+1)
	}
	first = max(first, number+1)
	lines := []api.LogLine{}
	for n := first; n <= r.last && len(lines) < limit; n++ {
		lines = append(lines, r.lines[n%ringLines])
	}
	return lines
}

// A ringHandler puts records into a ring, written as a lineHandler writes them.
type ringHandler struct {
	ring *ring
	lineHandler
}

// Handle implements slog.Handler.
func (h *ringHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	h.write(&b, r)
	h.ring.add(api.LogLine{
		Time:      r.Time.UnixMilli(),
		Level:     levelName(r.Level),
		Subsystem: h.subsystem,
		Text:      b.String(),
	})
	return nil
}

// WithAttrs implements slog.Handler.
func (h *ringHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &ringHandler{h.ring, *h.lineHandler.WithAttrs(attrs).(*lineHandler)}
}

// WithGroup implements slog.Handler.
func (h *ringHandler) WithGroup(name string) slog.Handler {
	return &ringHandler{h.ring, *h.lineHandler.WithGroup(name).(*lineHandler)}
}

// levelName is the name of the level that a record belongs to.
func levelName(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "DEBUG"
	case l < slog.LevelWarn:
		return "INFO"
	case l < slog.LevelError:
		return "WARN"
	}
	return "ERROR"
}
