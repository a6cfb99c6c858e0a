package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

// A required parameter that is left out, or null, is refused by its name, and one
// that a method does not have is refused too, before any handler is called.
func TestMissingAndUnknownParametersAreRefused(t *testing.T) {
	f := newFixture(t, smallNet())
	required := 0
	for _, m := range api.Methods() {
		e, err := f.reg.Endpoint(m.Name)
		if err != nil {
			continue // of a connection
		}
		for name, field := range parametersOf(m.Params) {
			if !api.Required(field) {
				continue
			}
			required++
			for _, null := range []bool{false, true} {
				refusal := refusalOf(e, without(t, m.Params, name, null))
				if refusal.Code != api.CodeInvalidParams || refusal.Field != name || !strings.HasPrefix(refusal.Message, name+": ") {
					t.Errorf("%s without %s: %+v", m.Name, name, refusal)
				}
			}
		}
		if refusal := refusalOf(e, []byte(`{"colour":"blue"}`)); refusal.Code != api.CodeInvalidParams || !strings.Contains(refusal.Message, "colour") {
			t.Errorf("%s takes any parameter: %+v", m.Name, refusal)
		}
	}
	if required < 40 {
		t.Errorf("only %d parameters are required", required)
	}
}

// parametersOf returns the fields of parameters by their names in JSON.
func parametersOf(t reflect.Type) map[string]reflect.StructField {
	fields := make(map[string]reflect.StructField)
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields[name] = f
		}
	}
	return fields
}

// without encodes parameters that hold all that is required but one.
func without(t *testing.T, params reflect.Type, name string, null bool) []byte {
	t.Helper()
	v := reflect.New(params)
	for _, f := range reflect.VisibleFields(params) {
		if f.Type.Kind() == reflect.Slice && f.Type != reflect.TypeFor[api.Secret]() {
			v.Elem().FieldByIndex(f.Index).Set(reflect.MakeSlice(f.Type, 0, 0)) // not null
		}
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	members := make(map[string]json.RawMessage)
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	delete(members, name)
	if null {
		members[name] = json.RawMessage("null")
	}
	text, _ = json.Marshal(members)
	return text
}

func refusalOf(e *api.Endpoint, params []byte) *api.Error {
	refusal := new(api.Error)
	if _, err := e.Call(context.Background(), params); !errors.As(err, &refusal) {
		return &api.Error{Message: "no refusal"}
	}
	return refusal
}

// Every parameter that a method lists is read by its handler, or by a function
// that the handler gives its parameters to.
func TestEveryParameterIsRead(t *testing.T) {
	functions, handlers := sourceOf(t, "handle")
	for _, m := range api.Methods() {
		handler := functions[handlers[strings.ToLower(m.Name)]]
		if handler == nil {
			if m.Name != api.Subscribe.Name && m.Name != api.Unsubscribe.Name {
				t.Errorf("%s has no handler", m.Name)
			}
			continue
		}
		read := make(map[string]bool)
		functions.reads(handler, 1, read) // after the context
		for name, field := range parametersOf(m.Params) {
			if !read[field.Name] {
				t.Errorf("%s lists %s and does not read it", m.Name, name)
			}
		}
	}
}

// A topic takes the parameters that its stream reads, and no others.
func TestTopicsTakeWhatTheyRead(t *testing.T) {
	functions, streams := sourceOf(t, "stream")
	for _, topic := range api.Topics() {
		stream := functions[streams["topic"+strings.ToLower(topic.Name)]]
		if stream == nil {
			t.Errorf("%s has no stream", topic.Name)
			continue
		}
		read := make(map[string]bool)
		functions.reads(stream, 1, read)
		for name, field := range parametersOf(topic.Params) {
			takes := slices.Contains(slices.Concat(topic.Needs, topic.Takes), name)
			if name != "topic" && read[field.Name] != takes {
				t.Errorf("%s: takes %s: %t, reads it: %t", topic.Name, name, takes, read[field.Name])
			}
		}
	}
}

// functions are those of the package, by name.
type functions map[string]*ast.FuncDecl

// sourceOf returns the package's functions, and the names of those handed to
// register by the names of their methods or topics in lower case.
func sourceOf(t *testing.T, register string) (functions, map[string]string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all, handlers := functions{}, map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				all[n.Name.Name] = n
			case *ast.CallExpr:
				if called(n) == register && len(n.Args) == 3 {
					handlers[strings.ToLower(selected(n.Args[1]))] = selected(n.Args[2])
				}
			}
			return true
		})
	}
	return all, handlers
}

// reads notes the fields that a function reads of a parameter, the functions that
// it gives it to included.
func (all functions) reads(f *ast.FuncDecl, parameter int, read map[string]bool) {
	name := parameterName(f, parameter)
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if isNamed(n.X, name) {
				read[n.Sel.Name] = true
			}
		case *ast.CallExpr:
			to := all[called(n)]
			for i, argument := range n.Args {
				if to != nil && to != f && name != "" && isWhole(argument, name) {
					all.reads(to, i, read)
				}
			}
		}
		return true
	})
}

func parameterName(f *ast.FuncDecl, at int) string {
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if at == 0 {
				return name.Name
			}
			at--
		}
	}
	return ""
}

// isWhole reports whether an argument is a variable, its address, or a struct
// that is embedded in it.
func isWhole(e ast.Expr, name string) bool {
	if unary, ok := e.(*ast.UnaryExpr); ok && unary.Op == token.AND {
		e = unary.X
	}
	if inner, ok := e.(*ast.SelectorExpr); ok && (strings.HasSuffix(inner.Sel.Name, "Params") || strings.HasSuffix(inner.Sel.Name, "Request")) {
		e = inner.X
	}
	return isNamed(e, name)
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func called(c *ast.CallExpr) string {
	if id, ok := c.Fun.(*ast.Ident); ok {
		return id.Name
	}
	return selected(c.Fun)
}

func selected(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}
