package measure_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jishi/server/fault"
	"jishi/server/measure"
)

func TestParseLineAsItIsTyped(t *testing.T) {
	t.Parallel()
	const tonne, none = measure.Tonne, measure.NoPrice
	words := func(w ...string) []string { return w }
	for text, want := range map[string]measure.Line{
		"苹果 3吨 富士80 3元/斤":                   {What: "苹果", Mass: 3 * tonne, Words: words("富士80"), Size: "80", Price: 60_000},
		"苹果 5吨 1.5元 明早":                     {What: "苹果", Mass: 5 * tonne, Price: 30_000, PerGuess: true, When: "明早"},
		"苹果3吨 富士80 3元/斤":                    {What: "苹果", Mass: 3 * tonne, Words: words("富士80"), Size: "80", Price: 60_000},
		"苹果3吨3元/斤":                          {What: "苹果", Mass: 3 * tonne, Price: 60_000},
		"苹果三吨":                              {What: "苹果", Mass: 3 * tonne, Price: none},
		"苹果13吨":                             {What: "苹果", Mass: 13 * tonne, Price: none},
		"苹果 3 吨 6 元/公斤":                     {What: "苹果", Mass: 3 * tonne, Price: 60_000},
		"apples 5016 kg 6 yuan/kg tomorrow": {What: "apples", Mass: 5_016_000, Price: 60_000, When: "tomorrow"},
		"大葱，10吨，1.60元/公斤。":                  {What: "大葱", Mass: 10 * tonne, Price: 16_000},
		"大葱,10吨,捐赠":                         {What: "大葱", Mass: 10 * tonne, Price: 0},
		"5,016公斤 苹果":                        {What: "苹果", Mass: 5_016_000, Price: none},
		"苹果 836箱 6公斤/箱":                     {What: "苹果", Packs: 836, PackWord: "箱", PackGrams: 6_000, Price: none},
		"苹果836箱 5016公斤":                     {What: "苹果", Packs: 836, PackWord: "箱", Mass: 5_016_000, Price: none},
		"香菇 1万斤 2月5日 上午8点":                  {What: "香菇", Mass: 5 * tonne, Price: none, When: "2月5日 上午8点"},
		"四季豆 半吨 八毛/斤":                       {What: "四季豆", Mass: tonne / 2, Price: 16_000},
		"八角 30斤 三块五一斤":                      {What: "八角", Mass: 15_000, Price: 70_000},
		"三角梅 2吨":                            {What: "三角梅", Mass: 2 * tonne, Price: none},
		"白菜 2吨 三四级":                         {What: "白菜", Mass: 2 * tonne, Words: words("三四级"), Price: none},
		"白菜 净重 3吨 毛重3.2吨":                   {What: "白菜", Mass: 3 * tonne, Price: none},
		"苹果 3吨 75-80mm 一级":                  {What: "苹果", Mass: 3 * tonne, Words: words("75-80mm", "一级"), Size: "75-80", Price: none},
		"苹果 3吨 70# 纸袋 2020年":                {What: "苹果", Mass: 3 * tonne, Words: words("70#", "纸袋", "2020年"), Size: "70", Price: none},
	} {
		got, err := measure.ParseLine(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}

func TestParseLineRefusesWhatItMightMisread(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"苹果1.000吨": "ambiguous_dot", "苹果 5.004 kg": "ambiguous_dot", "苹果-3吨": "negative_weight", "苹果 三五吨": "vague_number", "苹果三五吨": "vague_number",
		"苹果 毛重 3吨": "gross_weight", "苹果毛重3吨": "gross_weight", "苹果 3吨 3元/箱": "price_per_what", "苹果 3吨 3块5斤": "ambiguous_price",
		"苹果 836箱 836箱": "said_twice", "苹果 6公斤/箱 5公斤/箱": "said_twice", "苹果 3吨 2000元/斤": "price_too_high", "苹果 20000吨": "too_heavy",
		"苹果 3 5吨": "no_unit", "苹果 80,3吨": "bad_number", "，。": "no_produce", "苹果 3吨 -3元/斤": "negative_price", "苹果 0吨": "bad_weight",
	} {
		if l, err := measure.ParseLine(text); code(err) != want {
			t.Errorf("%q: %+v, %v; want %s", text, l, err, want)
		}
	}
}

// However a grower spaces the parts and in whatever order they come, the line says the same.
func TestParseLineReadsBackWhatWasMeant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := measure.Grams(rapid.Int64Range(1, 1_000_000).Draw(t, "kg")) * measure.Kilogram
		p := measure.PriceE4(rapid.Int64Range(0, 20_000).Draw(t, "fen per kg")) * 100
		packs := rapid.Int64Range(1, 5_000).Draw(t, "packs")
		parts := rapid.Permutation([]string{
			rapid.SampledFrom([]string{g.String(), g.Plain(), strings.ReplaceAll(g.Plain(), "kg", "公斤"), strings.ReplaceAll(g.Jin(), " ", "")}).Draw(t, "mass"),
			rapid.SampledFrom([]string{p.PerJin(), p.PerKilogram(), p.String(), strings.ReplaceAll(p.PerJin(), " ", "")}).Draw(t, "price"),
			strconv.FormatInt(packs, 10) + "箱",
		}).Draw(t, "order")
		line := "苹果 " + strings.Join(parts, rapid.SampledFrom([]string{" ", "，", "　", "; "}).Draw(t, "gap"))
		l, err := measure.ParseLine(line)
		if err != nil || l.What != "苹果" || l.Mass != g || l.Price != p || l.Packs != packs || len(l.Words) > 0 || l.PerGuess {
			t.Fatalf("%q reads as %+v, %v", line, l, err)
		}
	})
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"苹果 3吨 富士80 3元/斤", "苹果5吨1.5元明早", "大葱，10吨，捐赠", "836箱 6公斤/箱 苹果", "\xff 3吨", "苹果 3 5吨", "-", "半半半", "1月1日"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := measure.ParseLine(s)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("%q: %v is no fault", s, err)
			}
			return
		}
		if l.What == "" || l.Mass < 0 || l.Mass > measure.MaxMass || l.Price < measure.NoPrice || l.Price > measure.MaxPrice || l.Packs < 0 {
			t.Errorf("%q reads as %+v", s, l)
		}
	})
}
