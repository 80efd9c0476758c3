package market_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/sheet"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func (s *setup) reads(name, data string) (market.Import, error) {
	return s.ReadImport(s.ctx, liulin, market.ImportInput{Party: "liulin", Name: name, Data: []byte(data)})
}

func (s *setup) mustRead(name, data string) market.Import {
	s.t.Helper()
	i, err := s.reads(name, data)
	return get(s.t, i, err)
}

func TestAnImportNamesRowAndColumn(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	for name, c := range map[string]struct{ head, row, column, code string }{
		"unknown produce":     {"品类,净重", "火星果,3吨", "品类", "unknown_produce"},
		"no unit":             {"品类,净重", "苹果,3", "净重", "no_unit"},
		"a dot in two ways":   {"品类,净重 (公斤)", "苹果,1.000", "净重 (公斤)", "ambiguous_dot"},
		"gross and net mixed": {"品类,净重(公斤),毛重(公斤)", "苹果,3250,3000", "毛重(公斤)", "gross_below_net"},
		"gross alone":         {"品类,毛重(公斤)", "苹果,3250", "毛重(公斤)", "gross_alone"},
		"tare misses":         {"品类,净重(kg),毛重(kg),皮重(kg)", "苹果,3000,3250,100", "皮重(kg)", "tare_misses"},
		"a formula":           {"品类,净重", "=cmd|' /C calc'!A0,3吨", "品类", "formula"},
		"below zero":          {"品类,净重", "苹果,-3吨", "净重", "negative_weight"},
		"price per what":      {"品类,净重,单价", "苹果,3吨,3元", "单价", "price_per_what"},
		"no date":             {"品类,净重,采收日期", "苹果,3吨,2020-02-30", "采收日期", "bad_date"},
		"harvest ahead":       {"品类,净重,采收日期", "苹果,3吨,2020-03-30", "采收日期", "date_ahead"},
		"packs miss":          {"品类,净重,件数,每件净重", "苹果,3吨,400,6公斤", "件数", "packs_miss_weight"},
		"no county":           {"品类,净重,区划代码", "苹果,3吨,999999", "区划代码", "unknown_adcode"},
		"a line":              {"一句话", "苹果 1.5元 明早", "一句话", "no_weight_said"},
	} {
		i, err := s.reads("lots.csv", c.head+"\n"+c.row+"\n")
		if err != nil || i.Wrong != 1 || len(i.Faults) != 1 {
			t.Errorf("%s: %v, %+v", name, err, i)
			continue
		}
		if f := i.Faults[0]; f.Row != 2 || f.Column != c.column || f.Code != c.code {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestAnImportReadsWhatPeopleSend(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("品名,净重(斤),单价(元/斤)\n苹果,6000,3\n")
	get(t, 0, err)
	excel, err := sheet.WriteExcel([]string{"品类", "净重 (公斤)", "单价 (元/公斤)"}, [][]sheet.Value{{sheet.Text("苹果"), sheet.Decimal(5004, 3), sheet.Decimal(60000, 4)}})
	get(t, 0, err)
	for name, c := range map[string]struct {
		file, data string
		want       string
	}{
		"GBK and 斤":         {"a.csv", gbk, "3000000 60000"},
		"mark, own units":   {"a.csv", "\xef\xbb\xbf品类,净重(公斤),价格\n苹果,3吨,3元/斤\n", "3000000 60000"},
		"one-line entries":  {"a.csv", "一句话\n苹果 5吨 1.5元/斤 明早\n", "5000000 30000"},
		"tare":              {"a.csv", "produce,gross (kg),tare (kg)\napple,3250,250\n", "3000000 -1"},
		"a number of Excel": {"a.xlsx", string(excel), "5004 60000"}, // 5.004 kg: its dot is a decimal point for certain
		"a gift":            {"a.csv", "品类,净重,单价\n苹果,3吨,捐赠\n", "3000000 0"},
	} {
		i, err := s.reads(c.file, c.data)
		if err != nil || i.Good != 1 {
			t.Errorf("%s: %v, %+v", name, err, i.Faults)
			continue
		}
		if got := fmt.Sprintf("%d %d", i.Rows[0].Weight, i.Rows[0].Price); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	i, err := s.reads("a.csv", "一句话\n苹果 5吨 1.5元/斤 明早\n")
	if get(t, i, err).Rows[0].Pickup.From.RFC3339() != "2020-02-02T06:00:00+08:00" {
		t.Errorf("明早 is %+v", i.Rows[0].Pickup)
	}
}

func TestAnImportIsMadeAndTakenBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		const rows = 520 // three pieces
		data := "品类,净重(公斤),单价(元/公斤)\n" + strings.Repeat("苹果,100,6\n", rows) + "苹果,1.000,6\n"
		i := s.mustRead("lots.csv", data)
		if i.State() != "checked" || i.Good != rows || i.Wrong != 1 {
			t.Fatalf("%s %d %d", i.State(), i.Good, i.Wrong)
		}
		if _, err := s.ConfirmImport(s.ctx, liulin, i.ID, false); !fault.Is(err, fault.Invalid) {
			t.Errorf("a table with a wrong row went in: %v", err)
		}
		if _, err := s.ConfirmImport(s.ctx, biaojiao, i.ID, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("another's import: %v", err)
		}
		var calls int
		for ; calls < 10 && i.Made < i.Good; calls++ {
			var err error
			i, err = s.ConfirmImport(s.ctx, liulin, i.ID, true)
			get(t, 0, err)
		}
		if calls != 3 || i.State() != "imported" {
			t.Fatalf("%d calls, %s", calls, i.State())
		}
		again, err := s.ConfirmImport(s.ctx, liulin, i.ID, true)
		if get(t, again, err).Made != rows {
			t.Errorf("a fourth call made %d", again.Made)
		}
		list, left, err := s.Lots(s.ctx, liulin, "liulin", "")
		if get(t, 0, err); len(list) != 100 || left[list[0].ID] != 100*kg {
			t.Fatalf("%d lots, %d g", len(list), left[list[0].ID])
		}
		offers, err := s.Listings(s.ctx, liulin, market.OffersWanted{Seller: "liulin"})
		if get(t, 0, err); len(offers) != 100 || offers[0].Offer.State(100*kg, firstDay) != market.OfferLive {
			t.Errorf("%d offers", len(offers))
		}

		s.books.ordered = []string{list[99].ID}
		if _, err = s.UndoImport(s.ctx, liulin, i.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("an import of which something was ordered was taken back: %v", err)
		}
		s.books.ordered = nil
		for range 3 {
			i, err = s.UndoImport(s.ctx, liulin, i.ID)
			get(t, 0, err)
		}
		if i.State() != "undone" {
			t.Errorf("%s: %d made, %d undone", i.State(), i.Made, i.Undone)
		}
		_, left, err = s.Lots(s.ctx, auth.System("test"), "liulin", "")
		get(t, 0, err)
		for id, g := range left {
			if g != 0 {
				t.Errorf("lot %s still has %d g", id, g)
			}
		}
		if _, err = s.ConfirmImport(s.ctx, liulin, i.ID, true); !fault.Is(err, fault.Conflict) {
			t.Errorf("an import that was taken back was made again: %v", err)
		}
	})
}

// TestAnImportOf100000Rows reads the largest table and makes its first rows.
func TestAnImportOf100000Rows(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	i := s.mustRead("lots.csv", "品类,净重(公斤)\n"+strings.Repeat("苹果,100\n", sheet.MaxRows))
	if i.Good != sheet.MaxRows {
		t.Fatalf("%d rows, %+v", i.Good, i.Faults)
	}
	i, err := s.ConfirmImport(s.ctx, liulin, i.ID, false)
	if get(t, 0, err); i.State() != "importing" || i.Made != 250 {
		t.Errorf("%s, %d made: a piece of 250 is made at once, whatever the size of the table", i.State(), i.Made)
	}
	i = s.mustRead("lots.csv", "品类,净重(公斤)\n"+strings.Repeat("苹果,1.000\n", sheet.MaxRows))
	if i.Wrong != sheet.MaxRows || len(i.Faults) != 500 {
		t.Errorf("of %d wrong rows %d are kept; 500 are enough to see what is wrong", i.Wrong, len(i.Faults))
	}
}

// A spreadsheet's merged amounts, formulas and text that looks like a number are refused by row and column; a merged name is each row's.
func TestAnImportOfASpreadsheet(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	f := excelize.NewFile()
	for cell, v := range map[string]any{
		"A1": "品类", "B1": "净重(公斤)", "C1": "毛重(公斤)", "A2": "苹果", "B2": 1000, "B3": 2000, // the name stands for both
		"A4": "苹果", "B4": 3000, "A5": "苹果", "A6": "苹果", "A7": "苹果", "B7": "1.000", "A8": "苹果", "B8": 3250, "C8": 3000,
	} {
		get(t, 0, f.SetCellValue("Sheet1", cell, v))
	}
	for _, err := range []error{f.MergeCell("Sheet1", "A2", "A3"), f.MergeCell("Sheet1", "B4", "B5"), f.SetCellFormula("Sheet1", "B6", "B2*2")} {
		get(t, 0, err)
	}
	data, err := f.WriteToBuffer()
	i := s.mustRead("lots.xlsx", get(t, data, err).String())
	if i.Good != 2 || i.Rows[0].Weight != 1000*kg || i.Rows[1].Weight != 2000*kg || i.Rows[1].Produce != "apple" {
		t.Errorf("%d good: %+v", i.Good, i.Rows)
	}
	var got []string
	for _, f := range i.Faults {
		got = append(got, fmt.Sprint(f.Row, " ", f.Column, " ", f.Code))
	}
	want := "4 净重(公斤) merged_amount, 5 净重(公斤) merged_amount, 6 净重(公斤) formula, 7 净重(公斤) ambiguous_dot, 8 毛重(公斤) gross_below_net"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}
