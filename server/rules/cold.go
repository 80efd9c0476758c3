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
