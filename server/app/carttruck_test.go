package app

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/rules"
)

// sharedCart is a cart of apples from Fengxiang for one hospital and greens from Taibai for another, confirmed by both sellers and paid.
type sharedCart struct {
	*town
	id     string
	orders []string
}

func (w *town) sharedCart() sharedCart {
	w.t.Helper()
	line := func(coop, produce, price, adcode, hospital, weight string, packs int) object {
		offer := w.list(coop, produce, weight, price, object{"packing": "箱", "packs": packs, "pack_weight": "20公斤", "place": object{"adcode": adcode}})
		return object{"offer": offer, "version": onSale, "weight": weight, "to": []object{{"demand": w.need(hospital, produce, weight), "weight": weight}}}
	}
	made := w.post("firm", "/api/carts", object{"buyer": partyID("firm"), "lines": []object{
		line("liulin", "苹果", "6元/公斤", "610322", "union", "4吨", 200), line("taibai", "小白菜", "5元/公斤", "610331", "zhongnan", "1.5吨", 75),
	}})
	c := sharedCart{w, made.text("id"), nil}
	for i, coop := range []string{"liulin", "taibai"} {
		order, _ := made.json["orders"].([]any)[i].(object)
		invoice, _ := order["invoice"].(object)
		c.orders = append(c.orders, order["id"].(string))
		w.post(coop, "/api/orders/"+c.orders[i]+"/confirm", object{})
		w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": "p-" + c.orders[i], "reference": invoice["reference"],
			"amount": fmt.Sprintf("%d元", int(invoice["fen"].(float64))/100), "paid_at": storyDay.Format(time.RFC3339), "payer": "乙(演示)"}}})
	}
	return c
}

// trip plans one truck for the orders of the cart, and gives its id.
func (c sharedCart) trip() string {
	c.t.Helper()
	pass := object{"number": "P-C", "area": "420000", "from": "2020-01-24", "until": "2020-03-31"}
	vehicle := c.post("haulier", "/api/vehicles", object{"carrier": partyID("haulier"), "plate": "陕C·C0001", "plate_colour": "yellow", "type": "T68",
		"driver": "司机(演示)", "passes": []object{pass}}).text("id")
	truck := c.post("haulier", "/api/capacity-offers", capacity(vehicle)).text("id")
	plan := c.post("dispatcher", "/api/plans", object{"orders": c.orders, "trucks": []string{truck}})
	options, _ := plan.json["options"].([]any)
	if len(options) == 0 {
		c.t.Fatalf("no option: %s", plan.raw)
	}
	option, _ := options[0].(object)
	trips := c.post("dispatcher", "/api/plans/"+plan.text("id")+"/accept", object{"option": option["id"]}).list()
	if len(trips) != 1 {
		c.t.Fatalf("%d trips", len(trips))
	}
	id, _ := trips[0]["id"].(string)
	c.post("haulier", "/api/trips/"+id+"/confirm", object{})
	return id
}

// cartTrip is what the test reads of a trip.
type cartTrip struct {
	Outline struct {
		Haulage int64 `json:"haulage_fen"`
		Stops   []struct {
			Kind string
			At   time.Time `json:"start_at"`
		}
	}
	Consignments []struct {
		ID, Order string
		Load      int   `json:"load_stop"`
		Unload    int   `json:"unload_stop"`
		Planned   int64 `json:"planned_grams"`
	}
}

func (c sharedCart) look(trip string) (v cartTrip) {
	c.t.Helper()
	if err := json.Unmarshal(c.must(request{as: "dispatcher", method: http.MethodGet, path: "/api/trips/" + trip, at: storyDay}).raw, &v); err != nil {
		c.t.Fatal(err)
	}
	return v
}

