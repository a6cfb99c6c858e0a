package rpc

import (
	"bytes"
	"encoding"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

//go:generate go test -run TestOpenRPC -rewrite

var rewrite = flag.Bool("rewrite", false, "write openrpc.json anew")

// An object is a JSON object. Its keys are sorted when it is encoded.
type object map[string]any

// A describer makes JSON schemas of types, with the comments of the source.
type describer struct {
	comments map[string]string // by "Type" and "Type.Field"
	schemas  object            // of the structs, by name
}

func TestOpenRPC(t *testing.T) {
	var made bytes.Buffer
	enc := json.NewEncoder(&made)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(newDocument(t)); err != nil {
		t.Fatal(err)
	}
	if *rewrite {
		if err := os.WriteFile("openrpc.json", made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(made.Bytes(), description) {
		t.Error("openrpc.json does not describe the types; see the difference after: go test -run TestOpenRPC -rewrite")
	}
}

func newDocument(t *testing.T) object {
	d := &describer{comments: comments(t), schemas: object{}}
	var methods, topics []any
	for _, m := range api.Methods() {
		method := d.method(m)
		if m.Name == api.Subscribe.Name {
			method["x-params"] = object{"oneOf": d.subscriptions()}
		}
		methods = append(methods, method)
	}
	for _, m := range api.Topics() {
		topics = append(topics, object{"name": m.Name, "summary": m.Summary, "x-scope": m.Scope.String(), "schema": d.schema(m.Result)})
	}
	d.schema(reflect.TypeFor[api.Event]())
	d.schema(reflect.TypeFor[api.Ended]())
	return object{
		"openrpc": "1.3.2",
		"info": object{
			"title":       "JIO",
			"version":     "1",
			"description": "JSON-RPC 2.0 over HTTP POST at /rpc and over WebSocket at /ws. Parameters go by name. Amounts are strings in JIO, hashes are hexadecimal, times are milliseconds since 1970.",
		},
		"methods":    methods,
		"x-topics":   topics,
		"components": object{"schemas": d.schemas},
	}
}

func (d *describer) method(m api.Description) object {
	params := []any{}
	for _, f := range jsonFields(m.Params) {
		p := object{"name": f.name, "required": api.Required(f.field), "schema": d.fieldSchema(f)}
		if text := d.comments[f.owner+"."+f.field.Name]; text != "" {
			p["description"] = text
		}
		params = append(params, p)
	}
	method := object{
		"name": m.Name, "summary": m.Summary, "x-scope": m.Scope.String(),
		"paramStructure": "by-name", "params": params,
		"result": object{"name": lower(m.Result.Name()), "schema": d.schema(m.Result)},
	}
	if text := d.comments[m.Params.Name()]; text != "" && len(params) > 0 {
		method["description"] = text
	}
	return method
}

// subscriptions describes the parameters of a subscription, one by one for each
// topic.
func (d *describer) subscriptions() (all []any) {
	for _, topic := range api.Topics() {
		properties := object{"topic": object{"const": topic.Name}}
		for _, f := range jsonFields(topic.Params) {
			if slices.Contains(topic.Needs, f.name) || slices.Contains(topic.Takes, f.name) {
				properties[f.name] = d.fieldSchema(f)
			}
		}
		all = append(all, object{
			"type": "object", "additionalProperties": false,
			"properties": properties, "required": append([]string{"topic"}, topic.Needs...),
		})
	}
	return all
}

// schema describes a type, a named struct by reference.
func (d *describer) schema(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[types.Hash]():
		return object{"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}
	case reflect.TypeFor[types.Amount]():
		return object{"type": "string", "description": "JIO, with up to eight decimals"}
	case reflect.TypeFor[api.Secret]():
		return object{"type": "string", "format": "password"}
	case reflect.TypeFor[json.RawMessage]():
		return object{}
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.schema(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Struct:
		return d.structSchema(t)
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	}
	panic("a type without a schema: " + t.String())
}

func (d *describer) structSchema(t reflect.Type) object {
	reference := object{"$ref": "#/components/schemas/" + t.Name()}
	if _, known := d.schemas[t.Name()]; known {
		return reference
	}
	s := object{"type": "object", "additionalProperties": false}
	d.schemas[t.Name()] = s // before its fields, which may refer to it
	properties, required := object{}, []string{}
	for _, f := range jsonFields(t) {
		p := d.fieldSchema(f)
		if text := d.comments[f.owner+"."+f.field.Name]; text != "" {
			if p["$ref"] != nil {
				p = object{"allOf": []any{p}}
			}
			p["description"] = text
		}
		properties[f.name] = p
		if !f.optional {
			required = append(required, f.name)
		}
	}
	s["properties"], s["required"] = properties, required
	if text := d.comments[t.Name()]; text != "" {
		s["description"] = text
	}
	return reference
}

func (d *describer) fieldSchema(f jsonField) object {
	if f.quoted {
		return object{"type": "string", "pattern": "^[0-9]+$"}
	}
	return d.schema(f.field.Type)
}

// A jsonField is a field of a struct or of one embedded in it.
type jsonField struct {
	name             string
	owner            string // the struct that declares it
	field            reflect.StructField
	optional, quoted bool
}

func jsonFields(t reflect.Type) (fields []jsonField) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Tag == "" {
			fields = append(fields, jsonFields(f.Type)...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			panic("no json tag on " + t.Name() + "." + f.Name)
		}
		fields = append(fields, jsonField{name, t.Name(), f, strings.Contains(options, "omitempty"), strings.Contains(options, "string")})
	}
	return fields
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// comments reads the comments on the types of package api and on their fields.
func comments(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	files, err := filepath.Glob("../api/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the source of package api: %v, %v", files, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			g, ok := n.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				return true
			}
			for _, spec := range g.Specs {
				addComments(found, g, spec.(*ast.TypeSpec))
			}
			return false
		})
	}
	return found
}

func addComments(found map[string]string, g *ast.GenDecl, spec *ast.TypeSpec) {
	doc := spec.Doc
	if doc == nil && len(g.Specs) == 1 {
		doc = g.Doc
	}
	found[spec.Name.Name] = oneLine(doc)
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			found[spec.Name.Name+"."+name.Name] = oneLine(f.Comment)
		}
	}
}

