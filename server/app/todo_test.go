package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"jishi/server/payment/fakepay"
	"jishi/server/store/storetest"
)

// A cooperative sees what waits for it: an order to answer and leaves that rot, the sooner first; others see nothing of it.
func TestWhatWaitsForWhom(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		now := storyDay.Add(26 * time.Hour)
		listing := object{"party": partyID("taibai"), "line": "小白菜 500斤 2元/斤", "harvested_on": "2020-01-30", "place": object{"adcode": "610331"}, "acted_at": "2020-02-02T07:00:00+08:00"}
		listed := w.post("taibai", "/api/listings", listing)
		offer, _ := listed.json["offer"].(object)
		lot, _ := listed.json["lot"].(object)
		if offer["state"] != "live" || lot["good_until"] != "2020-02-06" || lot["acted_at"] != "2020-02-02T07:00:00+08:00" {
			t.Fatalf("listed %v, %v", offer, lot)
		}
		order := w.must(request{as: "canteen", method: http.MethodPost, path: "/api/orders", at: now, body: object{
			"buyer": partyID("canteen"), "lines": []object{{"offer": offer["id"], "version": onSale, "weight": "100斤"}},
		}})
		var got []string
		for _, v := range w.must(request{as: "taibai", method: http.MethodGet, path: "/api/todo", at: now}).list() {
			got = append(got, v["kind"].(string)+" "+v["path"].(string))
		}
		if want := []string{"answer orders/" + order.text("id"), "rotting lots/" + lot["id"].(string)}; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("taibai has %v, want %v", got, want)
		}
		journal := request{as: "auditor", method: http.MethodGet, path: "/api/journal?account=lot/" + lot["id"].(string) + "/available", at: now}
		if entries := w.must(journal).list(); len(entries) != 1 || entries[0]["kind"] != "weighed" {
			t.Errorf("the lot's account has %v", entries)
		}
		for lang, want := range map[string]string{"zh-CN": "过磅入库", "en": "weighed in"} {
			journal.head = map[string]string{"Accept-Language": lang}
			if entries := w.must(journal).list(); len(entries) != 1 || entries[0]["kind_name"] != want {
				t.Errorf("in %s the lot's account has %v", lang, entries)
			}
		}
		journal.as = "taibai"
		if a, err := w.send(t.Context(), journal); err != nil || a.status != http.StatusForbidden {
			t.Errorf("a cooperative reads the journal: %d, %v", a.status, err)
		}
		if other := w.must(request{as: "liulin", method: http.MethodGet, path: "/api/todo", at: now}).list(); len(other) != 0 {
			t.Errorf("liulin has %v", other)
		}
	})
}

