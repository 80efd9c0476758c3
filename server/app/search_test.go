package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// list puts a lot of a cooperative up and gives the offer.
func (w *town) list(seller, produce, weight, price string, more object) string {
	w.t.Helper()
	lot := object{"party": partyID(seller), "produce": produce, "weight": weight, "place": object{"adcode": "610322"}}
	for k, v := range more {
		lot[k] = v
	}
	id := w.post(seller, "/api/lots", lot).text("id")
	offer := w.post(seller, "/api/offers", object{"lot": id, "price": price}).text("id")
	w.post(seller, "/api/offers/"+offer+"/publish", object{})
	return offer
}

// wants posts a need and gives its id.
func (w *town) wants(as, produce string, more object) string {
	w.t.Helper()
	body := object{"party": partyID(as), "produce": produce, "amount": object{"kind": "up_to", "weight": "5吨"}, "why": "食堂"}
	for k, v := range more {
		body[k] = v
	}
	return w.post(as, "/api/demands", body).text("id")
}

// until asks again until ok, for as long as the test may run.
func (w *town) until(what string, r request, ok func(a answer) bool) answer {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last answer
	for {
		a, err := w.send(ctx, r)
		if err == nil {
			if last = a; ok(a) {
				return a
			}
		}
		select {
		case <-ctx.Done():
			w.t.Fatalf("%s did not happen; the last answer was %d %s", what, last.status, last.raw)
		case <-tick.C:
		}
	}
}

func find(query string) request {
	return request{method: http.MethodGet, path: "/api/search?" + query, at: storyDay}
}

// hitsOf gives the ids of the hits.
func hitsOf(a answer) string {
	var v struct{ Hits []struct{ Kind, ID string } }
	if json.Unmarshal(a.raw, &v) != nil {
		return "unreadable"
	}
	var ids []string
	for _, h := range v.Hits {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

type heard struct {
	Notices []struct {
		ID, Kind, About, Found string
		Read                   bool
		Details                struct {
			Title, Party string
			DoorE4       int64 `json:"door_e4"`
		}
	}
	Unread int
}

func noticesOf(a answer) heard {
	var v heard
	_ = json.Unmarshal(a.raw, &v)
	return v
}

func (v heard) has(kind, about, found string) bool {
	for _, n := range v.Notices {
		if n.Kind == kind && n.About == about && n.Found == found {
			return true
		}
	}
	return false
}

// TestBothSidesHearOfAMatch: a new offer meets an open need, a new need a live offer; each side is told once, and only the fitting.
func TestBothSidesHearOfAMatch(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		apples := w.wants("union", "苹果", nil)
		scallions := w.wants("zhongnan", "大葱", nil)
		offer := w.list("liulin", "苹果", "3000公斤", "6元/公斤", nil)
		box := request{as: "union", method: http.MethodGet, path: "/api/notices"}
		a := w.until("the hospital hears of the offer", box, func(a answer) bool {
			return noticesOf(a).has("offer_fits", "demand/"+apples, "offer/"+offer)
		})
		n := noticesOf(a)
		if d := n.Notices[0].Details; d.DoorE4 <= 60_000 || d.Party == "" || d.Title == "" {
			t.Errorf("the notice does not say what it costs at the door, from whom: %+v", d)
		}
		seller := request{as: "liulin", method: http.MethodGet, path: "/api/notices"}
		w.until("the seller hears of the need", seller, func(a answer) bool {
			return noticesOf(a).has("demand_fits", "offer/"+offer, "demand/"+apples)
		})
		late := w.wants("zhongnan", "苹果", nil)
		w.until("a new need finds the live offer", request{as: "zhongnan", method: http.MethodGet, path: "/api/notices"}, func(a answer) bool {
			return noticesOf(a).has("offer_fits", "demand/"+late, "offer/"+offer)
		})
		both := noticesOf(w.must(seller))
		if both.has("demand_fits", "offer/"+offer, "demand/"+scallions) || len(both.Notices) != 2 {
			t.Errorf("the seller of apples hears of scallions, or twice: %+v", both)
		}
		if both.Unread != 2 {
			t.Errorf("%d unread, want 2", both.Unread)
		}
		w.post("liulin", "/api/notices/read", object{"ids": []string{both.Notices[0].ID}})
		if left := noticesOf(w.must(request{as: "liulin", method: http.MethodGet, path: "/api/notices?unread=true"})); left.Unread != 1 || len(left.Notices) != 1 {
			t.Errorf("after reading one of two: %+v", left)
		}
		w.post("biaojiao", "/api/notices/read", object{})
		if left := noticesOf(w.must(seller)); left.Unread != 1 {
			t.Errorf("another cooperative read our notices: %+v", left)
		}
	})
}

