package orders_test

import (
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// story is the main job up to the seller's yes: ten tonnes of apples and ten of scallions for two hospitals.
type story struct {
	*world
	apples, scallions                  market.Lot
	campaign                           market.Campaign
	appleU, appleZ, onionU, onionZ     market.Demand
	appleOrder, onionOrder             orders.Order
	allocAU, allocAZ, allocOU, allocOZ string
}

func newStory(t testing.TB, db *store.DB) *story {
	t.Helper()
	s := &story{world: newWorld(t, db)}
	s.apples = s.lot(liulin, "liulin", "苹果", 10_032*kg, market.Share{Household: "h1", Grams: 3_000 * kg},
		market.Share{Household: "h2", Grams: 3_500 * kg}, market.Share{Household: "h3", Grams: 3_532 * kg})
	s.scallions = s.lot(biaojiao, "biaojiao", "大葱", 10_120*kg)
	s.appleU, s.appleZ = s.need(union, "union", "apple", 6_000*kg), s.need(zhongnan, "zhongnan", "apple", 4_000*kg)
	s.onionU, s.onionZ = s.need(union, "union", "scallion", 5_000*kg), s.need(zhongnan, "zhongnan", "scallion", 5_000*kg)
	appleOffer := s.offer(liulin, market.OfferInput{Lot: s.apples.ID, Price: 60_000, Benefit: 2_000, Min: 100 * kg}) // 6.00 yuan/kg, of it 0.20
	onionOffer := s.offer(biaojiao, market.OfferInput{Lot: s.scallions.ID, Price: 16_000})
	c, err := s.market.OpenCampaign(s.ctx, donor, "", market.CampaignInput{
		Donor: "donor", Title: "Apples and scallions for Wuhan", NamedUse: "free to staff and patients of the two hospitals",
		Demands: []string{s.appleU.ID, s.appleZ.ID, s.onionU.ID, s.onionZ.ID}, GoalGrams: 20_000 * kg, GoalFen: 76_000_00,
	})
	s.campaign = get(t, c, err)
	s.at(firstDay.AddDate(0, 0, 1))
	s.appleOrder = s.confirmed(orders.Input{Buyer: "donor", Campaign: c.ID, Lines: []orders.LineInput{
		line(appleOffer, 10_000*kg, to(s.appleU, 6_000*kg), to(s.appleZ, 4_000*kg)),
	}})
	s.onionOrder = s.confirmed(orders.Input{Buyer: "firm", Campaign: c.ID, Lines: []orders.LineInput{
		line(onionOffer, 10_000*kg, to(s.onionU, 5_000*kg), to(s.onionZ, 5_000*kg)),
	}})
	s.allocAU, s.allocAZ = s.appleOrder.Lines[0].To[0].ID, s.appleOrder.Lines[0].To[1].ID
	s.allocOU, s.allocOZ = s.onionOrder.Lines[0].To[0].ID, s.onionOrder.Lines[0].To[1].ID
	return s
}

func (s *story) confirmed(in orders.Input) orders.Order {
	s.t.Helper()
	buyer, seller := donor, liulin
	if in.Buyer == "firm" {
		buyer, seller = firm, biaojiao
	}
	o, err := s.orders.Submit(s.ctx, buyer, in)
	o = get(s.t, o, err)
	o, err = s.orders.Confirm(s.ctx, seller, o.ID)
	return get(s.t, o, err)
}

// hauled brings all trucks through, with the weights of the story.
func (s *story) hauled() {
	s.t.Helper()
	s.at(firstDay.AddDate(0, 0, 3))
	s.haul(s.allocAU, "truck1-union", 5_000*kg, 5_016*kg, 5_004*kg, 0)
	s.haul(s.allocAU, "truck2-union", 1_000*kg, 999*kg, 996*kg, 2*kg)
	s.haul(s.allocAZ, "truck2-zhongnan", 4_000*kg, 3_997*kg, 3_985*kg, 7*kg)
	s.haul(s.allocOU, "truck3-union", 5_000*kg, 5_040*kg, 4_880*kg, 60*kg)
	s.haul(s.allocOZ, "truck3-zhongnan", 5_000*kg, 5_040*kg, 4_882*kg, 58*kg)
}

func (s *story) accepted() {
	s.t.Helper()
	for _, id := range []string{s.appleOrder.ID, s.onionOrder.ID} {
		_, err := s.orders.Accept(s.ctx, union, id, "")
		get(s.t, 0, err)
		_, err = s.orders.Accept(s.ctx, zhongnan, id, "")
		get(s.t, 0, err)
	}
}

func (s *story) state(id string) orders.State {
	s.t.Helper()
	v, err := s.orders.Order(s.ctx, auditor, id)
	return get(s.t, v, err).State
}

func (s *story) wantState(id string, want orders.State) {
	s.t.Helper()
	if got := s.state(id); got != want {
		s.t.Errorf("order is %s, want %s", got, want)
	}
}

// The numbers to check of the story: 9,976 kg x 6.00 and 9,644 kg x 1.60 by accepted weight, 0.10 yuan per 斤 for the poor
// households, 3 % moisture at nobody's cost.
func TestStorySettlesToTheFen(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		if s.appleOrder.Invoice != 60_000_00 || s.onionOrder.Invoice != 16_000_00 {
			t.Fatalf("invoices %s and %s", s.appleOrder.Invoice, s.onionOrder.Invoice)
		}
		s.wantState(s.appleOrder.ID, orders.Allocated)
		s.pay(s.appleOrder.Reference, 60_000_00)
		s.pay(s.onionOrder.Reference, 16_000_00)
		s.pay(s.campaign.Reference, 12_000_00) // for the haulage
		s.hauled()
		s.wantState(s.appleOrder.ID, orders.Delivered)
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		wantFault(t, err, "wrong_state", "")
		s.accepted()
		s.wantState(s.appleOrder.ID, orders.Accepted)
		s.do(func(tx store.Tx) error {
			return s.orders.PayHaulage(s.ctx, tx, finance, orders.Haulage{ClientID: "t1", Campaign: s.campaign.ID, Carrier: "haulier", Trip: "t1", Fen: 3_000_00, At: s.now()})
		})
		apples, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		apples = get(t, apples, err)
		onions, err := s.orders.Settle(s.ctx, finance, s.onionOrder.ID)
		onions = get(t, onions, err)

		if apples.Total != 59_856_00 || apples.Paid() != apples.Total {
			t.Errorf("apples: %s, divided %s; want 9,976 kg x 6.00 = 59856.00", apples.Total, apples.Paid())
		}
		if onions.Total != 15_430_40 || onions.Paid() != onions.Total {
			t.Errorf("scallions: %s, divided %s; want 9,644 kg x 1.60 = 15430.40", onions.Total, onions.Paid())
		}
		if got := sumOf(apples, orders.BenefitLine); got.Fen != 1_995_20 {
			t.Errorf("benefit %s; want 19,952 斤 x 0.10 = 1995.20", got.Fen)
		}
		// 1,995.20 x 3,000/10,032 = 596.651...; x 3,500/10,032 = 696.092...; x 3,532/10,032 = 702.457...: the fen left over goes to the first.
		for h, want := range map[string]measure.Fen{"h1": 596_65, "h2": 696_09, "h3": 702_46} {
			if got := s.fen(orders.Benefit(h)); got != want {
				t.Errorf("benefit of %s: %s, want %s", h, got, want)
			}
		}
		if got := s.fen(orders.Payable("liulin")); got != 59_856_00-1_995_20 {
			t.Errorf("cooperative gets %s", got)
		}
		if got := sumOf(onions, orders.LossAllowedLine).Grams; got != 302_400 {
			t.Errorf("allowed moisture %d g; want 3 %% of 10,080 kg = 302.4 kg", got)
		}
		charge := sumOf(onions, orders.LossChargeLine)
		if charge.Grams != 15_600 || charge.Fen != 24_96 || charge.Account != "" {
			t.Errorf("charged loss %+v; want 318 - 302.4 = 15.6 kg x 1.60 = 24.96, shown and not netted", charge)
		}
		// Back in the fund: 12,000 - 3,000 haulage + 144.00 + 569.60.
		if got := s.fen(market.CampaignFund(s.campaign.ID)); got != 9_713_60 {
			t.Errorf("fund holds %s", got)
		}
		// Left of the lots: 10,032 - 10,012 and 10,120 - 10,080; what stayed in the allocations is back.
		if a, o := s.grams(market.LotAvailable(s.apples.ID)), s.grams(market.LotAvailable(s.scallions.ID)); a != 20*kg || o != 40*kg {
			t.Errorf("left of the lots: %s and %s", a, o)
		}
		s.wantState(s.appleOrder.ID, orders.Settled)
		s.verify()
	})
}

