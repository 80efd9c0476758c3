package app

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/sheet"
)

// TestAListIsAFileToo asks for a list of three pages as CSV and as Excel: all rows are in it, in units, and no cell is a formula.
func TestAListIsAFileToo(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	const lots = 205
	for i := range lots {
		w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "produce": "苹果", "grade": "=1+1", "weight": fmt.Sprintf("%d公斤", 100+i), "place": object{"adcode": "610322"}})
	}
	ask := func(path string) sheet.Table {
		t.Helper()
		a := w.must(request{as: "liulin", method: http.MethodGet, path: path, at: storyDay})
		table, err := sheet.Read("lots."+path[strings.Index(path, ".")+1:strings.Index(path, "?")], a.raw)
		if err != nil {
			t.Fatal(path, err)
		}
		return table
	}
	for _, kind := range []string{"csv", "xlsx"} {
		table := ask("/api/lots." + kind + "?lang=zh&party=" + partyID("liulin"))
		if len(table.Rows) != lots {
			t.Fatalf("%s: %d rows", kind, len(table.Rows))
		}
		column := map[string]int{}
		for i, h := range table.Header {
			column[h] = i
		}
		newest := table.Rows[0].Cells // 100 + 204 kg
		if got := newest[column["过磅净重 (公斤)"]].Text; got != "304.000" && got != "304" {
			t.Errorf("%s: weight %q under %q", kind, got, table.Header)
		}
		if grade := newest[column["等级"]].Text; grade != "=1+1" {
			t.Errorf("%s: grade %q", kind, grade)
		}
	}
	if a, err := w.send(t.Context(), request{as: "biaojiao", method: http.MethodGet, path: "/api/lots.csv?party=" + partyID("liulin"), at: storyDay}); err != nil || a.status != http.StatusNotFound {
		t.Errorf("another cooperative's lots: %d %v", a.status, err)
	}
}

// guardedTexts are texts that a table must not change: formulas, what a guard is put before, and what looks as if it had one.
var guardedTexts = []string{"=1+1", "'=1+1", "''=1+1", "'05", "'", "+86 27 1234", "-5", "@乙", "' =1", `="0012"`, "甲'乙", `甲,"乙";丙`}

// TestWhatIsExportedCanBeImported writes the tables that can be read in again (that of lots to fill in, and bank lines), as CSV and as Excel,
// with Chinese heads and with English ones, and finds every text and amount in the import as it was.
func TestWhatIsExportedCanBeImported(t *testing.T) {
	t.Parallel()
	w, other := newTown(t, ""), newTown(t, "")
	var lines []object
	for i, text := range guardedTexts {
		lines = append(lines, object{"client_id": text, "reference": text, "payer": text, "amount": fmt.Sprintf("%d元", 100+i), "paid_at": storyDay.Format(time.RFC3339)})
	}
	w.post("finance", "/api/bank-lines", object{"lines": lines})
	for ext, write := range map[string]func([]string, [][]sheet.Value) ([]byte, error){".csv": sheet.WriteCSV, ".xlsx": sheet.WriteExcel} {
		for _, lang := range []string{"zh", "en"} {
			of := func(path string) []byte {
				return w.must(request{as: "finance", method: http.MethodGet, path: path + ext + "?lang=" + lang, at: storyDay}).raw
			}
			a := other.sendFile("finance", "/api/statements", "bank"+ext, of("/api/bank-lines"))
			if seen := rowsBy(a, "fen", 100, "serial", "reference", "payer"); !reflect.DeepEqual(seen, each(guardedTexts, 3)) {
				t.Errorf("bank %s %s: %q from %s", ext, lang, seen, a.raw)
			}
			template := of("/api/imports/template")
			if a = other.sendFile("liulin", "/api/imports", "template"+ext, template); a.json["good"] != 1.0 {
				t.Errorf("template %s %s: %s", ext, lang, a.raw)
			}
			a = other.sendFile("liulin", "/api/imports", "lots"+ext, filledIn(t, template, "template"+ext, write))
			if seen := rowsBy(a, "weighed_grams", 1000, "grade", "place_name"); !reflect.DeepEqual(seen, each(guardedTexts, 2)) {
				t.Errorf("lots %s %s: %q from %s", ext, lang, seen, a.raw)
			}
		}
	}
}