// drive brings a trip to its settlement: all that was planned is loaded and signed for.
func (c sharedCart) drive(trip string, v cartTrip) {
	c.t.Helper()
	var at time.Time
	say := func(as, what string, body object) {
		c.must(request{as: as, method: http.MethodPost, path: "/api/trips/" + trip + what, body: body, at: at})
	}
	for n, stop := range v.Outline.Stops {
		at = stop.At.Add(30 * time.Minute)
		here := fmt.Sprintf("/stops/%d/", n)
		lines, net := []object{}, int64(0)
		for _, x := range v.Consignments {
			weight := fmt.Sprintf("%d克", x.Planned)
			switch n {
			case x.Load:
				net += x.Planned
				lines = append(lines, object{"consignment": x.ID, "weight": weight})
			case x.Unload:
				lines = append(lines, object{"consignment": x.ID, "received": weight})
			}
		}
		say("haulier", here+"arrive", object{})
		if stop.Kind == "load" {
			say("haulier", here+"load", object{"gross": fmt.Sprintf("%d克", 8_000_000+net), "tare": "8吨", "lines": lines})
		} else {
			say("dispatcher", here+"deliver", object{"receiver": "李(演示)", "lines": lines})
		}
		if n < len(v.Outline.Stops)-1 {
			say("haulier", here+"depart", object{})
		}
	}
	ended := at
	at = at.Add(time.Hour)
	waits := func(as string) bool {
		list := c.must(request{as: as, method: http.MethodGet, path: "/api/todo", at: at}).list()
		return slices.ContainsFunc(list, func(v object) bool {
			return v["kind"] == "haulage" && v["path"] == "trips/"+trip+"/haulage" && c.sameTime(v["by"], ended)
		})
	}
	if !waits("finance") || waits("haulier") {
		c.t.Errorf("the haulage waits for finance: %t, for its carrier: %t", waits("finance"), waits("haulier"))
	}
	for _, as := range []string{"finance", "haulier"} {
		shares, _ := c.must(request{as: as, method: http.MethodGet, path: "/api/trips/" + trip + "/haulage", at: at}).json["shares"].([]any)
		for _, share := range shares {
			if s, _ := share.(object); as == "finance" && s["buyer_name"] != c.partyName("firm") || as == "haulier" && s["buyer_name"] != nil {
				c.t.Errorf("of whose order pays, %s reads %v", as, s)
			}
		}
		if as == "finance" && len(shares) == 0 {
			c.t.Error("nobody pays the haulage")
		}
	}
	say("finance", "/settle", object{"client_id": "settle-" + trip})
	if waits("finance") {
		c.t.Error("settled, the haulage still waits")
	}
}

// sameTime reports whether a text names a time.
func (c sharedCart) sameTime(text any, want time.Time) bool {
	c.t.Helper()
	said, _ := text.(string)
	at, err := time.Parse(time.RFC3339, said)
	return err == nil && at.Equal(want)
}

// works are what each order asked of the truck by the plan, in whole kilograms times whole kilometres.
func (c sharedCart) works(trip string) map[string]float64 {
	c.t.Helper()
	x, err := c.site.dispatch.TripByID(c.t.Context(), auth.Actor{User: "d", Grants: []auth.Grant{{Role: auth.Dispatcher}}}, trip)
	if err != nil {
		c.t.Fatal(err)
	}
	out, stops := map[string]float64{}, x.Outline.Stops
	for _, part := range x.Consignments {
		out[part.Load.Order] += float64(part.Load.Goods.Net / 1000 * measure.Grams((stops[part.UnloadStop].Metres-stops[part.LoadStop].Metres)/1000))
	}
	return out
}

// haulage gives what each order of the cart bore of the haulage, as its buyer sees it.
func (c sharedCart) haulage() map[string]int64 {
	c.t.Helper()
	var v struct {
		Haulage []struct {
			Order string
			Fen   int64
		}
	}
	if err := json.Unmarshal(c.must(request{as: "firm", method: http.MethodGet, path: "/api/carts/" + c.id, at: storyDay}).raw, &v); err != nil {
		c.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, h := range v.Haulage {
		out[h.Order] += h.Fen
	}
	return out
}

// wantEstimate checks the truck that is reckoned before one is planned: the parts of the orders follow from what is shown of them by the
// rule of real trips, and add up to its price, which is the tariff's or what a carrier asks.
func (c sharedCart) wantEstimate(as string) {
	c.t.Helper()
	for _, amount := range []any{nil, "5000.01元"} {
		body := object{}
		if amount != nil {
			body["amount"] = amount
		}
		var v struct {
			Fen, Work, Metres int64
			Alone             int64 `json:"alone_fen"`
			Shares            []struct {
				Fen, Work int64
				Rides     []struct{ Grams, Metres, Work int64 }
			}
		}
		if err := json.Unmarshal(c.post(as, "/api/carts/"+c.id+"/haulage", body).raw, &v); err != nil {
			c.t.Fatal(err)
		}
		if len(v.Shares) != 2 || amount != nil && v.Fen != 5000_01 || v.Fen == 0 || v.Alone <= v.Fen || v.Metres < 700_000 {
			c.t.Fatalf("%+v", v)
		}
		fen, work := int64(0), int64(0)
		for i, p := range v.Shares {
			want, own := []int64{4000, 1500}[i]*(p.Rides[0].Metres/1000), int64(0)
			for _, r := range p.Rides {
				own += r.Work
			}
			if exact := float64(v.Fen) * float64(want) / float64(v.Work); own != p.Work || want != p.Work || math.Abs(float64(p.Fen)-exact) >= 1 {
				c.t.Errorf("the %d. order has work %d of %d, its part is %d fen, exactly %.2f", i+1, p.Work, want, p.Fen, exact)
			}
			fen, work = fen+p.Fen, work+p.Work
		}
		if fen != v.Fen || work != v.Work {
			c.t.Errorf("the parts add up to %d of %d fen, %d of %d", fen, v.Fen, work, v.Work)
		}
	}
}

// The orders that a cart over two cooperatives is split into ride on one truck and share its price: what each bears is by weight times way,
// and together it is the price of the trip, to the fen.
func TestOrdersOfACartShareATruckAndItsPrice(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		c := w.sharedCart()
		c.wantEstimate("firm")
		trip := c.trip()
		v := c.look(trip)
		if paid := c.haulage(); paid[c.orders[0]]+paid[c.orders[1]] != 0 {
			t.Errorf("nothing is hauled, and %v is paid", paid)
		}
		c.drive(trip, v)
		work := c.works(trip)
		all := work[c.orders[0]] + work[c.orders[1]]
		paid, sum := c.haulage(), int64(0)
		for _, order := range c.orders {
			sum += paid[order]
			if exact := float64(v.Outline.Haulage) * work[order] / all; paid[order] == 0 || !(math.Abs(float64(paid[order])-exact) < 1) {
				t.Errorf("an order bears %d fen, its part is %.2f", paid[order], exact)
			}
		}
		if len(paid) != 2 || sum != v.Outline.Haulage || sum == 0 {
			t.Errorf("the orders bear %v, together %d fen; the trip costs %d", paid, sum, v.Outline.Haulage)
		}
		checkInvariants(t, w.site)
	})
}

