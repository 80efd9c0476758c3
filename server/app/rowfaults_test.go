package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// wrongRow is a table whose last row gives one fault: in which row, and in which column by the table's own head. With merged given it is a
// file of Excel in which these cells are one.
type wrongRow struct {
	head, rows string
	row        float64
	column     string
	merged     string
}

// ofLots are rows of a table of lots, by the code of the fault that each gives.
var ofLots = map[string]wrongRow{
	"ambiguous_dot":       {"品类,净重（公斤）", "苹果,1.000", 2, "净重（公斤）", ""},
	"ambiguous_price":     {"品类,净重,单价", "苹果,3吨,3块5斤", 2, "单价", ""},
	"amount_too_long":     {"品类,净重", "苹果," + strings.Repeat("3", 201) + "吨", 2, "净重", ""},
	"bad_count":           {"品类,净重,箱数", "苹果,3吨,几十箱", 2, "箱数", ""},
	"bad_date":            {"品类,净重,采收日期", "苹果,3吨,二月三十", 2, "采收日期", ""},
	"bad_number":          {"品类,净重", "苹果,1.2.3吨", 2, "净重", ""},
	"bad_pack_weight":     {"品类,净重,件数,每件净重", "苹果,3吨,1,4吨", 2, "每件净重", ""},
	"bad_packs":           {"品类,净重,每件净重", "苹果,3吨,6公斤", 2, "每件净重", ""},
	"bad_price_text":      {"品类,净重,单价", "苹果,3吨,便宜", 2, "单价", ""},
	"bad_text":            {"品类,净重,等级", "苹果,3吨,一\x01级", 2, "等级", ""},
	"bad_weight":          {"品类,净重,单价,起订量", "苹果,3吨,3元/斤,2000吨", 2, "起订量", ""},
	"bad_weight_text":     {"品类,净重", "苹果,3吨\n大葱,许多", 3, "净重", ""},
	"below_a_gram":        {"品类,净重", "苹果,0.0001公斤", 2, "净重", ""},
	"date_ahead":          {"品类,净重,采摘日期", "苹果,3吨,2020-03-30", 2, "采摘日期", ""},
	"date_too_old":        {"品类,净重,采摘日期", "苹果,3吨,2018-03-30", 2, "采摘日期", ""},
	"formula":             {"品类,净重", "苹果,=1+1", 2, "净重", ""},
	"gross_alone":         {"品类,毛重(公斤)", "苹果,3250", 2, "毛重(公斤)", ""},
	"gross_below_net":     {"品类,净重(公斤),毛重(公斤)", "苹果,3250,3000", 2, "毛重(公斤)", ""},
	"gross_weight":        {"品类,净重", "苹果,毛重3吨", 2, "净重", ""},
	"line_too_long":       {"一句话", "苹果 3吨 " + strings.Repeat("甜", 200), 2, "一句话", ""},
	"merged_amount":       {"品类,净重", "苹果,3吨\n大葱,3吨", 2, "净重", "B2:B3"},
	"negative_price":      {"品类,净重,单价(元/斤)", "苹果,3吨,-3", 2, "单价(元/斤)", ""},
	"negative_weight":     {"品类,净重", "苹果,-3吨", 2, "净重", ""},
	"no_produce":          {"一句话", "3吨 3元/斤", 2, "一句话", ""},
	"no_unit":             {"品类,净重", "苹果,3", 2, "净重", ""},
	"no_weight_said":      {"货物说明", "苹果 3元/斤", 2, "货物说明", ""},
	"packs_miss_weight":   {"品类,净重,件数,每件净重", "苹果,3吨,400,6公斤", 2, "件数", ""},
	"price_per_what":      {"品类,净重,单价", "苹果,3吨,3元", 2, "单价", ""},
	"price_too_fine":      {"品类,净重,单价", "苹果,3吨,0.00001元/公斤", 2, "单价", ""},
	"price_too_high":      {"品类,净重,售价", "苹果,3吨,2000元/公斤", 2, "售价", ""},
	"required":            {"品名,净重", ",3吨", 2, "品名", ""},
	"said_twice":          {"一句话", "苹果 3吨 3吨", 2, "一句话", ""},
	"space_in_number":     {"品类,净重", "苹果,3 5吨", 2, "净重", ""},
	"tare_above_gross":    {"品类,毛重(公斤),皮重(公斤)", "苹果,100,200", 2, "皮重(公斤)", ""},
	"tare_misses":         {"品类,净重(公斤),毛重(公斤),皮重(公斤)", "苹果,3000,3250,100", 2, "皮重(公斤)", ""},
	"too_heavy":           {"品类,净重", "苹果,2万吨", 2, "净重", ""},
	"too_long":            {"品类,净重,合格证", "苹果,3吨," + strings.Repeat("证", 61), 2, "合格证", ""},
	"unknown_adcode":      {"品类,净重,区划代码", "苹果,3吨,999999", 2, "区划代码", ""},
	"unknown_produce":     {"品类,净重", "火星果,3吨", 2, "品类", ""},
	"vague_number":        {"品类,净重", "苹果,三五吨", 2, "净重", ""},
	"weight_absurd":       {"一句话", "苹果 2000吨 3元/斤", 2, "一句话", ""},
	"weight_not_positive": {"品类,毛重(公斤),皮重(公斤)", "苹果,,", 2, "毛重(公斤)", ""},
}

