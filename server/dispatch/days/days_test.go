package days_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"jishi/server/dispatch"
	"jishi/server/dispatch/days"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
)

func desk(t *testing.T) dispatch.Desk {
	t.Helper()
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	return dispatch.Desk{Rules: book, Places: atlas, Router: places.NewEstimator(atlas)}
}

func county(t *testing.T) dispatch.Question {
	t.Helper()
	q, err := days.County()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// check adds the plan up by itself: every gram once, no truck over, unloading after loading, windows kept.
func check(t *testing.T, q dispatch.Question, a dispatch.Answer) {
	t.Helper()
	left := map[int]measure.Grams{}
	for i, l := range q.Loads {
		left[i] = l.Grams
	}
	for _, out := range a.LeftOut {
		left[out.Load] -= out.Grams
	}
	if len(a.Options) == 0 {
		t.Fatal("no plan")
	}
	for _, out := range a.Options[0].Unserved {
		left[out.Load] -= out.Grams
	}
	seen := map[string]bool{}
	for _, trip := range a.Options[0].Trips {
		id := trip.Truck.Capacity.ID
		if seen[id] {
			t.Errorf("%s drives two trips at once", id)
		}
		seen[id] = true
		for s, stop := range trip.Stops {
			var gross measure.Grams
			var room measure.Millilitres
			for _, part := range trip.Parts {
				if part.From <= s && s < part.To {
					gross += part.Goods.Gross
					room += part.Goods.Volume
				}
			}
			if gross > trip.Truck.Type.Payload || room > trip.Truck.Type.Cube {
				t.Errorf("%s carries %s and %s after stop %d", id, gross, room, s)
			}
			if s > 0 && stop.Arrive < trip.Stops[s-1].Leave {
				t.Errorf("%s is at stop %d before it left the one before", id, s)
			}
		}
		for _, part := range trip.Parts {
			left[part.Load] -= part.Goods.Net
			l := q.Loads[part.Load]
			if part.To <= part.From || l.Unload.To > 0 && trip.Stops[part.To].Start > l.Unload.To {
				t.Errorf("%s unloads %s late or before loading", id, l.Allocation)
			}
		}
	}
	for i, g := range left {
		if g != 0 {
			t.Errorf("load %s: %d g are neither on a truck nor left out", q.Loads[i].Allocation, g)
		}
	}
}

// 202 bases, 600 t, twelve counties, sixty trucks (domain story 3.C): everything finds a truck.
func TestCountysDay(t *testing.T) {
	t.Parallel()
	q := county(t)
	var sum measure.Grams
	for _, l := range q.Loads {
		sum += l.Grams
	}
	if len(q.Loads) != 202 || sum != 600*measure.Tonne || len(q.Trucks) != 60 {
		t.Fatalf("%d loads, %s, %d trucks", len(q.Loads), sum, len(q.Trucks))
	}
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 300}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	if n := len(a.LeftOut) + len(a.Options[0].Unserved); n > 0 {
		t.Errorf("%d loads are left out: %+v", n, a.Options[0].Unserved[:1])
	}
	if len(a.Options[0].Trips)+len(a.Refused) != 60 {
		t.Errorf("%d trips and %d trucks refused with a reason; together they should be 60", len(a.Options[0].Trips), len(a.Refused))
	}
}

// With a third of the trucks some goods stay; each of them says why, and what would change it. Who waited longest goes first.
func TestTooFewTrucksSayWhy(t *testing.T) {
	t.Parallel()
	q := county(t)
	q.Trucks = q.Trucks[:12]
	for i := range 10 {
		q.Loads[i].Waited = 3
	}
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	if len(a.Options[0].Unserved) == 0 {
		t.Fatal("12 trucks can't carry 600 t")
	}
	for _, out := range a.Options[0].Unserved {
		if out.Rule == "" || len(out.Said) == 0 {
			t.Errorf("load %d is left out without a reason", out.Load)
		}
		if out.Rule == "trucks_full" && len(out.Hints) == 0 {
			t.Errorf("load %d is left out without a hint", out.Load)
		}
	}
}

// The country in regions keeps every gram once, too.
func TestNationsDayInRegions(t *testing.T) {
	t.Parallel()
	q, err := days.Nation(600, 150, 3)
	if err != nil {
		t.Fatal(err)
	}
	var regions int
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 40, Workers: 2}, func(p dispatch.Progress) { regions = max(regions, p.Regions) })
	if err != nil {
		t.Fatal(err)
	}
	if regions < 3 {
		t.Errorf("%d regions", regions)
	}
	check(t, q, a)
}