// The draft of a standing order waits for its buyer alone, until it is sent or dropped; its seller sees the standing order without it, and others nothing.
func TestADraftWaitsForItsBuyer(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		w.post("taibai", "/api/listings", object{"party": partyID("taibai"), "line": "小白菜 500斤 2元/斤", "harvested_on": "2020-02-01", "place": object{"adcode": "610331"}})
		body := object{"buyer": partyID("canteen"), "seller": partyID("taibai"), "produce": "小白菜", "weight": "50斤"}
		if a, err := w.send(t.Context(), request{as: "canteen", method: http.MethodPost, path: "/api/standing-orders", body: body, at: storyDay}); err != nil || a.status != 422 || a.json["field"] != "weekday" {
			t.Errorf("no day named: %d %v, %v", a.status, a.json, err)
		}
		body["weekday"] = 1
		standing := w.post("canteen", "/api/standing-orders", body)
		page := "/api/standing-orders/" + standing.text("id")
		if standing.text("next_at") != "2020-02-03T06:00:00+08:00" || standing.text("seller_name") != w.partyName("taibai") {
			t.Errorf("made %v", standing.json)
		}
		monday := time.Date(2020, 2, 3, 8, 0, 0, 0, storyDay.Location())
		w.must(request{as: "operator", method: http.MethodPost, path: "/api/due", body: object{}, at: monday})
		runs := w.must(request{as: "canteen", method: http.MethodGet, path: page, at: monday}).json["runs"].([]any)
		draft := runs[0].(object)
		waits := func(as string) (out []object) {
			for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: monday}).list() {
				if v["kind"] == "send" {
					out = append(out, v)
				}
			}
			return out
		}
		if got := waits("canteen"); len(runs) != 1 || draft["state"] != "draft" || len(got) != 1 || got[0]["path"] != "orders/"+draft["order"].(string) {
			t.Errorf("canteen has %v of %v", got, runs)
		}
		for _, other := range []string{"taibai", "firm"} {
			for _, r := range []request{{method: http.MethodGet, path: page}, {method: http.MethodPost, path: page + "/end", body: object{}}, {method: http.MethodPost, path: "/api/orders/" + draft["order"].(string) + "/submit", body: object{"version": onSale}}} {
				r.as, r.at = other, monday
				a, err := w.send(t.Context(), r)
				if other == "taibai" && r.method == http.MethodGet {
					if runs, _ := a.json["runs"].([]any); err != nil || a.status != http.StatusOK || len(runs) != 0 {
						t.Errorf("the seller reads %d %v, %v", a.status, a.json, err)
					}
					continue
				}
				if err != nil || a.status != http.StatusNotFound && a.status != http.StatusForbidden {
					t.Errorf("%s %s %s: %d, %v", other, r.method, r.path, a.status, err)
				}
			}
			if got := waits(other); len(got) != 0 {
				t.Errorf("%s has %v", other, got)
			}
		}
		w.must(request{as: "canteen", method: http.MethodPost, path: "/api/orders/" + draft["order"].(string) + "/submit", body: object{"version": onSale}, at: monday})
		if got := waits("canteen"); len(got) != 0 {
			t.Errorf("sent, and canteen still has %v", got)
		}
	})
}

// A carrier sees a trip that waits for its yes, with what it pays and by when; once it is answered, and for everybody else, there is none.
func TestATripWaitsForItsCarrier(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		p := w.promiseTruck("陕C·T0001", nil, map[string]string{"firm": "2吨"})
		waits := func(as string) (out []object) {
			for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: storyDay}).list() {
				if v["kind"] == "trip" {
					out = append(out, v)
				}
			}
			return out
		}
		outline, _ := p.view["outline"].(object)
		if got := waits("haulier"); len(got) != 1 || got[0]["path"] != "trips/"+p.trip || got[0]["by"] != p.view["answer_by"] || got[0]["fen"] != outline["haulage_fen"] || got[0]["who"] != "陕C·T0001" {
			t.Errorf("the carrier has %v, want the trip %v", got, p.view)
		}
		for _, other := range []string{"driver1", "firm", "dispatcher"} {
			if got := waits(other); len(got) != 0 {
				t.Errorf("%s has %v", other, got)
			}
		}
		w.post("haulier", "/api/trips/"+p.trip+"/confirm", object{})
		if got := waits("haulier"); len(got) != 0 {
			t.Errorf("answered, and the carrier still has %v", got)
		}
	})
}

