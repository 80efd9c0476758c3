package rules

import (
	"fmt"
	"slices"
	"strings"
)

// MixLevel says whether two kinds of goods may share a truck.
type MixLevel string

// The levels, from good to bad.
const (
	Ride          MixLevel = "ride"
	RideWithLimit MixLevel = "ride_with_limit" // for some hours, at the right temperature, vents open, a curtain between
	Never         MixLevel = "never"
)

var badness = map[MixLevel]int{Ride: 0, RideWithLimit: 1, Never: 2}

// MixKind is what goods can do to each other.
type MixKind string

// The kinds of harm.
const (
	Temperature MixKind = "temperature"
	Humidity    MixKind = "humidity"
	Ethylene    MixKind = "ethylene"
	Odour       MixKind = "odour"
	Hygiene     MixKind = "hygiene"
	Unknown     MixKind = "unknown" // one of the goods isn't in the table
)

// Reason is one finding about two kinds of goods.
type Reason struct {
	Kind   MixKind  `json:"kind"`
	Level  MixLevel `json:"level"`
	Hours  int      `json:"hours"` // how long it is tolerable, for RideWithLimit; what was allowed, for a trip that is too long
	Text   string   `json:"text"`
	TextZh string   `json:"text_zh"`
	Source Source   `json:"source"`
}

// MixVerdict is the worst of its reasons.
type MixVerdict struct {
	Level   MixLevel `json:"level"`
	Hours   int      `json:"hours"`   // the shortest limit among the reasons, 0 without a limit
	Reasons []Reason `json:"reasons"` // worst first; none for Ride
}

// limit is how a kind of harm is judged in general.
type limit struct {
	dated
	ID    string   `json:"id"`
	Kind  MixKind  `json:"kind"`
	Level MixLevel `json:"level"`
	Hours int      `json:"hours"`
	Value int      `json:"value"` // tenths of °C or points of humidity
}

// pair is a finding about certain goods, which goes before the general one of its kind.
type pair struct {
	dated
	One    []string `json:"one"` // ids of produce, or "@" and a group
	Other  []string `json:"other"`
	Kind   MixKind  `json:"kind"`
	Level  MixLevel `json:"level"`
	Hours  int      `json:"hours"`
	Text   string   `json:"text"`
	TextZh string   `json:"text_zh"`
}

var limitIDs = []string{"temperature_gap", "temperature_near", "temperature_short", "humidity_gap", "ethylene_strong", "odour", "hygiene_input", "hygiene_animal", "unknown"}

func (b *Book) readMix() error {
	var in struct {
		Limits []limit `json:"limits"`
		Pairs  []pair  `json:"pairs"`
	}
	if err := sheet("mix.json", &in); err != nil {
		return err
	}
	b.limits, b.pairs = in.Limits, in.Pairs
	for _, id := range limitIDs {
		if !slices.ContainsFunc(b.limits, func(l limit) bool { return l.ID == id }) {
			return fmt.Errorf("mix.json: no limit %q", id)
		}
	}
	for _, p := range b.pairs {
		for _, id := range append(slices.Clone(p.One), p.Other...) {
			if _, ok := b.byID[id]; !ok && !strings.HasPrefix(id, "@") {
				return fmt.Errorf("mix.json: unknown produce %q", id)
			}
		}
	}
	return nil
}

// Mix judges two kinds of produce that share a truck for some hours, by the rules of a day. The order of the two makes no
// difference. A trip longer than a limit allows turns RideWithLimit into Never.
func (b *Book) Mix(day Day, a, o string, hours int) MixVerdict {
	if a == o {
		return MixVerdict{Level: Ride}
	}
	if o < a {
		a, o = o, a
	}
	m := mixing{b: b, day: day, hours: hours}
	one, okOne := b.Produce(a)
	other, okOther := b.Produce(o)
	if !okOne || !okOther {
		m.general("unknown", "Nothing is known of one of the goods: ask before they share a truck.", "其中一种货物没有资料,混装前请先核实。")
		return m.verdict()
	}
	m.pairs(one, other)
	m.temperature(one, other)
	m.humidity(one, other)
	m.ethylene(one, other)
	m.odour(one, other)
	m.hygiene(one, other)
	return m.verdict()
}

// mixing collects the findings about two kinds.
type mixing struct {
	b       *Book
	day     Day
	hours   int
	reasons []Reason
}

// add keeps a finding; for each kind of harm the first counts.
func (m *mixing) add(r Reason) {
	if slices.ContainsFunc(m.reasons, func(have Reason) bool { return have.Kind == r.Kind }) {
		return
	}
	if r.Level == RideWithLimit && m.hours > r.Hours {
		r.Level = Never
		r.Text += fmt.Sprintf(" %d hours are too long, %d are the limit.", m.hours, r.Hours)
		r.TextZh += fmt.Sprintf("%d小时过长,最多%d小时。", m.hours, r.Hours)
	}
	m.reasons = append(m.reasons, r)
}

// general adds a finding by the limit of that id, if it holds on the day.
func (m *mixing) general(id, text, textZh string) {
	for _, l := range m.b.limits {
		if l.ID == id && l.span().On(m.day) {
			m.add(Reason{Kind: l.Kind, Level: l.Level, Hours: l.Hours, Text: text, TextZh: textZh, Source: l.span().Source})
			return
		}
	}
}