// One bad item is named; the rest is planned.
func TestBadItemsAreNamedAndTheRestIsPlanned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(q *dispatch.Question)
		rule string
		also map[int]string // other loads that it keeps back, with their rule
	}{
		{"a window already past", func(q *dispatch.Question) { q.Loads[0].Unload.To = q.Now - 1 }, "window_over", nil},
		{"an unknown place", func(q *dispatch.Question) { q.Loads[0].From.Adcode, q.Loads[0].From.Point = "999999", measure.Point{} }, "unknown_place", nil},
		{"zero coordinates", func(q *dispatch.Question) { q.Loads[0].To.Adcode, q.Loads[0].To.Point = "", measure.Point{} }, "unknown_place", nil},
		{"a load without a truck that has a pass", func(q *dispatch.Question) {
			q.Loads[0].To = q.Loads[1].To // Wuhan
			for v := range q.Trucks {
				q.Trucks[v].Vehicle.Passes = nil
			}
		}, "pass", map[int]string{1: "pass", 11: "pass", 21: "pass"}},
		{"a closed road", func(q *dispatch.Question) { q.Closed = []dispatch.Closure{{From: q.Loads[0].From.Adcode}} }, "closed_road", map[int]string{1: "closed_road", 2: "closed_road", 3: "closed_road"}},
		{"a circle of loads too heavy for any truck", func(q *dispatch.Question) {
			q.Loads[0] = dispatch.NewLoad(heavier(q.Loads[0], 40), mustBook(t))
			for i := range 3 {
				q.Loads[i].With = []string{q.Loads[(i+1)%3].Allocation}
			}
		}, "payload", map[int]string{1: "bound", 2: "bound"}},
		{"one that must ride with a load whose window is past", func(q *dispatch.Question) {
			q.Loads[3].Unload.To = q.Now - 1
			q.Loads[0].With = []string{q.Loads[3].Allocation}
		}, "bound", map[int]string{3: "window_over"}},
	} {
		q := county(t)
		q.Loads, q.Trucks = everyNinth(q.Loads), q.Trucks[:20]
		c.do(&q)
		a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 100}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		check(t, q, a)
		told := map[int]string{}
		for _, out := range append(a.LeftOut, a.Options[0].Unserved...) {
			if len(out.Said) > 0 {
				told[out.Load] = out.Rule
			}
		}
		want := map[int]string{0: c.rule}
		maps.Copy(want, c.also)
		if !maps.Equal(told, want) {
			t.Errorf("%s: told %v, want %v: %+v %+v", c.name, told, want, a.LeftOut, a.Options[0].Unserved)
		}
	}
}

func heavier(l dispatch.Load, tonnes measure.Grams) orders.ToShip {
	l.Grams = tonnes * measure.Tonne
	return l.ToShip
}

func everyNinth(list []dispatch.Load) (out []dispatch.Load) {
	for i := 0; i < len(list); i += 9 {
		out = append(out, list[i])
	}
	return out
}

// A load heavier than any truck is split.
func TestHeavyLoadIsSplit(t *testing.T) {
	t.Parallel()
	q := county(t)
	q.Loads = q.Loads[:1]
	q.Loads[0] = dispatch.NewLoad(heavier(q.Loads[0], 70), mustBook(t))
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	if o := a.Options[0]; len(o.Trips) < 3 || len(o.Unserved) > 0 {
		t.Errorf("70 t ride on %d trucks, %+v stay", len(o.Trips), o.Unserved)
	}
}

// A truck that asks for less than nothing is named and stays; the others carry.
func TestNegativePriceIsNamed(t *testing.T) {
	t.Parallel()
	q := county(t)
	q.Loads, q.Trucks = q.Loads[:5], q.Trucks[:10]
	q.Trucks[6].Capacity.Price = dispatch.Price{Kind: dispatch.PerKm, Fen: -100}
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 20}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	for _, r := range a.Refused {
		if r.Vehicle == q.Trucks[6].Vehicle.ID && r.Rule == "price" && len(r.Said) > 0 {
			return
		}
	}
	t.Errorf("the truck is not named: %+v", a.Refused)
}

