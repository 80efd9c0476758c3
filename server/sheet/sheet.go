// Package sheet reads and writes tables as CSV and as Excel files, whatever program and country they come from.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"jishi/server/fault"
)

// Bounds of a table.
const (
	MaxRows    = 100_000  // below the header
	MaxColumns = 100      //
	MaxBytes   = 32 << 20 // of the file
)

// Cell is one field of a table.
type Cell struct {
	Text    string // as it would be read aloud, without spaces around it
	Number  bool   // typed as a number by the spreadsheet: its dot is a decimal point for certain
	Formula bool   // worked out from other cells, or in CSV what a spreadsheet would work out
	Merged  string // "A2:A4" when it is part of merged cells: Text is theirs
}

// Table is a header and the rows below it. Empty rows are left out.
type Table struct {
	Header []string
	Rows   []Row
}

// Row is one row, with its number in the file: the header is 1.
type Row struct {
	N     int
	Cells []Cell // as many as the header
}

// Read reads a file by its name's ending and its content. The first row that is not empty is the header. What is no table is a fault
// at "file".
func Read(name string, data []byte) (Table, error) {
	if len(data) > MaxBytes {
		return Table{}, fault.New(fault.TooLarge, "file_too_large", "A file has at most %d MB.", MaxBytes>>20)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return Table{}, fault.At("file", "file_empty", "This file is empty.")
	}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readExcel(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return Table{}, fault.At("file", "old_excel", "This is a file of Excel before 2007: save it as .xlsx or .csv.")
	case ext == ".xlsx":
		return Table{}, fault.At("file", "not_a_table", "This file can't be read as a table.")
	}
	return readCSV(data)
}

// decode turns the text into UTF-8: by its byte order mark, else as it is when it is valid UTF-8, else as GB 18030, which holds GBK and GB 2312.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		return string(text), err
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err == nil && strings.ContainsRune(string(text), utf8.RuneError) {
		err = errors.New("neither UTF-8 nor GB 18030")
	}
	return string(text), err
}

func readCSV(data []byte) (Table, error) {
	text, err := decode(data)
	if err != nil || strings.ContainsRune(text, 0) {
		return Table{}, fault.At("file", "not_a_table", "This file can't be read as a table.")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator(text), -1, true, true
	var b builder
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return b.done()
		}
		if err != nil {
			return Table{}, fault.At("file", "not_a_table", "This file can't be read as a table.")
		}
		line, _ := r.FieldPos(0)
		cells := make([]Cell, len(record))
		for i, field := range record {
			cells[i] = csvCell(field)
		}
		if err = b.add(line, cells); err != nil {
			return Table{}, err
		}
	}
}

// separator is the sign of the first line that most likely parts its fields.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}

// clean is a text without spaces around it and without invisible marks.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, text))
}

// csvCell reads a field of CSV: the guard before a text is taken away, and what a spreadsheet would work out without one is marked: what
// begins with = + - @. A plain negative number is none.
func csvCell(field string) Cell {
	text := clean(field)
	if plain, had := unguarded(text); had {
		return Cell{Text: strings.TrimSpace(plain)}
	}
	if plain, ok := strings.CutPrefix(text, `="`); ok { // banks write ="0012" so that a spreadsheet keeps the zeros
		if plain, ok = strings.CutSuffix(plain, `"`); ok && !strings.ContainsRune(plain, '"') {
			text = strings.TrimSpace(plain)
		}
	}
	c := Cell{Text: text}
	if text == "" {
		return c
	}
	switch text[0] {
	case '=', '@':
		c.Formula = true
	case '+', '-':
		c.Formula = strings.ContainsAny(text[1:], "=+*/(@|!")
	}
	return c
}

// builder puts a table together row by row.
type builder struct{ table Table }

func (b *builder) add(n int, cells []Cell) error {
	for len(cells) > 0 && cells[len(cells)-1] == (Cell{}) {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if b.table.Header == nil {
		return b.head(cells)
	}
	if len(b.table.Rows) == MaxRows {
		return fault.At("file", "too_many_rows", "A table has at most %d rows.", MaxRows)
	}
	row := Row{N: n, Cells: make([]Cell, len(b.table.Header))}
	copy(row.Cells, cells)
	b.table.Rows = append(b.table.Rows, row)
	return nil
}

func (b *builder) head(cells []Cell) error {
	if len(cells) > MaxColumns {
		return fault.At("file", "too_many_columns", "A table has at most %d columns.", MaxColumns)
	}
	for _, c := range cells {
		b.table.Header = append(b.table.Header, c.Text)
	}
	return nil
}

func (b *builder) done() (Table, error) {
	if b.table.Header == nil || len(b.table.Rows) == 0 {
		return Table{}, fault.At("file", "file_empty", "This file is empty.")
	}
	return b.table, nil
}
