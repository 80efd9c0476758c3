package search

// Vocabulary is what search knows about words. The caller loads it and hands it to an engine; it is not changed after.
type Vocabulary struct {
	Produce []Produce
	Places  []Place
}

// Produce is a commodity and everything people call it.
type Produce struct {
	Name    string   // the one name documents and facets carry, simplified Chinese
	Aliases []string // other Chinese names of the same thing: 洋芋
	// Varieties are found under the name, and rank above it when they are asked for: 红富士.
	Varieties []string
	Pinyin    []string // of Name, without spaces and tones; what is missing is worked out, so only odd readings are needed
	English   []string // "green onion", "scallion"
	Category  string   // one of Categories, or "": listings are found by the words for it
}

// Place is a province, prefecture or county.
type Place struct {
	Code     string   // current adcode, six digits
	Level    int      // 1 province, 2 prefecture, 3 county
	Name     string   // 凤翔区
	Aliases  []string // old names: 凤翔县
	OldCodes []string // old adcodes: 610322
	Pinyin   string   // without the word for county or city: fengxiang; "" is worked out
	English  []string
	Lon, Lat float64 // WGS-84 degrees
}

// Categories that produce may be in. They are found as 蔬菜, 水果, vegetables and the like.
const (
	Vegetable = "vegetable"
	Fruit     = "fruit"
	Mushroom  = "mushroom"
	Staple    = "staple" // grain, flour, instant food, water
	Animal    = "animal" // eggs, meat, fish
)
