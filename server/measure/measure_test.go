package measure_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/server/fault"
	"jishi/server/measure"
)

func code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	if err != nil {
		return "not a fault: " + err.Error()
	}
	return ""
}

func TestParseMass(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]measure.Grams{
		"3吨": 3_000_000, "3 t": 3_000_000, "3T": 3_000_000, "３吨": 3_000_000, "三吨": 3_000_000, "三吨半": 3_500_000, "半吨": 500_000,
		"5016 kg": 5_016_000, "5,016公斤": 5_016_000, "5016千克": 5_016_000, "1,234,567 kg": 1_234_567_000,
		"30斤": 15_000, "十二斤": 6_000, "二十斤": 10_000, "一百零五斤": 52_500, "三千公斤": 3_000_000, "三千克": 3_000, "两吨": 2_000_000, "二两": 100, "三两": 150,
		"1万斤": 5_000_000, "一万斤": 5_000_000, "1.5万斤": 7_500_000, "2担": 100_000, "500克": 500, "5004 g": 5_004,
		"1.5吨": 1_500_000, "0.25 kg": 250, "3吨500公斤": 3_500_000, "净重5016公斤": 5_016_000, "净重：100斤": 50_000, "１２．５公斤": 12_500,
		"10 tonnes": 10_000_000, "5 kilograms": 5_000, "三千五公斤": 3_500_000, "三千零五公斤": 3_005_000, "两万五斤": 12_500_000, "三百五斤": 175_000, "十两": 500, "两斤三两": 1_150, "一斤半": 750, "千斤": 500_000,
		"1.234万斤": 6_170_000, "0.125 kg": 125, "5㎏": 5_000, "毛重5100公斤，净重5016公斤": 5_016_000, "net 5016 kg": 5_016_000, "3t500kg": 3_500_000,
		"一点": 0, "10000 t": 10_000_000_000,
	} {
		got, err := measure.ParseMass(text)
		if want == 0 {
			if err == nil {
				t.Errorf("%q was read as %v", text, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q: %d g, %v; want %d g", text, got, err, want)
		}
	}
}

func TestParseMassRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "bad_weight_text",
		"苹果":                               "bad_weight_text",
		"5016":                             "no_unit",
		"5016 箱":                           "no_unit",
		"3 tons x":                         "no_unit",
		"5.004 kg":                         "ambiguous_dot", // a hospital types this for 5,004 kg
		"1.000 kg":                         "ambiguous_dot",
		"1.000吨":                           "ambiguous_dot",
		"-3吨":                              "negative_weight",
		"负三吨":                              "negative_weight",
		"0 kg":                             "bad_weight",
		"20000吨":                           "too_heavy",
		"999999999999999吨":                 "too_heavy",
		"9999999999999999999999 g":         "bad_number",
		"1,23 kg":                          "bad_number",
		"12,3456 kg":                       "bad_number",
		"1.2.3 kg":                         "bad_number",
		"1. kg":                            "bad_number",
		"0.0001 g":                         "below_a_gram",
		"毛重5100公斤":                         "gross_weight",
		"3吨3":                              "no_unit",
		"gross 5100 kg":                    "gross_weight",
		"1.000斤":                           "ambiguous_dot",
		"三五吨":                              "vague_number", // three to five
		"十五六斤":                             "vague_number",
		"一百五万斤":                            "vague_number",
		"1 2 kg":                           "space_in_number",
		"3 500公斤":                          "space_in_number",
		"3吨3吨":                             "bad_weight_text",
		"500公斤3吨":                          "bad_weight_text",
		"1.5吨半":                            "bad_weight_text",
		"千克":                               "bad_weight_text",
		"5 tons":                           "no_unit", // short or long ones?
		"1e3 kg":                           "no_unit",
		"一百二千斤":                            "vague_number",
		"999999999999999万斤":                "bad_number",
		"3吨半500公斤":                         "bad_weight_text",
		strings.Repeat("1,000", 1_000_000): "amount_too_long",
	} {
		if got, err := measure.ParseMass(text); code(err) != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestParsePrice(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]measure.PriceE4{
		"3元/斤": 60_000, "6.00元/公斤": 60_000, "6 元/kg": 60_000, "¥3/斤": 60_000, "￥１.60/kg": 16_000, "3块5一斤": 70_000, "3块5/斤": 70_000,
		"0.85元/斤": 17_000, "1600元/吨": 16_000, "三元每斤": 60_000, "6 yuan/kg": 60_000, "0元/斤": 0, "1.73元/公斤": 17_300, "6yuan per kg": 60_000,
		"三块五一斤": 70_000, "三块五毛一斤": 70_000, "2块二毛五一斤": 45_000, "8毛/斤": 16_000, "八毛五一斤": 17_000, "15元/500g": 300_000, "3块一斤": 60_000, "1万元/吨": 100_000, "2.867元/公斤": 28_670,
	} {
		if got, err := measure.ParsePrice(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"3元": "price_per_what", "3": "price_per_what", "便宜": "bad_price_text", "-3元/斤": "negative_price", "5000元/斤": "price_too_high",
		"3元/箱": "price_per_what", "0.000001元/斤": "price_too_fine", "": "bad_price_text",
		"3块5斤": "ambiguous_price", "10元3斤": "ambiguous_price", "1.600元/吨": "ambiguous_dot", "3 5元/斤": "space_in_number", "85分/斤": "price_per_what", "3块钱一2斤": "price_per_what", "12毛/斤": "bad_number",
	} {
		if got, err := measure.ParsePrice(text); code(err) != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]measure.Fen{
		"59,856.00 元": 5_985_600, "59856": 5_985_600, "1.5万元": 1_500_000, "¥400": 40_000, "15430.40元": 1_543_040, "4块5": 450, "三千元": 300_000,
		"1.234万元": 1_234_000, "59856元整": 5_985_600, "8毛": 80, "3元5角2分": 352,
	} {
		if got, err := measure.ParseMoney(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "bad_money_text", "12.345元": "ambiguous_dot", "0.125元": "below_a_fen", "12.3456元": "below_a_fen", "-1元": "negative_money", "1元/斤": "bad_money_text", "99999999999元": "too_much_money",
		"9 0元": "space_in_number", "12块50": "ambiguous_price", "3元5角2厘": "bad_money_text",
	} {
		if got, err := measure.ParseMoney(text); code(err) != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
	// What can be read in two ways is quoted as it was written, with what to write in its place: a sum has no weight.
	for _, text := range []string{"3块5斤", "12块50", "¥12块50", "8毛55", "3块5毛22"} {
		if _, err := measure.ParseMoney(text); !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%q can be read in two ways; write it like 3.5元.", text)) {
			t.Errorf("a sum: %v", err)
		}
	}
	for _, text := range []string{"3块5斤", "¥3块5斤", "8毛55一斤"} {
		if _, err := measure.ParsePrice(text); !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%q can be read in two ways; write it like 3.5元/斤.", text)) {
			t.Errorf("a price: %v", err)
		}
	}
}

func TestParseLine(t *testing.T) {
	t.Parallel()
	l, err := measure.ParseLine("苹果 3吨 富士80 3元/斤")
	if err != nil || l.What != "苹果" || l.Mass != 3*measure.Tonne || l.Price != 60_000 || l.PerGuess || strings.Join(l.Words, "|") != "富士80" {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = measure.ParseLine("苹果　5吨，1.5元 明早 836箱 6公斤/箱")
	if err != nil || l.Mass != 5*measure.Tonne || l.Price != 30_000 || !l.PerGuess || l.When != "明早" || l.Packs != 836 || l.PackGrams != 6*measure.Kilogram || l.PackWord != "箱" {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = measure.ParseLine("大葱 10吨 捐赠")
	if err != nil || l.Price != 0 {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = measure.ParseLine("土豆 2吨")
	if err != nil || l.Price != measure.NoPrice {
		t.Errorf("%+v, %v", l, err)
	}
	for text, want := range map[string]string{
		"": "no_produce", "3吨": "no_produce", "苹果 3吨 5吨": "said_twice", "苹果 3元/斤 4元/斤": "said_twice", "苹果 3": "no_unit", "苹果 -3吨": "negative_weight",
		"苹果 1.000吨": "ambiguous_dot", strings.Repeat("苹", 300): "line_too_long",
	} {
		if l, err = measure.ParseLine(text); code(err) != want {
			t.Errorf("%q: %+v, %v; want %s", text, l, err, want)
		}
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ got, want string }{
		{measure.Grams(5_016_000).String(), "5,016 kg"},
		{measure.Grams(15_600).String(), "15.6 kg"},
		{measure.Grams(-1_500).String(), "-1.5 kg"},
		{measure.Grams(5_004).String(), "5,004 g"}, // "5.004 kg" could be read in two ways
		{measure.Grams(5_016_000).Text("zh-CN"), "5,016 公斤（10,032 斤）"},
		{measure.Grams(5_004).Text("zh"), "5,004 克（10.008 斤）"},
		{measure.Grams(5_016_000).Text("en"), "5,016 kg"},
		{measure.PriceE4(60_000).Text("zh"), "6.00 元/公斤（3.00 元/斤）"},
		{measure.PriceE4(60_000).Text(""), "6.00 yuan/kg"},
		{measure.Millis(1_580_709_600_000).RFC3339(), "2020-02-03T14:00:00+08:00"},
		{measure.Millis(1_580_709_600_120).RFC3339(), "2020-02-03T14:00:00.12+08:00"},
		{measure.Grams(9_976_000).Jin(), "19,952 斤"},
		{measure.Grams(5_016_000).Plain(), "5016kg"},
		{measure.Grams(15_600).Plain(), "15600g"},
		{measure.Fen(5_985_600).String(), "59856.00"},
		{measure.Fen(-5).String(), "-0.05"},
		{measure.PriceE4(60_000).String(), "6.00 yuan/kg"},
		{measure.PriceE4(17_000).PerJin(), "0.85 元/斤"},
		{measure.PriceE4(17_300).PerKilogram(), "1.73 元/公斤"},
		{measure.PriceE4(12_345).PerJin(), "0.61725 元/斤"},
		{measure.Millilitres(38_000_000).String(), "38.00 m³"},
	} {
		if row.got != row.want {
			t.Errorf("%q, want %q", row.got, row.want)
		}
	}
}

func TestTimesRoundsHalfUpOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		p    measure.PriceE4
		g    measure.Grams
		want measure.Fen
	}{
		{60_000, 9_976_000, 5_985_600}, {16_000, 9_644_000, 1_543_040}, {1, 50_000, 1}, {1, 49_999, 0}, {-1, 50_000, -1},
	} {
		if got := row.p.Times(row.g); got != row.want {
			t.Errorf("%v x %v = %d, want %d", row.p, row.g, got, row.want)
		}
	}
}

// What is printed reads back the same.
func TestPrintedReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := measure.Grams(rapid.Int64Range(1, int64(measure.MaxMass)).Draw(t, "grams"))
		for _, text := range []string{g.Plain(), g.String()} {
			if got, err := measure.ParseMass(text); err != nil || got != g {
				t.Fatalf("%q reads as %d, %v", text, got, err)
			}
		}
		f := measure.Fen(rapid.Int64Range(0, int64(measure.MaxMoney)).Draw(t, "fen"))
		if got, err := measure.ParseMoney(f.String()); err != nil || got != f {
			t.Fatalf("%q reads as %d, %v", f.String(), got, err)
		}
		p := measure.PriceE4(rapid.Int64Range(0, int64(measure.MaxPrice)).Draw(t, "price"))
		for _, text := range []string{p.PerKilogram(), p.PerJin(), p.String()} {
			if got, err := measure.ParsePrice(text); err != nil || got != p {
				t.Fatalf("%q reads as %d, %v", text, got, err)
			}
		}
	})
}

