package node

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/jio-dag/jio/node/api"
)

const (
	logFile    = "jio.log"
	logSizeMB  = 10
	logBackups = 5
)

// Logs writes the lines of all subsystems to the console and, once a file is
// attached, to a log file that rotates. Its methods may be called by any
// goroutine.
type Logs struct {
	levels Levels
	json   bool
	out    *logWriter
	recent *ring
}

// NewLogs returns logs that write to a console: human lines, or one JSON object
// a line.
func NewLogs(console io.Writer, levels Levels, json bool) *Logs {
	return &Logs{levels: levels, json: json, out: &logWriter{console: console}, recent: new(ring)}
}

// For returns the logger of a subsystem.
func (l *Logs) For(subsystem string) *slog.Logger {
	line := lineHandler{out: l.out, level: l.levels.of(subsystem), subsystem: subsystem}
	recent := &ringHandler{l.recent, line}
	if l.json {
		h := slog.NewJSONHandler(l.out, &slog.HandlerOptions{Level: line.level})
		return slog.New(slog.NewMultiHandler(recent, h.WithAttrs([]slog.Attr{slog.String("subsystem", subsystem)})))
	}
	return slog.New(slog.NewMultiHandler(recent, &line))
}

// Recent returns at most limit of the latest lines whose numbers are above one,
// the oldest first. Lines count from 1, and 0 asks for the latest of all.
func (l *Logs) Recent(after uint64, limit int) []api.LogLine { return l.recent.after(after, limit) }

// attach opens the log file in a directory that exists. The file is readable by
// its owner alone, also when an earlier one was not.
func (l *Logs) attach(dir string) error {
	name := filepath.Join(dir, logFile)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	l.out.attach(&lumberjack.Logger{Filename: name, MaxSize: logSizeMB, MaxBackups: logBackups})
	return nil
}

// Reopen closes the log file; the next line opens it again under its name. It
// serves those who rotate logs themselves.
func (l *Logs) Reopen() error { return l.out.reopen() }

// detach closes the log file; later lines go to the console alone.
func (l *Logs) detach() error { return l.out.detach() }

// A logWriter hands each line to the console and the file. Neither may fail the
// other, or the program: a closed terminal must not silence the file.
type logWriter struct {
	mu      sync.Mutex
	console io.Writer
	file    *lumberjack.Logger
}

// Write implements io.Writer. It never fails.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.console.Write(line)
	if w.file != nil {
		_, _ = w.file.Write(line)
	}
	return len(line), nil
}

func (w *logWriter) attach(file *lumberjack.Logger) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.file = file
}

func (w *logWriter) reopen() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

func (w *logWriter) detach() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	file := w.file
	w.file = nil
	return file.Close()
}

// dump writes a text of many lines as it is, or as one JSON object.
func (l *Logs) dump(title, text string) {
	if l.json {
		l.For("node").Warn(title, "text", text)
		return
	}
	l.For("node").Warn(title + " follow")
	_, _ = io.WriteString(l.out, text)
}
