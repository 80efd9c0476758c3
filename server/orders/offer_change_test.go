package orders_test

import (
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// change writes an offer's terms anew, as its seller.
func (w *world) change(by auth.Actor, offer string, in market.OfferInput) (market.Offer, error) {
	w.t.Helper()
	o, err := market.OfferByID(w.ctx, w.db.Read(), offer)
	return w.market.ChangeOffer(w.ctx, by, offer, get(w.t, o, err).Version, in)
}

func hours(n int) measure.Millis {
	return measure.Millis(firstDay.Add(time.Duration(n) * time.Hour).UnixMilli())
}

// What was ordered before a change keeps price, benefit, loss terms, pick-up and poverty mark, when it is confirmed after it, when it is cancelled,
// when it is planned and when it counts for a reserved share; what is ordered after it gets the new ones.
func TestAnOrderKeepsItsTermsWhenTheOfferChanges(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 6_000*kg)
		old := market.OfferInput{Lot: lot.ID, Price: 60_000, Benefit: 3_000, Pickup: measure.Window{From: hours(12), To: hours(20)}, Poverty: true,
			Loss: &market.LossTerms{MoisturePerMille: 15, Bearer: market.SellerBears}}
		offer := w.offer(liulin, old)
		_, _, err := w.market.ActOnOffer(w.ctx, operator, offer.ID, "approve", "")
		get(t, 0, err)
		need := w.need(union, "union", "apple", 5_000*kg)
		before, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 1_000*kg, to(need, 1_000*kg))}})
		before = get(t, before, err)

		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 80_000, Benefit: 1_000, Pickup: measure.Window{From: hours(100), To: hours(110)},
			Loss: &market.LossTerms{MoisturePerMille: 5, Bearer: market.CarrierBears}})
		get(t, 0, err)
		confirmed, err := w.orders.Confirm(w.ctx, liulin, before.ID)
		confirmed = get(t, confirmed, err)
		w.pay(confirmed.Reference, confirmed.Invoice)
		after, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 1_000*kg, to(need, 1_000*kg))}})
		after = get(t, after, err)

		for _, row := range []struct {
			order    string
			price    measure.PriceE4
			benefit  measure.PriceE4
			moisture int
			pickup   measure.Window
			marked   bool
			fen      measure.Fen
		}{
			{before.ID, 60_000, 3_000, 15, old.Pickup, true, 6_000_00},
			{after.ID, 80_000, 1_000, 5, measure.Window{From: hours(100), To: hours(110)}, false, 8_000_00},
		} {
			o, err := w.orders.Order(w.ctx, firm, row.order)
			l := get(t, o, err).Lines[0]
			if l.Price != row.price || l.Benefit != row.benefit || l.Loss.MoisturePerMille != row.moisture || l.Pickup != row.pickup || l.Poverty != row.marked || o.Invoice != row.fen {
				t.Errorf("%+v for %s, want %+v", l, o.Invoice, row)
			}
		}
		ship, err := orders.AllocationsToShip(w.ctx, db.Read(), before.ID)
		if ship = get(t, ship, err); len(ship) != 1 || ship[0].Ready != old.Pickup {
			t.Errorf("to ship %+v", ship)
		}
		// Twelve hours before the old pick-up, not a hundred before the new one.
		quote, err := w.orders.CancelQuote(w.ctx, firm, before.ID)
		if quote = get(t, quote, err); quote.Code != "same_day" {
			t.Errorf("cancelling goes by %s", quote.Code)
		}
		share, err := w.orders.Reserve(w.ctx, firm, "firm", 2020)
		if share = get(t, share, err); share.Coming != 6_000_00 {
			t.Errorf("%s count for the reserved share", share.Coming)
		}
		// Goods that are reserved have left what is on offer: it can be changed to nothing that takes them back.
		if left := w.grams(market.LotAvailable(lot.ID)); left != 5_000*kg {
			t.Errorf("%s is left on offer", left)
		}
	})
}

// What was quoted stands while the quotation does, whatever the offer says since: its smallest order and its order window, too.
func TestAQuotationKeepsItsTermsWhenTheOfferChanges(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 2_000*kg).ID, Price: 60_000, Benefit: 3_000, Pickup: measure.Window{From: hours(50), To: hours(60)},
			Loss: &market.LossTerms{MoisturePerMille: 15, Bearer: market.SellerBears}})
		id := w.ask("liulin")[0].ID
		_, err := w.orders.Quote(w.ctx, liulin, id, terms(offer.ID, 55_000, 1_000*kg))
		get(t, 0, err)
		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 80_000, Min: 1_500 * kg, Orders: measure.Window{From: hours(90)}, Pickup: measure.Window{From: hours(100)}})
		get(t, 0, err)
		_, err = w.orders.Counter(w.ctx, employee, id, terms("", 54_000, 900*kg))
		get(t, 0, err)
		q, err := w.orders.AcceptQuote(w.ctx, liulin, id)
		o, err := w.orders.Order(w.ctx, employee, get(t, q, err).Order)
		l := get(t, o, err).Lines[0]
		if l.Price != 54_000 || l.Benefit != 3_000 || l.Grams != 900*kg || l.Pickup != (measure.Window{From: hours(50), To: hours(60)}) ||
			l.Loss != (market.LossTerms{MoisturePerMille: 15, Bearer: market.SellerBears}) {
			t.Errorf("%+v", l)
		}
	})
}