// TestSavedSearches: kept, told of what is new and fits, silenced, forgotten; another's are not there; a broken one is not kept.
func TestSavedSearches(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		saved := w.post("donor", "/api/saved-searches", object{"name": "陕西苹果", "query": object{"q": "苹果 陕西 7元以下", "kinds": "offer"}, "alert": true}).text("id")
		dear := w.list("liulin", "苹果", "3000公斤", "9元/公斤", nil)
		cheap := w.list("liulin", "苹果", "2000公斤", "6元/公斤", nil)
		box := request{as: "donor", method: http.MethodGet, path: "/api/notices"}
		n := noticesOf(w.until("the alert", box, func(a answer) bool { return noticesOf(a).has("search_finds", "search/"+saved, "offer/"+cheap) }))
		if n.has("search_finds", "search/"+saved, "offer/"+dear) {
			t.Error("an offer above the price of the saved search was told")
		}
		w.must(request{as: "donor", method: http.MethodPut, path: "/api/saved-searches/" + saved, body: object{"name": "便宜苹果", "alert": false}, at: storyDay})
		list := w.must(request{as: "donor", method: http.MethodGet, path: "/api/saved-searches", at: storyDay}).list()
		if len(list) != 1 || list[0]["alert"] != false || list[0]["name"] != "便宜苹果" || list[0]["query"].(map[string]any)["q"] != "苹果 陕西 7元以下" {
			t.Errorf("kept: %v", list)
		}
		for _, r := range []struct {
			request
			status int
		}{
			{request{as: "union", method: http.MethodDelete, path: "/api/saved-searches/" + saved}, 404},
			{request{as: "union", method: http.MethodPut, path: "/api/saved-searches/" + saved, body: object{"name": "x", "alert": true}}, 404},
			{request{as: "donor", method: http.MethodPut, path: "/api/saved-searches/" + saved, body: object{"name": "  ", "alert": true}}, 422},
			{request{as: "donor", method: http.MethodPost, path: "/api/saved-searches", body: object{"name": "x", "query": object{"q": strings.Repeat("苹", 4000)}}}, 400},
			{request{as: "donor", method: http.MethodPost, path: "/api/saved-searches", body: object{"name": "x", "query": object{"to": "999999"}}}, 422},
			{request{as: "donor", method: http.MethodPost, path: "/api/saved-searches", body: object{"name": " ", "query": object{}}}, 422},
			{request{method: http.MethodGet, path: "/api/saved-searches"}, 401},
			{request{method: http.MethodGet, path: "/api/notices"}, 401},
		} {
			r.at = storyDay
			a, err := w.send(t.Context(), r.request)
			if err != nil || a.status != r.status {
				t.Errorf("%s %s: %d %s, want %d", r.method, r.path, a.status, a.raw, r.status)
			}
		}
		w.must(request{as: "donor", method: http.MethodDelete, path: "/api/saved-searches/" + saved, at: storyDay})
		if list = w.must(request{as: "donor", method: http.MethodGet, path: "/api/saved-searches", at: storyDay}).list(); len(list) != 0 {
			t.Errorf("after it was forgotten: %v", list)
		}
	})
}

