package rules

import "fmt"

// RuleText is a rule as people read it.
type RuleText struct {
	ID     string `json:"id"`
	From   Day    `json:"from"`
	To     Day    `json:"to"` // last day, "" while no end is known
	Area   string `json:"area"`
	Text   string `json:"text"` // Chinese
	TextEn string `json:"text_en"`
	Source string `json:"source"`
	Mark   string `json:"mark"`
}

// rule is a dated rule with the numbers it works with.
type rule struct {
	dated
	ID     string           `json:"id"`
	Text   string           `json:"text"`
	TextEn string           `json:"text_en"`
	Values map[string]int64 `json:"values"`
	Plate  string           `json:"plate"`  // beginning of the plates it is about
	Except string           `json:"except"` // area within Area where it doesn't hold
}

func (r rule) view() RuleText {
	return RuleText{ID: r.ID, From: r.From, To: r.To, Area: r.Area, Text: r.Text, TextEn: r.TextEn, Source: r.Source, Mark: r.Mark}
}

func (r rule) source() Source { return r.span().Source }

// values are the numbers without which a rule can't be applied.
var values = map[string][]string{
	"green_channel": {"full_per_mille"}, "green_mixed_fresh": {"unlisted_per_mille"}, "seat_cap": {"divide_by"},
	"quarantine": {"days", "shadow_fen"}, "driving_hours": {"every_ms", "rest_ms"}, "moisture_loss": {"per_mille"}, "price_watch": {"least_per_mille", "most_per_mille"}, "reserved_share": {"least_per_mille"}, "decay": {"halves_per_tenths"}, "decay_price": {"urgent_per_mille"}, "cold": {"hours"}, "loose_leafy": {"hours"}, "waiting_price": {"fen_per_day"}, "fever": {"from_tenths"}, "way_home": {"per_mille"}, "coach_night": {"from_minute", "to_minute"}, "coach_drivers": {"metres", "drive_ms"},
	"toll": nil, "toll_free_days": nil, "emergency_pass": nil, "empty_return": nil, "worker_coach": nil, "pass": nil, "plate": nil, "wash": nil,
}

func (b *Book) readRules() error {
	if err := sheet("rules.json", &b.rules); err != nil {
		return err
	}
	for id, needed := range values {
		r, ok := b.latest(id)
		if !ok {
			return fmt.Errorf("rules.json: no rule %q", id)
		}
		for _, v := range needed {
			if r.Values[v] <= 0 {
				return fmt.Errorf("rules.json: %s needs %s above 0", id, v)
			}
		}
	}
	return nil
}

// on gives the rule of a day, wherever it holds. With two at a time the later one holds.
func (b *Book) on(id string, day Day) (rule, bool) {
	var best rule
	found := false
	for _, r := range b.rules {
		if r.ID == id && r.span().On(day) && (!found || r.From > best.From) {
			best, found = r, true
		}
	}
	return best, found
}

// latest gives the rule as it was last written, in force or not.
func (b *Book) latest(id string) (rule, bool) {
	var best rule
	found := false
	for _, r := range b.rules {
		if r.ID == id && (!found || r.From > best.From) {
			best, found = r, true
		}
	}
	return best, found
}

// Rule gives a rule as people read it, in force or not. An unknown id gives a RuleText without ID.
func (b *Book) Rule(id string) RuleText {
	r, _ := b.latest(id)
	return r.view()
}

// RuleOn gives a rule as it reads on a day; when it isn't in force then, as it was last written.
func (b *Book) RuleOn(id string, day Day) RuleText {
	if r, ok := b.on(id, day); ok {
		return r.view()
	}
	return b.Rule(id)
}

// RulesOn gives the rules in force on a day, in the order of the file.
func (b *Book) RulesOn(day Day) []RuleText {
	var out []RuleText
	for _, r := range b.rules {
		if r.span().On(day) {
			out = append(out, r.view())
		}
	}
	return out
}
