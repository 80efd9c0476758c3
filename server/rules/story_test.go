package rules

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"jishi/server/measure"
)

func book(t *testing.T) *Book {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// goods are produce with their net weight, which decides the room, and the weight with packs, which the scale sees.
type goods struct {
	Produce string        `json:"produce"`
	Net     measure.Grams `json:"net_kg"`
	Gross   measure.Grams `json:"gross_kg"`
}

var (
	halfApples = goods{"apple-fuji", 5016, 5500}
	apples     = goods{"apple-fuji", 10_000, 11_000}
	scallions  = goods{"scallion", 10_000, 10_200}
	fertiliser = goods{"fertiliser", 10_000, 10_000}
)

func loaded(t *testing.T, b *Book, truck string, list ...goods) (TruckType, GreenLoad) {
	t.Helper()
	tt, ok := b.TruckType(truck)
	if !ok {
		t.Fatalf("no truck type %s", truck)
	}
	in := GreenLoad{Payload: tt.Payload, Cube: tt.Cube, GrossMax: tt.GrossMax, Tare: tt.Tare, Oversize: tt.Oversize}
	for _, g := range list {
		p, ok := b.Produce(g.Produce)
		if !ok {
			t.Fatalf("no produce %s", g.Produce)
		}
		in.Items = append(in.Items, GreenItem{Produce: g.Produce, Grams: g.Gross * measure.Kilogram, Volume: p.Volume(g.Net * measure.Kilogram)})
	}
	return tt, in
}

// total is the weight and the room of a load.
func total(in GreenLoad) (g measure.Grams, v measure.Millilitres) {
	for _, it := range in.Items {
		g += it.Grams
		v += it.Volume
	}
	return g, v
}

func TestStoryFills(t *testing.T) {
	t.Parallel()
	b := book(t)
	text, err := os.ReadFile("testdata/fills.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Fills []struct {
			Story, Truck string
			Goods        []goods
			Weight, Cube int
			Fits, Green  bool
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Fills) != 13 {
		t.Fatalf("%d fills, the stories have 13", len(file.Fills))
	}
	for _, f := range file.Fills {
		tt, in := loaded(t, b, f.Truck, f.Goods...)
		w, c := tt.Fill(total(in))
		if w != f.Weight || c != f.Cube {
			t.Errorf("%s on %s: %d and %d ‰, want %d and %d", f.Story, f.Truck, w, c, f.Weight, f.Cube)
		}
		if fits := w <= 1000 && c <= 1000; fits != f.Fits {
			t.Errorf("%s on %s fits: %v", f.Story, f.Truck, fits)
		}
		if v := b.GreenChannel("2020-02-03", in); v.Free != f.Green {
			t.Errorf("%s on %s: toll-free %v, want %v: %+v", f.Story, f.Truck, v.Free, f.Green, v.Checks)
		}
	}
}

// TestGreenChannelByDay runs the story's loads under the rules of four days.
func TestGreenChannelByDay(t *testing.T) {
	t.Parallel()
	b := book(t)
	areas := []string{"610322", "420103"}
	for _, c := range []struct {
		day   Day
		truck string
		load  goods
		pass  bool
		free  bool
		why   string
	}{
		{"2020-01-20", "T68", halfApples, true, false, "toll"}, // there was no pass yet
		{"2020-01-20", "T96-3", scallions, false, true, "green_channel"},
		{"2020-02-03", "T68", halfApples, true, true, "emergency_pass"},
		{"2020-02-03", "T68", halfApples, false, false, "toll"},
		{"2020-02-03", "T96-3", fertiliser, false, false, "toll"},
		{"2020-02-16", "T68", halfApples, false, false, "toll"},
		{"2020-02-17", "T68", halfApples, false, true, "toll_free_days"},
		{"2020-02-18", "T96-3", fertiliser, false, true, "toll_free_days"},
		{"2020-02-18", "T68", halfApples, true, true, "toll_free_days"},
		{"2020-03-07", "T68", halfApples, false, true, "toll_free_days"},
		{"2020-05-05", "T68", halfApples, false, true, "toll_free_days"},
		{"2020-05-06", "T68", halfApples, true, false, "toll"},
		{"2026-05-06", "T96-3", scallions, false, true, "green_channel"},
	} {
		_, in := loaded(t, b, c.truck, c.load)
		v := b.Toll(c.day, TollCase{Green: b.GreenChannel(c.day, in), Pass: c.pass, Areas: areas})
		if v.Free != c.free || v.Why != c.why {
			t.Errorf("%s %s with %s, pass %v: %v by %s, want %v by %s", c.day, c.truck, c.load.Produce, c.pass, v.Free, v.Why, c.free, c.why)
		}
		if v.Text == "" || v.Source.Text == "" {
			t.Errorf("%s %s: a verdict without text or source: %+v", c.day, c.truck, v)
		}
	}
}

// The whole gift on one semi-trailer is free by its room alone: 98.0 % of the cube, 68.4 % of the payload.
func TestEverythingOnOneTruckIsFreeByRoom(t *testing.T) {
	t.Parallel()
	b := book(t)
	_, in := loaded(t, b, "T130", apples, scallions)
	v := b.GreenChannel("2020-01-20", in)
	if !v.Free || v.WeightShare != 684 || v.CubeShare != 980 || v.ShortGrams != 0 {
		t.Errorf("%+v", v)
	}
	if len(v.Checks) != 4 {
		t.Errorf("%d checks", len(v.Checks))
	}
	in.Cube *= 2
	if b.GreenChannel("2020-01-20", in).Free {
		t.Error("still free in a truck with twice the room")
	}
}

// "0.6 t more and the trip is toll-free" belongs to all apples on one 9.6 m truck: 11,000 kg with boxes, 80 % of 14,500 kg
// are 11,600 kg. The 6.8 m truck with half of them has 5,500 of 7,200 kg.
func TestShortGrams(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		truck string
		list  []goods
		want  measure.Grams
	}{
		{"T96-3", []goods{apples}, 600 * measure.Kilogram},
		{"T68", []goods{halfApples}, 1700 * measure.Kilogram},
		{"T96-3", []goods{scallions}, 0},  // free already
		{"T96-3", []goods{fertiliser}, 0}, // more fertiliser never helps
		{"T42", []goods{halfApples}, 0},   // overloaded
		{"T96-3", nil, 0},                 // nothing to have more of
		// both mushrooms on a 9.6 m reefer: 3,456 kg of shiitake are 25.6 % of the payload, above the 20 % of unlisted goods
		{"T96-3R", []goods{{"shiitake", 3200, 3456}, {"oyster-mushroom", 2400, 2592}}, 0},
		// 6,000 kg of scallions gross (30 m³): room is nearer, 80 % of 56 m³ are 44.8 m³, 8,960 kg
		{"T96-3", []goods{{"scallion", 6000, 6000}}, 2960 * measure.Kilogram},
	} {
		_, in := loaded(t, b, c.truck, c.list...)
		if v := b.GreenChannel("2020-02-03", in); v.ShortGrams != c.want {
			t.Errorf("%s with %v: %s short, want %s", c.truck, c.list, v.ShortGrams, c.want)
		}
	}
}

