package web

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jishi/server/dispatch/days"
	"jishi/server/measure"
	"jishi/server/orders"
)

// planningSite has 30 loads of the county's day waiting, and trucks for them on offer.
func planningSite(t *testing.T, trucks int) (site, func(status int, method, path, body string, into any)) {
	t.Helper()
	q, err := days.County()
	if err != nil {
		t.Fatal(err)
	}
	var waiting []orders.ToShip
	for _, l := range q.Loads[:30] {
		l.Ready, l.Unload = measure.Window{}, measure.Window{}
		waiting = append(waiting, l.ToShip)
	}
	s, _ := newDispatchSiteWith(t, waiting...)
	ask := func(status int, method, path, body string, into any) {
		t.Helper()
		r := s.do(t, method, "/api"+path, body)
		if r.StatusCode != status {
			t.Fatalf("%s %s %s: %d %.600s", method, path, body, r.StatusCode, r.text)
		}
		if into != nil {
			if err := json.Unmarshal(r.text, into); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := range trucks {
		var v VehicleView
		ask(200, "POST", "/vehicles", fmt.Sprintf(`{"carrier":"carrier","type":"T96-3","plate":"陕C·A%04d","plate_colour":"yellow","driver":"D",
			"passes":[{"number":"P1","area":"","from":"2020-01-24","until":"2020-03-31"}]}`, n), &v)
		ask(200, "POST", "/capacity-offers", `{"vehicle":"`+v.ID+`","place":{"adcode":"610322"},"from":"2020-02-03T06:00:00+08:00","until":"2020-02-05T20:00:00+08:00"}`, nil)
	}
	return s, ask
}

// events reads a run's events until its last, and calls each.
func events(t *testing.T, s site, run string, each func(RunView)) RunView {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/api/plan-runs/"+run+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if kind := res.Header.Get("Content-Type"); res.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%d %s", res.StatusCode, kind)
	}
	var last RunView
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err = json.Unmarshal([]byte(data), &last); err != nil {
				t.Fatal(err)
			}
			each(last)
		}
	}
	return last
}

// A run is started, watched, left, watched again, and cancelled: what is best so far is kept as a plan.
func TestRunIsWatchedAndCancelled(t *testing.T) {
	t.Parallel()
	s, ask := planningSite(t, 12)
	var run RunView
	ask(200, "POST", "/plan-runs", `{"seconds":60,"day":"2020-02-03"}`, &run)
	if run.State != "planning" {
		t.Fatalf("%+v", run)
	}
	cancelled := false
	last := events(t, s, run.ID, func(r RunView) {
		if r.Progress.Trucks > 0 && !cancelled {
			cancelled = true
			ask(200, "POST", "/plan-runs/"+run.ID+"/cancel", `{}`, nil)
		}
	})
	if !cancelled || last.State != "planned" || !last.Cancelled || last.Plan == "" {
		t.Fatalf("cancelled %v, the last event is %+v", cancelled, last)
	}
	again := events(t, s, run.ID, func(RunView) {})
	if again.Plan != last.Plan {
		t.Errorf("who comes back is told %+v", again)
	}
	var plan PlanView
	ask(200, "GET", "/plans/"+last.Plan, "", &plan)
	if len(plan.Options) != 1 || len(plan.Options[0].Trips) == 0 || len(plan.Options[0].Unserved) > 0 {
		t.Errorf("the best so far is %+v", plan.Options)
	}
	ask(404, "GET", "/plan-runs/none/events", "", nil)
	ask(422, "POST", "/plan-runs", `{"seconds":600}`, nil)
}

