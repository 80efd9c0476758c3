//go:build !race

package app

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"jishi/server/epcis"
)

// The story's books as other systems read them: what a lot's events add up to is what its receivers weighed in.
func TestTheStoryForOtherSystems(t *testing.T) {
	t.Parallel()
	_, data := demonstration(t)
	ctx := context.WithoutCancel(t.Context())
	s, err := open(ctx, config{data: data, demo: true}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, site: s, tokens: map[string]string{}}
	stop := w.serve(ctx)
	defer func() { stop(); _ = s.close() }()

	var lot, order string
	row := s.db.Read().QueryRowContext(ctx, `SELECT l.lot_id, l.order_id FROM order_lines l JOIN lots o ON o.id = l.lot_id WHERE o.packs = 1672`)
	if err = row.Scan(&lot, &order); err != nil {
		t.Fatal(err)
	}
	var doc epcis.Document
	if err = json.Unmarshal(w.must(request{as: "liulin", method: http.MethodGet, path: "/api/lots/" + lot + "/epcis", at: storyDay}).raw, &doc); err != nil {
		t.Fatal(err)
	}
	sums := map[string]float64{}
	for _, e := range doc.Body.EventList {
		for _, q := range append(append(e.QuantityList, e.ChildQuantities...), e.Outputs...) {
			sums[e.BizStep] += q.Quantity
		}
	}
	// Trucks 1 and 2: 5,016 + 4,996 kg out, 5,004 + 4,981 in, 9 bruised.
	for step, want := range map[string]float64{"commissioning": 10_032, "packing": 10_012, "departing": 10_012, "receiving": 9_985, "inspecting": 9} {
		if sums[step] != want {
			t.Errorf("%s adds up to %v kg, want %v", step, sums[step], want)
		}
	}
	if other := w.must(request{as: "biaojiao", method: http.MethodGet, path: "/api/lots/" + lot + "/epcis", at: storyDay}); strings.Contains(string(other.raw), "packing") {
		t.Error("another cooperative sees who bought of the lot")
	}
	written := string(w.must(request{as: "liulin", method: http.MethodGet, path: "/api/dfc/orders/" + order, at: storyDay}).raw)
	for _, want := range []string{`"@type":"dfc-b:OrderLine"`, strings.TrimPrefix(w.url, "http://") + "/api/dfc/orders/" + order, `"dfc-v:Complete"`} {
		if !strings.Contains(written, want) {
			t.Errorf("the order lacks %s: %s", want, written)
		}
	}
	catalogue := w.must(request{method: http.MethodGet, path: "/api/dfc/enterprises/" + w.party("liulin") + "/catalogue", at: storyDay})
	if catalogue.json["@context"] == nil || !strings.Contains(string(catalogue.raw), `"dfc-b:Catalog"`) {
		t.Errorf("catalogue %s", catalogue.raw)
	}
}
