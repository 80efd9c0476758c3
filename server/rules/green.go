package rules

import (
	"fmt"

	"jishi/server/measure"
)

// GreenItem is goods on a truck: weight with packs, and room.
type GreenItem struct {
	Produce string              `json:"produce"`
	Grams   measure.Grams       `json:"grams"` // gross, as the toll gate's scale sees it
	Volume  measure.Millilitres `json:"volume_ml"`
}

// GreenLoad is a loaded truck at the toll gate.
type GreenLoad struct {
	Items    []GreenItem         `json:"items"`
	Payload  measure.Grams       `json:"payload_grams"` // rated
	Cube     measure.Millilitres `json:"cube_ml"`
	GrossMax measure.Grams       `json:"gross_max_grams"` // 0: not known, only payload and room are checked
	Tare     measure.Grams       `json:"tare_grams"`
	Oversize bool                `json:"oversize"` // longer, wider or higher than allowed
}

// Loaded is the truck with goods on it, as the toll gate sees it.
func (t TruckType) Loaded(items []GreenItem) GreenLoad {
	return GreenLoad{Items: items, Payload: t.Payload, Cube: t.Cube, GrossMax: t.GrossMax, Tare: t.Tare}
}

// Check is one condition of the green channel with the numbers it was judged by.
type Check struct {
	Rule   string `json:"rule"` // legal_load, catalogue, full, no_other_goods
	OK     bool   `json:"ok"`
	Have   int64  `json:"have"`
	Limit  int64  `json:"limit"`
	Unit   string `json:"unit"` // "g", "ml" or "‰"
	Text   string `json:"text"`
	Source Source `json:"source"`
}

// GreenVerdict says whether a load passes the toll gates free as fresh produce (绿色通道), and why.
type GreenVerdict struct {
	Free        bool    `json:"free"`
	Checks      []Check `json:"checks"`       // always the same four, in the same order
	WeightShare int     `json:"weight_share"` // thousandths of the payload filled with goods that count
	CubeShare   int     `json:"cube_share"`   // thousandths of the room filled with goods that count

	// ShortGrams is how much more of the same goods, in the same mixture and weighed with their packs, would make the load
	// free: 0 when it is free already or more would not help or not fit.
	//
	// 5 t of apples (5,500 kg gross) lack 1,700 kg on a 6.8 m truck: 80 % of its 9,000 kg are 7,200 kg. The hint of
	// "0.6 t more" is that of all 10 t on one 9.6 m truck of three axles: 11,000 kg gross, 80 % of 14,500 kg are 11,600 kg.
	ShortGrams measure.Grams `json:"short_grams"`
}

// entry is one item of one version of the catalogue of fresh produce (鲜活农产品品种目录).
type entry struct {
	Span
	Version string
	Group   string
	Item    string
	Produce string // "" for items the produce table doesn't know
	Listed  bool   // an unlisted entry says that somebody thinks it should be
}

func (b *Book) readCatalogue() error {
	return table("catalogue.csv", func(r *row) error {
		e := entry{Span: r.span(), Version: r.text("version"), Group: r.text("group_zh"), Item: r.text("item"), Produce: r.text("produce"), Listed: r.yes("listed")}
		if _, ok := b.byID[e.Produce]; !ok && e.Produce != "" {
			return fmt.Errorf("unknown produce %q", e.Produce)
		}
		b.catalogue = append(b.catalogue, e)
		return nil
	})
}

// Listed reports whether produce stands in the catalogue of a day, by which version, and how sure that is. Of several
// entries the one of the latest first day holds.
func (b *Book) Listed(day Day, produce string) (listed bool, version string, src Source) {
	var best entry
	for _, e := range b.catalogue {
		if e.Produce != produce || produce == "" || !e.On(day) {
			continue
		}
		if best.Produce == "" || e.From > best.From {
			best = e
		}
	}
	if best.Produce == "" {
		return false, "", Source{Text: "not in the catalogue of fresh produce"}
	}
	return best.Listed, best.Version, best.Source
}

// amount is a weight and its room.
type amount struct{ g, ml int64 }

func (a amount) plus(o amount) amount { return amount{a.g + o.g, a.ml + o.ml} }
func (a amount) less(o amount) amount { return amount{a.g - o.g, a.ml - o.ml} }

