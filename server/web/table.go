package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/sheet"
)

// Every list of the interface is a table too: the same address with .csv or .xlsx behind it gives all of its pages in one file. Its
// columns are the fields of the list's own view, so that no table is written twice.

// fileAnswer is a file to be saved.
type fileAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// fileType is one way of writing a table.
type fileType struct {
	ext, mime string
	write     func(header []string, rows [][]sheet.Value) ([]byte, error)
}

var fileTypes = []fileType{
	{".csv", "text/csv; charset=utf-8", sheet.WriteCSV},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.WriteExcel},
}

func (t fileType) answer(name string, header []string, rows [][]sheet.Value) (*fileAnswer, error) {
	body, err := t.write(header, rows)
	return &fileAnswer{t.mime, `attachment; filename="` + name + t.ext + `"`, body}, err
}

// ourViews is where views stand. What other packages write as they must (the ministry's forms) is no table.
var ourViews = reflect.TypeFor[fileAnswer]().PkgPath()

// rowsOf gives the type of a table's rows: a list's elements, or those of the field with the tag `table:"rows"`.
func rowsOf(answer reflect.Type) (row reflect.Type, field int, ok bool) {
	if answer.Kind() == reflect.Slice && answer.Elem().Kind() == reflect.Struct && answer.Elem().PkgPath() == ourViews {
		return answer.Elem(), -1, true
	}
	if answer.Kind() == reflect.Struct {
		for i := range answer.NumField() {
			if f := answer.Field(i); f.Tag.Get("table") == "rows" {
				return f.Type.Elem(), i, true
			}
		}
	}
	return nil, 0, false
}

const tableNote = "As a table, all pages in one: the same address ending in .csv or .xlsx."

// tables adds a list's files beside it. They stand in no document of their own: the list's says that they are there.
func tables[I, O any](api huma.API, o huma.Operation, who func(context.Context) (auth.Actor, error), h handler[I, O]) {
	row, field, ok := rowsOf(reflect.TypeFor[O]())
	if !ok {
		return
	}
	columns := columnsOf(row)
	name := path.Base(o.Path)
	for _, t := range fileTypes {
		twin := o
		twin.Hidden, twin.Path, twin.OperationID = true, o.Path+t.ext, o.OperationID+"-"+t.ext[1:]
		huma.Register(api, twin, func(ctx context.Context, in *I) (*fileAnswer, error) {
			by, err := who(ctx)
			if err != nil {
				return nil, problemOf(ctx, err)
			}
			rows, err := allPages(ctx, by, in, h, field)
			if err != nil {
				return nil, problemOf(ctx, err)
			}
			lang := languageOf(ctx)
			file, err := t.answer(name, heads(columns, lang), valuesOf(columns, rows, lang))
			if err != nil {
				return nil, problemOf(ctx, err)
			}
			return file, nil
		})
	}
}

// allPages asks for page after page, each after the last row's id, until one brings nothing.
func allPages[I, O any](ctx context.Context, by auth.Actor, in *I, h handler[I, O], field int) ([]reflect.Value, error) {
	var rows []reflect.Value
	after := reflect.ValueOf(in).Elem().FieldByName("After")
	for {
		out, err := h(ctx, by, in)
		if err != nil {
			return nil, err
		}
		list := reflect.ValueOf(out)
		if field >= 0 {
			list = list.Field(field)
		}
		for i := range list.Len() {
			rows = append(rows, list.Index(i))
		}
		if len(rows) > sheet.MaxRows {
			return nil, fault.New(fault.TooLarge, "too_many_rows", "A table has at most %d rows.", sheet.MaxRows)
		}
		if !after.IsValid() || list.Len() == 0 {
			return rows, nil
		}
		id := rows[len(rows)-1].FieldByName("ID")
		if !id.IsValid() || id.String() == after.String() {
			return rows, nil
		}
		after.SetString(id.String())
	}
}

// column is one field of a view, or of a view within it.
type column struct {
	name string // as in JSON, with dots: "place.name"
	at   []int  // the way to it
	unit unit
}

// unit says how a whole number is written.
type unit struct {
	suffix   string // of the field's name
	bare     string // what a field is called in English whose name is the suffix alone
	zh, en   string
	decimals int
}

var units = []unit{
	{"grams", "weight", "公斤", "kg", 3}, {"fen", "amount", "元", "yuan", 2}, {"e4", "price", "元/公斤", "yuan/kg", 4}, {"metres", "distance", "公里", "km", 3},
	{"ml", "volume", "立方米", "m³", 6},
}

func unitOf(name string) unit {
	_, last, _ := strings.Cut("."+name, ".")
	last = last[strings.LastIndex(last, ".")+1:]
	for _, u := range units {
		if last == u.suffix || strings.HasSuffix(last, "_"+u.suffix) {
			return u
		}
	}
	return unit{}
}

var instantType = reflect.TypeFor[Instant]()

