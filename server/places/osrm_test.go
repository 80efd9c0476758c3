package places_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/places"
	"jishi/server/places/placestest"
)

// served gives the server that scripts/osrm.sh started.
func served(t *testing.T) *places.OSRM {
	t.Helper()
	url := os.Getenv("JISHI_OSRM")
	if url == "" && os.Getenv("CI") == "true" {
		t.Fatal("JISHI_OSRM is not set, and in CI nothing is skipped")
	}
	if url == "" {
		t.Skip("JISHI_OSRM is not set: JISHI_OSRM=$(scripts/osrm.sh start)")
	}
	return &places.OSRM{URL: url}
}

// In the middle of Helsinki, and at sea 40 km south of it.
var (
	station   = measure.Point{Lon: 24.9384, Lat: 60.1699}
	cathedral = measure.Point{Lon: 24.9525, Lat: 60.1719}
	market    = measure.Point{Lon: 24.9500, Lat: 60.1650}
	sea       = measure.Point{Lon: 24.9384, Lat: 59.8000}
)

func TestOSRMKeepsTheContract(t *testing.T) {
	t.Parallel()
	served(t)
	placestest.Run(t, placestest.Ground{
		Points: []measure.Point{station, cathedral, market}, Cut: sea, Snap: 100, Many: 120,
	}, func(t *testing.T) places.Router { return served(t) })
}

// The real server says Ok for a point at sea and gives it the nearest road, 40 km away.
func TestOSRMKnowsAMapThatIsNotOurs(t *testing.T) {
	t.Parallel()
	china := []measure.Point{point(t, "610305"), point(t, "420100")}
	_, err := served(t).Table(t.Context(), china, china)
	if f := fault.Of(err); f == nil || f.Code != "off_map" || f.Kind != fault.Unavailable {
		t.Errorf("Wuhan on a map of Helsinki: %v", err)
	}
}

func TestOSRMRoute(t *testing.T) {
	t.Parallel()
	o := served(t)
	stops := []measure.Point{station, cathedral, market}
	r, err := o.Route(t.Context(), stops)
	if err != nil {
		t.Fatal(err)
	}
	table, err := o.Table(t.Context(), stops, stops)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 { // the same way whichever service is asked, give or take what is cut off
		if d := r.Metres[i] - table.Metres[i][i+1]; len(r.Metres) != 2 || d < -50 || d > 50 {
			t.Errorf("leg %d is %v, the table says %v", i, r.Metres, table.Metres[i][i+1])
		}
	}
	if len(r.Line) < 3 || places.GreatCircle(r.Line[0], station) > 100 || places.GreatCircle(r.Line[len(r.Line)-1], market) > 100 {
		t.Errorf("the line has %d points: %v", len(r.Line), r.Line)
	}
	for name, stops := range map[string][]measure.Point{"one stop": {station}, "by sea": {station, sea}} {
		if _, err := o.Route(t.Context(), stops); fault.Of(err) == nil || fault.Of(err).Code != "no_way" {
			t.Errorf("%s: %v; want no_way", name, err)
		}
	}
}

func TestATruckIsSlowerThanTheProfile(t *testing.T) {
	t.Parallel()
	o := served(t)
	car, err := o.Table(t.Context(), []measure.Point{station}, []measure.Point{market})
	if err != nil {
		t.Fatal(err)
	}
	o.Slower = 25
	truck, err := o.Table(t.Context(), []measure.Point{station}, []measure.Point{market})
	if err != nil || truck.Times[0][0] != car.Times[0][0]*125/100 || truck.Metres[0][0] != car.Metres[0][0] {
		t.Errorf("car %v, truck %v, %v", car, truck, err)
	}
}

// stub answers every question with one text.
func stub(t *testing.T, status int, body string) *places.OSRM {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return &places.OSRM{URL: s.URL}
}

const (
	atStation = `{"location":[24.9384,60.1699]}`
	atMarket  = `{"location":[24.95,60.165]}` // 845 m off
)

func tableAnswer(from, to, seconds, metres string) string {
	return fmt.Sprintf(`{"code":"Ok","sources":[%s],"destinations":[%s],"durations":%s,"distances":%s}`, from, to, seconds, metres)
}