// beyond is more than any truck carries: 1,000 t, 1,000 m³. Sums are kept below it, so that no product overflows.
const beyond = 1_000_000_000

func clamp(n int64) int64 { return min(max(n, 0), beyond) }

// tally is a load sorted by what counts.
type tally struct {
	total    amount
	unlisted amount // fresh, but not in the catalogue
	other    amount // not fresh
	doubt    Source // the first entry that is from memory or disputed
}

func (b *Book) tally(day Day, items []GreenItem) tally {
	var t tally
	for _, it := range items {
		a := amount{clamp(int64(it.Grams)), clamp(int64(it.Volume))}
		room := amount{beyond - t.total.g, beyond - t.total.ml}
		a = amount{min(a.g, room.g), min(a.ml, room.ml)}
		t.total = t.total.plus(a)
		listed, _, src := b.Listed(day, it.Produce)
		if src.Mark == Disputed || src.Mark != "" && t.doubt.Mark == "" {
			t.doubt = src
		}
		p, _ := b.Produce(it.Produce)
		switch {
		case listed:
		case p.ID != "" && p.fresh():
			t.unlisted = t.unlisted.plus(a)
		default:
			t.other = t.other.plus(a)
		}
	}
	return t
}

// scaled is the load with the same mixture and a total of g grams.
func (t tally) scaled(g int64) tally {
	by := func(a amount) amount { return amount{a.g * g / t.total.g, a.ml * g / t.total.g} }
	return tally{total: by(t.total), unlisted: by(t.unlisted), other: by(t.other), doubt: t.doubt}
}

// gate is the green channel's rules of a day before one truck.
type gate struct {
	in               GreenLoad
	full, mixed      rule
	hasMixed, exists bool
}

// GreenChannel judges a load by the four conditions: legally loaded, in the catalogue, 80 % full by weight or by room, and
// no goods that aren't fresh.
func (b *Book) GreenChannel(day Day, in GreenLoad) GreenVerdict {
	g := gate{in: in}
	g.full, g.exists = b.on("green_channel", day)
	g.mixed, g.hasMixed = b.on("green_mixed_fresh", day)
	if !g.exists {
		return GreenVerdict{}
	}
	t := b.tally(day, in.Items)
	c := g.counted(t)
	v := GreenVerdict{
		Checks:      []Check{g.legal(t), g.catalogue(t), g.filled(t), g.alone(t)},
		WeightShare: perMille(c.g, int64(in.Payload)), CubeShare: perMille(c.ml, int64(in.Cube)),
	}
	v.Free = g.free(t)
	if !v.Free {
		v.ShortGrams = g.short(t)
	}
	return v
}

func (g gate) free(t tally) bool {
	return g.legal(t).OK && g.catalogue(t).OK && g.filled(t).OK && g.alone(t).OK
}

// legal checks gross weight, payload and room, and shows the first that is exceeded.
func (g gate) legal(t tally) Check {
	c := Check{Rule: "legal_load", Source: Source{Text: "GB 1589-2016, general knowledge, not checked", Mark: Memory}, Unit: "g",
		Have: t.total.g + int64(g.in.Tare), Limit: int64(g.in.GrossMax)}
	switch {
	case g.in.Oversize:
		c.Text = "The truck itself is larger than allowed."
		return c
	case t.total.g > int64(g.in.Payload):
		c.Have, c.Limit = t.total.g, int64(g.in.Payload)
		c.Text = fmt.Sprintf("%d kg of goods on a payload of %d kg.", c.Have/1000, c.Limit/1000)
	case t.total.ml > int64(g.in.Cube):
		c.Have, c.Limit, c.Unit = t.total.ml, int64(g.in.Cube), "ml"
		c.Text = fmt.Sprintf("The goods need %s, there is room for %s.", measure.Millilitres(c.Have), measure.Millilitres(c.Limit))
	case c.Limit > 0:
		c.OK = c.Have <= c.Limit
		c.Text = fmt.Sprintf("%d kg gross, %d kg are allowed.", c.Have/1000, c.Limit/1000)
	default:
		c.OK, c.Have, c.Limit = true, t.total.g, int64(g.in.Payload)
		c.Text = fmt.Sprintf("%d kg of goods on a payload of %d kg.", c.Have/1000, c.Limit/1000)
	}
	return c
}

