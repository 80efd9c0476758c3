package orders_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// poor is a lot with the poverty mark on its offer, from so many households of the story.
func (w *world) poor(price measure.PriceE4, households ...string) market.Offer {
	w.t.Helper()
	var shares []market.Share
	for _, h := range households {
		shares = append(shares, market.Share{Household: h, Grams: 600 * kg / measure.Grams(len(households))})
	}
	lot := w.lot(liulin, "liulin", "apple", 600*kg, shares...)
	o, err := w.market.CreateOffer(w.ctx, liulin, "", market.OfferInput{Lot: lot.ID, Price: price, Benefit: 2_000, Poverty: true})
	o = get(w.t, o, err)
	_, _, err = w.market.ActOnOffer(w.ctx, liulin, o.ID, "publish", "")
	get(w.t, 0, err)
	_, _, err = w.market.ActOnOffer(w.ctx, operator, o.ID, "approve", "")
	return get(w.t, o, err)
}

// buy orders, confirms and pays for goods of an offer for a need of the union.
func (w *world) buy(o market.Offer, g measure.Grams) orders.Order {
	w.t.Helper()
	need := w.need(union, "union", "apple", g)
	order, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(o, g, to(need, g))}})
	order = get(w.t, order, err)
	order, err = w.orders.Confirm(w.ctx, liulin, order.ID)
	order = get(w.t, order, err)
	w.pay(order.Reference, order.Invoice)
	return order
}

// settle brings all of an order to its receiver and divides its money.
func (w *world) settle(o orders.Order, g measure.Grams) {
	w.t.Helper()
	w.haul(o.Lines[0].To[0].ID, "c-"+o.ID, g, g, g, 0)
	_, err := w.orders.Accept(w.ctx, union, o.ID, "")
	get(w.t, 0, err)
	_, err = w.orders.Settle(w.ctx, finance, o.ID)
	get(w.t, 0, err)
}

// A unit reserves 10 % of 12,000 yuan: 1,200 yuan, 100 a month. The coach follows what is bought and what is on the way.
func TestTheCoachOfTheReservedShare(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db) // on 1 February
		said := func(code orders.CoachCode, fen measure.Fen, month time.Month) orders.ReservedShare {
			t.Helper()
			r, err := w.orders.Reserve(w.ctx, firm, "firm", 2020)
			if r = get(t, r, err); r.Coach != (orders.Coach{Code: code, Fen: fen, Month: month}) {
				t.Errorf("the coach says %+v, want %s %d %d", r.Coach, code, fen, month)
			}
			return r
		}
		offer := w.poor(60_000, "h1", "h2", "h3")
		w.offer(liulin, market.OfferInput{Lot: offer.Lot, Price: 50_000}) // without the mark
		said(orders.CoachNoPlan, 0, 0)
		plan := orders.ReservePlan{Party: "firm", Year: 2020, Budget: 12_000_00, PerMille: 100, Until: time.December}
		_, err := w.orders.SetReserve(w.ctx, firm, plan, 100)
		get(t, 0, err)

		r := said(orders.CoachBehind, 200_00, time.February)
		// 1,200 yuan at 6 yuan a kilogram are 200 kg.
		if len(r.Offers) != 1 || r.Offers[0].Offer.ID != offer.ID || r.Offers[0].Grams != 200*kg || r.Offers[0].Fen != 1_200_00 || r.ToBuy() != 1_200_00 {
			t.Errorf("offers %+v, to buy %d", r.Offers, r.ToBuy())
		}
		first := w.buy(offer, 50*kg)
		r = said(orders.CoachOnTrack, 100_00, time.February)
		if r.Coming != 300_00 || r.Used != 0 || len(r.Orders) != 1 || r.Orders[0].Order != first.ID || r.Orders[0].SettledAt != 0 {
			t.Errorf("%+v", r)
		}
		w.settle(first, 50*kg)
		r = said(orders.CoachOnTrack, 100_00, time.February)
		if r.Coming != 0 || r.Used != 300_00 || r.ByMonth[time.February-1] != 300_00 || r.ToBuy() != 900_00 {
			t.Errorf("%+v", r)
		}
		w.at(firstDay.AddDate(1, 0, 0))
		said(orders.CoachLate, 900_00, time.December)
		w.at(firstDay.AddDate(0, 3, 0)) // 1 May: 500 yuan should be bought
		said(orders.CoachBehind, 200_00, time.May)
		second := w.buy(offer, 160*kg)
		said(orders.CoachCovered, 960_00, 0)
		w.settle(second, 160*kg)
		said(orders.CoachDone, 60_00, 0)
		w.verify()
	})
}

func TestAReservePlanNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		good := orders.ReservePlan{Party: "firm", Year: 2020, Budget: 100, PerMille: 100, Until: 12}
		for field, spoil := range map[string]func(*orders.ReservePlan){
			"year bad_year":                   func(p *orders.ReservePlan) { p.Year = 1999 },
			"budget bad_budget":               func(p *orders.ReservePlan) { p.Budget = 0 },
			"share_per_mille share_too_small": func(p *orders.ReservePlan) { p.PerMille = 99 },
			"until_month bad_month":           func(p *orders.ReservePlan) { p.Until = 13 },
		} {
			p := good
			spoil(&p)
			_, err := w.orders.SetReserve(w.ctx, firm, p, 100)
			name, code, _ := strings.Cut(field, " ")
			wantFault(t, err, code, name)
		}
		_, err := w.orders.SetReserve(w.ctx, donor, good, 100)
		wantFault(t, err, "no_such_party", "")
		_, err = w.orders.Reserve(w.ctx, liulin, "firm", 2020)
		wantFault(t, err, "no_such_party", "")
	})
}

// What two households got in a month is in no sum of any report, so that no two reports can be subtracted down to it.
func TestTheReliefReport(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db) // on 1 February
		many, few := w.poor(60_000, "h1", "h2", "h3"), w.poor(60_000, "h1", "h2")
		china := time.FixedZone("+08", 8*60*60)
		month := func(m time.Month) measure.Millis {
			return measure.Millis(time.Date(2020, m, 1, 0, 0, 0, 0, china).UnixMilli())
		}
		row := orders.ReliefRow{Buyer: "firm", County: "610322", Orders: 1, Grams: 60 * kg, Fen: 360_00}
		want := func(f orders.ReliefFilter, want ...orders.ReliefRow) {
			t.Helper()
			rows, err := w.orders.Relief(w.ctx, auditor, f)
			if rows = get(t, rows, err); !slices.Equal(rows, want) {
				t.Errorf("%+v gives %+v, want %+v", f, rows, want)
			}
		}
		w.settle(w.buy(few, 60*kg), 60*kg)
		// 60 kg at 0.20 yuan are 12 yuan for two households: not shown.
		row.Few = true
		want(orders.ReliefFilter{}, row)
		want(orders.ReliefFilter{To: month(time.March)}, row)
		w.at(time.Date(2020, time.March, 1, 0, 0, 1, 0, china))
		w.settle(w.buy(many, 90*kg), 90*kg)
		march := orders.ReliefFilter{From: month(time.March), To: month(time.April), County: "610322", Buyer: "firm"}
		third := orders.ReliefRow{Buyer: "firm", County: "610322", Orders: 1, Grams: 90 * kg, Fen: 540_00, Households: 3, Benefit: 18_00}
		want(march, third)
		// The whole is not 30 yuan: less the 18 of March that would be the two households' 12.
		third.Orders, third.Grams, third.Fen, third.Few = 2, 150*kg, 900_00, true
		want(orders.ReliefFilter{}, third)
		for _, f := range []orders.ReliefFilter{{County: "420103"}, {Buyer: "donor"}, {To: month(time.February)}, {From: month(time.April)}} {
			want(f)
		}
		_, err := w.orders.Relief(w.ctx, auditor, orders.ReliefFilter{From: month(time.March) + 86_400_000})
		wantFault(t, err, "whole_months", "from")
		_, err = w.orders.Relief(w.ctx, auditor, orders.ReliefFilter{To: month(time.March) - 1})
		wantFault(t, err, "whole_months", "to")
		for _, by := range []auth.Actor{liulin, donor} {
			_, err = w.orders.Relief(w.ctx, by, orders.ReliefFilter{Buyer: "firm"})
			wantFault(t, err, "no_such_party", "buyer")
		}
		_, err = w.orders.Relief(w.ctx, firm, orders.ReliefFilter{})
		wantFault(t, err, "no_such_party", "buyer")
	})
}
