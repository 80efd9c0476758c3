// Package measure holds the units of the product as distinct integer types, and reads and prints them the way
// growers, buyers and drivers write them.
//
// Grams plus metres does not compile, and no amount is ever a float: 斤 is 500 g, 公斤 1,000 g, 吨 1,000,000 g exactly.
package measure

// Grams is a net mass.
type Grams int64

// Fen is an amount of money, 1/100 yuan.
type Fen int64

// PriceE4 is a price per kilogram in 1/10000 yuan, so that 0.85 yuan per 斤 is 17000 (1.70 yuan/kg) exactly.
type PriceE4 int64

// Metres is a distance along the road unless a name says otherwise.
type Metres int64

// Millilitres is a volume; a truck of 38 m³ holds 38,000,000.
type Millilitres int64

// Millis is an instant (milliseconds since 1970-01-01T00:00:00Z) or, where a name says so, a duration.
type Millis int64

// The masses of the trade, exact.
const (
	Gram     Grams = 1
	Liang    Grams = 50        // 两
	Jin      Grams = 500       // 斤
	Kilogram Grams = 1_000     // 公斤, 千克
	Dan      Grams = 50_000    // 担
	Tonne    Grams = 1_000_000 // 吨
)

// Point is a WGS-84 position in degrees. Chinese map services give GCJ-02, which is up to about 500 m off.
type Point struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Window is a span of time, both ends included; From <= To in a valid one.
type Window struct {
	From Millis `json:"from"`
	To   Millis `json:"to"`
}

// Times gives the money for g at price p, rounded half up to the fen. The caller keeps p.Times(g) and never
// multiplies by hand, so that settlement and quotation agree to the fen.
func (p PriceE4) Times(g Grams) Fen {
	// fen = price(1/10000 yuan per kg) * grams / 1000 / 100; numerator < 2^63 up to 900,000 t at 1000 yuan/kg.
	n := int64(p) * int64(g)
	if n < 0 {
		return Fen(-((-n + 50_000) / 100_000))
	}
	return Fen((n + 50_000) / 100_000)
}
