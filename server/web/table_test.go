package web

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// schemaNode is what the test reads of the document.
type schemaNode struct {
	Ref        string                `json:"$ref"`
	Items      *schemaNode           `json:"items"`
	Properties map[string]schemaNode `json:"properties"`
}

// TestEveryTableHasChineseHeads reads off the document which lists are tables, and which fields these have.
func TestEveryTableHasChineseHeads(t *testing.T) {
	t.Parallel()
	text, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Description string
			Responses   map[string]struct {
				Content map[string]struct{ Schema schemaNode }
			}
		}
		Components struct{ Schemas map[string]schemaNode }
	}
	if err = json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var missing []string
	var walk func(n schemaNode)
	walk = func(n schemaNode) {
		if n.Ref != "" {
			n = doc.Components.Schemas[strings.TrimPrefix(n.Ref, "#/components/schemas/")]
		}
		for name, p := range n.Properties {
			if zhColumns[name] == "" && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
			if p.Items == nil {
				walk(p)
			}
		}
	}
	tables := 0
	for _, ops := range doc.Paths {
		for _, op := range ops {
			if !strings.Contains(op.Description, tableNote) {
				continue
			}
			tables++
			schema := op.Responses["200"].Content["application/json"].Schema
			if schema.Items == nil { // rows within a view
				walk(schema)
				continue
			}
			walk(*schema.Items)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 || tables < 15 {
		t.Errorf("%d tables; columns_zh.json lacks %q", tables, missing)
	}
}

func TestATableSaysItsUnits(t *testing.T) {
	t.Parallel()
	type inner struct {
		Name string `json:"name"`
	}
	type row struct {
		ID     string  `json:"id"`
		Weight int64   `json:"weighed_grams"`
		Price  int64   `json:"price_e4"`
		At     Instant `json:"at"`
		Place  inner   `json:"place"`
		More   []inner `json:"more"`
		Gift   bool    `json:"gift"`
		None   *inner  `json:"none"`
	}
	columns := columnsOf(reflect.TypeFor[row]())
	if got := strings.Join(heads(columns, "en"), "|"); got != "id|weighed (kg)|price (yuan/kg)|at|place name|more|gift|none name" {
		t.Error(got)
	}
	// 10,032 kg; 6 yuan per kg; 2020-02-01 09:00 in China.
	v := row{"1", 10_032_000, 60_000, 1580518800000, inner{"凤翔"}, []inner{{"甲"}, {"乙"}}, true, nil}
	var texts []string
	for _, c := range valuesOf(columns, []reflect.Value{reflect.ValueOf(v)}, "zh")[0] {
		texts = append(texts, c.String())
	}
	if got := strings.Join(texts, "|"); got != "1|10032.000|6.0000|2020-02-01 09:00:00|凤翔|甲; 乙|是|" {
		t.Error(got)
	}
}