func oneLine(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

// The document is held against the types by another way than it was made:
// every method and topic of the catalogue, every field that encoding/json
// writes, in the place where a reader looks for it.
func TestOpenRPCHasEveryMethodAndField(t *testing.T) {
	var doc struct {
		Methods []struct {
			Name   string
			Params []struct{ Name string }
			Result struct{ Schema map[string]any }
		}
		Topics     []struct{ Name string } `json:"x-topics"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
			}
		}
	}
	if err := json.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Methods) != len(api.Methods()) || len(doc.Topics) != len(api.Topics()) {
		t.Fatalf("%d methods and %d topics", len(doc.Methods), len(doc.Topics))
	}
	for i, m := range api.Methods() {
		var params []string
		for _, p := range doc.Methods[i].Params {
			params = append(params, p.Name)
		}
		if want := written(t, m.Params); doc.Methods[i].Name != m.Name || !equalSets(params, want) {
			t.Errorf("%s: parameters %v, want %v", m.Name, params, want)
		}
	}
	for _, s := range wireTypes() {
		if isParams(s) {
			continue
		}
		var properties []string
		for p := range doc.Components.Schemas[s.Name()].Properties {
			properties = append(properties, p)
		}
		if want := written(t, s); !equalSets(properties, want) {
			t.Errorf("schema %s: %v, want %v", s.Name(), properties, want)
		}
	}
}

// isParams reports whether a type is taken as parameters and nowhere else.
func isParams(s reflect.Type) bool {
	for _, d := range append(api.Methods(), api.Topics()...) {
		if slices.Contains(structsIn(d.Result), s) {
			return false
		}
		if d.Params != s && slices.Contains(structsIn(d.Params), s) {
			return false
		}
	}
	return true
}

// written returns the keys that encoding/json writes of a value without a zero.
func written(t *testing.T, s reflect.Type) (keys []string) {
	t.Helper()
	v := reflect.New(s)
	newFiller().fill(v.Elem())
	text, err := json.Marshal(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	for key := range object {
		keys = append(keys, key)
	}
	return keys
}

func equalSets(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
