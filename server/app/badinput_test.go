package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestBadInputNamesTheFieldAndLosesNothing sends what people and machines send by mistake. Every answer is a 4xx problem
// with a sentence, names the field where there is one, and leaves every table as it was.
func TestBadInputNamesTheFieldAndLosesNothing(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		offer := w.box(100)
		need := w.need("union", "苹果", "6吨")
		gift := w.post("donor", "/api/campaigns", object{
			"donor": partyID("donor"), "title": "好的", "named_use": "给医护", "demands": []string{need}, "goal_weight": "6吨",
		}).text("id")
		order := w.orderOf(offer, gift, need, "6公斤", "good")
		lot := func(change object) object {
			body := object{"party": partyID("liulin"), "produce": "苹果", "weight": "3吨", "harvested_on": "2020-01-20", "place": object{"adcode": "610322"}}
			for k, v := range change {
				body[k] = v
			}
			return body
		}
		buy := func(weight string) object { return orderBody(offer, gift, need, weight) }
		bank := func(change object) object {
			line := object{"client_id": "b1", "reference": "x", "amount": "1元", "paid_at": "2020-02-02T08:00:00+08:00", "payer": "甲(演示)"}
			for k, v := range change {
				line[k] = v
			}
			return object{"lines": []object{line}}
		}
		before := w.everything()
		for _, c := range []struct {
			name, as, path string
			body           any
			status         int
			field          string
		}{
			{"a unit nobody knows", "liulin", "/api/lots", lot(object{"weight": "3 stone"}), 422, "weight"},
			{"a weight without a unit", "liulin", "/api/lots", lot(object{"weight": "3"}), 422, "weight"},
			{"litres", "liulin", "/api/lots", lot(object{"weight": "3升"}), 422, "weight"},
			{"a negative weight", "liulin", "/api/lots", lot(object{"weight": "-3吨"}), 422, "weight"},
			{"no weight at all", "liulin", "/api/lots", lot(object{"weight": "0公斤"}), 422, "weight"},
			{"more than a county grows", "liulin", "/api/lots", lot(object{"weight": "99999999吨"}), 422, "weight"},
			{"a point that may be a thousand", "liulin", "/api/lots", lot(object{"weight": "1.000公斤"}), 422, "weight"},
			{"a number of 400 digits", "liulin", "/api/lots", lot(object{"weight": strings.Repeat("9", 400) + "吨"}), 422, "weight"},
			{"30 February", "liulin", "/api/lots", lot(object{"harvested_on": "2020-02-30"}), 422, "harvested_on"},
			{"a harvest to come", "liulin", "/api/lots", lot(object{"harvested_on": "2021-02-01"}), 422, "harvested_on"},
			{"a county nobody knows", "liulin", "/api/lots", lot(object{"place": object{"adcode": "999999"}}), 422, "place.adcode"},
			{"a produce nobody knows", "liulin", "/api/lots", lot(object{"produce": "月亮石"}), 422, "produce"},
			{"a field nobody knows", "liulin", "/api/lots", lot(object{"wieght": "3吨"}), 422, "wieght"},
			{"a list for a text", "liulin", "/api/lots", lot(object{"produce": []string{"苹果"}}), 422, "produce"},
			{"another cooperative's name", "liulin", "/api/lots", lot(object{"party": partyID("biaojiao")}), 404, ""},
			{"no JSON", "liulin", "/api/lots", "{", 400, ""},
			{"broken UTF-8", "liulin", "/api/lots", "{\"party\":\"\xff\xfe\"}", 400, ""},
			{"5 MB of JSON", "liulin", "/api/lots", `{"produce":"` + strings.Repeat("苹", 1_700_000) + `"}`, 413, ""},
			{"a thousand brackets", "liulin", "/api/lots", strings.Repeat("[", 100_000), 400, ""},
			{"nobody", "", "/api/lots", lot(nil), 401, ""},
			{"a price below zero", "liulin", "/api/offers", object{"lot": "00000000000000000000000000", "price": "-1元/斤"}, 422, "price"},
			{"a lot of another cooperative", "biaojiao", "/api/lots/join", object{"party": partyID("biaojiao"), "lots": []string{"00000000000000000000000000"},
				"weight": "1吨", "produce": "苹果", "place": object{"adcode": "610322"}}, 404, ""},
			{"an order of nothing", "donor", "/api/orders", buy("0公斤"), 422, "lines[0].weight"},
			{"an order below zero", "donor", "/api/orders", buy("-6公斤"), 422, "lines[0].weight"},
			{"more than there is", "donor", "/api/orders", buy("5吨"), 409, "lines[0].weight"},
			{"an order of an offer that nobody says was read", "donor", "/api/orders", object{"buyer": partyID("donor"), "lines": []object{{"offer": offer, "weight": "6公斤"}}}, 422, "lines[0].version"},
			{"a gift in one act that does not either", "donor", "/api/gifts", object{"donor": partyID("donor"), "offer": offer, "demand": need, "weight": "6公斤"}, 422, "version"},
			{"a gift in one act of an offer as it was before", "donor", "/api/gifts", object{"donor": partyID("donor"), "offer": offer, "version": onSale - 1, "demand": need, "weight": "6公斤"}, 409, "offer"},
			{"no lines", "donor", "/api/orders", object{"buyer": partyID("donor"), "campaign": gift, "lines": []object{}}, 422, "lines"},
			{"10,000 stops on one order", "donor", "/api/orders", object{"buyer": partyID("donor"), "campaign": gift, "lines": slices.Repeat([]object{{"offer": offer, "version": onSale, "weight": "6公斤"}}, 10_000)}, 422, "lines"},
			{"a plan of 10,000 orders", "dispatcher", "/api/plans", object{"orders": slices.Repeat([]string{order}, 10_000)}, 422, "orders"},
			{"another's name on the order", "firm", "/api/orders", buy("6公斤"), 404, ""},
			{"another seller confirms", "biaojiao", "/api/orders/" + order + "/confirm", object{}, 404, ""},
			{"an order of nobody", "liulin", "/api/orders/00000000000000000000000000/confirm", object{}, 404, ""},
			{"an id that is none", "liulin", "/api/orders/'; DROP TABLE orders; --/confirm", object{}, 404, ""},
			{"settled before it is delivered", "finance", "/api/orders/" + order + "/settle", object{}, 409, ""},
			{"money below zero", "finance", "/api/bank-lines", bank(object{"amount": "-1元"}), 422, "lines[0].amount"},
			{"a third of a fen", "finance", "/api/bank-lines", bank(object{"amount": "0.333元"}), 422, "lines[0].amount"},
			{"a day that does not exist", "finance", "/api/bank-lines", bank(object{"paid_at": "2020-02-30T08:00:00+08:00"}), 422, "lines[0].paid_at"},
			{"a donor imports a statement", "donor", "/api/bank-lines", bank(nil), 403, ""},
			{"a plan of nobody's order", "dispatcher", "/api/plans", object{"orders": []string{"00000000000000000000000000"}}, 404, ""},
			{"a load of nobody", "dispatcher", "/api/posted-loads", object{"shipper": "x", "produce": "苹果", "weight": "6公斤", "from": object{"adcode": "610322"}, "to": object{"adcode": "610322"}}, 422, "shipper"},
			{"a load to nobody", "dispatcher", "/api/posted-loads", object{"shipper": partyID("liulin"), "receiver": "x", "produce": "苹果", "weight": "6公斤", "from": object{"adcode": "610322"}, "to": object{"adcode": "610322"}}, 422, "receiver"},
			{"a trip of nobody", "driver1", "/api/trips/00000000000000000000000000/confirm", object{}, 404, ""},
		} {
			path := strings.ReplaceAll(strings.ReplaceAll(c.path, " ", "%20"), "'", "%27")
			a, err := w.send(t.Context(), request{as: c.as, method: http.MethodPost, path: path, body: c.body, at: storyDay})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if a.status != c.status || a.text("field") != c.field {
				t.Errorf("%s: %d, field %q; want %d, %q: %.300s", c.name, a.status, a.text("field"), c.status, c.field, a.raw)
			}
			if a.text("type") == "" || a.text("detail") == "" {
				t.Errorf("%s: no problem with a sentence: %.300s", c.name, a.raw)
			}
		}
		if after := w.everything(); after != before {
			t.Errorf("something was written down:\nbefore %s\nafter  %s", before, after)
		}
	})
}