func (m *mixing) limit(id string) int {
	for _, l := range m.b.limits {
		if l.ID == id && l.span().On(m.day) {
			return l.Value
		}
	}
	return 0
}

func (m *mixing) pairs(one, other Produce) {
	for _, p := range m.b.pairs {
		if p.span().On(m.day) && (names(p.One, one) && names(p.Other, other) || names(p.One, other) && names(p.Other, one)) {
			m.add(Reason{Kind: p.Kind, Level: p.Level, Hours: p.Hours, Text: p.Text, TextZh: p.TextZh, Source: p.span().Source})
		}
	}
}

func names(list []string, p Produce) bool {
	return slices.Contains(list, p.ID) || slices.Contains(list, "@"+p.Group)
}

func (m *mixing) temperature(one, other Produce) {
	cold, warm := one, other // warm is the one that must not be as cold
	if cold.TempMin > warm.TempMin {
		cold, warm = warm, cold
	}
	gap := warm.TempMin - cold.TempMax
	text := fmt.Sprintf("%s needs at most %s °C, %s at least %s °C.", cold.NameEn, tenths(cold.TempMax), warm.NameEn, tenths(warm.TempMin))
	textZh := fmt.Sprintf("%s不高于%s℃,%s不低于%s℃。", cold.Name, tenths(cold.TempMax), warm.Name, tenths(warm.TempMin))
	switch {
	case gap <= 0:
	case warm.TempMin <= cold.TempMaxShort:
		m.general("temperature_short", text+" On a short trip there is a setting for both.", textZh+"短途可取共同温度。")
	case gap > m.limit("temperature_gap"):
		m.general("temperature_gap", text, textZh)
	default:
		m.general("temperature_near", text, textZh)
	}
}

// tenths writes tenths of a degree: -15 is "-1.5".
func tenths(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	if n%10 == 0 {
		return fmt.Sprintf("%s%d", sign, n/10)
	}
	return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
}

func (m *mixing) humidity(one, other Produce) {
	if one.Humidity == (Percent{}) || other.Humidity == (Percent{}) {
		return
	}
	dry, moist := one, other
	if dry.Humidity.Max > moist.Humidity.Max {
		dry, moist = moist, dry
	}
	if moist.Humidity.Min-dry.Humidity.Max > m.limit("humidity_gap") {
		m.general("humidity_gap",
			fmt.Sprintf("%s keeps at %d to %d %% humidity, %s at %d to %d %%.", dry.NameEn, dry.Humidity.Min, dry.Humidity.Max, moist.NameEn, moist.Humidity.Min, moist.Humidity.Max),
			fmt.Sprintf("%s宜湿度%d–%d%%,%s宜%d–%d%%。", dry.Name, dry.Humidity.Min, dry.Humidity.Max, moist.Name, moist.Humidity.Min, moist.Humidity.Max))
	}
}

// ethylene: a strong source beside anything that feels it at least somewhat, or a middling one beside what feels it strongly.
func (m *mixing) ethylene(one, other Produce) {
	for _, way := range [][2]Produce{{one, other}, {other, one}} {
		out, felt := strengths[way[0].EthyleneOut], strengths[way[1].EthyleneFelt]
		if out >= strengths[High] && felt >= strengths[Medium] || out == strengths[Medium] && felt >= strengths[High] {
			m.general("ethylene_strong",
				fmt.Sprintf("%s gives off ethylene, %s ripens or yellows from it: cold, vents open.", way[0].NameEn, way[1].NameEn),
				fmt.Sprintf("%s释放乙烯,%s受其影响早熟或黄化:低温、通风。", way[0].Name, way[1].Name))
		}
	}
}

func (m *mixing) odour(one, other Produce) {
	for _, way := range [][2]Produce{{one, other}, {other, one}} {
		if way[0].OdourGives && way[1].OdourTakes {
			m.general("odour",
				fmt.Sprintf("%s takes on the smell of %s: a curtain between.", way[1].NameEn, way[0].NameEn),
				fmt.Sprintf("%s易吸附%s的气味:中间隔帘。", way[1].Name, way[0].Name))
		}
	}
}

func (m *mixing) hygiene(one, other Produce) {
	switch {
	case (one.Class == Input) != (other.Class == Input):
		m.general("hygiene_input", "Farm inputs and food never share a truck.", "农资与食品不得混装。")
	case animal(one) != animal(other) || animal(one) && one.Class != other.Class:
		m.general("hygiene_animal", "Raw meat, fish and animals never share a truck with other food.", "生肉、水产、活畜禽与其他食品不得混装。")
	}
}

func animal(p Produce) bool { return p.Class == FreshMeat || p.Class == Aquatic || p.Class == Live }

func (m *mixing) verdict() MixVerdict {
	v := MixVerdict{Level: Ride, Reasons: m.reasons}
	slices.SortStableFunc(v.Reasons, func(x, y Reason) int { return badness[y.Level] - badness[x.Level] })
	for _, r := range v.Reasons {
		if badness[r.Level] > badness[v.Level] {
			v.Level = r.Level
		}
		if r.Hours > 0 && (v.Hours == 0 || r.Hours < v.Hours) {
			v.Hours = r.Hours
		}
	}
	return v
}
