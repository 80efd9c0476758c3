package app

import (
	"net/http"
	"testing"
)

// Each act on an order on its way belongs to one party: its buyer adds to it and says where it goes, a receiver refuses its own part, an
// operator stops the rest. To the seller an act is forbidden, to strangers there is no such order, and nothing changes.
func TestActsOnAnOpenOrderBelongToTheirParties(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		list := func(coop, line, adcode string) string {
			listed := w.post(coop, "/api/listings", object{"party": partyID(coop), "line": line, "harvested_on": "2020-02-01", "place": object{"adcode": adcode}})
			offer, _ := listed.json["offer"].(object)
			return offer["id"].(string)
		}
		offer, apples := list("taibai", "小白菜 500斤 2元/斤", "610331"), list("liulin", "苹果 1吨 3元/斤", "610322")
		need := w.need("union", "小白菜", "6吨")
		made := w.post("canteen", "/api/orders", object{"buyer": partyID("canteen"), "lines": []object{{"offer": offer, "version": onSale, "weight": "100斤"}}})
		path := "/api/orders/" + made.text("id")
		line := func(offer string) object {
			return object{"lines": []object{{"offer": offer, "version": onSale, "weight": "50斤"}}}
		}
		refused := func(as, act string, body object, status int, field string) {
			t.Helper()
			a, err := w.send(t.Context(), request{as: as, method: http.MethodPost, path: path + act, body: body, at: storyDay})
			if err != nil || a.status != status || field != "" && a.json["field"] != field {
				t.Errorf("%s %s: %d %v, %v", as, act, a.status, a.json, err)
			}
		}
		numbers := func(as string) (reserved, allocated float64) {
			n, _ := w.must(request{as: as, method: http.MethodGet, path: path, at: storyDay}).json["numbers"].(object)
			return n["reserved_grams"].(float64), n["allocated_grams"].(float64)
		}

		refused("taibai", "/add", line(offer), http.StatusForbidden, "")
		refused("firm", "/add", line(offer), http.StatusNotFound, "")
		refused("canteen", "/add", line(apples), 422, "lines[0].offer")
		if lines := w.post("canteen", path+"/add", line(offer)).json["lines"].([]any); len(lines) != 2 {
			t.Errorf("added, and there are %d lines", len(lines))
		}
		w.post("taibai", path+"/confirm", object{})
		refused("canteen", "/add", line(offer), http.StatusConflict, "")

		first := made.json["lines"].([]any)[0].(object)["id"]
		to := object{"line": first, "demand": need, "weight": "80斤"}
		refused("taibai", "/assign", to, http.StatusForbidden, "")
		refused("union", "/assign", to, http.StatusNotFound, "")
		refused("canteen", "/assign", object{"line": first, "demand": need, "weight": "101斤"}, 422, "weight")
		assigned := w.post("canteen", path+"/assign", to)
		if r, a := numbers("canteen"); r != 35_000 || a != 40_000 {
			t.Errorf("assigned 40 of 75 kg, and %v are reserved, %v allocated", r, a)
		}
		part := assigned.json["lines"].([]any)[0].(object)["to"].([]any)[0].(object)
		if part["receiver"] != partyID("union") {
			t.Errorf("the part is for %v", part["receiver"])
		}

		no := object{"reason": "冷库满了"}
		for _, other := range []string{"canteen", "taibai", "firm"} {
			refused(other, "/refuse-part", no, http.StatusNotFound, "")
		}
		w.post("union", path+"/refuse-part", no)
		if r, a := numbers("canteen"); r != 75_000 || a != 0 {
			t.Errorf("refused, and %v are reserved, %v allocated", r, a)
		}
		for _, other := range []string{"canteen", "taibai", "union"} {
			refused(other, "/stop", no, http.StatusForbidden, "")
		}
		refused("operator", "/stop", no, http.StatusConflict, "")
	})
}