// An order whose goods were accepted waits for finance, and for nobody else, until it is settled; of two, one line leads to the list of them.
func TestAnAcceptedOrderWaitsForFinance(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		waits := func(as string) (out []object) {
			for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: storyDay}).list() {
				if v["kind"] == "settle" {
					out = append(out, v)
				}
			}
			return out
		}
		pay := func(order string) {
			invoice, _ := w.must(request{as: "firm", method: http.MethodGet, path: "/api/orders/" + order, at: storyDay}).json["invoice"].(object)
			w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": "paid" + order, "reference": invoice["reference"], "amount": "3000元", "payer": "乙(演示)", "paid_at": storyDay.Format(time.RFC3339)}}})
		}
		offer, need := w.offerAndNeed()
		one, other := w.arrived(offer, need), w.arrived(offer, need)
		if got := waits("finance"); len(got) != 0 {
			t.Errorf("nobody accepted, and finance has %v", got)
		}
		w.post("zhongnan", "/api/orders/"+one+"/accept", object{})
		if got := waits("finance"); len(got) != 0 {
			t.Errorf("its buyer has to pay first, and finance has %v", got)
		}
		pay(one)
		if got := waits("finance"); len(got) != 1 || got[0]["path"] != "orders/"+one || got[0]["who"] != w.partyName("liulin") || got[0]["grams"] != 1e6 || got[0]["fen"] != 3000_00.0 || got[0]["more"] != nil {
			t.Errorf("finance has %v", got)
		}
		w.post("zhongnan", "/api/orders/"+other+"/accept", object{})
		pay(other)
		if got := waits("finance"); len(got) != 1 || got[0]["path"] != "finance/to-settle" || got[0]["more"] != 1.0 {
			t.Errorf("of two, finance has %v", got)
		}
		for _, as := range []string{"auditor", "liulin", "firm", "operator"} {
			if got := waits(as); len(got) != 0 {
				t.Errorf("%s has %v", as, got)
			}
		}
		w.post("finance", "/api/orders/"+one+"/settle", object{})
		if got := waits("finance"); len(got) != 1 || got[0]["path"] != "orders/"+other {
			t.Errorf("one is settled, and finance has %v", got)
		}
	})
}

// A payment of another amount than was asked waits for finance alone, with who paid and how much came, until finance took or returned it.
func TestAHeldPaymentWaitsForFinance(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgresDSN(t) }} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			fake, service := payService(t)
			w := newTownOn(t, config{dsn: dsn(t), till: service})
			held := w.paidOtherwise(fake, fakepay.How{Method: "card", Fen: 1_00})
			todo := func(as string) (out []object) {
				for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: storyDay}).list() {
					if v["kind"] == "held" {
						out = append(out, v)
					}
				}
				return out
			}
			if got := todo("finance"); len(got) != 1 || got[0]["path"] != "finance/held" || got[0]["fen"] != 1_00.0 || got[0]["who"] != w.partyName("canteen") {
				t.Errorf("finance has %v", got)
			}
			for _, other := range []string{"canteen", "liulin", "auditor"} {
				if got := todo(other); len(got) != 0 {
					t.Errorf("%s has %v", other, got)
				}
			}
			w.post("finance", "/api/checkouts/"+held+"/release", object{"take": true, "reason": "问过付款人"})
			if got := todo("finance"); len(got) != 0 {
				t.Errorf("decided, and finance still has %v", got)
			}
		})
	}
}

// payService serves a payment service until the test ends, and says how a market reaches it.
func payService(t *testing.T) (*fakepay.Server, till) {
	const secret = "whsec_town"
	server := httptest.NewUnstartedServer(nil)
	fake := fakepay.New(fakepay.Config{Secret: secret, Site: "http://" + server.Listener.Addr().String()})
	server.Config.Handler = fake
	server.Start()
	t.Cleanup(server.Close)
	return fake, till{key: "sk_town", secret: secret, url: server.URL}
}

// canteenOrder is an order of the canteen that its seller confirmed.
func (w *town) canteenOrder() string {
	w.t.Helper()
	listed := w.post("taibai", "/api/listings", object{"party": partyID("taibai"), "line": "小白菜 500斤 2元/斤", "harvested_on": "2020-02-01", "place": object{"adcode": "610331"}})
	offer, _ := listed.json["offer"].(object)
	order := w.post("canteen", "/api/orders", object{"buyer": partyID("canteen"), "lines": []object{{"offer": offer["id"], "version": onSale, "weight": "100斤"}}}).text("id")
	w.post("taibai", "/api/orders/"+order+"/confirm", object{})
	return order
}

// paidOtherwise lets the canteen order and pay as how says, and gives the payment's id.
func (w *town) paidOtherwise(fake *fakepay.Server, how fakepay.How) string {
	w.t.Helper()
	order := w.canteenOrder()
	pay := w.post("canteen", "/api/orders/"+order+"/checkout", object{}).text("id")
	for _, page := range fake.Sessions() {
		if err := fake.Pay(page, how); err != nil {
			w.t.Fatal(err)
		}
	}
	if state := w.post("canteen", "/api/checkouts/"+pay+"/look", object{}).text("state"); state != "held" {
		w.t.Fatalf("the payment is %s", state)
	}
	return pay
}