// Chinese numerals say what the digits say.
func TestNumeralsReadLikeDigits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 99_999).Draw(t, "n")
		text := numeral(n) + "公斤"
		if got, err := measure.ParseMass(text); err != nil || got != measure.Grams(n)*measure.Kilogram {
			t.Fatalf("%s (%d) reads as %d, %v", text, n, got, err)
		}
	})
}

// numeral writes n < 100,000 in the formal way: 三千零五, 两 not used, 一十 in the middle.
func numeral(n int) string {
	digits, places := []rune("零一二三四五六七八九"), []string{"万", "千", "百", "十", ""}
	text, zero := "", false
	for i, size := 0, 10_000; size > 0; i, size = i+1, size/10 {
		d := n / size % 10
		if d == 0 {
			zero = text != ""
			continue
		}
		if zero {
			text, zero = text+"零", false
		}
		text += string(digits[d]) + places[i]
	}
	return text
}

func TestHugePricesAndMassesDontOverflow(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"999999999999999元/g", "99999999999万元/克", "999999999999999元/1000吨", "999999999.999999元/1000g"} {
		if p, err := measure.ParsePrice(s); code(err) != "price_too_high" && code(err) != "price_too_fine" && code(err) != "bad_number" {
			t.Errorf("%q: %v, %v", s, p, err)
		}
	}
	if g, err := measure.ParseMass("九万九千九百九十九万吨"); err == nil {
		t.Errorf("%v", g)
	}
}