// Before a truck is planned an order says what one would cost: by the smallest truck that takes it, but no less than the least price of a trip,
// with the toll, or without it where the green channel's rules let that truck pass.
func TestAnOrderSaysWhatATruckForItWouldCost(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		need := object{"apple": w.need("union", "苹果", "9吨"), "rice": w.need("union", "大米", "2吨"), "tomato": w.need("union", "圣女果", "2吨")}
		apples := w.list("liulin", "苹果", "9吨", "6元/公斤", nil)
		rice := w.list("liulin", "大米", "3吨", "5元/公斤", nil)
		tomatoes := w.list("liulin", "圣女果", "3吨", "8元/公斤", nil) // fresh, and not in the catalogue
		line := func(offer, what, weight string) object {
			return object{"offer": offer, "version": onSale, "weight": weight, "to": []object{{"demand": need[what], "weight": weight}}}
		}
		small, _ := w.site.book.TruckType("T42")
		for _, c := range []struct {
			name  string
			lines []object
			why   string // of the toll
			far   bool   // a trip there costs more than the least one
		}{
			{"1,400 of 1,700 kg are apples", []object{line(apples, "apple", "1400公斤")}, "green_channel", true},
			{"half of it is empty", []object{line(apples, "apple", "800公斤")}, "toll", true},
			{"rice is none of the catalogue", []object{line(apples, "apple", "1000公斤"), line(rice, "rice", "400公斤")}, "toll", true},
			{"a little beside listed goods counts with them", []object{line(apples, "apple", "1200公斤"), line(tomatoes, "tomato", "200公斤")}, "green_channel", true},
			{"more than a fifth does not", []object{line(apples, "apple", "1000公斤"), line(tomatoes, "tomato", "400公斤")}, "toll", true},
			{"to the buyer nearby", []object{{"offer": apples, "version": onSale, "weight": "800公斤"}}, "toll", false},
		} {
			id := w.post("firm", "/api/orders", object{"buyer": partyID("firm"), "lines": c.lines}).text("id")
			var v struct {
				Fen, Metres int64
				Toll        int64  `json:"toll_fen"`
				Vehicle     string `json:"vehicle_name"`
				Why         struct {
					Free bool
					Text string
				} `json:"toll_why"`
				Shares []struct{ Fen int64 }
			}
			path := "/api/orders/" + id + "/haulage-estimate"
			if err := json.Unmarshal(w.must(request{as: "liulin", method: http.MethodGet, path: path, at: storyDay}).raw, &v); err != nil {
				t.Fatal(err)
			}
			km, free := float64(v.Metres)/1000, c.why == "green_channel"
			toll := float64(small.TollPerKm) * km
			if free {
				toll = 0
			}
			rule := w.site.book.RuleOn(c.why, rules.DayOf(measure.Millis(storyDay.UnixMilli())))
			near := func(got int64, want float64) bool { return math.Abs(float64(got)-want) < 20 } // the rates are per kilogram, to a hundredth of a fen
			haul := max(float64(small.PerKm)*km, float64(small.Minimum))
			if (haul > float64(small.Minimum)) != c.far || !near(v.Toll, toll) || !near(v.Fen-v.Toll, haul) || v.Why.Free != free || v.Why.Text != rule.Text || v.Vehicle != small.Name {
				t.Errorf("%s: %+v, by %s", c.name, v, rule.Text)
			}
			if len(v.Shares) != 1 || v.Shares[0].Fen != v.Fen {
				t.Errorf("%s: the order bears %+v", c.name, v.Shares)
			}
			if got, err := w.send(t.Context(), request{as: "biaojiao", method: http.MethodGet, path: path, at: storyDay}); err != nil || got.status != http.StatusNotFound {
				t.Errorf("another seller sees it: %d, %v", got.status, err)
			}
		}
	})
}
