//go:build !race

package dispatch

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"jishi/server/measure"
	"jishi/server/rules"
)

// storyPlanned plans the story of Fengxiang once for the tests that look at it. Its 36 ways of planning take a minute under the race detector.
var storyPlanned struct {
	sync.Once
	p *planner
	a Answer
}

func planStory(t *testing.T) (*planner, Answer) {
	t.Helper()
	storyPlanned.Do(func() { storyPlanned.p, storyPlanned.a = plan(t, question(t, storyTrucks(t), storyShips()...)) })
	if len(storyPlanned.a.Options) == 0 {
		t.Fatal("the story was not planned")
	}
	return storyPlanned.p, storyPlanned.a
}

func TestStoryPlan(t *testing.T) {
	t.Parallel()
	p, a := planStory(t)
	first := a.Options[0]

	t.Run("the first option is what was done: two 6.8 m with 5 t of apples each, one 9.6 m with the scallions", func(t *testing.T) {
		equal(t, "warnings", codes(first.Warnings), []string(nil))
		equal(t, "trips", len(first.Trips), 3)
		one, two, three := first.Trips[0], first.Trips[1], first.Trips[2]
		equal(t, "types", one.Truck.Type.ID+two.Truck.Type.ID+three.Truck.Type.ID, "T68T68T96-3")
		// 5,000 kg and a tenth of it in cartons on 9 t; 834 begun cartons of 20 l in 38 m³.
		equal(t, "truck 1", []any{one.Fill.Net, one.Fill.Weight, one.Fill.Cube}, []any{measure.Grams(5_000_000), 611, 439})
		equal(t, "truck 2", []any{two.Fill.Net, two.Fill.Weight, two.Fill.Cube}, []any{measure.Grams(5_000_000), 611, 439})
		// 10,000 kg and a fiftieth of it on 14.5 t; 50 m³ in 56 m³.
		equal(t, "truck 3", []any{three.Fill.Net, three.Fill.Weight, three.Fill.Cube}, []any{measure.Grams(10_000_000), 703, 893})
	})
	t.Run("what is unloaded last stands at the front wall", func(t *testing.T) {
		for _, trip := range first.Trips[1:] {
			equal(t, trip.Truck.Vehicle.Plate+" stops", stopNames(trip), "凤翔 协和医院 中南医院")
			equal(t, trip.Truck.Vehicle.Plate+" front wall", p.q.Loads[trip.Parts[0].Load].To.Name, "中南医院")
			equal(t, trip.Truck.Vehicle.Plate+" at the door", p.q.Loads[trip.Parts[1].Load].To.Name, "协和医院")
		}
		equal(t, "apples for Union on truck 2", first.Trips[1].Parts[1].Goods.Net, measure.Grams(1_000_000))
	})
	t.Run("receivers unload between 8 and 18", func(t *testing.T) {
		for _, trip := range first.Trips {
			for _, s := range trip.Stops {
				clock := clockAt(s.Start)[6:]
				if s.Kind == UnloadStop && (clock < "08:00" || clock > "18:00") {
					t.Errorf("%s unloads at %s", s.Place.Name, clock)
				}
			}
			if trip.Rests < 2 {
				t.Errorf("%s rests %d times on %d km", trip.Truck.Vehicle.Plate, trip.Rests, km(trip.Metres))
			}
		}
	})
	t.Run("one 13 m truck for all is cheaper, but warned of", func(t *testing.T) {
		all := byTypes(t, a, "T130")
		equal(t, "fill", []int{all.Trips[0].Fill.Weight, all.Trips[0].Fill.Cube}, []int{684, 980})
		if all.Cost >= first.Cost {
			t.Errorf("costs %s, the first %s", yuan(all.Cost), yuan(first.Cost))
		}
		for _, code := range []string{"odour", "ethylene"} {
			if !slices.Contains(codes(all.Warnings), code) {
				t.Errorf("not warned of %s: %v", code, codes(all.Warnings))
			}
		}
		why := rankOf(a, all.ID)
		if why.Fen != all.Cost-first.Cost || len(why.Said) < 3 {
			t.Errorf("the ranking says %+v", why)
		}
	})
	t.Run("two 9.6 m trucks wait for a pass and lack 0.6 t", func(t *testing.T) {
		two := byTypes(t, a, "T96-3", "T96-3")
		equal(t, "warnings", codes(two.Warnings), []string{"pass"})
		var short, starts bool
		for _, h := range two.Hints {
			short = short || strings.Contains(h.Said.String(), "0.6 t more")
			starts = starts || h.Day == "2020-02-05"
		}
		if !short || !starts {
			t.Errorf("hints: %+v", two.Hints)
		}
	})
	t.Run("trucks that stay say why", func(t *testing.T) {
		small, plate, later := refusedOf(t, a, "陕C·A1000"), refusedOf(t, a, "鄂A·B2001"), refusedOf(t, a, "陕C·A1004")
		// 5,500 of 1,700 kg; 16.68 of 16 m³.
		equal(t, "4.2 m", []any{small.Rule, small.Fill.Weight, small.Fill.Cube}, []any{"payload", 3235, 1043})
		equal(t, "鄂A", plate.Rule, "plate")
		equal(t, "later pass", later.Rule, "pass")
	})
}