// TestEveryBoardIsFound: offers, needs, campaigns and trucks come into the index with the change, and go with it.
func TestEveryBoardIsFound(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	offer := w.list("liulin", "苹果", "3000公斤", "6元/公斤", object{"grade": "富士80"})
	demand := w.wants("union", "苹果", object{"storage": "cold"})
	campaign := w.post("donor", "/api/campaigns", object{"donor": partyID("donor"), "title": "十吨苹果送武汉", "named_use": "免费给医护", "demands": []string{demand},
		"goal_weight": "10吨", "goal_money": "70000元"}).text("id")
	vehicles := w.must(request{as: "haulier", method: http.MethodGet, path: "/api/vehicles?carrier=" + partyID("haulier"), at: storyDay}).list()
	truck := capacity(vehicles[0]["id"])
	truck["return_to"] = "610300"
	capacity := w.post("haulier", "/api/capacity-offers", truck).text("id")
	for query, want := range map[string]string{
		"kinds=offer&q=" + url.QueryEscape("红富士 凤翔"): offer, "kinds=demand&cold=true": demand, "kinds=campaign&q=apple": campaign,
		"kinds=capacity&q=" + url.QueryEscape("返程车 宝鸡"): capacity,
	} {
		w.until(query, find(query), func(a answer) bool { return hitsOf(a) == want })
	}
	w.post("liulin", "/api/offers/"+offer+"/pause", object{})
	w.post("haulier", "/api/capacity-offers/"+capacity+"/withdraw", object{})
	w.until("what is held back is gone", find("kinds=offer,capacity"), func(a answer) bool { return a.ok() && hitsOf(a) == "" })
}

// TestSearchRefusesNonsense: the sentence, the field, no 500, nothing of an engine's syntax.
func TestSearchRefusesNonsense(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	offer := w.list("liulin", "苹果", "3000公斤", "6元/公斤", nil)
	w.until("the offer", find("q=apple"), func(a answer) bool { return hitsOf(a) == offer })
	for query, field := range map[string]string{
		"q=" + strings.Repeat("a", 10<<10): "text", "limit=0": "", "limit=-1": "limit", "limit=1000000": "limit", "after=nonsense": "after", "after=db:nonsense": "after",
		"sort=_score": "sort", "sort=delivered": "to", "sort=distance": "to", "kinds=x": "kind", "area=61*": "areas", "price=cheap": "priceBands", "age=new": "harvestAges",
		"produce=" + strings.Repeat("a", 300): "produce", "after=" + strings.Repeat("e", 4000): "after",
		"to=999999": "to", "radius=10": "radius", "radius=-5&to=420100": "radius", "radius=99999999&to=420100": "radius", "weight=" + url.QueryEscape("很多"): "weight",
	} {
		a := w.problem(find(query))
		if field == "" {
			continue
		}
		if a.status != 400 && a.status != 422 || a.text("field") != field {
			t.Errorf("%.60s: %d %.200s, want a fault of %q", query, a.status, a.raw, field)
		}
	}
	for _, text := range []string{"!!!", `"`, `title:(`, "*:*", "\u202e", "<script>alert(1)</script>", `{"match_all":{}}`, "' OR 1=1 --", "%", "_", "NEAR(a b)"} {
		a := w.problem(find("q=" + url.QueryEscape(text)))
		if a.status != 200 {
			t.Errorf("%q: %d %.200s", text, a.status, a.raw)
		}
	}
	for _, raw := range []string{"q=%ff%fe", "q=a%00b"} {
		if a := w.problem(find(raw)); a.status != 400 {
			t.Errorf("%s: %d %.200s", raw, a.status, a.raw)
		}
	}
	for _, path := range []string{"/api/suggest?q=%ff", "/api/suggest?q=a&n=0", "/api/suggest?q=a&n=500", "/api/suggest?q=" + strings.Repeat("a", 5000)} {
		if a := w.problem(request{method: http.MethodGet, path: path}); a.status >= 500 {
			t.Errorf("%.40s: %d %.200s", path, a.status, a.raw)
		}
	}
}

