package p2p

import (
	"log/slog"
	"sync"
	"time"
)

// rareLogPause is the least time between two lines of one kind.
const rareLogPause = 10 * time.Second

// A rareLog writes lines that peers can bring about: each message at most once
// in rareLogPause, with how many were kept back since.
type rareLog struct {
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	said map[string]*silence // by message, which are constants
}

type silence struct {
	until time.Time
	kept  int
}

func newRareLog(log *slog.Logger, now func() time.Time) *rareLog {
	return &rareLog{log: log, now: now, said: map[string]*silence{}}
}

func (r *rareLog) info(message string, attributes ...any) {
	if kept, due := r.due(message); due {
		r.log.Info(message, append(attributes, "unmentioned", kept)...)
	}
}

// due reports whether a message may be written now, else it counts it.
func (r *rareLog) due(message string) (kept int, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.said[message]
	if s == nil {
		s = &silence{}
		r.said[message] = s
	}
	now := r.now()
	if now.Before(s.until) {
		s.kept++
		return 0, false
	}
	kept, s.kept, s.until = s.kept, 0, now.Add(rareLogPause)
	return kept, true
}
