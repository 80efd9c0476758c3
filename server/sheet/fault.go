package sheet

import (
	"encoding/json"
	"fmt"

	"jishi/server/fault"
)

// RowFault is what is wrong in one cell: the row as the file counts it (the header is 1), and the head of its column.
type RowFault struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Args   []any  `json:"args,omitempty"` // texts, int64 and Said: what is the same again after it was kept as JSON
	Text   string `json:"text"`
}

// Said is a value of a fault in both languages.
type Said struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In gives the value for readers of a language.
func (s Said) In(lang string) string {
	if lang == "zh" {
		return s.Zh
	}
	return s.En
}

// FaultIn gives the fault of an error at a cell; nil for an error that is no fault of a person.
func FaultIn(row int, column string, err error) *RowFault {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	out := &RowFault{Row: row, Column: column, Code: f.Code, Text: f.Text}
	for _, a := range f.Args {
		out.Args = append(out.Args, lasting(a))
	}
	return out
}

// lasting gives a value of a fault in a form that can be kept: a mass would come back as a number, whose unit nobody knows.
func lasting(a any) any {
	switch v := a.(type) {
	case interface{ Text(lang string) string }:
		return Said{Zh: v.Text("zh"), En: v.Text("en")}
	case int:
		return int64(v)
	case int64:
		return v
	}
	return fmt.Sprint(a)
}

// UnmarshalJSON reads the values as FaultIn made them.
func (f *RowFault) UnmarshalJSON(text []byte) error {
	type plain RowFault
	var kept struct {
		plain
		Args []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	*f = RowFault(kept.plain)
	f.Args = nil
	for _, raw := range kept.Args {
		a, err := argOf(raw)
		if err != nil {
			return err
		}
		f.Args = append(f.Args, a)
	}
	return nil
}

func argOf(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '{':
		var said Said
		err := json.Unmarshal(raw, &said)
		return said, err
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	}
	var n int64
	err := json.Unmarshal(raw, &n)
	return n, err
}