func TestGreenChannelChecks(t *testing.T) {
	t.Parallel()
	b := book(t)
	failing := func(v GreenVerdict) (out []string) {
		for _, c := range v.Checks {
			if !c.OK {
				out = append(out, c.Rule)
			}
		}
		return out
	}
	for _, c := range []struct {
		name  string
		truck string
		list  []goods
		want  []string
	}{
		{"apples fill too little", "T68", []goods{halfApples}, []string{"full"}},
		{"fertiliser is not fresh", "T96-3", []goods{{"fertiliser", 14_400, 14_400}}, []string{"catalogue", "full", "no_other_goods"}},
		{"one bag of fertiliser spoils it", "T96-3", []goods{scallions, {"fertiliser", 40, 40}}, []string{"no_other_goods"}},
		{"rice is not fresh", "T96-3", []goods{{"rice", 14_000, 14_000}}, []string{"catalogue", "full", "no_other_goods"}},
		{"too heavy", "T96-3", []goods{{"potato", 15_000, 15_000}}, []string{"legal_load"}},
		{"too long a truck", "T175", []goods{{"potato", 30_000, 30_000}}, []string{"legal_load"}},
		{"shiitake alone", "T96-3R", []goods{{"shiitake", 7500, 8100}}, []string{"catalogue", "full"}},
		{"oyster mushrooms alone", "T96-3R", []goods{{"oyster-mushroom", 7500, 8100}}, nil},
		// 1,350 kg are 10 % of the payload, 8.4 of 50 m³ are 16.9 %: few enough, and they fill it up to 80 % of the room
		{"a few shiitake beside listed goods", "T96-3R", []goods{{"shiitake", 1350, 1350}, {"oyster-mushroom", 5200, 5200}}, nil},
	} {
		_, in := loaded(t, b, c.truck, c.list...)
		v := b.GreenChannel("2020-02-03", in)
		if got := failing(v); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v fail, want %v: %+v", c.name, got, c.want, v.Checks)
		}
	}
}

