package app

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestTheLastBoxGoesToExactlyOneOf64 lets 64 buyers' orders be confirmed at once when the lot holds one box.
func TestTheLastBoxGoesToExactlyOneOf64(t *testing.T) {
	t.Parallel()
	const clients = 64
	onBothEngines(t, func(t *testing.T, w *town) {
		box := w.box(1)
		need := w.need("union", "苹果", "60吨")
		gift := w.post("donor", "/api/campaigns", object{
			"donor": partyID("donor"), "title": "最后一箱", "named_use": "给医护", "demands": []string{need}, "goal_weight": "60吨",
		}).text("id")
		ids := make([]string, clients)
		for i := range ids {
			ids[i] = w.orderOf(box, gift, need, "6公斤", fmt.Sprintf("order-%d", i))
		}
		got := w.atOnce(clients, func(i int) request {
			return request{as: "liulin", method: http.MethodPost, path: "/api/orders/" + ids[i] + "/confirm", at: storyDay, key: fmt.Sprintf("confirm-%d", i)}
		})
		var won int
		for i, a := range got {
			switch {
			case a.ok():
				won++
			case a.status != http.StatusConflict:
				t.Errorf("client %d: %d %s", i, a.status, a.raw)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d got the last box", won, clients)
		}
		checkInvariants(t, w.site)
	})
}

// TestASecondClickBuysOnce sends the same order 64 times at once under one key.
func TestASecondClickBuysOnce(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		box := w.box(100)
		need := w.need("union", "苹果", "60吨")
		gift := w.post("donor", "/api/campaigns", object{
			"donor": partyID("donor"), "title": "一次", "named_use": "给医护", "demands": []string{need}, "goal_weight": "60吨",
		}).text("id")
		got := w.atOnce(64, func(int) request {
			return request{as: "donor", method: http.MethodPost, path: "/api/orders", at: storyDay, key: "the same click", body: orderBody(box, gift, need, "6公斤")}
		})
		made := map[string]bool{}
		for _, a := range got {
			switch {
			case a.ok():
				made[a.text("id")] = true
			case a.status != http.StatusConflict: // the first is still under way
				t.Errorf("%d %s", a.status, a.raw)
			}
		}
		if len(made) != 1 {
			t.Errorf("one click made %d orders", len(made))
		}
		var n int
		if err := w.db().Read().QueryRowContext(t.Context(), `SELECT count(*) FROM orders`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d orders are there, %v", n, err)
		}
	})
}

// atOnce sends n requests at the same moment.
func (w *town) atOnce(n int, of func(i int) request) []answer {
	w.t.Helper()
	out, start := make([]answer, n), make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			r := of(i)
			<-start
			a, err := w.send(w.t.Context(), r)
			if err != nil {
				w.t.Error(err)
			}
			out[i] = a
		})
	}
	close(start)
	all.Wait()
	return out
}

// onSale is the version of an offer that was made and then published, and not changed since.
const onSale = 2

// box lists apples of the Liulin cooperative in n packs of 6 kg and publishes an offer of them.
func (w *town) box(n int) (offer string) {
	w.t.Helper()
	lot := w.post("liulin", "/api/lots", object{
		"party": partyID("liulin"), "produce": "苹果", "grade": "富士80", "weight": fmt.Sprintf("%d公斤", 6*n), "packs": n, "pack_weight": "6公斤", "packing": "箱",
		"harvested_on": "2020-01-20", "place": object{"adcode": "610322"},
	}).text("id")
	w.post("liulin", "/api/lots/"+lot+"/certificate", object{"number": "合格证-T"})
	offer = w.post("liulin", "/api/offers", object{
		"lot": lot, "price": "6.00元/公斤", "pickup": object{"from": "2020-02-02T08:00:00+08:00", "to": "2020-02-08T18:00:00+08:00"},
	}).text("id")
	w.post("liulin", "/api/offers/"+offer+"/publish", object{})
	return offer
}

// need posts a hospital's need and has it verified.
func (w *town) need(hospital, produce, weight string) string {
	w.t.Helper()
	amount := object{"kind": "up_to", "weight": weight}
	id := w.post(hospital, "/api/demands", object{"party": partyID(hospital), "produce": produce, "amount": amount, "relief": true, "why": "食堂"}).text("id")
	w.post("operator", "/api/demands/"+id+"/verify", object{"how": "回拨", "amount": amount})
	return id
}

func orderBody(offer, gift, need, weight string) object {
	return object{"buyer": partyID("donor"), "campaign": gift, "lines": []object{{
		"offer": offer, "version": onSale, "weight": weight, "to": []object{{"demand": need, "weight": weight}},
	}}}
}

func (w *town) orderOf(offer, gift, need, weight, key string) string {
	w.t.Helper()
	return w.must(request{
		as: "donor", method: http.MethodPost, path: "/api/orders", body: orderBody(offer, gift, need, weight), key: key, at: storyDay.Add(time.Minute),
	}).text("id")
}
