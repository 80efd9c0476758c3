package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Value is what a written cell holds: a text, or a number with its decimals (12345 with 3 is 12.345).
type Value struct {
	Text     string
	Number   int64
	Decimals int
	IsNumber bool
}

// Text makes a cell of words.
func Text(s string) Value { return Value{Text: s} }

// Decimal makes a cell of a number / 10^decimals.
func Decimal(n int64, decimals int) Value {
	return Value{Number: n, Decimals: decimals, IsNumber: true}
}

// String is the cell as it would be read aloud.
func (v Value) String() string {
	if v.IsNumber {
		return v.decimal()
	}
	return v.Text
}

func (v Value) decimal() string {
	if v.Decimals == 0 {
		return fmt.Sprint(v.Number)
	}
	power := int64(1)
	for range v.Decimals {
		power *= 10
	}
	sign, n := "", v.Number
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%0*d", sign, n/power, v.Decimals, n%power)
}

// inCSV is the number as a file without kinds keeps it apart from thousands: three digits after a dot may be either, so there are never
// three. 12345 with 3 is 12.3450, 12000 is 12.
func (v Value) inCSV() string {
	text := v.decimal()
	if v.Decimals < 3 {
		return text
	}
	whole, decimals, _ := strings.Cut(text, ".")
	switch decimals = strings.TrimRight(decimals, "0"); len(decimals) {
	case 0:
		return whole
	case 3:
		decimals += "0"
	}
	return whole + "." + decimals
}

// WriteCSV writes a table with a byte order mark, so that Excel takes it for UTF-8. No cell can be taken for a formula: what could be
// has a guard, which Read takes away.
func WriteCSV(header []string, rows [][]Value) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, row := range rows {
		record := make([]string, len(row))
		for i, v := range row {
			if record[i] = guarded(oneNewline.Replace(v.Text)); v.IsNumber {
				record[i] = v.inCSV()
			}
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// WriteExcel writes a table as an Excel file; numbers are numbers in it, and texts are texts.
func WriteExcel(header []string, rows [][]Value) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	head := make([]any, len(header))
	for i, h := range header {
		head[i] = h
	}
	if err = w.SetRow("A1", head); err != nil {
		return nil, err
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, v := range row {
			if cells[i] = v.Text; v.IsNumber {
				cells[i] = v.float()
			}
		}
		if err = w.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return nil, err
		}
	}
	if err = w.Flush(); err != nil {
		return nil, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// float is the number as a spreadsheet keeps it; up to 15 digits come back as they were.
func (v Value) float() float64 {
	n := float64(v.Number)
	for range v.Decimals {
		n /= 10
	}
	return n
}