// A truck whose empty weight leaves less than its payload is overloaded before the payload is reached.
func TestGreenChannelGross(t *testing.T) {
	t.Parallel()
	b := book(t)
	_, in := loaded(t, b, "T96-3", scallions) // 10,200 kg and 10,500 kg empty: 20,700 kg
	for limit, free := range map[measure.Grams]bool{20_700: true, 20_699: false} {
		in.GrossMax = limit * measure.Kilogram
		v := b.GreenChannel("2020-02-03", in)
		if c := v.Checks[0]; v.Free != free || c.OK != free || c.Have != 20_700_000 || c.Limit != int64(in.GrossMax) {
			t.Errorf("%d kg allowed: %+v", limit, v)
		}
	}
}

func TestTollRuleOfOneArea(t *testing.T) {
	t.Parallel()
	b := *book(t)
	b.rules = slices.Clone(b.rules)
	for i := range b.rules {
		if b.rules[i].ID == "toll_free_days" {
			b.rules[i].Area = "610000"
		}
	}
	for to, free := range map[string]bool{"610112": true, "420103": false} {
		if v := b.Toll("2020-02-18", TollCase{Areas: []string{"610322", to}}); v.Free != free {
			t.Errorf("to %s: %+v", to, v)
		}
	}
}

func TestShiitakeIsDisputed(t *testing.T) {
	t.Parallel()
	b := book(t)
	listed, version, src := b.Listed("2020-02-03", "shiitake")
	if listed || src.Mark != Disputed || version == "" {
		t.Errorf("shiitake: %v %s %+v", listed, version, src)
	}
	for _, id := range []string{"oyster-mushroom", "apple-fuji", "scallion"} {
		if listed, _, src := b.Listed("2020-02-03", id); !listed || src.Mark != "" {
			t.Errorf("%s: %v %+v", id, listed, src)
		}
	}
	if listed, _, _ := b.Listed("2009-01-01", "apple-fuji"); listed {
		t.Error("listed before there was a list")
	}
	_, in := loaded(t, b, "T96-3R", goods{"shiitake", 7500, 8100})
	if c := b.GreenChannel("2020-02-03", in).Checks[1]; c.Source.Mark != Disputed {
		t.Errorf("the check doesn't say that sources disagree: %+v", c)
	}
}

func TestEmptyReturnAndCoaches(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		day  Day
		in   TollCase
		free bool
		why  string
	}{
		{"2020-02-05", TollCase{Empty: true, ReturnOf: true}, true, "empty_return"},
		{"2020-02-05", TollCase{Empty: true}, false, "toll"},
		{"2020-02-05", TollCase{ReturnOf: true}, false, "toll"},
		{"2020-01-20", TollCase{Empty: true, ReturnOf: true}, false, "toll"},
		{"2020-02-06", TollCase{Coach: true}, false, "toll"},
		{"2020-02-07", TollCase{Coach: true}, true, "worker_coach"},
	} {
		if v := b.Toll(c.day, c.in); v.Free != c.free || v.Why != c.why {
			t.Errorf("%s %+v: %+v", c.day, c.in, v)
		}
	}
}