func TestOSRMIsNotBelieved(t *testing.T) {
	t.Parallel()
	good := tableAnswer(atStation, atMarket, "[[200]]", "[[1500]]")
	for name, row := range map[string]struct {
		status int
		body   string
		code   string // "" for a good answer
	}{
		"a good answer":                     {200, good, ""},
		"shorter than the crow flies":       {200, tableAnswer(atStation, atMarket, "[[200]]", "[[500]]"), "router_bad_answer"},
		"faster than a truck":               {200, tableAnswer(atStation, atMarket, "[[2]]", "[[1500]]"), "router_bad_answer"},
		"a time below zero":                 {200, tableAnswer(atStation, atMarket, "[[-1]]", "[[1500]]"), "router_bad_answer"},
		"a distance without a time":         {200, tableAnswer(atStation, atMarket, "[[null]]", "[[1500]]"), "router_bad_answer"},
		"a time without a distance":         {200, tableAnswer(atStation, atMarket, "[[200]]", "[[null]]"), "router_bad_answer"},
		"round the world":                   {200, tableAnswer(atStation, atMarket, "[[9e9]]", "[[9e9]]"), "router_bad_answer"},
		"a row too many":                    {200, tableAnswer(atStation, atMarket, "[[200],[200]]", "[[1500],[1500]]"), "router_bad_answer"},
		"a start too few":                   {200, tableAnswer("", atMarket, "[[200]]", "[[1500]]"), "router_bad_answer"},
		"an end too many":                   {200, tableAnswer(atStation, atMarket+","+atMarket, "[[200]]", "[[1500]]"), "router_bad_answer"},
		"a column too few":                  {200, tableAnswer(atStation, atMarket, "[[]]", "[[]]"), "router_bad_answer"},
		"no distances, as before version 5": {200, `{"code":"Ok","sources":[` + atStation + `],"destinations":[` + atMarket + `],"durations":[[200]]}`, "router_bad_answer"},
		"places without a position":         {200, tableAnswer(`{}`, atMarket, "[[200]]", "[[1500]]"), "router_bad_answer"},
		"a position out of this world":      {200, tableAnswer(atStation, `{"location":[24.95,160]}`, "[[200]]", "[[1500]]"), "router_bad_answer"},
		"text for numbers":                  {200, tableAnswer(atStation, atMarket, `[["200"]]`, "[[1500]]"), "router_bad_answer"},
		"half an answer":                    {200, good[:len(good)/2], "router_bad_answer"},
		"a page of a proxy":                 {200, "<html>Welcome</html>", "router_bad_answer"},
		"nothing":                           {200, "", "router_bad_answer"},
		"too many points":                   {400, `{"code":"TooBig","message":"Too many table coordinates"}`, "router_refused"},
		"a refusal that calls itself 200":   {200, `{"code":"InvalidOptions","message":"no"}`, "router_refused"},
		"an Ok that calls itself 404":       {404, good, "router_refused"},
		"a proxy without its server":        {502, "<html>Bad gateway</html>", "router_away"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := stub(t, row.status, row.body).Table(t.Context(), []measure.Point{station}, []measure.Point{market})
			if row.code == "" {
				if err != nil || got.Metres[0][0] != 1500 || got.Times[0][0] != 200_000 {
					t.Errorf("%v, %v", got, err)
				}
				return
			}
			if f := fault.Of(err); f == nil || f.Code != row.code || f.Kind != fault.Unavailable {
				t.Errorf("%v; want %s", err, row.code)
			}
			if len(got.Metres)+len(got.Times) > 0 {
				t.Errorf("an error with numbers: %v", got)
			}
		})
	}
}

func TestOSRMNullIsUnreachable(t *testing.T) {
	t.Parallel()
	got, err := stub(t, 200, tableAnswer(atStation, atMarket, "[[null]]", "[[null]]")).Table(t.Context(), []measure.Point{station}, []measure.Point{market})
	if err != nil || got.Metres[0][0] != places.Unreachable || got.Times[0][0] != places.Unreachable {
		t.Errorf("%v, %v", got, err)
	}
}

func TestOSRMSnapIsMeasuredNotBelieved(t *testing.T) {
	t.Parallel()
	// The server puts the point at sea on the station's street and claims that it moved it by one metre.
	lie := tableAnswer(`{"location":[24.9384,60.1699],"distance":1}`, atMarket, "[[200]]", "[[1500]]")
	got, err := stub(t, 200, lie).Table(t.Context(), []measure.Point{sea}, []measure.Point{market})
	if err != nil || got.Metres[0][0] != places.Unreachable || got.Times[0][0] != places.Unreachable {
		t.Errorf("%v, %v", got, err)
	}
	wide := stub(t, 200, lie)
	wide.Snap = 50_000
	if got, err = wide.Table(t.Context(), []measure.Point{sea}, []measure.Point{market}); err != nil || got.Metres[0][0] != 1500 {
		t.Errorf("within 50 km: %v, %v", got, err)
	}
}