func (w *town) partyName(key string) string {
	w.t.Helper()
	return w.must(request{as: key, method: http.MethodGet, path: "/api/parties/" + partyID(key), at: storyDay}).text("name")
}

// waitsFor gives the logins for whom something of a kind waits, in the order of their names.
func (w *town) waitsFor(kind, path string, at time.Time) (logins []string) {
	w.t.Helper()
	for _, as := range []string{"biaojiao", "canteen", "donor", "firm", "haulier", "liulin", "operator", "union"} {
		for _, v := range w.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: at}).list() {
			if v["kind"] == kind && v["path"] == path {
				logins = append(logins, as)
			}
		}
	}
	return logins
}

// A quotation waits for the side whose turn it is, until it is over.
func TestAQuotationWaitsForWhoseTurnItIs(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		listed := w.post("liulin", "/api/listings", object{"party": partyID("liulin"), "line": "苹果 5吨 1.5元 明早", "place": object{"adcode": "610322"}})
		offer, _ := listed.json["offer"].(object)
		asked := w.post("firm", "/api/quotations", object{"buyer": partyID("firm"), "sellers": []string{partyID("liulin")}, "produce": "苹果", "weight": "1吨"}).list()
		path := "quotations/" + asked[0]["id"].(string)
		terms := func(as, act, price string) {
			w.post(as, "/api/"+path+"/"+act, object{"offer": offer["id"], "price": price, "weight": "1吨"})
		}
		wants := func(want ...string) {
			t.Helper()
			if got := w.waitsFor("quote", path, storyDay); !slices.Equal(got, want) {
				t.Errorf("it waits for %q, not %q", got, want)
			}
		}
		wants("liulin")
		terms("liulin", "offer", "1.4元/斤")
		wants("firm")
		terms("firm", "counter", "1.2元/斤")
		wants("liulin")
		if late := w.waitsFor("quote", path, storyDay.Add(49*time.Hour)); len(late) != 0 {
			t.Errorf("when it is over it waits for %q", late)
		}
		w.post("liulin", "/api/"+path+"/decline", object{"reason": "太低"})
		wants()
	})
}

// For an order of a gift nobody is asked to transfer: the gift's fund pays it. While that lacks money the donor is led to the gift.
func TestForAGiftsOrderNobodyTransfers(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		need := w.need("union", "苹果", "60吨")
		gift := w.post("donor", "/api/campaigns", object{"donor": partyID("donor"), "title": "一车苹果", "named_use": "免费给医护", "demands": []string{need}, "goal_weight": "60吨"})
		order := w.orderOf(w.box(1), gift.text("id"), need, "6公斤", "order")
		w.post("liulin", "/api/orders/"+order+"/confirm", object{})
		later := storyDay.Add(time.Hour)
		for _, as := range []string{"donor", "finance"} {
			invoice, _ := w.must(request{as: as, method: http.MethodGet, path: "/api/orders/" + order, at: later}).json["invoice"].(object)
			if invoice["lacks_fen"] != 36_00.0 || invoice["reference"] != nil {
				t.Errorf("%s is shown the invoice %v", as, invoice)
			}
		}
		waits := func() [2][]string {
			return [2][]string{w.waitsFor("pay", "orders/"+order, later), w.waitsFor("fund", "campaigns/"+gift.text("id"), later)}
		}
		if got := waits(); len(got[0]) != 0 || !slices.Equal(got[1], []string{"donor"}) {
			t.Errorf("a transfer and the fund wait for %q", got)
		}
		w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": "gift", "reference": gift.text("reference"), "amount": "36元", "payer": "甲(演示)", "paid_at": storyDay.Format(time.RFC3339)}}})
		if got := waits(); len(got[0])+len(got[1]) != 0 {
			t.Errorf("the fund has paid, and a transfer and the fund wait for %q", got)
		}
		invoice, _ := w.must(request{as: "donor", method: http.MethodGet, path: "/api/orders/" + order, at: later}).json["invoice"].(object)
		if invoice["lacks_fen"] != 0.0 || invoice["paid_fen"] != 36_00.0 {
			t.Errorf("the fund has paid, and the invoice is %v", invoice)
		}
	})
}