// notOfLots are faults that the same functions give and no row of lots can, and why.
var notOfLots = map[string]string{
	"bad_bearer": "a table has no terms of loss", "bad_moisture": "a table has no terms of loss", "bad_benefit": "a table has no benefit",
	"bad_point": "a table has no points", "bad_stored": "a table has no temperature", "bad_tiers": "a table has no tiers", "tier_price": "a table has no tiers",
	"tier_weight": "a table has no tiers", "bad_price": "what is no price is refused as it is read, and none at all is a gift", "gift_with_price": "a gift is a price of nothing",
	"bad_window": "the words of a line give windows that are none the wrong way round",
}

// ofStatements are rows of a bank's table. One is known already: see TestFaultsOfRowsAreWholeInChinese.
var ofStatements = map[string]wrongRow{
	"ambiguous_dot":      {"交易日期,贷方金额,附言", "2020-02-01,1.000,货款", 2, "贷方金额", ""},
	"ambiguous_price":    {"交易日期,贷方金额,附言", "2020-02-01,3块5斤,货款", 2, "贷方金额", ""},
	"amount_too_long":    {"交易日期,金额,附言", "2020-02-01," + strings.Repeat("3", 201) + ",货款", 2, "金额", ""},
	"bad_bank_number":    {"交易日期,金额,附言,流水号", "2020-02-01,10,货款," + strings.Repeat("号", 67), 2, "流水号", ""},
	"bad_date":           {"交易日期,金额,附言", "二月一日,10,货款", 2, "交易日期", ""},
	"bad_money":          {"交易日期,金额,附言", "2020-02-01,0,货款", 2, "金额", ""},
	"bad_money_text":     {"交易日期,金额,附言", "2020-02-01,许多,货款", 2, "金额", ""},
	"bad_number":         {"交易日期,金额,附言", "2020-02-01,10,货款\n2020-02-01,1.2.3,货款", 3, "金额", ""},
	"bad_side":           {"交易日期,金额,借贷标志,附言", "2020-02-01,10,甲,货款", 2, "借贷标志", ""},
	"bad_text":           {"交易日期,金额,付款人", "2020-02-01,10," + strings.Repeat("甲", 200), 2, "付款人", ""},
	"below_a_fen":        {"交易日期,金额,附言", "2020-02-01,1.2345,货款", 2, "金额", ""},
	"client_id_reused":   {"交易日期,金额,附言,核心流水号", "2020-02-01,20,货款,行一", 2, "核心流水号", ""},
	"formula":            {"交易日期,金额,附言", "2020-02-01,=1+1,货款", 2, "金额", ""},
	"in_and_out":         {"交易日期,贷方金额,借方金额,附言", "2020-02-01,10,10,货款", 2, "贷方金额", ""},
	"merged_amount":      {"交易日期,金额,附言", "2020-02-01,10,货款\n2020-02-01,10,货款", 2, "金额", "B2:B3"},
	"negative_money":     {"交易日期,金额,附言", "2020-02-01,+-5,货款", 2, "金额", ""},
	"payment_day":        {"交易日期,金额,附言", "2020-03-01,10,货款", 2, "交易日期", ""},
	"required":           {"交易日期,金额,附言", "2020-02-01,,货款", 2, "金额", ""},
	"serial_twice":       {"交易日期,金额,附言,流水号", "2020-02-01,10,货款,行二\n2020-02-01,11,货款,行二", 3, "流水号", ""},
	"space_in_number":    {"交易日期,金额,附言", "2020-02-01,1 2,货款", 2, "金额", ""},
	"statement_currency": {"交易日期,金额,币种,附言", "2020-02-01,10,美元,货款", 2, "币种", ""},
	"too_much_money":     {"交易日期,金额,附言", "2020-02-01,99999999999,货款", 2, "金额", ""},
	"vague_number":       {"交易日期,金额,附言", "2020-02-01,三五万,货款", 2, "金额", ""},
}

