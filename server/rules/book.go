package rules

import (
	"embed"
	"fmt"
	"sync"

	"jishi/server/places"
)

//go:embed data
var files embed.FS

// Book is every rule and fact of the product. It never changes after Load and may be shared.
type Book struct {
	atlas     *places.Atlas
	produce   []Produce
	byID      map[string]int
	byWord    map[string]int
	trucks    []TruckType
	catalogue []entry
	bands     []band
	rules     []rule
	zones     []zone
	stations  []Station
	limits    []limit
	pairs     []pair
	closures  []Closure
}

var load = sync.OnceValues(read)

// Load gives the built-in book, read once. An error means a broken build.
func Load() (*Book, error) { return load() }

func read() (*Book, error) {
	atlas, err := places.Load()
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	b := &Book{atlas: atlas, byID: map[string]int{}, byWord: map[string]int{}}
	for _, step := range []func() error{b.readProduce, b.readTrucks, b.readCatalogue, b.readBands, b.readRules, b.readZones, b.readStations, b.readMix, b.readClosures} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
	}
	return b, nil
}

// within reports whether a place lies in an area. Codes of towns count as their county.
func (b *Book) within(adcode, area string) bool {
	if area == Everywhere {
		return true
	}
	if len(adcode) > 6 {
		adcode = adcode[:6]
	}
	return b.atlas.Within(adcode, area)
}
