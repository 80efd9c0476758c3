package sheet_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"jishi/server/fault"
	"jishi/server/sheet"
)

func texts(r sheet.Row) string {
	var out []string
	for _, c := range r.Cells {
		s := c.Text
		if c.Formula {
			s = "formula " + s
		}
		if c.Merged != "" {
			s += " in " + c.Merged
		}
		out = append(out, s)
	}
	return strings.Join(out, "|")
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("品类,净重\n苹果,3吨\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ data, want string }{
		"plain":             {"品类,净重\n苹果,3吨\n", "苹果|3吨"},
		"byte order mark":   {"\xef\xbb\xbf品类,净重\r\n苹果,3吨\r\n", "苹果|3吨"},
		"GBK":               {gbk, "苹果|3吨"},
		"UTF-16":            {"\xff\xfe" + string([]byte{0xc1, 0x54, ',', 0, 'a', 0, '\n', 0, 0x31, 0x75, ',', 0, '3', 0}), "由|3"},
		"semicolons":        {"品类;净重\n苹果;3,5吨\n", "苹果|3,5吨"},
		"tabs":              {"品类\t净重\n苹果\t3吨\n", "苹果|3吨"},
		"quotes and breaks": {"品类,净重\n\"苹果,\n红的\",3吨\n", "苹果,\n红的|3吨"},
		"short rows":        {"品类,净重\n苹果\n", "苹果|"},
		"formula":           {"品类,净重\n=cmd|' /C calc'!A0,@SUM(1)\n", "formula =cmd|' /C calc'!A0|formula @SUM(1)"},
		"zeros kept":        {"品类,净重\n=\"007\",=\"=cmd|' /C calc'!A0\"\n", "007|formula =cmd|' /C calc'!A0"},
		"a negative":        {"品类,净重\n苹果,-3吨\n", "苹果|-3吨"},
		"empty rows":        {"\n品类,净重\n,\n\n苹果,3吨\n", "苹果|3吨"},
	} {
		table, err := sheet.Read("lots.csv", []byte(c.data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := texts(table.Rows[0]); got != c.want || len(table.Header) != 2 {
			t.Errorf("%s: %q, header %q", name, got, table.Header)
		}
	}
}

func TestWhatIsNoTable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, data, code string }{
		"nothing":       {"a.csv", "", "file_empty"},
		"a header only": {"a.csv", "品类,净重\n", "file_empty"},
		"old Excel":     {"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"},
		"broken Excel":  {"a.xlsx", "PK\x03\x04 and then nothing", "not_a_table"},
		"a lie":         {"a.xlsx", "品类,净重\n苹果,3吨\n", "not_a_table"},
		"a picture":     {"a.csv", "\x89PNG\r\n\x1a\n\x00\x00\xff\xff", "not_a_table"},
		"too wide":      {"a.csv", strings.Repeat("a,", 200) + "\n1\n", "too_many_columns"},
		"too long":      {"a.csv", "a\n" + strings.Repeat("1\n", sheet.MaxRows+1), "too_many_rows"},
	} {
		_, err := sheet.Read(c.file, []byte(c.data))
		if f := fault.Of(err); f == nil || f.Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if table, err := sheet.Read("a.csv", []byte("a\n"+strings.Repeat("1\n", sheet.MaxRows))); err != nil || len(table.Rows) != sheet.MaxRows {
		t.Errorf("%d rows, %v", len(table.Rows), err)
	}
}

// excel makes a file of cells by name.
func excel(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadExcel(t *testing.T) {
	t.Parallel()
	data := excel(t, func(f *excelize.File) {
		for cell, v := range map[string]any{"A1": "品类", "B1": "净重(公斤)", "C1": "备注", "A2": "苹果", "B2": 1000, "A4": "大葱", "B4": "1.000", "B5": 1.5} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: ptr(`0.000`)})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{f.SetCellStyle("Sheet1", "B2", "B2", style), f.SetCellFormula("Sheet1", "C2", "B2*2"), f.MergeCell("Sheet1", "A4", "A5")} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	table, err := sheet.Read("whatever.csv", data)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"苹果|1000|formula ", "大葱 in A4:A5|1.000|", "大葱 in A4:A5|1.5|"} {
		if got := texts(table.Rows[i]); got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	if !table.Rows[0].Cells[1].Number || table.Rows[1].Cells[1].Number || table.Rows[1].N != 4 {
		t.Errorf("%+v", table.Rows)
	}
}

func ptr[T any](v T) *T { return &v }

// A table that was written is read back as it was, in both formats, and no text in it works as a formula.
func TestWrittenTablesComeBack(t *testing.T) {
	t.Parallel()
	rows := [][]sheet.Value{
		{sheet.Text("苹果"), sheet.Decimal(5_016_123, 3), sheet.Decimal(-5, 2)},
		{sheet.Text("=cmd|' /C calc'!A0"), sheet.Decimal(7, 0), sheet.Text("a,\"b\"\nc")},
	}
	for name, write := range map[string]func([]string, [][]sheet.Value) ([]byte, error){"a.csv": sheet.WriteCSV, "a.xlsx": sheet.WriteExcel} {
		data, err := write([]string{"品类", "净重", "备注"}, rows)
		if err != nil {
			t.Fatal(err)
		}
		table, err := sheet.Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(table.Rows[0]); got != map[string]string{"a.csv": "苹果|5016.1230|-0.05", "a.xlsx": "苹果|5016.123|-0.05"}[name] {
			t.Errorf("%s: %q", name, got)
		}
		if name == "a.csv" && (!bytes.Contains(data, []byte(`'=cmd`)) || table.Rows[1].Cells[0].Formula) {
			t.Errorf("%s", data)
		}
		if got := table.Rows[1].Cells[2].Text; got != "a,\"b\"\nc" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever a text is made of, it comes back as it was written: without spaces around it and invisible marks, and never as a formula.
func TestEveryWrittenTextComesBack(t *testing.T) {
	t.Parallel()
	signs := rapid.SampledFrom([]rune("''==+-@ \t\n\u00a0\u3000\ufeff\u200b\"\",;0aA苹"))
	marks := strings.NewReplacer("\ufeff", "", "\u200b", "")
	rapid.Check(t, func(r *rapid.T) {
		var rows [][]sheet.Value
		var want []string
		for _, text := range rapid.SliceOfN(rapid.StringOfN(signs, 1, 8, -1), 1, 5).Draw(r, "texts") {
			rows = append(rows, []sheet.Value{sheet.Text("苹果"), sheet.Text(text), sheet.Text("x")})
			want = append(want, strings.TrimSpace(marks.Replace(text)))
		}
		for name, write := range map[string]func([]string, [][]sheet.Value) ([]byte, error){"a.csv": sheet.WriteCSV, "a.xlsx": sheet.WriteExcel} {
			data, err := write([]string{"品类", "备注", "x"}, rows)
			if err != nil {
				r.Fatal(err)
			}
			table, err := sheet.Read(name, data)
			if err != nil || len(table.Rows) != len(rows) {
				r.Fatal(name, err, table)
			}
			for i, row := range table.Rows {
				if c := row.Cells[1]; c.Text != want[i] || c.Formula {
					r.Fatalf("%s: %q came back as %+v", name, rows[i][1].Text, c)
				}
			}
		}
	})
}

// No text of ours works as a formula in a table that somebody opens, whatever sign or space stands before it.
func TestNoWrittenTextIsAFormula(t *testing.T) {
	t.Parallel()
	texts := []string{"=cmd|' /C calc'!A0", `="plain"`, " =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "\u00a0=1+1", "\ufeff=1+1", "+86 27 1234", "-2+3", "@SUM(1)"}
	var rows [][]sheet.Value
	for _, text := range texts {
		rows = append(rows, []sheet.Value{sheet.Text(text), sheet.Decimal(-5, 0)})
	}
	data, err := sheet.WriteCSV([]string{"a", "b"}, rows)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(records) != len(texts)+1 {
		t.Fatal(len(records), err)
	}
	for i, r := range records[1:] {
		if !strings.HasPrefix(r[0], "'") || r[1] != "-5" {
			t.Errorf("%q is written as %q", texts[i], r)
		}
	}
	if data, err = sheet.WriteExcel([]string{"a", "b"}, rows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		formula, err := f.GetCellFormula("Sheet1", fmt.Sprint("A", i+2))
		kind, errKind := f.GetCellType("Sheet1", fmt.Sprint("A", i+2))
		if err != nil || errKind != nil || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%q is a formula %q of type %v, %v %v", text, formula, kind, err, errKind)
		}
	}
}

// A hundred thousand rows of Excel are read: no cell is looked for twice.
func TestAHundredThousandRowsOfExcel(t *testing.T) {
	t.Parallel()
	rows := make([][]sheet.Value, sheet.MaxRows)
	for i := range rows {
		rows[i] = []sheet.Value{sheet.Text("苹果"), sheet.Decimal(int64(i), 0)}
	}
	data, err := sheet.WriteExcel([]string{"品类", "净重"}, rows)
	if err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read("a.xlsx", data)
	if err != nil || len(table.Rows) != sheet.MaxRows {
		t.Fatalf("%d rows, %v", len(table.Rows), err)
	}
	if last := table.Rows[sheet.MaxRows-1]; last.Cells[1].Text != fmt.Sprint(sheet.MaxRows-1) || !last.Cells[1].Number {
		t.Errorf("%+v", last)
	}
}