func sumOf(st orders.Settlement, kind orders.LineKind) orders.SettlementLine {
	var sum orders.SettlementLine
	for _, l := range st.Lines {
		if l.Kind == kind {
			sum.Grams += l.Grams
			sum.Fen += l.Fen
			sum.Account = l.Account
		}
	}
	return sum
}

func TestSettlingAgainPaysNothing(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.appleOrder.Reference, 60_000_00)
		s.hauled()
		s.accepted()
		first, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		first = get(t, first, err)
		again, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		again = get(t, again, err)
		if again.Total != first.Total || len(again.Lines) != len(first.Lines) || s.fen(orders.Payable("liulin")) != 57_860_80 {
			t.Errorf("settled twice: %s, then %s; payable %s", first.Total, again.Total, s.fen(orders.Payable("liulin")))
		}
	})
}

func TestUnpaidOrderIsNotSettled(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.appleOrder.Reference, 59_000_00)
		s.hauled()
		s.accepted()
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		wantFault(t, err, "not_paid", "")
		if s.fen(orders.Escrow(s.appleOrder.ID)) != 59_000_00 || s.state(s.appleOrder.ID) != orders.Accepted {
			t.Error("a refused settlement moved something")
		}
		s.pay(s.campaign.Reference, 1_000_00) // the fund makes up for it
		st, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		if st = get(t, st, err); st.Total != 59_856_00 {
			t.Errorf("settled %s", st.Total)
		}
	})
}

