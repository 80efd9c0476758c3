package rules

import (
	"fmt"
	"strings"

	"jishi/server/measure"
)

// Strength is how much ethylene goods give off, or how much they suffer from it.
type Strength string

// The strengths, from none up.
const (
	None     Strength = "none"
	VeryLow  Strength = "very_low"
	Low      Strength = "low"
	Medium   Strength = "medium"
	High     Strength = "high"
	VeryHigh Strength = "very_high"
)

var strengths = map[Strength]int{None: 0, VeryLow: 1, Low: 2, Medium: 3, High: 4, VeryHigh: 5}

// Percent is a range of relative humidity; 0 to 0 where it doesn't matter.
type Percent struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Produce is what a truck and a storehouse must know of one kind of goods.
type Produce struct {
	ID                   string   `json:"id"` // stable: "apple-fuji", "scallion"
	Name                 string   `json:"name"`
	NameEn               string   `json:"name_en"`
	Pinyin               string   `json:"pinyin"`
	Aliases              []string `json:"aliases"`
	Group                string   `json:"group"`          // "pome", "allium", "leafy", "mushroom", "input" …
	DensityGramsPerLitre int      `json:"density_g_l"`    // packed, equal to kg/m³
	TempMin              int      `json:"temp_min"`       // tenths of °C
	TempMax              int      `json:"temp_max"`       // tenths of °C, for storage
	TempMaxShort         int      `json:"temp_max_short"` // tenths of °C, for a trip of some days
	Humidity             Percent  `json:"humidity"`
	EthyleneOut          Strength `json:"ethylene_out"`
	EthyleneFelt         Strength `json:"ethylene_felt"`
	OdourGives           bool     `json:"odour_gives"`
	OdourTakes           bool     `json:"odour_takes"`
	LifeDays             int      `json:"life_days"`      // at its best temperature, the shorter end
	LifeDaysMost         int      `json:"life_days_most"` // the longer end; the same where only one figure is known
	MoisturePPMPerDay    int      `json:"moisture_ppm_per_day"`
	Leafy                bool     `json:"leafy"` // rots when it travels loose
	Class                string   `json:"class"` // fresh_fruit, fresh_vegetable, fresh_meat, aquatic, live, input, other
	Source               Source   `json:"source"`

	span Span
}

// The classes of produce that a rule asks for.
const (
	FreshFruit     = "fresh_fruit"
	FreshVegetable = "fresh_vegetable"
	FreshMeat      = "fresh_meat"
	Aquatic        = "aquatic"
	Live           = "live"
	Input          = "input" // fertiliser, seed
	Other          = "other" // eggs, grain, packaged food
)

var classes = map[string]bool{FreshFruit: true, FreshVegetable: true, FreshMeat: true, Aquatic: true, Live: true, Input: true, Other: true}

// Called gives the name of the produce in the language "zh" or "en".
func (p Produce) Called(lang string) string { return called(lang, p.Name, p.NameEn) }

// called picks a name by language; the Chinese one where there is no other.
func called(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}

// Volume gives the room that g of the goods take up in their packs, rounded up. It is 0 for produce of unknown density.
func (p Produce) Volume(g measure.Grams) measure.Millilitres {
	d := int64(p.DensityGramsPerLitre)
	if d <= 0 || g <= 0 {
		return 0
	}
	whole, rest := int64(g)/d, int64(g)%d
	return measure.Millilitres(whole*1000 + (rest*1000+d-1)/d)
}

// fresh reports whether the goods are fresh farm produce, listed or not.
func (p Produce) fresh() bool { return p.Class != Input && p.Class != Other }

func (b *Book) readProduce() error {
	err := table("produce.csv", func(r *row) error {
		p := Produce{
			ID: r.text("id"), Name: r.text("name"), NameEn: r.text("name_en"), Pinyin: r.text("pinyin"), Aliases: r.list("aliases"), Group: r.text("group"),
			DensityGramsPerLitre: int(r.number("kg_m3")), TempMin: int(r.number("temp_min")), TempMax: int(r.number("temp_max")), TempMaxShort: int(r.number("temp_max_short")),
			Humidity:    Percent{int(r.number("rh_min")), int(r.number("rh_max"))},
			EthyleneOut: Strength(r.text("ethylene_out")), EthyleneFelt: Strength(r.text("ethylene_felt")),
			OdourGives: r.yes("odour_gives"), OdourTakes: r.yes("odour_takes"), LifeDays: int(r.number("life_days")), LifeDaysMost: int(r.number("life_days_most")),
			MoisturePPMPerDay: int(r.number("moisture_ppm")), Leafy: r.yes("leafy"), Class: r.text("class"), span: r.span(),
		}
		p.Source = p.span.Source
		if _, ok := strengths[p.EthyleneOut]; !ok || !classes[p.Class] || p.TempMin > p.TempMax || p.TempMax > p.TempMaxShort || p.LifeDays > p.LifeDaysMost {
			return fmt.Errorf("%s: class, ethylene, temperatures or life", p.ID)
		}
		if _, ok := strengths[p.EthyleneFelt]; !ok {
			return fmt.Errorf("%s: ethylene felt %q", p.ID, p.EthyleneFelt)
		}
		b.byID[p.ID] = len(b.produce)
		b.produce = append(b.produce, p)
		return nil
	})
	if err != nil {
		return err
	}
	return b.fileWords()
}

// fileWords files the names and aliases; a word may mean one produce only.
func (b *Book) fileWords() error {
	for i, p := range b.produce {
		words := append([]string{p.ID, p.Name, p.NameEn, p.Pinyin}, p.Aliases...)
		for _, w := range words {
			w = strings.ToLower(w)
			if j, twice := b.byWord[w]; twice && j != i {
				return fmt.Errorf("produce.csv: %q means %s and %s", w, b.produce[j].ID, p.ID)
			}
			b.byWord[w] = i
		}
	}
	return nil
}

// Produce finds produce by its id.
func (b *Book) Produce(id string) (Produce, bool) {
	i, ok := b.byID[id]
	if !ok {
		return Produce{}, false
	}
	return b.produce[i], true
}

// FindProduce finds produce by what people call it: name, alias, pinyin or id, and if none fits, by the longest Chinese name
// within the word, so that 凤翔红富士苹果 is apples. A single character has to stand alone.
func (b *Book) FindProduce(word string) (Produce, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	if i, ok := b.byWord[word]; ok {
		return b.produce[i], true
	}
	best, length := -1, len("葱")
	for name, i := range b.byWord {
		if name[0] >= 0x80 && strings.Contains(word, name) && (len(name) > length || len(name) == length && best >= 0 && i < best) {
			best, length = i, len(name)
		}
	}
	if best < 0 {
		return Produce{}, false
	}
	return b.produce[best], true
}

// AllProduce gives every produce in the order of the table.
func (b *Book) AllProduce() []Produce { return append([]Produce(nil), b.produce...) }
