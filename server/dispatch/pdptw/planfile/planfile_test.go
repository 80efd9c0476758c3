package planfile

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// schema is as much of a JSON schema as the file uses.
type schema struct {
	Ref                  string            `json:"$ref"`
	AnyOf                []schema          `json:"anyOf"`
	Type                 any               `json:"type"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	AdditionalProperties *bool             `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	Defs                 map[string]schema `json:"$defs"`
}

func TestSchemaIsTheReadersForm(t *testing.T) {
	t.Parallel()
	root := readSchema(t)
	seen := map[reflect.Type]bool{}
	compare(t, &root, &root, reflect.TypeFor[Input](), "problem", seen)
	for name := range root.Defs {
		if !slices.ContainsFunc(keys(seen), func(x reflect.Type) bool { return x.Name() == name }) {
			t.Errorf("the schema tells of %s, which no problem has", name)
		}
	}
}

func readSchema(t *testing.T) schema {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/solver.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root schema
	if err = json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	return root
}

func keys(m map[reflect.Type]bool) (out []reflect.Type) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// compare holds a schema against a type: the same fields, nothing else allowed, the same kinds of value.
func compare(t *testing.T, root, s *schema, x reflect.Type, where string, seen map[reflect.Type]bool) {
	if len(s.AnyOf) > 0 {
		s = &s.AnyOf[0]
	}
	if s.Ref != "" {
		def := root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		s = &def
	}
	for x.Kind() == reflect.Pointer {
		x = x.Elem()
	}
	switch x.Kind() {
	case reflect.Slice:
		if s.Items == nil {
			t.Errorf("%s: a list, but not in the schema", where)
			return
		}
		compare(t, root, s.Items, x.Elem(), where+"[]", seen)
	case reflect.Struct:
		if seen[x] {
			return
		}
		seen[x] = true
		if s.AdditionalProperties == nil || *s.AdditionalProperties {
			t.Errorf("%s: the schema lets other fields in", where)
		}
		fields := map[string]bool{}
		for _, f := range reflect.VisibleFields(x) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous {
				continue
			}
			fields[name] = true
			p, ok := s.Properties[name]
			if !ok {
				t.Errorf("%s.%s is not in the schema", where, name)
				continue
			}
			compare(t, root, &p, f.Type, where+"."+name, seen)
		}
		for name := range s.Properties {
			if !fields[name] {
				t.Errorf("%s.%s is only in the schema", where, name)
			}
		}
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint64:
		if s.Type != "integer" {
			t.Errorf("%s: a whole number, in the schema %v", where, s.Type)
		}
	case reflect.Bool:
		if s.Type != "boolean" {
			t.Errorf("%s: true or false, in the schema %v", where, s.Type)
		}
	}
}

func TestExamplesKeepTheSchema(t *testing.T) {
	t.Parallel()
	root := readSchema(t)
	entries, err := os.ReadDir("../../../../docs/examples")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "solver-") {
			continue
		}
		n++
		text, err := os.ReadFile("../../../../docs/examples/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = Read(strings.NewReader(string(text))); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
		var value any
		if err = json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		keeps(t, &root, &root, value, e.Name())
	}
	if n != 3 {
		t.Errorf("there are %d examples, not 3", n)
	}
}

// keeps reports what in value the schema does not allow.
func keeps(t *testing.T, root, s *schema, value any, where string) {
	if len(s.AnyOf) > 0 {
		if value == nil {
			return
		}
		s = &s.AnyOf[0]
	}
	if s.Ref != "" {
		def := root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		s = &def
	}
	switch x := value.(type) {
	case map[string]any:
		for name, v := range x {
			p, ok := s.Properties[name]
			if !ok {
				t.Errorf("%s.%s is not in the schema", where, name)
				continue
			}
			keeps(t, root, &p, v, where+"."+name)
		}
		for _, name := range s.Required {
			if _, ok := x[name]; !ok {
				t.Errorf("%s lacks %s", where, name)
			}
		}
	case []any:
		if s.Items == nil {
			t.Errorf("%s is a list, which the schema does not allow", where)
			return
		}
		for _, v := range x {
			keeps(t, root, s.Items, v, where+"[]")
		}
	case float64:
		if s.Type != "integer" {
			t.Errorf("%s is a number, the schema wants %v", where, s.Type)
		}
	}
}
