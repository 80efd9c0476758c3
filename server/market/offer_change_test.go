package market_test

import (
	"slices"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// live gives an offer of a fresh lot that is on sale.
func (s *setup) live(in market.OfferInput) market.Offer {
	s.t.Helper()
	in.Lot = s.lot(liulin, "liulin", 1_000*kg).ID
	o, err := s.CreateOffer(s.ctx, liulin, "", in)
	o, _, err = s.ActOnOffer(s.ctx, liulin, get(s.t, o, err).ID, "publish", "")
	if o = get(s.t, o, err); o.Poverty {
		o, _, err = s.ActOnOffer(s.ctx, operator, o.ID, "approve", "")
	}
	return get(s.t, o, err)
}

// The seller changes every term of an open offer; the audit and the history have who, when, the old and the new, and search is told.
func TestOfferIsChanged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		o := s.live(market.OfferInput{Price: 60_000, Min: 100 * kg})
		s.told = nil
		hours := func(n int) measure.Millis {
			return measure.Millis(firstDay.Add(time.Duration(n) * time.Hour).UnixMilli())
		}
		want := market.OfferInput{
			Price: 58_000, Benefit: 2_000, Min: 50 * kg, Pickup: measure.Window{From: hours(30), To: hours(40)}, Orders: measure.Window{From: hours(-1), To: hours(20)},
			Tiers: []market.Tier{{From: 500 * kg, Price: 55_000}}, Loss: &market.LossTerms{MoisturePerMille: 15, Bearer: market.SellerBears}, ExpiresAt: hours(50),
		}
		s.at(firstDay.Add(time.Hour))
		_, err := s.ChangeOffer(s.ctx, liulin, o.ID, o.Version, want)
		get(t, 0, err)
		now, _, _, err := s.Offer(s.ctx, donor, o.ID)
		now = get(t, now, err)
		if now.Price != 58_000 || now.Benefit != 2_000 || now.Min != 50*kg || now.Pickup != want.Pickup || now.Orders != want.Orders || !slices.Equal(now.Tiers, want.Tiers) ||
			now.Loss != *want.Loss || now.ExpiresAt != want.ExpiresAt || now.Act != market.OfferLive || now.Version != o.Version+1 || now.UpdatedAt != hours(1) {
			t.Errorf("%+v", now)
		}
		if !slices.Equal(s.told, []string{"offer/" + o.ID}) {
			t.Errorf("search was told of %v", s.told)
		}
		_, err = s.ChangeOffer(s.ctx, liulin, o.ID, now.Version, want) // the same again: nothing is written
		get(t, 0, err)

		events, err := ledger.Events(s.ctx, db.Read(), "offer/"+o.ID)
		if events = get(t, events, err); len(events) != 3 || events[2].Act != "offer.change" || events[2].Actor != "user/u-liulin" {
			t.Errorf("the audit has %+v", events)
		}
		for by, name := range map[string]string{"liulin": "user/u-liulin", "donor": ""} {
			list, err := s.OfferChanges(s.ctx, map[string]auth.Actor{"liulin": liulin, "donor": donor}[by], o.ID)
			if list = get(t, list, err); len(list) != 1 || list[0].By != name || list[0].At != hours(1) || list[0].Before.Price != 60_000 || list[0].After.Price != 58_000 {
				t.Errorf("%s reads %+v", by, list)
			}
		}
		// Less is left than the smallest order; with a lower one it can be ordered again.
		want.Min, want.Tiers = 2_000*kg, nil
		sold, err := s.ChangeOffer(s.ctx, liulin, o.ID, now.Version, want)
		if sold = get(t, sold, err); sold.State(s.left(o.Lot), s.Now(s.ctx)) != market.OfferSoldOut {
			t.Errorf("%s with a smallest order of 2 t", sold.State(s.left(o.Lot), s.Now(s.ctx)))
		}
		want.Min = 50 * kg
		back, err := s.ChangeOffer(s.ctx, liulin, o.ID, sold.Version, want)
		if back = get(t, back, err); back.State(s.left(o.Lot), s.Now(s.ctx)) != market.OfferLive {
			t.Errorf("%s with one of 50 kg", back.State(s.left(o.Lot), s.Now(s.ctx)))
		}
	})
}