// A load is tried on another truck, moved with a reason, locked, and all of it undone; the reason is in the history.
func TestPlanIsChangedByHand(t *testing.T) {
	t.Parallel()
	_, ask := planningSite(t, 12)
	var plan PlanView
	ask(200, "POST", "/plans", `{"day":"2020-02-03"}`, &plan)
	first := plan.Options[0]
	from, to := first.Trips[0], first.Trips[len(first.Trips)-1]
	load := plan.Loads[from.Parts[0].Load].Allocation
	off := fmt.Sprintf(`{"option":"a","load":%q,"from":%q}`, load, from.Capacity)
	over := fmt.Sprintf(`{"option":"a","load":%q,"from":%q,"to":%q}`, load, from.Capacity, to.Capacity)
	var tried TriedView
	ask(200, "POST", "/plans/"+plan.ID+"/try", off, &tried)
	if tried.Cost >= 0 || tried.Total != first.Cost+tried.Cost {
		t.Errorf("without a load: %+d fen", tried.Cost)
	}
	var same PlanView
	ask(200, "GET", "/plans/"+plan.ID, "", &same)
	if same.Options[0].Cost != first.Cost {
		t.Error("trying changed the plan")
	}
	ask(200, "POST", "/plans/"+plan.ID+"/try", over, &tried)
	stops := false
	for _, c := range tried.Broken {
		stops = stops || c.Stops
		if c.Text == "" {
			t.Errorf("%+v says nothing", c)
		}
	}
	if stops {
		ask(422, "POST", "/plans/"+plan.ID+"/move", over, nil)
	}
	var moved PlanView
	ask(200, "POST", "/plans/"+plan.ID+"/move", strings.TrimSuffix(off, "}")+`,"reason":"the grower called"}`, &moved)
	if len(moved.Options[0].Unserved) != 1 || moved.Options[0].Unserved[0].Rule != "taken_off" {
		t.Errorf("%+v", moved.Options[0].Unserved)
	}
	ask(200, "POST", "/plans/"+plan.ID+"/lock", fmt.Sprintf(`{"option":"a","capacity":%q,"locked":true}`, to.Capacity), &moved)
	ask(409, "POST", "/plans/"+plan.ID+"/try", fmt.Sprintf(`{"option":"a","load":%q,"to":%q}`, load, to.Capacity), nil)
	ask(200, "POST", "/plans/"+plan.ID+"/undo", `{}`, &moved)
	ask(200, "POST", "/plans/"+plan.ID+"/undo", `{}`, &moved)
	if moved.Options[0].Cost != first.Cost || len(moved.Options[0].Unserved) > 0 {
		t.Errorf("after undoing: %d fen, before %d", moved.Options[0].Cost, first.Cost)
	}
	ask(409, "POST", "/plans/"+plan.ID+"/undo", `{}`, nil)
	var edits []EditView
	ask(200, "GET", "/plans/"+plan.ID+"/edits", "", &edits)
	if len(edits) != 2 || edits[1].Reason != "the grower called" || edits[0].UndoneAt == 0 {
		t.Errorf("%+v", edits)
	}
}

// What if a truck is not there, what if prices rise: told beside the plan, nothing is kept. The rest is planned again after an
// accepted plan: trips that stay keep their trucks, the broken one is cancelled.
func TestWhatIfAndTheRestOfADay(t *testing.T) {
	t.Parallel()
	s, ask := planningSite(t, 12)
	var plan PlanView
	ask(200, "POST", "/plans", `{"day":"2020-02-03"}`, &plan)
	gone := plan.Options[0].Trips[0]
	var supposed SupposedView
	ask(200, "POST", "/plans/"+plan.ID+"/what-if", `{"prices":{"diesel_fen_km":50}}`, &supposed)
	if c := supposed.Compared; c.After.Cost <= c.Before.Cost || len(c.Promises) > 0 || c.Before.Cost != plan.Options[0].Cost {
		t.Errorf("dearer diesel: %+v", c)
	}
	ask(200, "POST", "/plans/"+plan.ID+"/what-if", `{"without":["`+gone.Capacity+`"],"plan":true}`, &supposed)
	if c := supposed.Compared; len(c.Promises) < len(gone.Parts) || c.After.LeftOut > 0 {
		t.Errorf("without a truck: %+v", c)
	}
	ask(422, "POST", "/plans/"+plan.ID+"/what-if", `{"prices":{"freight_per_mille":-1}}`, nil)

	var trips []TripView
	ask(200, "POST", "/plans/"+plan.ID+"/accept", `{"option":"a"}`, &trips)
	var run RunView
	ask(200, "POST", "/plan-runs", `{"after":"`+plan.ID+`","gone":["`+gone.Capacity+`"],"seconds":1}`, &run)
	last := events(t, s, run.ID, func(RunView) {})
	if last.State != "planned" {
		t.Fatalf("%+v", last)
	}
	var next PlanView
	ask(200, "GET", "/plans/"+last.Plan, "", &next)
	if len(next.Changed) < len(gone.Parts) || next.After != plan.ID {
		t.Errorf("%d promises changed, %d rode on the broken truck", len(next.Changed), len(gone.Parts))
	}
	var c struct{ Promises []any }
	ask(200, "GET", "/plans/"+plan.ID+"/compare?with="+next.ID, "", &c)
	if len(c.Promises) == 0 {
		t.Error("nothing differs between the plans")
	}
	var lines []PlanLineView
	ask(200, "GET", "/plans?limit=5", "", &lines)
	if len(lines) != 2 || lines[0].ID != next.ID || lines[1].Accepted != "a" || lines[1].Day != "2020-02-03" {
		t.Errorf("the list of plans is %+v", lines)
	}
	var more []TripView
	ask(200, "POST", "/plans/"+next.ID+"/accept", `{"option":"a"}`, &more)
	var all []TripView
	ask(200, "GET", "/trips", "", &all)
	open := map[string]int{}
	for _, trip := range all {
		if trip.State != "cancelled" {
			open[trip.Outline.Capacity]++
		}
	}
	if open[gone.Capacity] != 0 || len(open) != len(next.Options[0].Trips) || len(all) != len(trips)+len(more) {
		t.Errorf("open trips by truck: %v, planned %d", open, len(next.Options[0].Trips))
	}
	for id, n := range open {
		if n != 1 {
			t.Errorf("%s has %d open trips", id, n)
		}
	}
}
