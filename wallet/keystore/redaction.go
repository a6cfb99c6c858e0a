package keystore

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is all that fmt, a logger and an encoder see of a secret.
const redacted = "[redacted]"

// A redaction is embedded in each type that holds secrets and lends it the
// methods by which values are shown. As fmt goes around the methods of values
// in unexported fields, secrets stand behind pointers as well.
type redaction struct{}

// String returns "[redacted]".
func (redaction) String() string { return redacted }

// Format implements fmt.Formatter, since String alone would leave %d and %#v to
// print the fields.
func (redaction) Format(s fmt.State, _ rune) { io.WriteString(s, redacted) }

// LogValue implements slog.LogValuer.
func (redaction) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler.
func (redaction) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON implements json.Marshaler.
func (redaction) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
