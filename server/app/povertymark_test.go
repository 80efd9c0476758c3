package app

import (
	"net/http"
	"net/url"
	"testing"
)

// The poverty mark over HTTP: the seller asks, an operator sends back with a reason that the seller reads, the seller asks again, and what
// was found right is seen by everybody. Nobody else may do or see any of it, and each of the two is told what waits.
func TestThePovertyMarkIsAskedForSentBackAndAskedForAgain(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		lot := w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "line": "苹果 2吨 富士80", "place": object{"adcode": "610322"}}).text("id")
		id := w.post("liulin", "/api/offers", object{"lot": lot, "price": "3元/斤", "poverty": true}).text("id")
		path := "/api/offers/" + id
		refused := func(as, method, path string, body any, status int, field string) {
			t.Helper()
			a, err := w.send(t.Context(), request{as: as, method: method, path: path, body: body, at: storyDay})
			if err != nil || a.status != status || a.text("field") != field {
				t.Errorf("%s %s as %q: %d %s, %v; want %d at %q", method, path, as, a.status, a.raw, err, status, field)
			}
		}
		waits := func(as, kind string) (paths []string) {
			for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: storyDay}).list() {
				if v["kind"] == kind {
					paths = append(paths, v["path"].(string))
				}
			}
			return paths
		}
		wantWaiting := func(check, mend int) {
			t.Helper()
			for _, who := range []struct {
				as, kind string
				n        int
			}{{"operator", "check", check}, {"liulin", "check", 0}, {"biaojiao", "check", 0}, {"liulin", "sent_back", mend}, {"operator", "sent_back", 0}, {"biaojiao", "sent_back", 0}} {
				if got := waits(who.as, who.kind); len(got) != who.n || who.n == 1 && got[0] != "offers/"+id {
					t.Errorf("%s has %v to %s, want %d", who.as, got, who.kind, who.n)
				}
			}
		}

		refused("biaojiao", http.MethodPost, path+"/publish", object{}, http.StatusNotFound, "")
		if state := w.post("liulin", path+"/publish", object{}).text("state"); state != "pending_check" {
			t.Fatalf("asked for the mark, and it is %s", state)
		}
		wantWaiting(1, 0)
		for _, as := range []string{"", "firm", "biaojiao"} {
			refused(as, http.MethodGet, path, nil, http.StatusNotFound, "")
		}
		for _, as := range []string{"liulin", "firm", "auditor"} {
			refused(as, http.MethodPost, path+"/approve", object{}, http.StatusForbidden, "")
			refused(as, http.MethodPost, path+"/send_back", object{"reason": "不对"}, http.StatusForbidden, "")
		}
		refused("", http.MethodPost, path+"/approve", object{}, http.StatusUnauthorized, "")
		refused("operator", http.MethodPost, path+"/send_back", object{}, http.StatusUnprocessableEntity, "reason")
		refused("operator", http.MethodPost, path+"/send_back", object{"reason": ""}, http.StatusUnprocessableEntity, "reason")
		refused("operator", http.MethodPost, path+"/send_back", object{"reason": " \t "}, http.StatusUnprocessableEntity, "reason")

		const why = "没有贫困户的名单"
		if back := w.post("operator", path+"/send_back", object{"reason": " " + why}); back.text("state") != "draft" || back.text("sent_back_for") != why {
			t.Errorf("sent back, and it is %s", back.raw)
		}
		wantWaiting(0, 1)
		if seen := w.must(request{as: "liulin", method: http.MethodGet, path: path, at: storyDay}); seen.text("sent_back_for") != why {
			t.Errorf("the seller sees %s", seen.raw)
		}
		refused("firm", http.MethodGet, path, nil, http.StatusNotFound, "")
		if again := w.post("liulin", path+"/publish", object{}); again.text("state") != "pending_check" || again.text("sent_back_for") != why {
			t.Errorf("asked again, and it is %s", again.raw)
		}
		wantWaiting(1, 0)

		w.post("operator", path+"/approve", object{})
		wantWaiting(0, 0)
		seen := w.must(request{method: http.MethodGet, path: path, at: storyDay})
		if seen.text("state") != "live" || seen.json["poverty"] != true || seen.text("sent_back_for") != "" {
			t.Errorf("a visitor sees %s", seen.raw)
		}
		w.until("being found with its mark", find("kinds=offer&q="+url.QueryEscape("苹果")), func(found answer) bool {
			hits, _ := found.json["hits"].([]any)
			for _, h := range hits {
				if hit, _ := h.(object); hit["id"] == id {
					return hit["relief"] == true
				}
			}
			return false
		})
	})
}

// What was sent back and then taken away is shown to others without the office's words to its seller.
func TestWhyAMarkWasSentBackIsForItsSellerAlone(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	lot := w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "line": "苹果 2吨 富士80", "place": object{"adcode": "610322"}}).text("id")
	path := "/api/offers/" + w.post("liulin", "/api/offers", object{"lot": lot, "price": "3元/斤", "poverty": true}).text("id")
	w.post("liulin", path+"/publish", object{})
	w.post("operator", path+"/send_back", object{"reason": "没有名单"})
	w.post("liulin", path+"/withdraw", object{})
	if seen := w.must(request{as: "firm", method: http.MethodGet, path: path, at: storyDay}); seen.text("state") != "withdrawn" || seen.text("sent_back_for") != "" {
		t.Errorf("a buyer sees %s", seen.raw)
	}
}
