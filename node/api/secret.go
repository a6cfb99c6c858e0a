package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
)

// A Secret is a password, a passphrase, words or a key on its way between a
// user and a wallet. JSON carries it as a string; nothing else shows it.
type Secret []byte

// Wipe overwrites the secret with zeros.
func (s Secret) Wipe() { clear(s) }

// String returns "[redacted]".
func (Secret) String() string { return "[redacted]" }

// Format implements fmt.Formatter, since String alone would leave %d and %#v to
// print the bytes.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON implements json.Marshaler.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(string(s)) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a secret must be a JSON string") // the cause would repeat it
	}
	*s = Secret(text)
	return nil
}

// WipeSecrets wipes every Secret that stands in the fields of v, a pointer to a
// struct, and of the structs in those; it looks into no list.
func WipeSecrets(v any) { wipeSecrets(reflect.ValueOf(v)) }

func wipeSecrets(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if secret, ok := v.Interface().(Secret); ok {
			secret.Wipe()
		}
	case reflect.Pointer:
		if !v.IsNil() {
			wipeSecrets(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				wipeSecrets(v.Field(i))
			}
		}
	}
}
