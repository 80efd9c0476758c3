package measure_test

import (
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
		"10 tonnes": 10_000_000, "5 kilograms": 5_000, "一点": 0, "10000 t": 10_000_000_000,
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
		"":                         "bad_weight_text",
		"苹果":                       "bad_weight_text",
		"5016":                     "no_unit",
		"5016 箱":                   "no_unit",
		"3 tons x":                 "no_unit",
		"5.004 kg":                 "ambiguous_dot", // a hospital types this for 5,004 kg
		"1.000 kg":                 "ambiguous_dot",
		"1.000吨":                   "ambiguous_dot",
		"-3吨":                      "negative_weight",
		"负三吨":                      "negative_weight",
		"0 kg":                     "bad_weight",
		"20000吨":                   "too_heavy",
		"999999999999999吨":         "too_heavy",
		"9999999999999999999999 g": "bad_number",
		"1,23 kg":                  "bad_number",
		"12,3456 kg":               "bad_number",
		"1.2.3 kg":                 "bad_number",
		"1. kg":                    "bad_number",
		"0.0001 g":                 "below_a_gram",
		"毛重5100公斤":                 "gross_weight",
		"3吨3":                      "no_unit",
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
	} {
		if got, err := measure.ParsePrice(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"3元": "price_per_what", "3": "price_per_what", "便宜": "bad_price_text", "-3元/斤": "negative_price", "5000元/斤": "price_too_high",
		"3元/箱": "price_per_what", "0.000001元/斤": "price_too_fine", "": "bad_price_text",
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
	} {
		if got, err := measure.ParseMoney(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "bad_money_text", "12.345元": "below_a_fen", "-1元": "negative_money", "1元/斤": "bad_money_text", "99999999999元": "too_much_money",
	} {
		if got, err := measure.ParseMoney(text); code(err) != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
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

// What is printed plainly reads back the same.
func TestPlainReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := measure.Grams(rapid.Int64Range(1, int64(measure.MaxMass)).Draw(t, "grams"))
		if got, err := measure.ParseMass(g.Plain()); err != nil || got != g {
			t.Fatalf("%q reads as %d, %v", g.Plain(), got, err)
		}
		f := measure.Fen(rapid.Int64Range(0, int64(measure.MaxMoney)).Draw(t, "fen"))
		if got, err := measure.ParseMoney(f.String()); err != nil || got != f {
			t.Fatalf("%q reads as %d, %v", f.String(), got, err)
		}
		p := measure.PriceE4(rapid.Int64Range(0, int64(measure.MaxPrice)).Draw(t, "price"))
		if got, err := measure.ParsePrice(p.PerKilogram()); err != nil || got != p {
			t.Fatalf("%q reads as %d, %v", p.PerKilogram(), got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"3吨", "5.004 kg", "三千五百公斤", "1万斤", "3块5一斤", "¥1,000.00", "半吨", "\xff", "-0", "两两", "万万万"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if g, err := measure.ParseMass(s); err == nil && (g <= 0 || g > measure.MaxMass) {
			t.Errorf("%q is %d g", s, g)
		} else if err != nil && fault.Of(err) == nil {
			t.Errorf("%q: %v is no fault", s, err)
		}
		if p, err := measure.ParsePrice(s); err == nil && (p < 0 || p > measure.MaxPrice) {
			t.Errorf("%q is %d", s, p)
		}
		if m, err := measure.ParseMoney(s); err == nil && (m < 0 || m > measure.MaxMoney) {
			t.Errorf("%q is %d fen", s, m)
		}
		if l, err := measure.ParseLine(s); err == nil && l.What == "" {
			t.Errorf("%q is about nothing", s)
		}
	})
}
