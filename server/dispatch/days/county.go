package days

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
)

//go:embed bases.csv
var bases string

// china is the clock of every day here.
var china = time.FixedZone("+08:00", 8*3600)

func at(day string, hour int) measure.Millis {
	t, err := time.ParseInLocation(time.DateOnly, day, china)
	if err != nil {
		panic(err) // the days are written in this package
	}
	return measure.Millis(t.Add(time.Duration(hour) * time.Hour).UnixMilli())
}

// Day is the day whose rules hold in both days: three counties of origin are of medium risk, toll roads are free for all.
const Day = "2020-02-20"

// The markets of the county's day: seven bases in ten send to Xi'an, two to the city nearby, one to Wuhan.
var markets = []orders.Stop{
	{Name: "西安西部欣桥农产品物流中心", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}},
	{Name: "宝鸡市区批发市场", Adcode: "610303", Point: measure.Point{Lon: 107.147, Lat: 34.375}},
	{Name: "武汉白沙洲批发市场", Adcode: "420111", Point: measure.Point{Lon: 114.33, Lat: 30.48}},
}

func market(n int) orders.Stop {
	switch n % 10 {
	case 3, 7:
		return markets[1]
	case 9:
		return markets[2]
	}
	return markets[0]
}

// goods are what a base of a county grows.
var goods = []struct {
	word, packing string
	pack          measure.Grams
}{
	{"苹果", "纸箱", 10 * measure.Kilogram}, {"莲花白", "网袋", 25 * measure.Kilogram}, {"大葱", "捆", 10 * measure.Kilogram},
	{"土豆", "网袋", 25 * measure.Kilogram}, {"萝卜", "网袋", 25 * measure.Kilogram},
}

// fleet is the county's sixty trucks: how many of which type.
var fleet = []struct {
	kind string
	n    int
}{{"T42", 6}, {"T68", 14}, {"T68R", 6}, {"T96-2", 10}, {"T96-3", 12}, {"T96-3R", 3}, {"T96-4", 5}, {"T130", 3}, {"T130R", 1}}

// County makes the county's day (domain story 3.C).
func County() (dispatch.Question, error) {
	m, err := newMaker()
	if err != nil {
		return dispatch.Question{}, err
	}
	q := dispatch.Question{Day: Day, Now: at(Day, 4)}
	rows, err := csv.NewReader(strings.NewReader(bases)).ReadAll()
	if err != nil {
		return q, err
	}
	for n, row := range rows[1:] {
		kg, err := strconv.ParseInt(row[2], 10, 64)
		if err != nil {
			return q, err
		}
		l, err := m.base(n, row[0], measure.Grams(kg)*measure.Kilogram)
		if err != nil {
			return q, err
		}
		q.Loads = append(q.Loads, l)
	}
	q.Trucks = m.fleet()
	return q, nil
}

type maker struct {
	book  *rules.Book
	atlas *places.Atlas
}

func newMaker() (*maker, error) {
	book, err := rules.Load()
	if err != nil {
		return nil, err
	}
	atlas, err := places.Load()
	return &maker{book, atlas}, err
}

// around spreads places over a county: steps of a sunflower head, at most about 12 km from its point.
func around(p measure.Point, n int) measure.Point {
	const golden = 2.399963
	r := 0.11 * float64(n%40) / 40
	a := golden * float64(n)
	return measure.Point{Lon: round6(p.Lon + r*cos(a)), Lat: round6(p.Lat + r*sin(a)*0.82)}
}

func (m *maker) base(n int, adcode string, g measure.Grams) (dispatch.Load, error) {
	d, ok := m.atlas.Division(adcode)
	if !ok {
		return dispatch.Load{}, fmt.Errorf("days: no county %s", adcode)
	}
	kind := goods[n%len(goods)]
	p, ok := m.book.FindProduce(kind.word)
	if !ok {
		return dispatch.Load{}, fmt.Errorf("days: no produce %s", kind.word)
	}
	name := fmt.Sprintf("%s基地%03d", d.Name, n+1)
	return dispatch.NewLoad(orders.ToShip{
		Allocation: fmt.Sprintf("base-%03d", n+1), Order: fmt.Sprintf("order-%03d", n+1), Seller: name, Receiver: market(n).Name,
		Produce: p.ID, Packing: kind.packing, Packed: true, PackGrams: kind.pack, Grams: g,
		From: orders.Stop{Name: name, Adcode: adcode, Point: around(d.Point, n)}, To: market(n),
		Ready: measure.Window{From: at(Day, 6), To: at(Day, 20)}, Unload: measure.Window{To: at(Day, 48)},
	}, m.book), nil
}

func (m *maker) fleet() []dispatch.Truck {
	var out []dispatch.Truck
	depots := []string{"610322", "610303", "610326", "610304"}
	for _, f := range fleet {
		kind, _ := m.book.TruckType(f.kind)
		for range f.n {
			n := len(out)
			d, _ := m.atlas.Division(depots[n%len(depots)])
			v := dispatch.Vehicle{ID: fmt.Sprintf("truck-%02d", n+1), Carrier: "haulier", Type: f.kind, Plate: fmt.Sprintf("陕C·K%04d", n+1), PlateColour: "yellow"}
			if f.kind == "T42" {
				v.PlateColour = "blue"
			}
			if n%3 == 0 {
				v.Passes = []dispatch.Pass{{Number: fmt.Sprintf("P%d", n+1), Area: "420000", From: "2020-01-24", Until: "2020-04-07"}}
			}
			out = append(out, dispatch.Truck{Vehicle: v, Type: kind, Capacity: dispatch.Capacity{ID: v.ID, Vehicle: v.ID, Carrier: v.Carrier,
				Place: orders.Stop{Name: d.Name, Adcode: d.Code, Point: d.Point}, From: at(Day, 5), Until: at(Day, 24)}})
		}
	}
	return out
}