// Another use of a gift waits for each donor that has not answered, and for nobody else.
func TestAnotherUseWaitsForTheDonors(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		need := w.post("union", "/api/demands", object{"party": partyID("union"), "produce": "苹果", "amount": object{"kind": "unknown"}, "place": object{"adcode": "420103"}})
		campaign := w.post("donor", "/api/campaigns", object{"donor": partyID("donor"), "title": "一车苹果", "named_use": "免费给医护", "demands": []string{need.text("id")}, "goal_money": "5000元"})
		path := "campaigns/" + campaign.text("id")
		w.post("firm", "/api/"+path+"/pledges", object{"donor": partyID("firm"), "amount": "100元"})
		wants := func(want ...string) {
			t.Helper()
			if got := w.waitsFor("use", path, storyDay); !slices.Equal(got, want) {
				t.Errorf("it waits for %q, not %q", got, want)
			}
		}
		wants()
		w.post("donor", "/api/"+path+"/use-change", object{"named_use": "给社区", "reason": "医院够了"})
		wants("donor", "firm")
		w.post("firm", "/api/"+path+"/use-change/answer", object{"yes": true})
		wants("donor")
		other := w.post("firm", "/api/campaigns", object{"donor": partyID("firm"), "title": "又一车", "named_use": "免费给医护", "demands": []string{need.text("id")}, "goal_money": "5000元"})
		w.post("donor", "/api/campaigns/"+other.text("id")+"/pledges", object{"donor": partyID("donor"), "amount": "100元"})
		w.post("firm", "/api/campaigns/"+other.text("id")+"/use-change", object{"named_use": "给学校", "reason": "医院够了"})
		w.post("donor", "/api/campaigns/"+other.text("id")+"/use-change/answer", object{"yes": true})
		wants("donor") // what was answered of one campaign is not said of the other
		if got := w.waitsFor("use", "campaigns/"+other.text("id"), storyDay); !slices.Equal(got, []string{"firm"}) {
			t.Errorf("the other one waits for %q", got)
		}
		w.post("donor", "/api/"+path+"/use-change/answer", object{"yes": true})
		wants()
	})
}

// A need that soon goes stale waits for its receiver, with the hour until which a word keeps it fresh; when that is over it waits for whoever
// calls back too. A word takes it from both lists.
func TestANeedWaitsForAWordBeforeItIsStale(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		need := w.post("union", "/api/demands", object{"party": partyID("union"), "produce": "苹果", "amount": object{"kind": "unknown"}, "relief": true, "place": object{"adcode": "420103"}})
		path := "demands/" + need.text("id")
		over := storyDay.Add(48 * time.Hour) // a need of relief
		wants := func(at time.Time, kind string, want ...string) {
			t.Helper()
			if got := w.waitsFor(kind, path, at); !slices.Equal(got, want) {
				t.Errorf("%s as %s it waits for %q, not %q", at, kind, got, want)
			}
		}
		wants(over.Add(-13*time.Hour), "confirm")
		soon := over.Add(-11 * time.Hour)
		wants(soon, "confirm", "union")
		wants(soon, "need")
		for _, v := range w.must(request{as: "union", method: http.MethodGet, path: "/api/todo", at: soon}).list() {
			if v["kind"] == "confirm" && v["by"] != over.Format(time.RFC3339) {
				t.Errorf("it is to be confirmed by %v, not by %s", v["by"], over)
			}
		}
		wants(over.Add(time.Hour), "confirm")
		wants(over.Add(time.Hour), "need", "operator", "union")
		w.must(request{as: "union", method: http.MethodPost, path: "/api/" + path + "/confirm", body: object{}, at: soon})
		wants(soon, "confirm")
		wants(over.Add(time.Hour), "need")
	})
}
