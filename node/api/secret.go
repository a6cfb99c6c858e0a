package api

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
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

// MarshalJSON implements json.Marshaler. It makes no copy that cannot be wiped; a
// secret that is not UTF-8 is an error, as JSON would carry another one.
func (s Secret) MarshalJSON() ([]byte, error) {
	if !utf8.Valid(s) {
		return nil, errors.New("a secret is not text in UTF-8")
	}
	const longest = len(`\u0000`)
	quoted := append(make([]byte, 0, longest*len(s)+2), '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			quoted = append(quoted, '\\', c)
		case c < ' ':
			quoted = append(quoted, '\\', 'u', '0', '0', '0'+c>>4, hexDigits[c&0xf])
		default:
			quoted = append(quoted, c)
		}
	}
	return append(quoted, '"'), nil
}

const hexDigits = "0123456789abcdef"

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
	var unit [2]byte
	_, _ = hex.Decode(unit[:], text[2:6]) // valid JSON has nothing else there
	return rune(binary.BigEndian.Uint16(unit[:]))
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
