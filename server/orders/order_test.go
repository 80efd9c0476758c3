package orders_test

import (
	"sync"
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

// 64 buyers want the last box at the same moment, each with a seller's click of its own: exactly one gets it.
func TestLastBoxIsSoldOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 6*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		const clients = 64
		ids := make([]string, clients)
		for i := range ids {
			o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 6*kg)}})
			ids[i] = get(t, o, err).ID
		}
		errs := make([]error, clients)
		var all sync.WaitGroup
		for i, id := range ids {
			all.Go(func() { _, errs[i] = w.orders.Confirm(w.ctx, liulin, id) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if f := fault.Of(err); f == nil || f.Code != "not_enough" {
				t.Errorf("a loser was told %v", err)
			}
		}
		if won != 1 || w.grams(market.LotAvailable(lot.ID)) != 0 {
			t.Errorf("%d of %d got the last box; %s is left", won, clients, w.grams(market.LotAvailable(lot.ID)))
		}
		w.verify()
	})
}

// One order confirmed by 16 clicks at once reserves its goods once.
func TestConfirmingAtOnceReservesOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 600*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 60*kg)}})
		o = get(t, o, err)
		var all sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			all.Go(func() { _, errs[i] = w.orders.Confirm(w.ctx, liulin, o.ID) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantFault(t, err, "wrong_state", "")
			}
		}
		if won != 1 || w.grams(orders.LineReserved(o.Lines[0].ID)) != 60*kg || w.grams(market.LotAvailable(lot.ID)) != 540*kg {
			t.Errorf("%d clicks counted, %s reserved", won, w.grams(orders.LineReserved(o.Lines[0].ID)))
		}
	})
}

// cart is a market with one lot of 1,000 kg apples on offer from 100 kg, and two needs.
type cart struct {
	*world
	lot         market.Lot
	offer       market.Offer
	needU       market.Demand
	onionZ      market.Demand
	other       market.Offer // of the other cooperative
	campaign    market.Campaign
	otherSeller market.Lot
}

func newCart(t testing.TB, db *store.DB) *cart {
	t.Helper()
	c := &cart{world: newWorld(t, db)}
	c.lot, c.otherSeller = c.lot2("liulin", liulin), c.lot2("biaojiao", biaojiao)
	c.offer = c.world.offer(liulin, market.OfferInput{Lot: c.lot.ID, Price: 60_000, Min: 100 * kg})
	c.other = c.world.offer(biaojiao, market.OfferInput{Lot: c.otherSeller.ID, Price: 60_000})
	c.needU, c.onionZ = c.need(union, "union", "apple", 500*kg), c.need(zhongnan, "zhongnan", "scallion", 500*kg)
	camp, err := c.market.OpenCampaign(c.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "t", NamedUse: "u", Demands: []string{c.needU.ID}})
	c.campaign = get(t, camp, err)
	return c
}

func (c *cart) lot2(party string, by auth.Actor) market.Lot {
	return c.world.lot(by, party, "apple", 1_000*kg)
}

func TestSubmitNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCart(t, db)
		one := func(l orders.LineInput) orders.Input {
			return orders.Input{Buyer: "donor", Lines: []orders.LineInput{l}}
		}
		gift := func(l orders.LineInput) orders.Input {
			return orders.Input{Buyer: "donor", Campaign: c.campaign.ID, Lines: []orders.LineInput{l}}
		}
		for name, row := range map[string]struct {
			in          orders.Input
			code, field string
		}{
			"no lines":             {orders.Input{Buyer: "donor"}, "order_lines", "lines"},
			"no weight":            {one(line(c.offer, 0)), "bad_weight", "lines[0].weight"},
			"negative weight":      {one(line(c.offer, -1)), "bad_weight", "lines[0].weight"},
			"absurd weight":        {one(line(c.offer, 1<<62)), "bad_weight", "lines[0].weight"},
			"below the minimum":    {one(line(c.offer, 99*kg)), "below_minimum", "lines[0].weight"},
			"more than is left":    {one(line(c.offer, 1_001*kg)), "only_left", "lines[0].weight"},
			"unknown offer":        {one(orders.LineInput{Offer: "nothing", Grams: kg}), "not_found", "lines[0].offer"},
			"parts above the line": {one(line(c.offer, 200*kg, to(c.needU, 201*kg))), "bad_weight", "lines[0].to[0].weight"},
			"need named twice":     {one(line(c.offer, 200*kg, to(c.needU, 100*kg), to(c.needU, 100*kg))), "named_twice", "lines[0].to[1].demand"},
			"need is full":         {one(line(c.offer, 600*kg, to(c.needU, 501*kg))), "need_is_full", "lines[0].to[0].weight"},
			"need for other goods": {one(line(c.offer, 200*kg, to(c.onionZ, 200*kg))), "other_produce", "lines[0].to[0].demand"},
			"unknown need":         {one(line(c.offer, 200*kg, orders.ToInput{Demand: "x", Grams: kg})), "not_found", "lines[0].to[0].demand"},
			"two sellers":          {orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(c.offer, 100*kg), line(c.other, 100*kg)}}, "one_seller", "lines[1].offer"},
			"gift to nobody":       {gift(line(c.offer, 200*kg, to(c.needU, 150*kg))), "gift_needs_receivers", "lines[0].to"},
			"unknown campaign":     {orders.Input{Buyer: "donor", Campaign: "x", Lines: []orders.LineInput{line(c.offer, 100*kg)}}, "not_found", "campaign"},
		} {
			_, err := c.orders.Submit(c.ctx, donor, row.in)
			if f := fault.Of(err); f == nil || f.Code != row.code || f.Field != row.field {
				t.Errorf("%s: got %s, want %s at %s", name, describe(err), row.code, row.field)
			}
		}
		_, err := c.orders.Submit(c.ctx, firm, one(line(c.offer, 100*kg)))
		wantFault(t, err, "no_such_party", "") // another's name
	})
}

func TestOrderOutsideTheNamedUseIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCart(t, db)
		other := c.need(zhongnan, "zhongnan", "apple", 500*kg)
		in := orders.Input{Buyer: "donor", Campaign: c.campaign.ID, Lines: []orders.LineInput{line(c.offer, 100*kg, to(other, 100*kg))}}
		_, err := c.orders.Submit(c.ctx, donor, in)
		wantFault(t, err, "outside_named_use", "lines[0].to[0].demand")

		u, err := c.market.AskUseChange(c.ctx, donor, c.campaign.ID, "free to all hospitals", "Union has enough", []string{c.needU.ID, other.ID})
		get(t, u, err)
		_, err = c.orders.Submit(c.ctx, donor, in)
		wantFault(t, err, "outside_named_use", "") // nobody has said yes
		u, err = c.market.AnswerUseChange(c.ctx, donor, c.campaign.ID, true)
		get(t, u, err)
		_, err = c.orders.Submit(c.ctx, donor, in)
		get(t, 0, err)
	})
}

// The price of an order stays as it was, and a price outside what markets pay is warned of and not forbidden.
func TestPriceBelowTheBandWarns(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(biaojiao, "biaojiao", "scallion", 102*kg)
		offer := w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Price: 16_000})
		o, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 50*kg)}})
		o = get(t, o, err)
		if len(o.Warnings) != 1 || o.Warnings[0].Code != "price_below_band" || o.Warnings[0].Low != 17_300 || o.Lines[0].Price != 16_000 || o.Invoice != 80_00 {
			t.Errorf("%+v", o)
		}
		v, err := w.orders.Order(w.ctx, biaojiao, o.ID)
		if v = get(t, v, err); len(v.Warnings) != 1 || v.Warnings[0].Source != "seen on two markets" {
			t.Errorf("the warning was not kept: %+v", v.Warnings)
		}
	})
}

func TestSameCartSentTwiceIsOneOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCart(t, db)
		in := orders.Input{ClientID: "phone-1", Buyer: "donor", Lines: []orders.LineInput{line(c.offer, 100*kg)}}
		a, err := c.orders.Submit(c.ctx, donor, in)
		a = get(t, a, err)
		b, err := c.orders.Submit(c.ctx, donor, in)
		if b = get(t, b, err); a.ID != b.ID {
			t.Errorf("two orders, %s and %s", a.ID, b.ID)
		}
	})
}

