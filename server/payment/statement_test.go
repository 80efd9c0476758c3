package payment_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jishi/server/payment"
	"jishi/server/sheet"
)

var china = time.FixedZone("UTC+8", 8*60*60)

// told is what a statement was understood as: a line a row, money in, money out, then faults by row and column.
func told(t *testing.T, name string, data []byte) string {
	t.Helper()
	table, err := sheet.Read(name, data)
	if err != nil {
		return fmt.Sprint(err)
	}
	read, err := payment.ReadStatement(table, china, time.Date(2020, 2, 3, 12, 0, 0, 0, china))
	if err != nil {
		return fmt.Sprint(err)
	}
	var out []string
	for _, r := range read.Rows {
		out = append(out, fmt.Sprintf("%d %s %s %s", r.N, r.Fen, time.UnixMilli(int64(r.PaidAt)).In(china).Format("0102 15:04:05"), r.Reference))
	}
	if read.Passed > 0 {
		out = append(out, fmt.Sprintf("passed %d", read.Passed))
	}
	for _, f := range read.Faults {
		out = append(out, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Code))
	}
	return strings.Join(out, "; ")
}

func TestAStatementAsBanksAndPeopleSendIt(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("日期,金额,附言\n2020-02-01,\"6,000.00\",货款\n")
	if err != nil {
		t.Fatal(err)
	}
	const head = "日期,金额,附言\n"
	for name, c := range map[string]struct{ data, want string }{
		"plain":                    {head + "2020-02-01,6000.00,货款\n", "2 6000.00 0201 00:00:00 货款"},
		"a byte order mark":        {"\xef\xbb\xbf" + head + "2020-02-01,6000.00,货款\r\n", "2 6000.00 0201 00:00:00 货款"},
		"GBK":                      {gbk, "2 6000.00 0201 00:00:00 货款"},
		"a dot in two ways":        {head + "2020-02-01,1.000,货款\n", "2 金额 ambiguous_dot"},
		"a comma for the dot":      {"日期;金额;附言\n2020-02-01;1000,50;货款\n", "2 金额 bad_number"},
		"nothing":                  {head + "2020-02-01,0.00,货款\n", "2 金额 bad_money"},
		"no amount":                {head + "2020-02-01,,货款\n", "2 金额 required"},
		"below zero":               {head + "2020-02-01,-6000,货款\n", "passed 1"},
		"more than anybody has":    {head + "2020-02-01,99999999999,货款\n", "2 金额 too_much_money"},
		"400 digits":               {head + "2020-02-01," + strings.Repeat("9", 400) + ",货款\n", "2 金额 amount_too_long"},
		"finer than a fen":         {head + "2020-02-01,0.1234,货款\n", "2 金额 below_a_fen"},
		"a formula":                {head + "2020-02-01,=1+1,货款\n", "2 金额 formula"},
		"a command":                {head + "2020-02-01,6000,=cmd|' /C calc'!A0\n", "2 附言 formula"},
		"dollars in the amount":    {head + "2020-02-01,USD 6000,货款\n", "2 金额 bad_money_text"},
		"dollars in a column":      {"日期,金额,附言,币种\n2020-02-01,6000,货款,USD\n2020-02-01,6000,货款,人民币\n2020-02-01,6000,货款,CNY\n", "3 6000.00 0201 00:00:00 货款; 4 6000.00 0201 00:00:00 货款; 2 币种 statement_currency"},
		"dollars in the head":      {"日期,金额(USD),附言\n2020-02-01,6000,货款\n", "file: The books are kept in yuan; \"usd\" is another currency."},
		"ten thousands":            {"日期,金额（万元）,附言\n2020-02-01,1.5,货款\n2020-02-01,7元,货款\n", "2 15000.00 0201 00:00:00 货款; 3 7.00 0201 00:00:00 货款"},
		"a head that says no unit": {"日期,金额(小写),附言\n2020-02-01,6000,货款\n", "2 6000.00 0201 00:00:00 货款"},
		"yuan in the amount":       {head + "2020-02-01,¥6000,货款\n", "2 6000.00 0201 00:00:00 货款"},
		"a day that never was":     {head + "2020-02-30,6000,货款\n", "2 日期 bad_date"},
		"a day to come":            {head + "2020-02-04,6000,货款\n", "2 日期 payment_day"},
		"credit and debit by word": {"日期,金额,借贷标志,附言\n2020-02-01,6000,贷,a\n2020-02-01,6000,借,b\n2020-02-01,6000,D,b\n2020-02-01,6000,支出,b\n", "2 6000.00 0201 00:00:00 a; passed 3"},
		"a side nobody knows":      {"日期,金额,借贷标志,附言\n2020-02-01,6000,冲,a\n", "2 借贷标志 bad_side"},
		"out in ten thousands":     {"日期,支出(万元),收入(万元),附言\n2020-02-01,1.5,,a\n2020-02-01,,2,a\n", "3 20000.00 0201 00:00:00 a; passed 1"},
		"two days and a time":      {"交易日期,记账日期,交易时间,金额,附言\n20200201,20200202,083000,6000,a\n", "2 6000.00 0201 08:30:00 a"},
		"zeros kept for Excel":     {"日期,金额,附言\n=\"2020-02-01\",=\"6000.00\",=\"00123\"\n", "2 6000.00 0201 00:00:00 00123"},
		"both in and out":          {"日期,收入,支出,附言\n2020-02-01,6000,5,a\n", "2 收入 in_and_out"},
		"in 0 and out":             {"日期,收入,支出,附言\n2020-02-01,0.00,5.00,a\n", "passed 1"},
	} {
		if got := told(t, "a.csv", []byte(c.data)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

func TestAStatementOfASpreadsheet(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	day := time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)
	for cell, v := range map[string]any{
		"A1": "交易日期", "B1": "交易时间", "C1": "金额", "D1": "附言",
		"A2": day, "B2": 8.5 / 24, "C2": 1234.1, "D2": "time of its own",
		"A3": day.Add(8*time.Hour + 30*time.Minute), "C3": 1000, "D3": "both in one",
		"A4": "2020-02-01", "B4": "08:30:00", "C4": "1,000.00", "D4": "texts",
		"A5": day, "C5": "1.000", "D5": "a text",
		"A6": day, "C6": 7, "D6": "merged", "A7": day, "D7": "merged",
		"A8": day, "D8": "formula",
		"A9": "2020-02-01", "B9": 8.5 / 24, "C9": 9, "D9": "a text and a number",
		"A10": day, "D10": "stored so for 1234.1", "A11": day, "D11": "stored so for 0.3", "A12": day, "D12": "stored so for 1000",
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		f.MergeCell("Sheet1", "C6", "C7"), f.SetCellFormula("Sheet1", "C8", "C2*2"),
		f.SetCellDefault("Sheet1", "C10", "1234.0999999999999"), f.SetCellDefault("Sheet1", "C11", "0.30000000000000004"), f.SetCellDefault("Sheet1", "C12", "1E3"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 1234.10 0201 08:30:00 time of its own", "3 1000.00 0201 08:30:00 both in one", "4 1000.00 0201 08:30:00 texts", "9 9.00 0201 08:30:00 a text and a number",
		"10 1234.10 0201 00:00:00 stored so for 1234.1", "11 0.30 0201 00:00:00 stored so for 0.3", "12 1000.00 0201 00:00:00 stored so for 1000",
		"5 金额 ambiguous_dot", "6 金额 merged_amount", "7 金额 merged_amount", "8 金额 formula",
	}
	if got := told(t, "a.xlsx", b.Bytes()); got != strings.Join(want, "; ") {
		t.Errorf("got  %s\nwant %s", got, strings.Join(want, "; "))
	}
}