// Silence of 72 hours is a yes.
func TestSilenceAccepts(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.hauled()
		delivered := s.ctx
		s.at(firstDay.AddDate(0, 0, 6))
		s.wantState(s.appleOrder.ID, orders.Delivered) // exactly 72 hours
		s.at(firstDay.AddDate(0, 0, 6).Add(time.Second))
		s.wantState(s.appleOrder.ID, orders.Accepted)
		s.ctx = delivered
		_, err := s.orders.Accept(s.ctx, union, s.appleOrder.ID, "")
		get(t, 0, err)
		s.wantState(s.appleOrder.ID, orders.Delivered) // Zhongnan has not answered
	})
}

// The households of a lot are the cooperative's to see; others see their sum, and only when they are at least three.
func TestBenefitsAreShownAsSums(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.appleOrder.Reference, 60_000_00)
		s.hauled()
		s.accepted()
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
		own, err := s.orders.Settlement(s.ctx, liulin, s.appleOrder.ID)
		own = get(t, own, err)
		seen, err := s.orders.Settlement(s.ctx, donor, s.appleOrder.ID)
		seen = get(t, seen, err)
		count := func(st orders.Settlement) (n int, households string) {
			for _, l := range st.Lines {
				if l.Kind == orders.BenefitLine {
					n, households = n+1, households+l.Party
				}
			}
			return n, households
		}
		if n, _ := count(own); n != 3 {
			t.Errorf("the cooperative sees %d benefits", n)
		}
		if n, households := count(seen); n != 1 || households != "" || sumOf(seen, orders.BenefitLine).Fen != 1_995_20 {
			t.Errorf("the donor sees %d benefits of %q", n, households)
		}
		_, err = s.orders.Settlement(s.ctx, biaojiao, s.appleOrder.ID)
		wantFault(t, err, "not_found", "")
		income, err := s.orders.Income(s.ctx, liulin, "liulin")
		shares := orders.HouseholdShares(get(t, income, err))
		if sum, n := orders.BenefitOf(shares); len(income) != 1 || sum != 1_995_20 || n != 3 || income[0].Settlement.To(orders.CoopLine) != sumOf(own, orders.CoopLine).Fen {
			t.Errorf("income %+v: %d fen to %d households", income, sum, n)
		}
		if sum, n := orders.BenefitOf(shares[:2]); sum != 0 || n != 0 {
			t.Errorf("two households are shown as a sum of %d", sum)
		}
		_, err = s.orders.Income(s.ctx, biaojiao, "liulin")
		wantFault(t, err, "no_such_party", "seller")
	})
}

// The gift report goes from the yuan to the ward, and its money adds up.
func TestGiftReport(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 80_000_00)
		s.hauled()
		s.accepted()
		s.do(func(tx store.Tx) error {
			return s.orders.PayHaulage(s.ctx, tx, finance, orders.Haulage{ClientID: "t1", Campaign: s.campaign.ID, Carrier: "haulier", Trip: "t1", Fen: 3_000_00, At: s.now()})
		})
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
		_, err = s.market.Report(s.ctx, donor, s.campaign.ID)
		get(t, 0, err)
		g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		g = get(t, g, err)
		if g.State != market.CampaignReported || len(g.Donors) != 2 || len(g.Rows) != 5 {
			t.Errorf("state %s, %d donors, %d rows", g.State, len(g.Donors), len(g.Rows))
		}
		m := g.Money
		if sum := m.Goods + m.Benefit + m.Haulage + m.Fee + m.Rounding + m.InFund + m.InEscrow; m.Paid != 80_000_00 || sum != m.Paid {
			t.Errorf("%s came in, %s is accounted for: %+v", m.Paid, sum, m)
		}
		if m.Benefit != 1_995_20 || m.Households != 3 || m.InEscrow != 16_000_00 {
			t.Errorf("%+v", m)
		}
		for _, r := range g.Rows {
			if r.Consignment == "truck2-zhongnan" && (r.Ward != "Zhongnan" || r.Numbers.Rejected != 7*kg || r.RejectReason != "bruised" || r.Numbers.Lost[orders.Moisture] != 12*kg) {
				t.Errorf("%+v", r)
			}
		}
	})
}