func TestOnlyTheSellerConfirms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCart(t, db)
		o, err := c.orders.Submit(c.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(c.offer, 100*kg)}})
		o = get(t, o, err)
		_, err = c.orders.Confirm(c.ctx, donor, o.ID)
		wantFault(t, err, "not_yours_to_do", "")
		_, err = c.orders.Confirm(c.ctx, biaojiao, o.ID)
		wantFault(t, err, "not_found", "") // to another cooperative there is no such order
		_, err = c.orders.Order(c.ctx, biaojiao, o.ID)
		wantFault(t, err, "not_found", "")
		_, err = c.orders.Settle(c.ctx, donor, o.ID)
		wantFault(t, err, "finance_only", "")
		// A village clerk with a mandate of the cooperative may, and the audit names the mandate.
		clerk := auth.Actor{User: "clerk", Mandates: []auth.Mandate{{ID: "m1", Principal: "liulin", Acts: []auth.Act{auth.ActOffers}}}}
		_, err = c.orders.Confirm(c.ctx, clerk, o.ID)
		get(t, 0, err)
	})
}

// A declined, cancelled or expired order gives back goods and money.
func TestEndedOrderGivesEverythingBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCart(t, db)
		in := orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(c.offer, 100*kg, to(c.needU, 100*kg))}}
		send := func() orders.Order {
			o, err := c.orders.Submit(c.ctx, donor, in)
			o = get(t, o, err)
			c.pay(o.Reference, 601_00) // the invoice is 600.00
			if c.fen(orders.Escrow(o.ID)) != 600_00 || c.fen(orders.Overpaid(o.ID)) != 1_00 {
				t.Fatalf("escrow %s, overpaid %s", c.fen(orders.Escrow(o.ID)), c.fen(orders.Overpaid(o.ID)))
			}
			return o
		}
		back := func(what string, refunded measure.Fen) {
			t.Helper()
			if got := c.fen(orders.Refund("donor")); got != refunded || c.grams(market.LotAvailable(c.lot.ID)) != 1_000*kg {
				t.Errorf("%s: %s owed back, %s of the lot", what, got, c.grams(market.LotAvailable(c.lot.ID)))
			}
		}
		o := send()
		_, err := c.orders.Decline(c.ctx, liulin, o.ID, "")
		wantFault(t, err, "reason_needed", "reason")
		_, err = c.orders.Decline(c.ctx, liulin, o.ID, "sold on the road")
		get(t, 0, err)
		back("declined", 601_00)

		o = send()
		_, err = c.orders.Confirm(c.ctx, liulin, o.ID)
		get(t, 0, err)
		_, err = c.orders.Cancel(c.ctx, donor, o.ID, "")
		wantFault(t, err, "reason_needed", "reason")
		_, err = c.orders.Cancel(c.ctx, donor, o.ID, "no truck")
		get(t, 0, err)
		back("cancelled", 2*601_00)

		o = send()
		c.at(firstDay.Add(48*time.Hour + time.Second))
		_, err = c.orders.Confirm(c.ctx, liulin, o.ID)
		wantFault(t, err, "wrong_state", "")
		if n, err := c.orders.ExpireDue(c.ctx); n != 1 || err != nil {
			t.Errorf("%d expired, %v", n, err)
		}
		if n, err := c.orders.ExpireDue(c.ctx); n != 0 || err != nil {
			t.Errorf("%d expired again, %v", n, err)
		}
		back("expired", 3*601_00)
		c.verify()
	})
}

// Every state of the order is reached by a step of the table and, but for the ends, left by one; each act names who does it.
func TestStepsReachEveryState(t *testing.T) {
	t.Parallel()
	from, into := map[orders.State]bool{}, map[orders.State]bool{orders.Draft: true}
	for _, s := range orders.Steps {
		from[s.From], into[s.To] = true, true
		if s.Who == "" || s.Guard == "" {
			t.Errorf("step %s -%s-> %s says not who or on which condition", s.From, s.Act, s.To)
		}
	}
	ends := map[orders.State]bool{}
	for _, s := range orders.Ends {
		ends[s] = true
	}
	for s := range from {
		if !into[s] {
			t.Errorf("nothing leads to %s", s)
		}
	}
	for s := range into {
		if from[s] == ends[s] {
			t.Errorf("%s: an end is %v, left by a step %v", s, ends[s], from[s])
		}
	}
}