// unlistedShare is the larger of the shares of payload and room that unlisted fresh goods take.
func (g gate) unlistedShare(t tally) int {
	return max(perMille(t.unlisted.g, int64(g.in.Payload)), perMille(t.unlisted.ml, int64(g.in.Cube)))
}

// fewUnlisted reports whether the unlisted fresh goods may count as listed.
func (g gate) fewUnlisted(t tally) bool {
	limit := g.mixed.Values["unlisted_per_mille"]
	if !g.hasMixed {
		limit = 0
	}
	return t.unlisted.g*1000 <= clamp(int64(g.in.Payload))*limit && t.unlisted.ml*1000 <= clamp(int64(g.in.Cube))*limit
}

// counted is what counts towards a full load: listed goods, and few unlisted ones beside them.
func (g gate) counted(t tally) amount {
	c := t.total.less(t.other)
	if !g.fewUnlisted(t) || c == t.unlisted {
		c = c.less(t.unlisted)
	}
	return c
}

func (g gate) catalogue(t tally) Check {
	c := Check{Rule: "catalogue", Unit: "‰", Have: int64(g.unlistedShare(t)), Limit: g.mixed.Values["unlisted_per_mille"], Source: g.full.source()}
	listed := t.total.less(t.other).less(t.unlisted)
	c.OK = listed.g > 0 && g.fewUnlisted(t)
	switch {
	case listed.g <= 0:
		c.Text = "None of the goods is in the catalogue of fresh produce."
	case t.unlisted.g == 0:
		c.Text = "The fresh produce is in the catalogue."
	default:
		c.Text = fmt.Sprintf("Fresh produce that is not in the catalogue takes %d.%d %% of the truck, %d.%d %% are allowed.", c.Have/10, c.Have%10, c.Limit/10, c.Limit%10)
		c.Source = g.mixed.source()
	}
	if t.doubt.Mark != "" {
		c.Source = t.doubt
	}
	return c
}

func (g gate) filled(t tally) Check {
	a := g.counted(t)
	w, v := perMille(a.g, int64(g.in.Payload)), perMille(a.ml, int64(g.in.Cube))
	limit := g.full.Values["full_per_mille"]
	c := Check{Rule: "full", Unit: "‰", Have: int64(max(w, v)), Limit: limit, Source: g.full.source()}
	c.OK = a.g > 0 && (enough(a.g, int64(g.in.Payload), limit) || enough(a.ml, int64(g.in.Cube), limit))
	c.Text = fmt.Sprintf("Fresh produce fills %d.%d %% of the payload and %d.%d %% of the room, %d %% of one is needed.", w/10, w%10, v/10, v%10, limit/10)
	return c
}

// enough reports whether have is at least that many thousandths of all; nothing is enough of an unknown whole.
func enough(have, all, perMille int64) bool {
	return all > 0 && all <= beyond && have*1000 >= all*perMille
}

func (g gate) alone(t tally) Check {
	c := Check{Rule: "no_other_goods", Unit: "g", Have: t.other.g, OK: t.other == amount{}, Source: g.full.source(), Text: "There are no other goods on the truck."}
	if !c.OK {
		c.Text = fmt.Sprintf("%d kg on the truck are not fresh produce.", t.other.g/1000)
	}
	return c
}

// short is the least weight of the same mixture that makes the load free, 0 if there is none.
func (g gate) short(t tally) measure.Grams {
	if t.total.g <= 0 {
		return 0
	}
	limit := g.full.Values["full_per_mille"]
	best := int64(0)
	for _, goal := range []int64{
		ceil(clamp(int64(g.in.Payload))*limit, 1000),                                  // full by weight
		ceil(ceil(clamp(int64(g.in.Cube))*limit, 1000)*t.total.g, max(t.total.ml, 1)), // full by room
	} {
		more := goal - t.total.g
		if more > 0 && goal <= beyond && (best == 0 || more < best) && g.free(t.scaled(goal)) {
			best = more
		}
	}
	return measure.Grams(best)
}

func ceil(n, by int64) int64 { return (n + by - 1) / by }