func (w *town) problem(r request) answer {
	w.t.Helper()
	a, err := w.send(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// TestSearchCommand: the command line answers like the page, beside a running server; reindex asks that server and waits for it.
func TestSearchCommand(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	data := w.site.config.data
	offer := w.list("liulin", "苹果", "3000公斤", "6元/公斤", object{"grade": "富士80"})
	w.until("the offer", find("q=apple"), func(a answer) bool { return hitsOf(a) == offer })

	code, out, errs := run(t.Context(), "search", "--data", data, "--json", "--to", "420103", "--kg", "3000", "pingguo", "--limit", "5")
	var v struct {
		Total int
		Grams int64
		Hits  []struct {
			ID        string
			Delivered struct {
				PriceE4   int64 `json:"price_e4"`
				FreightE4 int64 `json:"freight_e4"`
				TollE4    int64 `json:"toll_e4"`
				TotalE4   int64 `json:"total_e4"`
			}
		}
	}
	if code != 0 || json.Unmarshal([]byte(out), &v) != nil || v.Total != 1 || v.Grams != 3_000_000 || v.Hits[0].ID != offer {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	if d := v.Hits[0].Delivered; d.PriceE4 != 60_000 || d.FreightE4 <= 0 || d.TotalE4 != d.PriceE4+d.FreightE4+d.TollE4 {
		t.Errorf("the price at the door: %+v", d)
	}
	if code, out, _ = run(t.Context(), "search", "--data", data, "苹果", "5吨"); code != 0 || !strings.Contains(out, "[≥ 5 t]") || !strings.Contains(out, "0 found") {
		t.Errorf("filters read from the words: %d %s", code, out)
	}
	for _, r := range []struct {
		code int
		args []string
	}{
		{2, []string{"--limit", "x", "a"}}, {2, []string{"--kg", "-1", "a"}}, {1, []string{"--limit", "5000", "a"}}, {1, []string{"--to", "999999", "a"}},
		{1, []string{strings.Repeat("a", 2000)}},
	} {
		if code, out, errs := run(t.Context(), append([]string{"search", "--data", data}, r.args...)...); code != r.code || errs == "" || out != "" {
			t.Errorf("%.60v: %d %q %q, want %d", r.args, code, out, errs, r.code)
		}
	}
	if code, _, errs = run(t.Context(), "search", "--data", t.TempDir(), "a"); code != 1 || !strings.Contains(errs, "holds no") {
		t.Errorf("an empty folder: %d %s", code, errs)
	}
	code, out, errs = run(t.Context(), "reindex", "--data", data)
	if code != 0 || !strings.Contains(out, "1 documents") || !strings.Contains(errs, "█") {
		t.Fatalf("reindex beside the server: %d %s %s", code, out, errs)
	}
	if got := hitsOf(w.must(find("q=apple"))); got != offer {
		t.Errorf("after the rebuild: %q", got)
	}
	w.post("liulin", "/api/offers/"+offer+"/pause", object{})
	w.until("the rebuilt index follows", find("q=apple"), func(a answer) bool { return a.ok() && hitsOf(a) == "" })
}

// TestReindexGoesOn: a rebuild that was cut off goes on where it stopped, and swaps once, with all that changed meanwhile.
func TestReindexGoesOn(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	var offers []string
	for n := range 5 {
		offers = append(offers, w.list("liulin", "苹果", fmt.Sprintf("%d公斤", 1000+n), "6元/公斤", nil))
	}
	w.until("all offers", find("kinds=offer"), func(a answer) bool { return len(strings.Fields(hitsOf(a))) == len(offers) })
	fresh, err := w.site.index.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := things(t.Context(), w.db().Read())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.site.rebuildBatch(t.Context(), fresh, all[:2]); err != nil {
		t.Fatal(err)
	}
	w.post("liulin", "/api/offers/"+offers[0]+"/pause", object{})
	w.until("the pause", find("kinds=offer"), func(a answer) bool { return len(strings.Fields(hitsOf(a))) == len(offers)-1 })
	var first int
	n, err := w.site.rebuild(t.Context(), func(done, _ int) {
		if first == 0 {
			first = done
		}
	})
	if err != nil || first != 2 || n != len(offers)-2 {
		t.Errorf("it put %d from %d on, %v; want %d from 2 on", n, first, err, len(offers)-2)
	}
	if got := strings.Fields(hitsOf(w.must(find("kinds=offer")))); len(got) != len(offers)-1 {
		t.Errorf("%d offers after the swap, want %d", len(got), len(offers)-1)
	}
}