// everything counts every table that an act writes to.
func (w *town) everything() string {
	w.t.Helper()
	var out strings.Builder
	for _, table := range []string{
		"ledger_entries", "ledger_postings", "audit_events", "lots", "lot_joins", "offers", "demands", "campaigns",
		"orders", "order_lines", "allocations", "bank_lines", "plans", "trips", "trip_events", "takings",
	} {
		var n int
		if err := w.db().Read().QueryRowContext(w.t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %d, ", table, n)
	}
	return out.String()
}

// TestAKeyBelongsToOneRequest sends one key with the same body, which gives the same answer, and with another, which is refused.
func TestAKeyBelongsToOneRequest(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		lot := object{"party": partyID("liulin"), "produce": "苹果", "weight": "3吨", "place": object{"adcode": "610322"}}
		first := w.must(request{as: "liulin", method: http.MethodPost, path: "/api/lots", body: lot, key: "k", at: storyDay})
		again := w.must(request{as: "liulin", method: http.MethodPost, path: "/api/lots", body: lot, key: "k", at: storyDay})
		if string(first.raw) != string(again.raw) || first.status != again.status {
			t.Errorf("first %d %s\nagain %d %s", first.status, first.raw, again.status, again.raw)
		}
		lot["weight"] = "4吨"
		other, err := w.send(t.Context(), request{as: "liulin", method: http.MethodPost, path: "/api/lots", body: lot, key: "k", at: storyDay})
		if err != nil || other.status != http.StatusUnprocessableEntity {
			t.Errorf("the same key with another body: %d %s, %v", other.status, other.raw, err)
		}
		// Another person's key of the same name is another key.
		lot["party"] = partyID("biaojiao")
		w.must(request{as: "biaojiao", method: http.MethodPost, path: "/api/lots", body: lot, key: "k", at: storyDay})
	})
}