// Of two who change an offer that both read, the second is told, and what the first wrote stands; a pause in between counts too.
func TestOfTwoWhoChangeAnOfferTheSecondIsTold(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		o := s.live(market.OfferInput{Price: 60_000})
		_, err := s.ChangeOffer(s.ctx, liulin, o.ID, o.Version, market.OfferInput{Price: 58_000})
		get(t, 0, err)
		_, err = s.ChangeOffer(s.ctx, operatorOf("liulin"), o.ID, o.Version, market.OfferInput{Price: 59_000})
		wantFault(t, err, "changed_meanwhile", "")
		now, _, _, err := s.Offer(s.ctx, donor, o.ID)
		if now = get(t, now, err); now.Price != 58_000 {
			t.Errorf("the price is %d", now.Price)
		}
		_, _, err = s.ActOnOffer(s.ctx, liulin, o.ID, "pause", "")
		get(t, 0, err)
		_, err = s.ChangeOffer(s.ctx, liulin, o.ID, now.Version, market.OfferInput{Price: 59_000})
		wantFault(t, err, "changed_meanwhile", "")

		_, err = s.ChangeOffer(s.ctx, biaojiao, o.ID, now.Version+1, market.OfferInput{Price: 59_000})
		wantFault(t, err, "not_found", "")
		_, err = s.ChangeOffer(s.ctx, liulin, o.ID, now.Version+1, market.OfferInput{Price: 59_000, Tiers: []market.Tier{{From: 10 * kg, Price: 60_000}}})
		wantFault(t, err, "tier_price", "tiers[0].price")
		_, err = s.ChangeOffer(s.ctx, liulin, o.ID, now.Version+1, market.OfferInput{Price: 59_000, ExpiresAt: measure.Millis(firstDay.UnixMilli() - 1)})
		wantFault(t, err, "end_past", "until")
	})
}

// operatorOf is a second person of a cooperative.
func operatorOf(party string) auth.Actor {
	return auth.Actor{User: "u2-" + party, Grants: []auth.Grant{{Role: auth.Coop, Party: party}}}
}

// With a poverty mark the county office is asked again when the price, the tiers or the benefit change, or the mark is new; what it did
// not look at changes at once.
func TestTheOfficeIsAskedAgainAboutAChangedOffer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		marked, plain := market.OfferInput{Price: 60_000, Benefit: 1_000, Poverty: true}, market.OfferInput{Price: 60_000}
		with := func(in market.OfferInput, change func(*market.OfferInput)) market.OfferInput { change(&in); return in }
		for name, row := range map[string]struct {
			from, to market.OfferInput
			want     market.OfferState
		}{
			"price":    {marked, with(marked, func(in *market.OfferInput) { in.Price = 59_000 }), market.OfferPendingCheck},
			"tiers":    {marked, with(marked, func(in *market.OfferInput) { in.Tiers = []market.Tier{{From: kg, Price: 50_000}} }), market.OfferPendingCheck},
			"benefit":  {marked, with(marked, func(in *market.OfferInput) { in.Benefit = 900 }), market.OfferPendingCheck},
			"minimum":  {marked, with(marked, func(in *market.OfferInput) { in.Min = kg }), market.OfferLive},
			"no mark":  {marked, with(marked, func(in *market.OfferInput) { in.Poverty = false }), market.OfferLive},
			"the mark": {plain, with(plain, func(in *market.OfferInput) { in.Poverty = true }), market.OfferPendingCheck},
			"unmarked": {plain, with(plain, func(in *market.OfferInput) { in.Price = 59_000 }), market.OfferLive},
		} {
			o := s.live(row.from)
			got, err := s.ChangeOffer(s.ctx, liulin, o.ID, o.Version, row.to)
			if got = get(t, got, err); got.Act != row.want {
				t.Errorf("%s: it is %s, want %s", name, got.Act, row.want)
			}
		}
	})
}