// A routing server that is down, slow or lying: the spare answers, the plan says so and why; without a spare there is no plan.
func TestRouterInTrouble(t *testing.T) {
	t.Parallel()
	serve := func(patience time.Duration, h http.HandlerFunc) *places.OSRM {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return &places.OSRM{URL: s.URL, Timeout: patience}
	}
	for said, router := range map[string]*places.OSRM{
		"can't be reached":            {URL: "http://127.0.0.1:9"},
		"did not answer in time":      serve(50*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
		"the question":                serve(time.Minute, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":"TooBig"}`) }),
		"the routing server's answer": serve(time.Minute, liar),
	} {
		d := desk(t)
		d.Router, d.Spare = router, d.Router
		q := county(t)
		q.Loads, q.Trucks = q.Loads[:5], q.Trucks[:10]
		a, err := d.Day(t.Context(), q, dispatch.Effort{Iterations: 20}, nil)
		if err != nil || len(a.Notes) != 1 || !strings.Contains(a.Notes[0].In("en").Text, "estimates: ") || !strings.Contains(a.Notes[0].In("en").Text, said) {
			t.Errorf("%s: %v, %+v", said, err, a.Notes)
			continue
		}
		check(t, q, a)
		d.Spare = nil
		if _, err = d.Day(t.Context(), q, dispatch.Effort{Iterations: 20}, nil); fault.Of(err) == nil {
			t.Errorf("%s, without a spare: %v", said, err)
		}
	}
}

// liar says of every two places that they are one metre apart, each where it was asked for.
func liar(w http.ResponseWriter, r *http.Request) {
	points := strings.Split(path.Base(r.URL.Path), ";")
	sources, _, _ := strings.Cut(r.URL.RawQuery, "&destinations")
	starts := strings.Count(sources, ";") + 1
	at := func(list []string) string {
		var out []string
		for _, p := range list {
			out = append(out, `{"location":[`+p+`]}`)
		}
		return strings.Join(out, ",")
	}
	row := strings.TrimSuffix(strings.Repeat("1,", len(points)-starts), ",")
	cells := strings.TrimSuffix(strings.Repeat("["+row+"],", starts), ",")
	_, _ = fmt.Fprintf(w, `{"code":"Ok","sources":[%s],"destinations":[%s],"durations":[%s],"distances":[%s]}`, at(points[:starts]), at(points[starts:]), cells, cells)
}

// On the map of our own towns the islander's load is left out by its name and the other is hauled as far as the roads are.
func TestPlanOnTheMapOfTowns(t *testing.T) {
	t.Parallel()
	url := os.Getenv("JISHI_OSRM_TOWNS")
	if url == "" && os.Getenv("CI") == "true" {
		t.Fatal("JISHI_OSRM_TOWNS is not set, and in CI nothing is skipped")
	}
	if url == "" {
		t.Skip("JISHI_OSRM_TOWNS is not set: JISHI_OSRM_TOWNS=$(JISHI_OSRM_MAP=towns scripts/osrm.sh start)")
	}
	d := desk(t)
	d.Router = &places.OSRM{URL: url}
	q := county(t)
	q.Loads, q.Trucks = q.Loads[:2], q.Trucks[56:58]
	fengxiang, wuhan, island := measure.Point{Lon: 107.40, Lat: 34.52}, measure.Point{Lon: 114.30, Lat: 30.60}, measure.Point{Lon: 108.00, Lat: 33.20}
	for i, from := range []measure.Point{fengxiang, island} {
		q.Loads[i].From.Point, q.Loads[i].To.Point = from, wuhan
		q.Trucks[i].Capacity.Place.Point = fengxiang
	}
	a, err := d.Day(t.Context(), q, dispatch.Effort{Iterations: 20}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	if len(a.LeftOut) != 1 || a.LeftOut[0].Load != 1 || a.LeftOut[0].Rule != "unreachable" {
		t.Errorf("left out: %+v", a.LeftOut)
	}
	if trips := a.Options[0].Trips; len(trips) != 1 || trips[0].Metres < 815_000 || trips[0].Metres > 830_000 {
		t.Errorf("trips: %+v", trips)
	}
}

// Cancelled at once, the answer still accounts for everything.
func TestCancelledKeepsBestSoFar(t *testing.T) {
	t.Parallel()
	q := county(t)
	ctx, cancel := context.WithCancel(t.Context())
	a, err := desk(t).Day(ctx, q, dispatch.Effort{Iterations: 1_000_000}, func(p dispatch.Progress) { cancel() })
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
}

func mustBook(t *testing.T) *rules.Book {
	t.Helper()
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	return book
}
