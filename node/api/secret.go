package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
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

// UnmarshalJSON implements json.Unmarshaler. It makes no copy besides the
// secret's own, which can be wiped.
func (s *Secret) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		*s = nil
	case !json.Valid(data) || data[0] != '"':
		return errors.New("a secret must be a JSON string") // the cause would repeat it
	default:
		*s = unquoted(data[1 : len(data)-1])
	}
	return nil
}

// unquoted returns what stands between the quotes of a valid JSON string, its
// escapes resolved. As none is shorter than what it stands for, nothing is moved
// to a larger place and left behind.
func unquoted(text []byte) Secret {
	s := make(Secret, 0, len(text))
	for len(text) > 0 {
		if text[0] != '\\' {
			s, text = append(s, text[0]), text[1:]
			continue
		}
		r, length := escaped(text)
		s, text = utf8.AppendRune(s, r), text[length:]
	}
	return s
}

// escaped returns the character that an escape at the beginning of a text stands
// for, and the length of the escape: of two for a pair of surrogates.
func escaped(text []byte) (rune, int) {
	if text[1] != 'u' {
		return shortEscapes[text[1]], 2
	}
	r := codeUnit(text)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if pair := utf16.DecodeRune(r, codeUnit(text[6:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6 // as encoding/json reads half a pair
}

var shortEscapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// codeUnit reads the four digits of an escape that begins a text.
func codeUnit(text []byte) rune {
	r, _ := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(r)
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
