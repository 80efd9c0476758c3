package places

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"sync"

	"jishi/server/measure"
)

//go:embed data/places.csv
var placesCSV []byte

// Division is a province, a city or a county as it stands today.
type Division struct {
	Code    string // six digits, in force today
	Level   string // Province, City or County
	Name    string // 凤翔区
	Pinyin  string // fengxiang
	Parent  string // the code above, "" for a province; counties may stand directly below a province
	Point   measure.Point
	Mark    string // where the point is from: "s" list, "r" matched after a rename, "t" centroid, "p" the parent's point
	OldCode string // the code before a change, "" if it never changed
}

// The levels of a division.
const (
	Province = "province"
	City     = "city"
	County   = "county"
)

// Atlas holds every division. It never changes after Load and may be shared.
type Atlas struct {
	all    []Division // in the order of the codes
	byCode map[string]int
	byOld  map[string]int // asked after byCode: a code in use today means what it means today
	words  [][]string     // of each division: name, name without its last word, pinyin
	leaves []int          // divisions with none below them
}

var load = sync.OnceValues(func() (*Atlas, error) { return parse(placesCSV) })

// Load gives the built-in atlas, parsed once. An error means a broken build.
func Load() (*Atlas, error) { return load() }

func parse(text []byte) (*Atlas, error) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("places.csv: %w", err)
	}
	a := &Atlas{byCode: map[string]int{}, byOld: map[string]int{}}
	for i, row := range rows[1:] {
		d, err := division(row)
		if err != nil {
			return nil, fmt.Errorf("places.csv line %d: %w", i+2, err)
		}
		if _, twice := a.byCode[d.Code]; twice {
			return nil, fmt.Errorf("places.csv line %d: code %s for the second time", i+2, d.Code)
		}
		a.byCode[d.Code] = len(a.all)
		a.all = append(a.all, d)
		a.words = append(a.words, wordsOf(d))
	}
	return a, a.link()
}

// link checks the parents and files the old codes.
func (a *Atlas) link() error {
	for i, d := range a.all {
		if _, known := a.byCode[d.Parent]; !known && d.Parent != "" {
			return fmt.Errorf("places.csv: %s stands below %s, which is not there", d.Code, d.Parent)
		}
		a.byOld[d.OldCode] = i
	}
	parents := map[string]bool{}
	for _, d := range a.all {
		parents[d.Parent] = true
	}
	for i, d := range a.all {
		if !parents[d.Code] {
			a.leaves = append(a.leaves, i)
		}
	}
	return nil
}

var levels = map[string]string{"1": Province, "2": City, "3": County}

// division reads code,level,name,pinyin,parent,lon,lat,src,old_code.
func division(row []string) (Division, error) {
	lon, err := strconv.ParseFloat(row[5], 64)
	if err != nil {
		return Division{}, fmt.Errorf("lon: %w", err)
	}
	lat, err := strconv.ParseFloat(row[6], 64)
	if err != nil {
		return Division{}, fmt.Errorf("lat: %w", err)
	}
	level, known := levels[row[1]]
	if !known || !isCode(row[0]) {
		return Division{}, fmt.Errorf("code %q of level %q", row[0], row[1])
	}
	return Division{
		Code: row[0], Level: level, Name: row[2], Pinyin: row[3], Parent: row[4],
		Point: measure.Point{Lon: lon, Lat: lat}, Mark: row[7], OldCode: row[8],
	}, nil
}

func isCode(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) == 6
}

// All gives every division in the order of the codes.
func (a *Atlas) All() []Division { return append([]Division(nil), a.all...) }

// Division finds the division that the code means, be it today's code or the one before.
func (a *Atlas) Division(code string) (Division, bool) {
	i, ok := a.index(code)
	if !ok {
		return Division{}, false
	}
	return a.all[i], true
}

// PointOf gives the position of a place: its own point, or where it has none its division's. False for an unknown division, and for
// a point that is nowhere on earth.
func (a *Atlas) PointOf(at measure.Point, code string) (measure.Point, bool) {
	if at == (measure.Point{}) {
		d, _ := a.Division(code)
		at = d.Point
	}
	return at, checkPoints([]measure.Point{at}) == nil
}

func (a *Atlas) index(code string) (int, bool) {
	i, ok := a.byCode[code]
	if !ok && code != "" { // most divisions have no old code
		i, ok = a.byOld[code]
	}
	return i, ok
}

// Current gives today's code for a code of any year, and a code that isn't known as it is.
func (a *Atlas) Current(code string) string {
	if d, ok := a.Division(code); ok {
		return d.Code
	}
	return code
}

// Same reports whether two codes mean the same division. An empty code is the same as none.
func (a *Atlas) Same(one, other string) bool {
	return one != "" && a.Current(one) == a.Current(other)
}

// Within reports whether the division of code is area or lies in it: 610305 and its old code 610322 lie within 610300
// (宝鸡) and 610000 (陕西). A code that isn't known is placed by its first digits.
func (a *Atlas) Within(code, area string) bool {
	code, area = a.Current(code), a.Current(area)
	if !isCode(code) || !isCode(area) {
		return false
	}
	d, known := a.Division(code)
	if !known {
		return code == area || area == code[:4]+"00" || area == code[:2]+"0000"
	}
	for known {
		if d.Code == area {
			return true
		}
		d, known = a.Division(d.Parent)
	}
	return false
}

// Path gives the division, then what it stands in, up to the province. It is empty for a code that isn't known.
func (a *Atlas) Path(code string) []Division {
	var path []Division
	for d, ok := a.Division(code); ok; d, ok = a.Division(d.Parent) {
		path = append(path, d)
	}
	return path
}

// Nearest gives the county (or the city or province without counties) whose point lies nearest to p, and how far that is as the crow
// flies. It is a guess of the county, no proof: a point near a border may lie in the next one.
func (a *Atlas) Nearest(p measure.Point) (Division, measure.Metres) {
	best, least := 0, math.Inf(1)
	shrink := math.Cos(p.Lat * math.Pi / 180) // a degree of longitude against one of latitude
	for _, i := range a.leaves {
		at := a.all[i].Point
		dx, dy := (p.Lon-at.Lon)*shrink, p.Lat-at.Lat
		if q := dx*dx + dy*dy; q < least {
			best, least = i, q
		}
	}
	return a.all[best], GreatCircle(p, a.all[best].Point)
}
