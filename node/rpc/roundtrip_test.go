package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A filler gives every field it comes to another value than any before, large
// enough not to pass through a narrower type or a float unharmed.
type filler struct{ n uint64 }

func newFiller() *filler { return &filler{} }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Type() {
	case reflect.TypeFor[types.Amount]():
		v.Set(reflect.ValueOf(types.Jots(1<<50 + f.n)))
		return
	case reflect.TypeFor[types.Uint256]():
		x, err := types.ParseUint256(fmt.Sprintf("%x", 1<<63+f.n) + strings.Repeat("0f", 16))
		if err != nil {
			panic(err)
		}
		v.Set(reflect.ValueOf(x))
		return
	case reflect.TypeFor[api.Secret]():
		v.Set(reflect.ValueOf(api.Secret(fmt.Sprintf("secret %d \"\\\n☂", f.n))))
		return
	case reflect.TypeFor[json.RawMessage]():
		v.Set(reflect.ValueOf(json.RawMessage(fmt.Sprint(f.n))))
		return
	}
	f.fillKind(v)
}

func (f *filler) fillKind(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(byte(f.n >> (i % 3) * 7)))
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d <&>\u2028", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 1.0/3)
	case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1<<v.Type().Bits() - 1 - f.n)
	case reflect.Int, reflect.Int64:
		v.SetInt(-1<<63 + int64(f.n))
	default:
		panic("a field of type " + v.Type().String())
	}
}

// wireTypes are all structs that methods and topics carry, and those of the
// notifications.
func wireTypes() (found []reflect.Type) {
	for _, d := range slices.Concat(api.Methods(), api.Topics()) {
		found = append(found, structsIn(d.Params)...)
		found = append(found, structsIn(d.Result)...)
	}
	found = append(found, structsIn(reflect.TypeFor[api.Event]())...)
	found = append(found, structsIn(reflect.TypeFor[api.Ended]())...)
	slices.SortFunc(found, func(a, b reflect.Type) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.Compact(found)
}

// structsIn returns a struct of package api and all that its fields hold.
func structsIn(t reflect.Type) (found []reflect.Type) {
	switch {
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
		return structsIn(t.Elem())
	case t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[api.None]().PkgPath():
		return nil
	}
	found = append(found, t)
	for i := range t.NumField() {
		inner := structsIn(t.Field(i).Type)
		if t.Field(i).Anonymous {
			inner = inner[1:] // its fields stand among those of t
		}
		found = append(found, inner...)
	}
	return found
}

// Every field of everything that crosses the boundary comes back as it was, by
// the way of the server and by the way of the client.
func TestRPCRoundTripEveryField(t *testing.T) {
	for _, s := range wireTypes() {
		sent := reflect.New(s)
		newFiller().fill(sent.Elem())
		var data bytes.Buffer
		if err := encode(&data, sent.Interface()); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		strict, lax := reflect.New(s), reflect.New(s)
		if err := api.Decode(data.Bytes(), strict.Interface()); err != nil {
			t.Errorf("%s: the server reads %s: %v", s.Name(), data.Bytes(), err)
		}
		if err := json.Unmarshal(data.Bytes(), lax.Interface()); err != nil {
			t.Errorf("%s: the client reads %s: %v", s.Name(), data.Bytes(), err)
		}
		for _, got := range []reflect.Value{strict, lax} {
			if !reflect.DeepEqual(got.Interface(), sent.Interface()) {
				t.Errorf("%s changed on its way: %s", s.Name(), cmp.Diff(sent.Interface(), got.Interface(), cmp.Exporter(func(reflect.Type) bool { return true })))
			}
		}
	}
}

// A filler that left a field at zero would let the round trip pass without it.
func TestFillerLeavesNoZero(t *testing.T) {
	for _, s := range wireTypes() {
		v := reflect.New(s).Elem()
		newFiller().fill(v)
		for i := range v.NumField() {
			if v.Field(i).IsZero() && v.Field(i).Type() != reflect.TypeFor[api.None]() {
				t.Errorf("%s.%s is zero", s.Name(), s.Field(i).Name)
			}
		}
	}
}

// Every struct with JSON tags that package api declares is among those tested:
// one that no method carries has no business there.
func TestEveryDeclaredStructIsCarried(t *testing.T) {
	files, err := filepath.Glob("../api/*.go")
	if err != nil {
		t.Fatal(err)
	}
	carried := make(map[string]bool)
	for _, s := range wireTypes() {
		carried[s.Name()] = true
	}
	declared := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok && len(s.Fields.List) > 0 && s.Fields.List[0].Tag != nil {
				declared++
				if !carried[spec.Name.Name] {
					t.Errorf("no method carries %s", spec.Name.Name)
				}
			}
			return false
		})
	}
	if declared < 50 {
		t.Errorf("only %d structs found", declared)
	}
}

// A secret in a list would not be wiped.
func TestSecretsStandWhereTheyAreWiped(t *testing.T) {
	secrets := 0
	for _, s := range wireTypes() {
		v := reflect.New(s)
		newFiller().fill(v.Elem())
		api.WipeSecrets(v.Interface())
		text, err := json.Marshal(v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("secret ")) {
			t.Errorf("%s still holds a secret: %s", s.Name(), text)
		}
		secrets += bytes.Count(text, []byte(`\u0000\u0000`))
	}
	if secrets == 0 {
		t.Error("no type holds a secret")
	}
}

// The handler gets every field that the client was given, and the client every
// field that the handler returned.
func TestRoundTripThroughHandler(t *testing.T) {
	var sent, got api.SendRequest
	var answer api.SendPlan
	newFiller().fill(reflect.ValueOf(&sent).Elem())
	newFiller().fill(reflect.ValueOf(&answer).Elem())
	reg := api.NewRegistry()
	api.Handle(reg, api.PlanSend, func(_ context.Context, p api.SendRequest) (api.SendPlan, error) {
		got = p
		return answer, nil
	})
	back, err := api.PlanSend.Call(t.Context(), start(t, Config{Registry: reg}).client(t), sent)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(sent, got) || !reflect.DeepEqual(answer, back) {
		t.Errorf("sent %+v, arrived %+v; answered %+v, arrived %+v", sent, got, answer, back)
	}
}