func TestOSRMRouteIsNotBelieved(t *testing.T) {
	t.Parallel()
	answer := func(legs, line string) string {
		return fmt.Sprintf(`{"code":"Ok","waypoints":[%s,%s],"routes":[{"legs":[%s],"geometry":{"coordinates":%s}}]}`, atStation, atMarket, legs, line)
	}
	leg := `{"distance":1500,"duration":200}`
	for name, row := range map[string]struct{ body, code string }{
		"a good answer": {answer(leg, "[[24.9,60.1],[24.95,60.16]]"), ""},
		"no leg":        {answer("", "[]"), "router_bad_answer"},
		"two legs":      {answer(leg+","+leg, "[]"), "router_bad_answer"},
		"a short cut":   {answer(`{"distance":15,"duration":200}`, "[]"), "router_bad_answer"},
		"half a point":  {answer(leg, "[[24.9]]"), "router_bad_answer"},
		"no routes":     {`{"code":"Ok","waypoints":[],"routes":[]}`, "router_bad_answer"},
		"no way":        {`{"code":"NoRoute","message":"Impossible route between points"}`, "no_way"},
	} {
		r, err := stub(t, 200, row.body).Route(t.Context(), []measure.Point{station, market})
		if f := fault.Of(err); row.code == "" && (err != nil || len(r.Line) != 2 || r.Metres[0] != 1500) || row.code != "" && (f == nil || f.Code != row.code) {
			t.Errorf("%s: %v, %v; want %q", name, r, err, row.code)
		}
	}
}

func TestOSRMSlow(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(s.Close)
	o := &places.OSRM{URL: s.URL, Timeout: 20 * time.Millisecond}
	_, err := o.Table(t.Context(), []measure.Point{station}, []measure.Point{market})
	if f := fault.Of(err); f == nil || f.Code != "router_slow" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v; want router_slow and its cause", err)
	}
	// Whoever asked may give up first; that is their own doing and no fault of the server.
	o.Timeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err = o.Table(ctx, []measure.Point{station}, []measure.Point{market}); fault.Of(err) != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v; want the end of the context", err)
	}
}

func TestOSRMDown(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	_, err := (&places.OSRM{URL: s.URL}).Table(t.Context(), []measure.Point{station}, []measure.Point{market})
	f := fault.Of(err)
	if f == nil || f.Code != "router_away" || strings.Contains(f.Error(), s.URL) {
		t.Fatalf("%v; want router_away, without the address in what people read", err)
	}
	if !strings.Contains(err.Error(), s.URL) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the log reads %q and doesn't name the cause", err)
	}
}

// 120 starts and 60 ends are 3 x 2 blocks.
func TestOSRMAsksInBlocks(t *testing.T) {
	t.Parallel()
	many := make([]measure.Point, 120)
	for i := range many {
		many[i] = station
	}
	o, asked, most := blocks(t, 0)
	got, err := o.Table(t.Context(), many, many[:60])
	if err != nil || len(got.Metres) != 120 || len(got.Metres[119]) != 60 || asked.Load() != 6 || most.Load() > 100 {
		t.Errorf("%d rows, %v; %d requests of at most %d points", len(got.Metres), err, asked.Load(), most.Load())
	}
	o, _, _ = blocks(t, 2)
	if got, err = o.Table(t.Context(), many, many[:60]); fault.Of(err) == nil || fault.Of(err).Code != "router_away" || got.Metres != nil {
		t.Errorf("the second block is lost: %d rows, %v", len(got.Metres), err)
	}
}

// blocks is a server where all points are one; it loses the request of that number, 0 none. It counts requests and points.
func blocks(t *testing.T, lost int64) (o *places.OSRM, asked, most *atomic.Int64) {
	t.Helper()
	asked, most = new(atomic.Int64), new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		points := strings.Count(r.URL.Path, ";") + 1
		for old := most.Load(); int64(points) > old && !most.CompareAndSwap(old, int64(points)); old = most.Load() {
		}
		if asked.Add(1) == lost {
			http.Error(w, "lost", http.StatusServiceUnavailable)
			return
		}
		sources, _, _ := strings.Cut(r.URL.RawQuery, "&destinations")
		rows := strings.Count(sources, ";") + 1
		line := func(n int, cell string) string { return strings.TrimSuffix(strings.Repeat(cell+",", n), ",") }
		cells := "[" + line(rows, "["+line(points-rows, "0")+"]") + "]"
		fmt.Fprint(w, tableAnswer(line(rows, atStation), line(points-rows, atStation), cells, cells))
	}))
	t.Cleanup(s.Close)
	return &places.OSRM{URL: s.URL}, asked, most
}
