package sheet

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jishi/server/fault"
)

// maxUnpacked is how large an Excel file may become when it is unpacked: a small file can hold a huge one.
const maxUnpacked = 512 << 20

// readExcel reads the first sheet. Numbers come as they are stored, not as they are shown: 1000 shown as 1.000 is 1000.
func readExcel(data []byte) (Table, error) {
	bad := fault.At("file", "not_a_table", "This file can't be read as a table.")
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return Table{}, bad
	}
	defer func() { _ = f.Close() }()
	name := f.GetSheetName(0)
	merged, err := mergedCells(f, name)
	if err != nil {
		return Table{}, bad
	}
	known, err := readMarks(data)
	if err != nil {
		return Table{}, bad
	}
	rows, err := f.Rows(name)
	if err != nil {
		return Table{}, bad
	}
	defer func() { _ = rows.Close() }()
	var b builder
	for n := 1; rows.Next(); n++ {
		texts, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return Table{}, bad
		}
		if err = b.add(n, excelRow(n, texts, merged, known)); err != nil {
			return Table{}, err
		}
	}
	return b.done()
}

// spot is a cell by its row and column, from 1.
type spot struct{ row, column int }

// area is one range of merged cells and what it says.
type area struct{ name, text string }

func mergedCells(f *excelize.File, sheet string) (map[spot]area, error) {
	list, err := f.GetMergeCells(sheet)
	if err != nil {
		return nil, err
	}
	out := map[spot]area{}
	for _, m := range list {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return nil, err
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			return nil, err
		}
		if (right-left+1)*(bottom-top+1) > MaxRows*2 {
			continue // a merged heap of empty cells
		}
		for row := top; row <= bottom; row++ {
			for column := left; column <= right; column++ {
				out[spot{row, column}] = area{m.GetStartAxis() + ":" + m.GetEndAxis(), strings.TrimSpace(m.GetCellValue())}
			}
		}
	}
	return out, nil
}

func excelRow(n int, texts []string, merged map[spot]area, known marks) []Cell {
	width := len(texts)
	for width < MaxColumns && merged[spot{n, width + 1}].name != "" {
		width++
	}
	cells := make([]Cell, width)
	for i := range cells {
		at := spot{n, i + 1}
		if a, ok := merged[at]; ok {
			cells[i] = Cell{Text: a.text, Merged: a.name, Number: isDecimal(a.text)}
			continue
		}
		c := Cell{Text: clean(texts[i]), Formula: known[at].Formula}
		if c.Text != "" || c.Formula {
			if c.Number = known[at].Number && isDecimal(c.Text); c.Number {
				c.Text = asShown(c.Text)
			}
			cells[i] = c
		}
	}
	return cells
}

// asShown gives a stored number as a spreadsheet shows it: in 15 digits, without an exponent. 1234.1 is stored as 1234.0999999999999.
func asShown(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.Abs(n) > 1e30 {
		return text
	}
	if n, err = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err != nil {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func isDecimal(text string) bool {
	return text != "" && strings.Trim(text, "0123456789.-eE+") == ""
}
