//go:build !race

package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"jishi/server/store/storetest"
)

// held is a truck whose carrier asks 900.00 of its shippers, confirmed for a trip with 2 t of firm's goods and 1 t of the canteen's.
type held struct {
	*town
	promised
	due time.Time // the truck is to be there
}

// holdTruck makes it; firm has paid its 600.00 in, the canteen has not paid its 300.00.
func (w *town) holdTruck(n int) held {
	w.t.Helper()
	h := held{town: w, promised: w.promiseTruck(fmt.Sprintf("陕C·D%04d", n), object{"deposit": "900元"}, map[string]string{"firm": "2吨", "canteen": "1吨"})}
	w.post("haulier", "/api/trips/"+h.trip+"/confirm", object{})
	var view struct {
		Outline struct {
			Stops []struct {
				Start time.Time `json:"start_at"`
			}
		}
	}
	trip := w.must(request{as: "dispatcher", method: http.MethodGet, path: "/api/trips/" + h.trip, at: storyDay})
	if err := json.Unmarshal(trip.raw, &view); err != nil {
		w.t.Fatal(err)
	}
	h.due = view.Outline.Stops[0].Start
	for _, d := range h.deposits("firm") {
		w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": "d-" + h.trip, "reference": d["reference"], "amount": "600元",
			"paid_at": storyDay.Format(time.RFC3339), "payer": "甲(演示)"}}})
	}
	return h
}

func (h held) deposits(as string) []object {
	h.t.Helper()
	return h.must(request{as: as, method: http.MethodGet, path: "/api/capacity-offers/" + h.truck + "/deposits", at: storyDay}).list()
}

// want checks what the carrier sees: both deposits, by who put them up.
func (h held) want(firm, canteen string) {
	h.t.Helper()
	got := map[any]any{}
	for _, d := range h.deposits("haulier") {
		got[d["party"]] = d["state"]
	}
	if len(got) != 2 || got[partyID("firm")] != firm || got[partyID("canteen")] != canteen {
		h.t.Errorf("the deposits are %v, want firm's %s and the canteen's %s", got, firm, canteen)
	}
}

func (h held) say(as, what string, at time.Time) {
	h.t.Helper()
	h.must(request{as: as, method: http.MethodPost, path: "/api/trips/" + h.trip + "/" + what, body: object{"reason": "计划变了"}, at: at})
}

// planAgain drives the firm's goods alone from now on.
func (h held) planAgain(at time.Time) {
	h.t.Helper()
	ask := func(method, path string, body any) answer {
		return h.must(request{as: "dispatcher", method: method, path: path, body: body, at: at})
	}
	run := ask(http.MethodPost, "/api/plan-runs", object{"after": h.plan, "refused": []string{h.loads["canteen"]}, "seconds": 1}).text("id")
	ask(http.MethodGet, "/api/plan-runs/"+run+"/events", nil) // until it ends
	next := ask(http.MethodGet, "/api/plan-runs/"+run, nil).text("plan")
	ask(http.MethodPost, "/api/plans/"+next+"/accept", object{"option": "a"})
	if was := ask(http.MethodGet, "/api/trips/"+h.trip, nil); was.text("state") != "cancelled" {
		h.t.Fatalf("the trip of before is %s", was.text("state"))
	}
}

// todo gives what of a kind waits for somebody: who, what and where to.
func (h held) todo(as, kind string) (out []string) {
	h.t.Helper()
	for _, v := range h.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: storyDay}).list() {
		if v["kind"] == kind {
			out = append(out, fmt.Sprintf("%v %v %v", v["who"], v["fen"], v["path"]))
		}
	}
	return out
}

// wantTodo checks it.
func (h held) wantTodo(as, kind string, want ...string) {
	h.t.Helper()
	if got := h.todo(as, kind); !slices.Equal(got, want) {
		h.t.Errorf("%s has to do (%s) %q, want %q", as, kind, got, want)
	}
}

// The deposit of a truck is its shippers' by weight; it goes back but where a shipper may have broken its word, and there an operator decides.
func TestTheDepositOfATruckIsItsShippers(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgresDSN(t) }} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, dsn(t))
			ends := map[string]struct {
				end           func(h held)
				firm, canteen string
			}{
				"Held":           {func(held) {}, "held", "asked"},
				"CalledOffEarly": {func(h held) { h.say("dispatcher", "cancel", h.due.Add(-49*time.Hour)) }, "released", "dropped"},
				"CalledOffLate":  {func(h held) { h.say("dispatcher", "cancel", h.due.Add(-47*time.Hour)) }, "undecided", "dropped"},
				"NoTruck":        {func(h held) { h.say("dispatcher", "no-show", h.due.Add(3*time.Hour)) }, "released", "dropped"},
				"NoGoods": {func(h held) {
					h.say("haulier", "stops/0/arrive", h.due)
					h.say("haulier", "no-goods", h.due.Add(time.Hour))
				}, "undecided", "dropped"},
				"PlannedAgain": {func(h held) { h.planAgain(h.due.Add(-47 * time.Hour)) }, "released", "dropped"},
			}
			n := 0
			for name, test := range ends {
				n++
				h := w.holdTruck(n)
				test.end(h)
				t.Log(name)
				h.want(test.firm, test.canteen)
				if own := h.deposits("firm"); len(own) != 1 || own[0]["fen"] != 600_00.0 {
					t.Errorf("firm sees %v", own)
				}
				if others := h.deposits("liulin"); len(others) > 0 {
					t.Errorf("a stranger sees %v", others)
				}
				if name == "Held" {
					h.wantTodo("canteen", "deposit", w.partyName("haulier")+" 30000 trips/"+h.trip)
					h.wantTodo("firm", "deposit") // paid
					h.must(request{as: "canteen", method: http.MethodGet, path: "/api/trips/" + h.trip, at: storyDay})
				}
				if name != "CalledOffLate" {
					continue
				}
				waits := w.partyName("firm") + " 60000 trips/" + h.trip
				h.wantTodo("finance", "rule")
				h.wantTodo("firm", "rule")
				if !slices.Contains(h.todo("operator", "rule"), waits) {
					t.Errorf("the operator has %q", h.todo("operator", "rule"))
				}
				rule := "/api/deposits/" + h.deposits("firm")[0]["id"].(string) + "/rule"
				if a := w.must(request{as: "operator", method: http.MethodPost, path: rule, body: object{"forfeit_permille": 500, "reason": "货主前一天才说不要了"}, at: storyDay}); a.json["forfeited_fen"] != 300_00.0 {
					t.Errorf("%s", a.raw)
				}
				h.want("split", "dropped")
				if slices.Contains(h.todo("operator", "rule"), waits) {
					t.Error("decided, and it still waits")
				}
			}
			checkInvariants(t, w.site)
		})
	}
}
