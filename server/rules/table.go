package rules

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// table reads an embedded CSV file and calls each for every row. The row of the mistake is named in the error.
func table(name string, each func(*row) error) error {
	f, err := files.Open("data/" + name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // an embedded file has nothing to lose
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for n, cells := range rows[1:] {
		r := &row{cells: map[string]string{}}
		for i, head := range rows[0] {
			r.cells[head] = cells[i]
		}
		err := each(r)
		if err == nil {
			err = r.err
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", name, n+2, err)
		}
	}
	return nil
}

// row is one line of a table; the first cell that can't be read stays in err.
type row struct {
	cells map[string]string
	err   error
}

func (r *row) text(head string) string {
	s, ok := r.cells[head]
	if !ok && r.err == nil {
		r.err = fmt.Errorf("there is no column %q", head)
	}
	return s
}

func (r *row) number(head string) int64 {
	n, err := strconv.ParseInt(r.text(head), 10, 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: %w", head, err)
	}
	return n
}

func (r *row) yes(head string) bool { return r.number(head) == 1 }

// list reads words with bars between them.
func (r *row) list(head string) []string {
	s := r.text(head)
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

func (r *row) span() Span {
	return Span{From: Day(r.text("from")), To: Day(r.text("to")), Area: r.text("area"), Source: Source{Text: r.text("source"), Mark: r.text("mark")}}
}

// sheet reads an embedded JSON file into a slice or struct.
func sheet(name string, into any) error {
	text, err := files.ReadFile("data/" + name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// dated is the span as the JSON files write it.
type dated struct {
	From   Day    `json:"from"`
	To     Day    `json:"to"`
	Area   string `json:"area"`
	Source string `json:"source"`
	Mark   string `json:"mark"`
}

func (d dated) span() Span {
	return Span{From: d.From, To: d.To, Area: d.Area, Source: Source{Text: d.Source, Mark: d.Mark}}
}
