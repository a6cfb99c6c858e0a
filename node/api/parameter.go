package api

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
)

// Required reports whether a caller must give a parameter: one that may be left
// out is a pointer, or is left out itself where it is empty (omitempty, omitzero).
func Required(f reflect.StructField) bool {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return f.Type.Kind() != reflect.Pointer && !strings.Contains(options, "omit")
}

// DecodeParams is Decode for the parameters of a method: a required one, or a
// required member of one, that is left out or null is refused by its name too.
// Nothing, null and an empty array stand for an object without fields. Its errors
// are Errors.
func DecodeParams(data []byte, into any) error {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || string(data) == "null" || string(data) == "[]":
		data = []byte("{}")
	case data[0] != '{':
		return Errorf(CodeInvalidParams, "parameters go by name, in an object")
	}
	err := decode(data, into, true)
	var missing *missingError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &missing):
		return &Error{Code: CodeInvalidParams, Message: missing.Error(), Field: missing.field}
	}
	return Errorf(CodeInvalidParams, "parameters: %v", err)
}

// A missingError names a required field that is not there.
type missingError struct{ field string }

func (e *missingError) Error() string { return e.field + ": it is required" }

// within puts where a field stands before its name.
func within(place string, err error) error {
	if missing, ok := err.(*missingError); ok {
		if missing.field[0] != '[' {
			place += "."
		}
		missing.field = place + missing.field
	}
	return err
}
