package node

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A lineHandler prints records as lines for people:
//
//	2026-01-01 12:00:00.000 INF chain    virtual moved tips=2 score=17
//
// Text that is not plain is quoted, so that a hostile string can neither forge
// a line nor speak to the terminal.
type lineHandler struct {
	out       io.Writer
	level     slog.Level
	subsystem string
	prefix    string // of the keys of open groups
	attrs     string // already printed
}

// Enabled implements slog.Handler.
func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle implements slog.Handler: one Write a record.
func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Time.Format("2006-01-02 15:04:05.000 "))
	b.WriteString(levelTag(r.Level))
	b.WriteByte(' ')
	b.WriteString(h.subsystem)
	b.WriteString(strings.Repeat(" ", max(1, 6-len(h.subsystem))))
	h.write(&b, r)
	b.WriteByte('\n')
	_, err := io.WriteString(h.out, b.String())
	return err
}

// write appends message and attributes.
func (h *lineHandler) write(b *strings.Builder, r slog.Record) {
	b.WriteString(printable(r.Message))
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		appendAttr(b, h.prefix, a)
		return true
	})
}

// WithAttrs implements slog.Handler.
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	for _, a := range attrs {
		appendAttr(&b, h.prefix, a)
	}
	with := *h
	with.attrs += b.String()
	return &with
}

// WithGroup implements slog.Handler.
func (h *lineHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.prefix += name + "."
	return &with
}

func levelTag(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "DBG"
	case l < slog.LevelWarn:
		return "INF"
	case l < slog.LevelError:
		return "WRN"
	}
	return "ERR"
}

func appendAttr(b *strings.Builder, prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, inner := range v.Group() {
			appendAttr(b, prefix, inner)
		}
		return
	}
	if a.Key == "" {
		return
	}
	b.WriteByte(' ')
	b.WriteString(plain(prefix + a.Key))
	b.WriteByte('=')
	b.WriteString(plain(valueText(v)))
}

func valueText(v slog.Value) string {
	if v.Kind() == slog.KindTime {
		return v.Time().Format(time.RFC3339Nano)
	}
	return v.String()
}

// plain returns a value as it is when it holds only printable characters, and
// no blank, quote or equals sign; else quoted.
func plain(s string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(` "=`, r) }
	if s == "" || strings.ContainsFunc(s, odd) {
		return strconv.Quote(s)
	}
	return s
}

// printable returns a message as it is, or quoted when it holds control, escape
// or bidirectional characters.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}
