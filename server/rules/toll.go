package rules

// TollCase is what the toll gate sees.
type TollCase struct {
	Green    GreenVerdict
	Pass     bool     // the emergency pass (应急运输通行证) is on board and holds for the trip
	Empty    bool     // nothing is loaded
	ReturnOf bool     // the way back from a trip with the emergency pass
	Coach    bool     // a coach of workers that the government organised
	Areas    []string // area codes of the trip's stops; a rule of one area holds when all lie in it
}

// TollVerdict says whether toll is due. Free is for the whole trip.
type TollVerdict struct {
	Free   bool   `json:"free"`
	Why    string `json:"why"` // id of the rule: toll_free_days, emergency_pass, empty_return, worker_coach, green_channel or toll
	Text   string `json:"text"`
	Source Source `json:"source"`
	Check  *Check `json:"check,omitempty"` // the first condition of the green channel that a paying load does not meet
}

// Toll decides by the rules of a day. The first of these that holds is named: days free for all, the emergency pass, the empty
// way back, workers' coaches, the green channel; otherwise the trip pays.
func (b *Book) Toll(day Day, in TollCase) TollVerdict {
	for _, way := range []struct {
		id   string
		held bool
	}{
		{"toll_free_days", true},
		{"emergency_pass", in.Pass},
		{"empty_return", in.Empty && in.ReturnOf},
		{"worker_coach", in.Coach},
		{"green_channel", in.Green.Free},
	} {
		r, ok := b.on(way.id, day)
		if way.held && ok && b.allWithin(in.Areas, r.Area) {
			return TollVerdict{Free: true, Why: r.ID, Text: r.TextEn, Source: r.source()}
		}
	}
	r, _ := b.latest("toll")
	v := TollVerdict{Why: r.ID, Text: r.TextEn, Source: r.source()}
	for _, c := range in.Green.Checks {
		if !c.OK {
			v.Text, v.Source, v.Check = c.Text, c.Source, &c
			break
		}
	}
	return v
}

func (b *Book) allWithin(adcodes []string, area string) bool {
	for _, a := range adcodes {
		if !b.within(a, area) {
			return false
		}
	}
	return true
}