func TestWhatIf(t *testing.T) {
	t.Parallel()
	p, a := planStory(t)
	toll := func(o Option) (fen measure.Fen, free []string) {
		for _, trip := range o.Trips {
			free = append(free, trip.TollFree)
			for _, l := range trip.Lines {
				if l.Kind == "toll" {
					fen += l.Fen
				}
			}
		}
		return fen, free
	}
	for _, c := range []struct {
		day       string
		paid      bool // the apples' trucks are 61 % full: they pay unless the day or the pass waives it
		forbidden bool
	}{
		{"2020-01-20", true, false},
		{"2020-02-03", false, false},
		{"2020-02-18", false, false},
		{"2020-03-07", false, false},
	} {
		o := p.whatIf(rules.Day(c.day), a).Options[0]
		fen, free := toll(o)
		if (fen > 0) != c.paid {
			t.Errorf("%s: toll %s, %v", c.day, yuan(fen), free)
		}
		if o.merit().stopped != c.forbidden {
			t.Errorf("%s: %+v", c.day, o.Warnings)
		}
	}
	before := p.whatIf("2020-01-20", a).Options[0]
	if _, free := toll(before); free[2] == "" {
		t.Errorf("scallions fill 89.3 %% of the room, which is toll-free by the green channel on any day: %v", free)
	}
	if p.whatIf("2020-01-20", a).Options[0].Cost == a.Options[0].Cost {
		t.Error("quarantine and toll make no difference between the days")
	}
}

func TestSameQuestionSameAnswer(t *testing.T) {
	t.Parallel()
	_, one := planStory(t)
	_, two := plan(t, question(t, storyTrucks(t), storyShips()...))
	textOne, err := toJSON(one)
	if err != nil {
		t.Fatal(err)
	}
	textTwo, err := toJSON(two)
	if err != nil {
		t.Fatal(err)
	}
	if textOne != textTwo {
		t.Error("the same question was answered in two ways")
	}
}

func rankOf(a Answer, id string) RankLine {
	for _, r := range a.Ranking {
		if r.Option == id {
			return r
		}
	}
	return RankLine{}
}

// The driver's days at home after Wuhan cost what the carrier asks for them, or else what the rules reckon: 14 days at 500 yuan. Of two
// trucks alike the one that asks less drives.
func TestDaysAtHomeCostWhatTheCarrierAsks(t *testing.T) {
	t.Parallel()
	usual, asks := truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)
	asks.Capacity.Quarantine = 500_00
	for _, tt := range []struct {
		name   string
		trucks []Truck
		plate  string
		fen    measure.Fen
	}{
		{"AsTheRulesReckon", []Truck{usual}, "陕C·A1001", 7_000_00},
		{"AsTheCarrierAsks", []Truck{asks}, "陕C·A1002", 500_00},
		{"TheCheaperDrives", []Truck{usual, asks}, "陕C·A1002", 500_00},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, a := plan(t, relayQuestion(t, tt.trucks, toShip(1, apple, 3, union)))
			trip := a.Options[0].Trips[0]
			equal(t, "truck", trip.Truck.Vehicle.Plate, tt.plate)
			n := slices.IndexFunc(trip.Lines, func(l CostLine) bool { return l.Kind == "quarantine" })
			if n < 0 {
				t.Fatalf("nothing for the days at home: %+v", trip.Lines)
			}
			equal(t, "for the days at home", trip.Lines[n].Fen, tt.fen)
		})
	}
}
