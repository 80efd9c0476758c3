package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jishi/server/sheet"
)

const smallDay = `kind,id,what,amount,packing,pack_kg,place,to,from,until,pass,yuan_km
load,apples,苹果,5000,纸箱,10,610322,610112,2020-02-20 06:00,2020-02-21 20:00,,
load,pork,猪肉,2000,,,610322,610112,,2020-02-21 20:00,,
load,stone,月亮石,100,,,610322,610112,,,,
load,minus,苹果,-5,,,610322,610112,,,,
load,late,苹果,100,,,610322,610112,,2020-02-01 08:00,,
truck,t1,T68,,,,610322,,2020-02-20 05:00,,,
truck,t2,T68,,,,610322,,,,,-3
`

// A day from a file in each format; what can't be used is named and the rest is planned.
func TestPlanFromAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "day.csv")
	if err := os.WriteFile(file, []byte(smallDay), 0o600); err != nil {
		t.Fatal(err)
	}
	for format, wants := range map[string][]string{
		"csv": {"t1,T68,apples,5000", "late,100,0,,,610112,window_over", // each row has a line
			",,row 4 (stone),", ",,row 5 (minus),", ",,row 8 (t2),"},
		"html": {"<polyline", "late", "window_over"},
		"json": {`"options"`, `"window_over"`},
	} {
		var out, errs bytes.Buffer
		code := Run(t.Context(), []string{"plan", "--day", "2020-02-20", "--time", "200ms", "--format", format, file}, Streams{Out: &out, Err: &errs}, func(string) string { return "" })
		if code != exitOK {
			t.Fatalf("%s: exit %d: %s", format, code, errs.String())
		}
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in %.3000s", format, want, out.String())
			}
		}
		if format == "json" && !json.Valid(out.Bytes()) {
			t.Error("that is no JSON")
		}
		for _, want := range []string{"(stone)", "(minus)", "(t2)"} {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("%s: nothing said of %s: %s", format, want, errs.String())
			}
		}
	}
}

// The same day as a Chinese Excel saves it: with a byte order mark, in GBK, or as a file of its own. A weight that may be a thousand, and
// a formula, are named by their row and not planned; what is written down is no formula either.
func TestPlanFromAFileAsExcelSavesIt(t *testing.T) {
	t.Parallel()
	day := "kind,id,what,amount,place,to,until\n" +
		"load,=1+1,苹果,5000,610322,610112,2020-02-21 20:00\n" +
		"load,thousand,苹果,1.000,610322,610112,2020-02-21 20:00\n" +
		"load,formula,苹果,=2*3,610322,610112,2020-02-21 20:00\n" +
		"truck,t1,T68,,610322,,\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(day)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]sheet.Value
	lines := strings.Split(strings.TrimSpace(day), "\n")
	for _, line := range lines[1:] {
		var row []sheet.Value
		for _, cell := range strings.Split(line, ",") {
			row = append(row, sheet.Text(cell))
		}
		if row[3].Text == "5000" {
			row[3] = sheet.Decimal(5000, 0)
		}
		rows = append(rows, row)
	}
	excel, err := sheet.WriteExcel(strings.Split(lines[0], ","), rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"mark.csv": "\ufeff" + day, "gbk.csv": gbk, "day.xlsx": string(excel)} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Run(t.Context(), []string{"plan", "--day", "2020-02-20", "--time", "200ms", "--format", "csv", file}, Streams{Out: &out, Err: &errs}, func(string) string { return "" })
		if code != exitOK || !strings.Contains(out.String(), "t1,T68,'=1+1,5000") {
			t.Errorf("%s: exit %d: %s%s", name, code, errs.String(), out.String())
		}
		for _, want := range []string{"row 3: ", "row 4: "} {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("%s: nothing is said of %s: %s", name, want, errs.String())
			}
		}
	}
}

// A load that must ride with one that is not there stays, and so does what must ride with it; the others go.
func TestALoadWithoutItsCompanionInAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "day.csv")
	day := `kind,id,what,amount,packing,pack_kg,place,to,from,until,ride_with
load,first,苹果,100,纸箱,10,610322,610112,,,second
load,second,苹果,100,纸箱,10,610322,610112,,,first|nobody
load,third,苹果,100,纸箱,10,610322,610112,,,fourth
load,fourth,苹果,100,纸箱,10,610322,610112,,,
truck,t1,T68,,,,610322,,,,
`
	if err := os.WriteFile(file, []byte(day), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := Run(t.Context(), []string{"plan", "--day", "2020-02-20", "--time", "200ms", "--lang", "en", "--format", "csv", file}, Streams{Out: &out, Err: &errs}, func(string) string { return "" })
	if code != exitOK || strings.Count(out.String(), "t1,T68") != 2 {
		t.Errorf("exit %d: %.1000s", code, out.String())
	}
	for _, want := range []string{"row 3 (second): It must ride with nobody, which is not among the loads.", "row 2 (first): It must ride with second,"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("no %q in %s", want, errs.String())
		}
	}
}

// Of two equal trucks in a file the one that wants to be where the goods go drives; a home that nobody knows is named.
func TestAReturnWishInAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "day.csv")
	day := `kind,id,what,amount,packing,pack_kg,place,to,from,until,return_to
load,apples,苹果,5000,纸箱,10,610322,610112,,,
truck,back,T68,,,,610322,,,,610322
truck,there,T68,,,,610322,,,,610112
truck,lost,T96-3,,,,610322,,,,999999
`
	if err := os.WriteFile(file, []byte(day), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := Run(t.Context(), []string{"plan", "--day", "2020-02-20", "--time", "200ms", "--lang", "en", "--format", "csv", file}, Streams{Out: &out, Err: &errs}, func(string) string { return "" })
	if code != exitOK || !strings.Contains(out.String(), "there,T68,apples,5000") || !strings.Contains(errs.String(), "lost: The place it wants to come back to, 999999, is not known") {
		t.Errorf("exit %d: %.1000s %s", code, out.String(), errs.String())
	}
}

func TestPlanAskedWrongly(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"plan"}, {"plan", "--format", "pdf", "x"}, {"plan", "--time", "-1s", "x"}} {
		if code := Run(t.Context(), args, Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, func(string) string { return "" }); code != exitUsage {
			t.Errorf("%v: exit %d", args, code)
		}
	}
}

// A row that binds itself to 10,000 others is named with its number; what they are and the rest is planned.
func TestTenThousandStopsInAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "day.csv")
	ids := strings.Repeat("x|", 9_999) + "x"
	day := smallDay + "load,greedy,苹果,100,,,610322,610112,,,,,\n"
	day = strings.Replace(day, "yuan_km\n", "yuan_km,ride_with\n", 1)
	day = strings.Replace(day, "load,greedy,苹果,100,,,610322,610112,,,,,\n", "load,greedy,苹果,100,,,610322,610112,,,,,"+ids+"\n", 1)
	if err := os.WriteFile(file, []byte(day), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := Run(t.Context(), []string{"plan", "--day", "2020-02-20", "--time", "200ms", "--lang", "en", "--format", "csv", file}, Streams{Out: &out, Err: &errs}, func(string) string { return "" })
	if code != exitOK || !strings.Contains(errs.String(), "(greedy): It names 10000 loads to ride with, at most 100 ride on one truck.") || !strings.Contains(out.String(), "t1,T68,apples,5000") {
		t.Errorf("exit %d: %.1000s %.1000s", code, errs.String(), out.String())
	}
}
