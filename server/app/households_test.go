package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What a cell of the report says less what its orders show tells no household's part, in the running month or afterwards; nor does a second
// look at the month after a newcomer's order, the journal as an operator reads it, or what a lot was joined from.
func TestTheReportLessItsOrdersTellsNoHousehold(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	need := w.post("zhongnan", "/api/demands", object{"party": partyID("zhongnan"), "produce": "苹果", "amount": object{"kind": "known", "weight": "200吨"}, "place": object{"adcode": "420106"}}).text("id")
	w.post("operator", "/api/demands/"+need+"/verify", object{"how": "打过电话"})
	many := w.settled(w.helps("village", "household2", "household3"), need)
	w.settled(w.helps("village", "household2"), need)
	before := w.reliefOf(storyDay) // two households beside the three of the other order
	newcomer := w.settled(w.helps("household3"), need)
	monthOver := time.Date(storyDay.Year(), storyDay.Month()+1, 1, 0, 0, 0, 0, storyDay.Location())
	// A tonne at 0.20 yuan a kilogram for the households is 200.00 yuan.
	for _, r := range []struct {
		when string
		row  object
		want float64
		few  bool
	}{{"before the newcomer", before, 200_00, true}, {"after it", w.reliefOf(storyDay), 200_00, true}, {"when the month is over", w.reliefOf(monthOver), 600_00, false}} {
		if r.row["benefit_fen"] != r.want || r.row["few"] != r.few || r.row["households"] != 3.0 {
			t.Errorf("%s the report says %v, want %v", r.when, r.row, r.want)
		}
	}
	for order, want := range map[string]string{many: "benefit 20000 coop 580000", newcomer: "coop 600000"} {
		for _, as := range []string{"firm", "operator"} {
			if got := w.paidParts(as, order); got != want {
				t.Errorf("%s sees %s, want %s", as, got, want)
			}
		}
		entries := w.must(request{as: "operator", method: http.MethodGet, path: "/api/journal?subject=order/" + order, at: storyDay})
		if strings.Contains(string(entries.raw), "benefit/"+partyID("household3")) {
			t.Errorf("the journal tells an operator %s", entries.raw)
		}
	}
	account := "/api/journal?account=benefit/" + partyID("household3")
	if a, err := w.send(t.Context(), request{as: "operator", method: http.MethodGet, path: account, at: storyDay}); err != nil || a.status != http.StatusUnprocessableEntity || a.text("type") != "/problems/household_account" {
		t.Errorf("an operator asks for a household's account: %d %s, %v", a.status, a.raw, err)
	}
	if own := w.must(request{as: "auditor", method: http.MethodGet, path: account, at: storyDay}).list(); len(own) != 2 {
		t.Errorf("an auditor sees %d entries of a household, want 2", len(own))
	}
	if check := w.must(request{method: http.MethodGet, path: "/api/audit/verify", at: storyDay}); check.json["ok"] != true {
		t.Errorf("the books: %s", check.raw)
	}
}

// helps puts apples on sale whose price has a part for the households that brought them.
func (w *town) helps(households ...string) (offer string) {
	w.t.Helper()
	var shares []object
	for _, h := range households {
		shares = append(shares, object{"household": partyID(h), "weight": fmt.Sprintf("%d公斤", 6000/len(households))})
	}
	lot := w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "produce": "苹果", "weight": "6吨", "place": object{"adcode": "610322"}, "shares": shares})
	offer = w.post("liulin", "/api/offers", object{"lot": lot.text("id"), "price": "6元/公斤", "benefit": "0.2元/公斤"}).text("id")
	w.post("liulin", "/api/offers/"+offer+"/publish", object{})
	return offer
}

// settled is an order of a tonne that came whole, is paid for, and whose money is divided.
func (w *town) settled(offer, need string) (order string) {
	w.t.Helper()
	order = w.arrived(offer, need)
	invoice, _ := w.must(request{as: "firm", method: http.MethodGet, path: "/api/orders/" + order, at: storyDay}).json["invoice"].(object)
	w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": order, "reference": invoice["reference"], "amount": "6000元", "payer": "乙(演示)", "paid_at": storyDay.Format(time.RFC3339)}}})
	w.post("zhongnan", "/api/orders/"+order+"/accept", object{})
	w.post("finance", "/api/orders/"+order+"/settle", object{})
	return order
}

// reliefOf is what the report of the firm says of all that was settled.
func (w *town) reliefOf(at time.Time) object {
	w.t.Helper()
	rows := w.must(request{as: "firm", method: http.MethodGet, path: "/api/relief-report?buyer=" + partyID("firm"), at: at}).list()
	if len(rows) != 1 {
		w.t.Fatalf("the report has %v", rows)
	}
	return rows[0]
}

// paidParts says who of a settlement got what, as somebody sees it.
func (w *town) paidParts(as, order string) string {
	w.t.Helper()
	sums, _ := w.must(request{as: as, method: http.MethodGet, path: "/api/orders/" + order + "/settlement", at: storyDay}).json["sums_fen"].(object)
	if sums["benefit"] == nil {
		return fmt.Sprint("coop ", int64(sums["coop"].(float64)))
	}
	return fmt.Sprint("benefit ", int64(sums["benefit"].(float64)), " coop ", int64(sums["coop"].(float64)))
}