// columnsOf lists what a view's table shows, in the order of its fields.
func columnsOf(view reflect.Type) []column {
	var out []column
	for i := range view.NumField() {
		f := view.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct {
			out = append(out, column{name: name, at: []int{i}, unit: unitOf(name)})
			continue
		}
		for _, c := range columnsOf(inner) {
			if !f.Anonymous {
				c.name = name + "." + c.name
			}
			c.at = append([]int{i}, c.at...)
			out = append(out, c)
		}
	}
	return out
}

//go:embed columns_zh.json
var columnsZH []byte

// zhColumns are the Chinese heads by the field's name.
var zhColumns = func() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(columnsZH, &m); err != nil {
		panic("web: columns_zh.json: " + err.Error())
	}
	return m
}()

// head says a column in a language, with its unit.
func (c column) head(lang string) string {
	words := strings.Split(c.name, ".")
	for i, w := range words {
		if zh, ok := zhColumns[w]; ok && lang == "zh" {
			words[i] = zh
			continue
		}
		if w == c.unit.suffix {
			w = c.unit.bare
		} else if c.unit.suffix != "" {
			w = strings.TrimSuffix(w, "_"+c.unit.suffix)
		}
		words[i] = strings.ReplaceAll(w, "_", " ")
	}
	text, in := strings.Join(words, " "), c.unit.en
	if lang == "zh" {
		in = c.unit.zh
	}
	if in != "" {
		text += " (" + in + ")"
	}
	return text
}

func heads(columns []column, lang string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.head(lang)
	}
	return out
}

func valuesOf(columns []column, rows []reflect.Value, lang string) [][]sheet.Value {
	out := make([][]sheet.Value, len(rows))
	for n, row := range rows {
		out[n] = make([]sheet.Value, len(columns))
		for i, c := range columns {
			out[n][i] = cellOf(c.of(row), c.unit, lang)
		}
	}
	return out
}

// of goes to the column's value in a row; the zero Value where the way ends at nothing.
func (c column) of(row reflect.Value) reflect.Value {
	for _, i := range c.at {
		if row.Kind() == reflect.Pointer {
			if row.IsNil() {
				return reflect.Value{}
			}
			row = row.Elem()
		}
		row = row.Field(i)
	}
	return row
}

// cellOf writes one value: numbers in their unit, instants on China's clock, lists as words.
func cellOf(v reflect.Value, u unit, lang string) sheet.Value {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return sheet.Text("")
	case v.Type() == instantType:
		if v.Int() == 0 {
			return sheet.Text("")
		}
		return sheet.Text(time.UnixMilli(v.Int()).In(china).Format(time.DateTime))
	case v.CanInt():
		return sheet.Decimal(v.Int(), u.decimals)
	case v.Kind() == reflect.Bool:
		return sheet.Text(yesNo(v.Bool(), lang))
	case v.Kind() == reflect.String:
		return sheet.Text(v.String())
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Map:
		return sheet.Text(wordsOf(v, lang))
	}
	return sheet.Text(fmt.Sprint(v.Interface()))
}

func yesNo(yes bool, lang string) string {
	switch {
	case yes && lang == "zh":
		return "是"
	case yes:
		return "yes"
	case lang == "zh":
		return "否"
	}
	return "no"
}

// wordsOf writes a list in one cell: plain values apart by semicolons, views by their names and amounts, what has no names as JSON.
func wordsOf(v reflect.Value, lang string) string {
	if v.Len() == 0 {
		return ""
	}
	if kind := v.Type().Elem().Kind(); v.Kind() == reflect.Map || kind == reflect.Uint8 || kind == reflect.Interface {
		text, _ := json.Marshal(v.Interface())
		return string(text)
	}
	parts := make([]string, v.Len())
	for i := range parts {
		if e := v.Index(i); e.Kind() == reflect.Struct {
			parts[i] = strings.Join(brief(e, lang), " ")
		} else {
			parts[i] = cellOf(e, unit{}, lang).String()
		}
	}
	return strings.Join(parts, "; ")
}

// brief says a view within a list: its words and amounts, without ids, and without a word that a name beside it says better.
func brief(row reflect.Value, lang string) []string {
	var out []string
	columns := columnsOf(row.Type())
	named := map[string]bool{"id": true}
	for _, c := range columns {
		named[strings.TrimSuffix(c.name, "_name")] = named[c.name] || strings.HasSuffix(c.name, "_name")
	}
	for _, c := range columns {
		v := c.of(row)
		if named[c.name] || !v.IsValid() || v.IsZero() || v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
			continue
		}
		text := cellOf(v, c.unit, lang).String()
		if c.unit.suffix != "" {
			text += " " + map[bool]string{true: c.unit.zh, false: c.unit.en}[lang == "zh"]
		}
		out = append(out, text)
	}
	return out
}

// asTable says in a list's own document that it is a table too.
func asTable[O any](o *huma.Operation) {
	if _, _, ok := rowsOf(reflect.TypeFor[O]()); ok && o.Method == http.MethodGet {
		o.Description = strings.TrimSpace(o.Description + " " + tableNote)
	}
}