func FuzzParseMass(f *testing.F) {
	for _, s := range []string{"3吨", "5.004 kg", "三千五百公斤", "1万斤", "半吨", "\xff", "-0", "两两", "万万万", "十两", "3吨500公斤"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := measure.ParseMass(s)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("%q: %v is no fault", s, err)
			}
			return
		}
		if back, err := measure.ParseMass(g.String()); g <= 0 || g > measure.MaxMass || err != nil || back != g {
			t.Errorf("%q is %d g, prints %q, reads back %d, %v", s, g, g.String(), back, err)
		}
	})
}

func FuzzParsePrice(f *testing.F) {
	for _, s := range []string{"3块5一斤", "3块5斤", "¥1,000.00/t", "8毛5/斤", "15元/500g", "1.600元/吨", "\xff元/斤", "3元5角2分/斤"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := measure.ParseMoney(s); err == nil {
			if back, err := measure.ParseMoney(m.String()); m < 0 || m > measure.MaxMoney || err != nil || back != m {
				t.Errorf("%q is %d fen, reads back %d, %v", s, m, back, err)
			}
		}
		p, err := measure.ParsePrice(s)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("%q: %v is no fault", s, err)
			}
			return
		}
		if back, err := measure.ParsePrice(p.String()); p < 0 || p > measure.MaxPrice || err != nil || back != p {
			t.Errorf("%q is %d, prints %q, reads back %d, %v", s, p, p.String(), back, err)
		}
	})
}
