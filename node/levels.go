package node

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Subsystems are the names that log lines carry and that a level can be given
// to.
var Subsystems = []string{"node", "chain", "index", "mempool", "miner", "rpc", "wallet", "go"}

// Levels says how much each subsystem logs. The zero value logs from info up.
type Levels struct {
	standard slog.Level
	own      map[string]slog.Level
}

// LevelsFrom returns levels that log from one level up, in every subsystem.
func LevelsFrom(level slog.Level) Levels { return Levels{standard: level} }

// ParseLevels reads "info", or a list such as "warn,chain=debug,miner=info": an
// entry without a name is for every subsystem that is not named.
func ParseLevels(s string) (Levels, error) {
	l := Levels{own: make(map[string]slog.Level)}
	for entry := range strings.SplitSeq(s, ",") {
		name, text, named := strings.Cut(strings.TrimSpace(entry), "=")
		if !named {
			name, text = "", name
		}
		level, ok := levelNames[text]
		if !ok {
			return Levels{}, fmt.Errorf("log level %q: want debug, info, warn or error", text)
		}
		if !named {
			l.standard = level
			continue
		}
		if !slices.Contains(Subsystems, name) {
			return Levels{}, fmt.Errorf("log level for %q: the subsystems are %s", name, strings.Join(Subsystems, ", "))
		}
		l.own[name] = level
	}
	return l, nil
}

var levelNames = map[string]slog.Level{
	"debug": slog.LevelDebug,
	"info":  slog.LevelInfo,
	"warn":  slog.LevelWarn,
	"error": slog.LevelError,
}

// of returns the least level that a subsystem logs.
func (l Levels) of(subsystem string) slog.Level {
	if level, ok := l.own[subsystem]; ok {
		return level
	}
	return l.standard
}
