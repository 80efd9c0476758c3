package rules

// ColdChainRule says how long and by how much goods may be too warm on the road before they are held.
type ColdChainRule struct {
	Minutes  int64 // on end above the limit
	PeakOver int   // tenths of a degree above the limit, however short
	Source   Source
}

// ColdChain gives the rule of a day; without one every reading above the limit is a breach.
func (b *Book) ColdChain(day Day) ColdChainRule {
	r, _ := b.on("cold_breach", day)
	return ColdChainRule{Minutes: r.Values["minutes"], PeakOver: int(r.Values["peak_over_tenths"]), Source: r.source()}
}

// Fever gives from how many tenths of a degree on nobody rides in a coach, 0 without a rule.
func (b *Book) Fever(day Day) (tenths int, src Source) {
	r, _ := b.on("fever", day)
	return int(r.Values["from_tenths"]), r.source()
}

// ColdHours gives how many hours chilled meat may be on the road, 0 without a rule.
func (b *Book) ColdHours(day Day) (int64, Source) {
	r, _ := b.on("cold", day)
	return r.Values["hours"], r.source()
}
