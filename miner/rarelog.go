package miner

import (
	"log/slog"
	"sync"
	"time"
)

// rareLogPause is the least time between two warnings of one kind.
const rareLogPause = 10 * time.Second

// A rareLog writes a warning at most once in rareLogPause and says how many it
// kept back since the one before.
type rareLog struct {
	log *slog.Logger

	mu   sync.Mutex
	next time.Time
	kept int
}

func (r *rareLog) warn(now time.Time, message string, err error) {
	if kept, due := r.due(now); due {
		r.log.Warn(message, "error", err, "unmentioned", kept)
	}
}

// due reports whether a warning may be written now, else it counts it.
func (r *rareLog) due(now time.Time) (kept int, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.next) {
		r.kept++
		return 0, false
	}
	kept, r.kept, r.next = r.kept, 0, now.Add(rareLogPause)
	return kept, true
}
