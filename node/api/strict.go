package api

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may stand within each other in what
// Decode takes.
const MaxDepth = 64

// Decode reads one JSON value and takes nothing on trust: a field that the
// type does not have under exactly that name, a key that stands twice, anything
// after the value, or a depth beyond MaxDepth is an error. into is a pointer.
// Errors never repeat what a Secret holds.
func Decode(data []byte, into any) error { return decode(data, into, false) }

func decode(data []byte, into any, complete bool) error {
	if !utf8.Valid(data) {
		return errors.New("this is not UTF-8")
	}
	if !json.Valid(data) {
		return errors.New("this is not JSON") // the cause would repeat a part of it
	}
	s := scanner{data: data, complete: complete}
	if err := s.value(reflect.TypeOf(into).Elem(), 0); err != nil {
		return err
	}
	return plain(json.Unmarshal(data, into))
}

// plain puts the errors of encoding/json into words that name no Go type and
// repeat no value.
func plain(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		kind, _, _ := strings.Cut(wrong.Value, " ") // "number 12" repeats the number
		return fmt.Errorf("field %q cannot be a %s", wrong.Field, kind)
	}
	return err
}

// A scanner walks over valid JSON beside a type, before any of it is stored. It
// copies no values, as those of secrets would stay in memory.
type scanner struct {
	data     []byte
	at       int
	complete bool // every required field must be there
}

// value steps over one value that is to be stored in t; t is nil where anything
// may stand.
func (s *scanner) value(t reflect.Type, depth int) error {
	if t == reflect.TypeFor[json.RawMessage]() { // to be decoded later
		s.skip()
		return nil
	}
	first := s.peek()
	switch {
	case first == '"':
		s.text()
		return nil
	case first != '{' && first != '[':
		s.word()
		return nil
	case depth == MaxDepth:
		return fmt.Errorf("deeper than %d arrays and objects", MaxDepth)
	case first == '[':
		return s.array(elementOf(t), depth+1)
	}
	return s.object(fieldsOf(t), depth+1)
}

func (s *scanner) array(element reflect.Type, depth int) error {
	for i := 0; s.more(']'); i++ {
		if err := s.value(element, depth); err != nil {
			return within(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// object steps over the members of an object; any key may stand in it when
// fields is nil.
func (s *scanner) object(fields []field, depth int) error {
	seen := make(map[string]bool) // true for what is more than null
	for s.more('}') {
		s.peek()
		var key string
		if err := json.Unmarshal(s.text(), &key); err != nil {
			return err
		}
		f := slices.IndexFunc(fields, func(f field) bool { return f.name == key })
		_, twice := seen[key]
		switch {
		case twice:
			return fmt.Errorf("field %.40q stands twice", key)
		case fields != nil && f < 0:
			return fmt.Errorf("unknown field %.40q", key)
		}
		s.peek()
		s.at++ // the colon
		seen[key] = s.peek() != 'n'
		var t reflect.Type
		if f >= 0 {
			t = fields[f].of
		}
		if err := s.value(t, depth); err != nil {
			return within(key, err)
		}
	}
	for _, f := range fields {
		if s.complete && f.required && !seen[f.name] {
			return &missingError{f.name}
		}
	}
	return nil
}

// more steps over the bracket or comma before an element, or over the closing
// bracket, and reports whether an element follows.
func (s *scanner) more(closing byte) bool {
	if s.peek() != closing {
		s.at++
	}
	if s.peek() != closing {
		return true
	}
	s.at++
	return false
}

// peek steps over white space and returns what follows.
func (s *scanner) peek() byte {
	for isSpace(s.data[s.at]) {
		s.at++
	}
	return s.data[s.at]
}

// text steps over a string and returns it with its quotes.
func (s *scanner) text() []byte {
	from := s.at
	for s.at++; s.data[s.at] != '"'; s.at++ {
		if s.data[s.at] == '\\' {
			s.at++
		}
	}
	s.at++
	return s.data[from:s.at]
}

// word steps over a number, true, false or null.
func (s *scanner) word() {
	for s.at < len(s.data) && !isSpace(s.data[s.at]) && !strings.ContainsRune(",]}", rune(s.data[s.at])) {
		s.at++
	}
}

// skip steps over a value of any depth.
func (s *scanner) skip() {
	for open := 0; ; {
		switch s.peek() {
		case '{', '[':
			open++
			s.at++
		case '}', ']':
			open--
			s.at++
		case ',', ':':
			s.at++
		case '"':
			s.text()
		default:
			s.word()
		}
		if open == 0 {
			return
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// A field is a member of the object that a struct is in JSON.
type field struct {
	name     string
	of       reflect.Type
	required bool
}

// fieldsOf returns the JSON fields of a struct, nil for what is no struct or reads
// its JSON itself.
func fieldsOf(t reflect.Type) []field {
	t = pointee(t)
	if t == nil || t.Kind() != reflect.Struct || readsItself(t) {
		return nil
	}
	fields := []field{}
	for _, f := range reflect.VisibleFields(t) {
		if name := jsonName(f); f.IsExported() && name != "" && name != "-" {
			fields = append(fields, field{name, f.Type, Required(f)})
		}
	}
	return fields
}

func elementOf(t reflect.Type) reflect.Type {
	t = pointee(t)
	if t == nil || t.Kind() != reflect.Slice || readsItself(t) {
		return nil
	}
	return t.Elem()
}

func pointee(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// readsItself reports whether a type has a JSON form of its own.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