// Who orders what it read gets that or is told: an order that names the version is refused when the offer is another by then.
func TestAnOrderOfAnOfferThatChangedIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		o, err := market.OfferByID(w.ctx, db.Read(), w.apples.ID)
		read := get(t, o, err).Version
		_, err = w.change(liulin, w.apples.ID, market.OfferInput{Price: 70_000})
		get(t, 0, err)
		wanted := line(w.apples, 100*kg)
		wanted.Version = read
		refused := func(code, sentence string) {
			t.Helper()
			_, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{wanted}})
			wantFault(t, err, code, "lines[0].offer")
			if f := fault.Of(err); f != nil && !strings.Contains(f.Text, sentence) {
				t.Errorf("it says %q, not %q", f.Text, sentence)
			}
		}
		refused("offer_repriced", "6.00 yuan/kg then, and 7.00 yuan/kg now")
		wanted.Version = read + 1
		sent, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{wanted}})
		if sent = get(t, sent, err); sent.Invoice != 700_00 {
			t.Errorf("it costs %s", sent.Invoice)
		}
		// The price for so much, the smallest order where it stands in the way, or else only that something is another: to an open order, too.
		to := func(in market.OfferInput) {
			o, err := market.OfferByID(w.ctx, db.Read(), w.apples.ID)
			wanted.Version = get(t, o, err).Version
			_, err = w.change(liulin, w.apples.ID, in)
			get(t, 0, err)
		}
		to(market.OfferInput{Price: 70_000, Tiers: []market.Tier{{From: 100 * kg, Price: 65_000}}})
		refused("offer_repriced", "7.00 yuan/kg then, and 6.50 yuan/kg now")
		_, err = w.orders.Add(w.ctx, employee, sent.ID, []orders.LineInput{wanted})
		wantFault(t, err, "offer_repriced", "lines[0].offer")
		to(market.OfferInput{Price: 65_000, Min: 500 * kg})
		refused("offer_minimum_changed", "was 0 kg then, and is 500 kg now")
		to(market.OfferInput{Price: 65_000, Min: 50 * kg, Pickup: measure.Window{From: hours(50), To: hours(60)}})
		refused("offer_changed", "look at it once more")
	})
}

// A changed price is looked at as a new one is: a case that is open follows it, one that is closed stands for the price it was about, and a change of
// other terms opens none.
func TestAChangedPriceIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.market.Listed = w.orders.WatchOffer
		offer := w.offer(biaojiao, market.OfferInput{Lot: w.lot(biaojiao, "biaojiao", "scallion", 102*kg).ID, Price: 18_000})
		cases := func() []orders.PriceCase {
			list, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{})
			return get(t, list, err)
		}
		to := func(in market.OfferInput) {
			_, err := w.change(biaojiao, offer.ID, in)
			get(t, 0, err)
		}
		to(market.OfferInput{Price: 19_000})
		if list := cases(); len(list) != 0 {
			t.Fatalf("a price within the band is a case: %+v", list)
		}
		to(market.OfferInput{Price: 11_000})
		to(market.OfferInput{Price: 40_000})
		list := cases()
		if len(list) != 1 || list[0].Side != orders.FarAbove || list[0].Price != 40_000 || list[0].Bound != 31_050 {
			t.Fatalf("the open case is not about the price now: %+v", list)
		}
		_, err := w.orders.TakePriceCase(w.ctx, operator, list[0].ID)
		get(t, 0, err)
		_, err = w.orders.ClosePriceCase(w.ctx, operator, list[0].ID, orders.PriceFair, "organic")
		get(t, 0, err)
		to(market.OfferInput{Price: 40_000, Min: 10 * kg})
		if list = cases(); len(list) != 1 {
			t.Errorf("another smallest order is a case: %+v", list)
		}
		to(market.OfferInput{Price: 50_000})
		if list = cases(); len(list) != 2 || list[0].Price != 50_000 || list[0].State() != orders.PriceOpen || list[1].Price != 40_000 {
			t.Errorf("another price after the verdict: %+v", list)
		}
		to(market.OfferInput{Price: 50_000, Poverty: true}) // the office is asked, and puts it on sale at the same price
		_, _, err = w.market.ActOnOffer(w.ctx, operator, offer.ID, "approve", "")
		get(t, 0, err)
		_, err = w.orders.TakePriceCase(w.ctx, operator, list[0].ID)
		get(t, 0, err)
		_, err = w.orders.ClosePriceCase(w.ctx, operator, list[0].ID, orders.PriceFair, "organic")
		get(t, 0, err)
		to(market.OfferInput{Price: 50_000})
		to(market.OfferInput{Price: 50_000, Poverty: true})
		_, _, err = w.market.ActOnOffer(w.ctx, operator, offer.ID, "approve", "")
		get(t, 0, err)
		if list = cases(); len(list) != 2 || list[0].State() != orders.PriceClosed {
			t.Errorf("the price that was found fair is looked at again: %+v", list)
		}
	})
}