// file gives the table as it is sent, with its name.
func (r wrongRow) file(t *testing.T) (name, data string) {
	t.Helper()
	if r.merged == "" {
		return "表.csv", r.head + "\n" + r.rows + "\n"
	}
	f := excelize.NewFile()
	for n, line := range strings.Split(r.head+"\n"+r.rows, "\n") {
		cell, err := excelize.CoordinatesToCellName(1, n+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", cell, new(strings.Split(line, ",")))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	from, to, _ := strings.Cut(r.merged, ":")
	var b bytes.Buffer
	if err := f.MergeCell("Sheet1", from, to); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return "表.xlsx", b.String()
}

// latin are the letters in a sentence, and units those that stand in Chinese ones too.
var (
	latin = regexp.MustCompile(`[A-Za-z]+`)
	units = []string{"kg", "g", "t", "CSV", "Excel", "xlsx"}
	cells = regexp.MustCompile(`[A-Z]\d+:[A-Z]\d+`) // B2:B3, as every spreadsheet names them
)

// english gives what of a sentence is not Chinese.
func english(sentence string) []string {
	return slices.DeleteFunc(latin.FindAllString(cells.ReplaceAllString(sentence, ""), -1), func(w string) bool { return slices.Contains(units, w) })
}

// faultsOf sends a table and gives its faults; asked for again, they are the same.
func (w *town) faultsOf(t *testing.T, as, path string, r wrongRow) []object {
	t.Helper()
	name, data := r.file(t)
	parts := []part{{"file", name, data}}
	if path == "/api/imports" {
		parts = append(parts, part{"party", "", partyID(as)})
	}
	body, kind := form(t, parts...)
	head := map[string]string{"Accept-Language": "zh-CN"}
	sent := w.must(request{as: as, method: http.MethodPost, path: path, body: body, form: kind, at: storyDay, head: head})
	again := w.must(request{as: as, method: http.MethodGet, path: path + "/" + sent.text("id"), at: storyDay, head: head})
	first, _ := json.Marshal(sent.json["faults"])
	second, _ := json.Marshal(again.json["faults"])
	if !bytes.Equal(first, second) {
		t.Errorf("%s: sent, the faults are %s; read again, %s", path, first, second)
	}
	var out []object
	if err := json.Unmarshal(first, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever a row of a table may be faulted for, it is said in Chinese alone, with the row and the head of its column as the file has them,
// and so again when the import is looked at later. The codes are read off the sources: a new one fails here until a row gives it.
func TestFaultsOfRowsAreWholeInChinese(t *testing.T) {
	t.Parallel()
	sources := readSources(t, "market", "orders", "payment")
	onBothEngines(t, func(t *testing.T, w *town) {
		body, kind := form(t, part{"file", "旧.csv", "交易日期,金额,附言,流水号\n2020-02-01,10,货款,行一\n"})
		known := w.must(request{as: "finance", method: http.MethodPost, path: "/api/statements", body: body, form: kind, at: storyDay})
		w.post("finance", "/api/statements/"+known.text("id")+"/confirm", object{})
		for _, of := range []struct {
			as, path string
			codes    []string
			rows     map[string]wrongRow
			never    map[string]string
		}{
			{"liulin", "/api/imports", sources.codes(sources.function("market", "Service", "readRows")), ofLots, notOfLots},
			{"finance", "/api/statements", sources.codes(sources.function("payment", "statementReader", "row"), sources.function("orders", "Service", "newRows")), ofStatements, nil},
		} {
			for _, code := range of.codes {
				if r, ok := of.rows[code]; ok {
					w.saysInChinese(t, of.as, of.path, code, r)
				} else if of.never[code] == "" {
					t.Errorf("%s: no row gives %q", of.path, code)
				}
			}
			for code := range of.never {
				if !slices.Contains(of.codes, code) {
					t.Errorf("%s: %q is not given any more", of.path, code)
				}
			}
		}
	})
}

func (w *town) saysInChinese(t *testing.T, as, path, code string, r wrongRow) {
	t.Helper()
	faults := w.faultsOf(t, as, path, r)
	if len(faults) == 0 {
		t.Errorf("%s %s: no fault", path, code)
		return
	}
	f := faults[0]
	if f["code"] != code || f["row"] != r.row || f["column"] != r.column {
		t.Errorf("%s %s: %v, want row %v, column %q", path, code, f, r.row, r.column)
	}
	detail, _ := f["detail"].(string)
	if rest := english(detail); detail == "" || len(rest) > 0 || strings.Contains(detail, "%!") {
		t.Errorf("%s %s: %q is not Chinese alone: %q", path, code, detail, rest)
	}
	t.Log(code, f["row"], f["column"], detail)
}