// TestTheTableOfLotsCanBeImported writes a cooperative's lots as a file and reads the file in again elsewhere: every lot is as it was.
func TestTheTableOfLotsCanBeImported(t *testing.T) {
	t.Parallel()
	w, other := newTown(t, ""), newTown(t, "")
	for _, more := range []object{
		{"line": "苹果 2吨 富士80", "harvested_on": "2020-01-30", "stored_tenths": 15},
		{"produce": "大葱", "weight": 1_234_567, "grade": "'=1+1"},
		{"produce": "苹果", "weight": "600 kg", "packs": 100, "pack_weight": "6 kg", "packing": "box"},
	} {
		more["party"], more["place"] = partyID("liulin"), object{"adcode": "610322", "name": "包装间"}
		id := w.post("liulin", "/api/lots", more).text("id")
		w.post("liulin", "/api/lots/"+id+"/certificate", object{"number": "HGZ-" + id[20:]})
	}
	list := "/api/lots%s?party=" + partyID("liulin")
	lotsOf := func(w *town) (out []string) {
		for _, l := range w.must(request{as: "liulin", method: http.MethodGet, path: fmt.Sprintf(list, ""), at: storyDay}).list() {
			out = append(out, fmt.Sprint(l["produce"], l["grade"], l["weighed_grams"], l["packs"], l["pack_grams"], l["packing"], l["harvested_on"], l["place"], l["certificate"]))
		}
		slices.Sort(out)
		return out
	}
	var want []string
	for _, ext := range []string{".csv", ".xlsx"} {
		for _, lang := range []string{"zh", "en"} {
			file := w.must(request{as: "liulin", method: http.MethodGet, path: fmt.Sprintf(list, ext) + "&lang=" + lang, at: storyDay}).raw
			read := other.sendFile("liulin", "/api/imports", "lots"+ext, file)
			if read.json["good"] != 3.0 || read.json["wrong"] != 0.0 {
				t.Fatalf("%s %s: %s", ext, lang, read.raw)
			}
			other.post("liulin", "/api/imports/"+read.text("id")+"/confirm", object{})
			want = append(want, lotsOf(w)...)
			slices.Sort(want)
			if got := lotsOf(other); !slices.Equal(got, want) {
				t.Errorf("%s %s: read as\n%s\nwant\n%s", ext, lang, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// filledIn is the table of lots with a row for each text, as its grade and its place.
func filledIn(t *testing.T, template []byte, name string, write func([]string, [][]sheet.Value) ([]byte, error)) []byte {
	t.Helper()
	table, err := sheet.Read(name, template)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]sheet.Value
	for i, text := range guardedTexts {
		row := make([]sheet.Value, len(table.Header))
		for k, head := range table.Header {
			switch {
			case strings.Contains(head, "等级"), strings.Contains(head, "grade"), strings.HasSuffix(head, "名称"), head == "place name":
				row[k] = sheet.Text(text)
			case strings.Contains(head, "过磅净重"), strings.HasPrefix(head, "weighed"):
				row[k] = sheet.Decimal(int64(100+i)*1000+123, 3)
			case strings.Contains(head, "品"), strings.HasPrefix(head, "produce"):
				row[k] = sheet.Text("苹果")
			case strings.Contains(head, "代码"), strings.Contains(head, "adcode"):
				row[k] = sheet.Text("610322")
			}
		}
		rows = append(rows, row)
	}
	data, err := write(table.Header, rows)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// rowsBy gives fields of an import's rows; row 100+i, by its amount, is the i-th.
func rowsBy(a answer, amount string, unit float64, fields ...string) [][]string {
	out := make([][]string, len(guardedTexts))
	rows, _ := a.json["rows"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		n, _ := row[amount].(float64)
		i := int(n/unit) - 100
		if i < 0 || i >= len(out) {
			continue
		}
		for _, f := range fields {
			text, _ := row[f].(string)
			out[i] = append(out[i], text)
		}
	}
	return out
}

// each repeats every text n times.
func each(texts []string, n int) [][]string {
	out := make([][]string, len(texts))
	for i, text := range texts {
		for range n {
			out[i] = append(out[i], text)
		}
	}
	return out
}

// sendFile sends a file in the field "file", for a cooperative's table with its party.
func (w *town) sendFile(as, path, name string, data []byte) answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.WriteField("party", partyID(as))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.send(w.t.Context(), request{as: as, method: http.MethodPost, path: path, body: body.String(), form: form.FormDataContentType(), at: storyDay})
	if err != nil || !a.ok() {
		w.t.Fatalf("%s: %v %d %s", path, err, a.status, a.raw)
	}
	return a
}
