package search

import "math"

// Band is a range of prices, from inclusive, to exclusive, in 1/10,000 yuan per kg.
type Band struct {
	Name     string
	From, To int64
}

// PriceBands are the values of the price facet. A listing without a price is in none.
var PriceBands = []Band{
	{"gift", 0, 1},
	{"under 1", 1, 10_000},
	{"1 to 2", 10_000, 20_000},
	{"2 to 4", 20_000, 40_000},
	{"4 to 8", 40_000, 80_000},
	{"8 to 16", 80_000, 160_000},
	{"16 and over", 160_000, math.MaxInt64},
}

// HarvestAges are the values of the harvest facet: milliseconds since the harvest.
var HarvestAges = []Band{
	{"1 day", math.MinInt64, day},
	{"3 days", day, 3 * day},
	{"7 days", 3 * day, 7 * day},
	{"30 days", 7 * day, 30 * day},
	{"older", 30 * day, math.MaxInt64},
}

const day = 24 * 60 * 60 * 1000

func indexIn(bands []Band, v int64) int {
	for i, b := range bands {
		if v >= b.From && v < b.To {
			return i
		}
	}
	return -1
}

func named(bands []Band, name string) int {
	for i, b := range bands {
		if b.Name == name {
			return i
		}
	}
	return -1
}

func bandIndex(name string) int { return named(PriceBands, name) }
func ageIndex(name string) int  { return named(HarvestAges, name) }

const facetValues = 20

// facetOrder is the order facets are returned in.
var facetOrder = []string{FacetKind, FacetProduce, FacetGrade, FacetCounty, FacetCertified, FacetRelief, FacetPrice, FacetHarvest, FacetPacking, FacetCold}
