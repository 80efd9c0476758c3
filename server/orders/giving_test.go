package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// pledge promises money as a donor and pays it.
func (s *story) pledged(by auth.Actor, party string, fen measure.Fen, unspent market.Unspent) market.PledgeView {
	s.t.Helper()
	p, err := s.market.Pledge(s.ctx, by, "", market.PledgeInput{Campaign: s.campaign.ID, Donor: party, Fen: fen, Unspent: unspent})
	p = get(s.t, p, err)
	s.pay(p.Reference, fen)
	return p
}

// Two donors gave 30,000.00 and 50,000.01 into one fund. Each has its part of every truck, loss and fen, and the parts add up.
func TestManyDonorsShareOneTruck(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 30_000_00) // the opener's
		s.pay(s.onionOrder.Reference, 50_000_01)
		s.hauled()
		s.accepted()
		s.do(func(tx store.Tx) error {
			return s.orders.PayHaulage(s.ctx, tx, finance, orders.Haulage{ClientID: "t1", Campaign: s.campaign.ID, Carrier: "haulier", Trip: "t1", Fen: 3_000_00, At: s.now()})
		})
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
		g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		g = get(t, g, err)
		if len(g.Shares) != 2 || g.Shares[0].Paid != 30_000_00 || g.Shares[1].Paid != 50_000_01 {
			t.Fatalf("shares %+v", g.Shares)
		}
		sum := orders.GiftMoney{}
		for _, d := range g.Shares {
			m := d.Money
			if m.Goods+m.Benefit+m.Haulage+m.Fee+m.Rounding+m.InFund+m.InEscrow+m.GivenBack+m.MovedOn != d.Paid {
				t.Errorf("%s paid %s, accounted for is %+v", d.Donor, d.Paid, m)
			}
			sum.Goods, sum.Benefit, sum.Haulage, sum.InEscrow = sum.Goods+m.Goods, sum.Benefit+m.Benefit, sum.Haulage+m.Haulage, sum.InEscrow+m.InEscrow
		}
		if sum.Goods != g.Money.Goods || sum.Benefit != g.Money.Benefit || sum.Haulage != 3_000_00 || sum.InEscrow != g.Money.InEscrow {
			t.Errorf("the parts add up to %+v, the whole is %+v", sum, g.Money)
		}
		for n, r := range g.Rows {
			whole := g.Shares[0].Parts[n].Plus(g.Shares[1].Parts[n])
			if whole.Loaded() != r.Numbers.Loaded || whole.Accepted != r.Numbers.Accepted || whole.Rejected != r.Numbers.Rejected || whole.Lost[orders.Moisture] != r.Numbers.Lost[orders.Moisture] {
				t.Errorf("row %s: parts %+v, whole %+v", r.Consignment, whole, r.Numbers)
			}
			// truck2-union: 996 kg came in, 2 kg of them rejected, 3 kg lost. 3,000,000/8,000,001 of 994,000 g is 372,749.95 g.
			if r.Consignment == "truck2-union" && (g.Shares[0].Parts[n].Accepted != 372_750 || g.Shares[0].Parts[n].Rejected != 750 || g.Shares[1].Parts[n].Accepted != 621_250) {
				t.Errorf("truck 2: %+v and %+v", g.Shares[0].Parts[n], g.Shares[1].Parts[n])
			}
		}
	})
}

// A goal takes no promise beyond it; what comes in all the same waits in the fund and goes back in the end, or on.
func TestPledgesAndWhatIsLeftOver(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db) // the goal is 76,000.00
		pledge := func(by auth.Actor, party string, fen measure.Fen) (market.PledgeView, error) {
			return s.market.Pledge(s.ctx, by, "", market.PledgeInput{Campaign: s.campaign.ID, Donor: party, Fen: fen})
		}
		_, err := pledge(firm, "donor", 1)
		wantFault(t, err, "no_such_party", "donor")
		big, err := pledge(donor, "donor", 70_000_00)
		big = get(t, big, err)
		_, err = pledge(firm, "firm", 6_000_01)
		wantFault(t, err, "goal_reached", "amount")
		s.at(firstDay.AddDate(0, 0, 2).Add(7*24*time.Hour + time.Minute)) // a promise that is not kept frees its room
		_, err = pledge(firm, "firm", 76_000_01)
		wantFault(t, err, "goal_reached", "amount")
		s.at(firstDay.AddDate(0, 0, 1))
		w, err := s.market.WithdrawPledge(s.ctx, donor, big.ID)
		if w = get(t, w, err); w.State != market.PledgeWithdrawn {
			t.Errorf("pledge is %s", w.State)
		}
		s.pledged(donor, "donor", 40_000_00, market.UnspentBack)
		p := s.pledged(firm, "firm", 36_000_00, market.UnspentNext)
		list, err := s.market.Pledges(s.ctx, firm, "firm", "")
		if list = get(t, list, err); len(list) != 1 || list[0].State != market.PledgePaid || list[0].ID != p.ID {
			t.Errorf("%+v", list)
		}
		s.pay(p.Reference, 4_000_00) // more than promised: a fund takes it, for its use

		_, err = s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, "")
		wantFault(t, err, "campaign_under_way", "")
		s.hauled()
		s.accepted()
		for _, o := range []string{s.appleOrder.ID, s.onionOrder.ID} {
			_, err = s.orders.Settle(s.ctx, finance, o)
			get(t, 0, err)
		}
		_, err = s.market.Report(s.ctx, donor, s.campaign.ID)
		get(t, 0, err)
		next, err := s.market.OpenCampaign(s.ctx, firm, "", market.CampaignInput{Donor: "firm", Title: "next", NamedUse: "the next ward", Demands: []string{s.appleU.ID}})
		next = get(t, next, err)
		_, err = s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, s.campaign.ID)
		wantFault(t, err, "campaign_ended", "next")

		// 80,000.00 came in, 59,856.00 + 15,430.40 were spent: 4,713.60 are left, half of them each donor's.
		shares, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, next.ID)
		if shares = get(t, shares, err); len(shares) != 2 || shares[0].Fen != 2_356_80 || shares[0].To != market.UnspentBack || shares[1].To != market.UnspentNext {
			t.Errorf("%+v", shares)
		}
		if back, on, left := s.fen(orders.Refund("donor")), s.fen(market.CampaignFund(next.ID)), s.fen(market.CampaignFund(s.campaign.ID)); back != 2_356_80 || on != 2_356_80 || left != 0 {
			t.Errorf("back %s, on %s, left %s", back, on, left)
		}
		again, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, next.ID)
		if again = get(t, again, err); len(again) != 0 {
			t.Errorf("a second time %+v", again)
		}
		g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		if m := get(t, g, err).Money; m.GivenBack != 2_356_80 || m.MovedOn != 2_356_80 || m.Goods+m.Benefit+m.Rounding+m.GivenBack+m.MovedOn != m.Paid {
			t.Errorf("%+v", m)
		}
		if g, err = s.orders.GiftReport(s.ctx, next.ID); len(get(t, g, err).Shares) != 1 || g.Money.Paid != 2_356_80 || g.Shares[0].Donor != "firm" {
			t.Errorf("next: %+v", g.Shares)
		}
		s.verify()
	})
}

// One act buys and gives: campaign and order are both there, or neither.
func TestBuyAndGive(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 1_200*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000, Min: 100 * kg})
		need := w.need(union, "union", "apple", 1_000*kg)
		give := func(in orders.BuyAndGive) (orders.BoughtAndGiven, error) {
			in.Donor, in.Offer, in.Demand = "donor", offer.ID, need.ID
			return w.orders.BuyAndGive(w.ctx, donor, in)
		}
		for _, c := range []struct {
			grams       measure.Grams
			code, field string
		}{{50 * kg, "below_minimum", "weight"}, {1_100 * kg, "need_is_full", "weight"}, {2_000 * kg, "only_left", "weight"}} {
			_, err := give(orders.BuyAndGive{Grams: c.grams})
			wantFault(t, err, c.code, c.field)
		}
		if list, err := w.market.Campaigns(w.ctx, donor, "donor", ""); len(get(t, list, err)) != 0 {
			t.Error("an order that was refused left its campaign behind")
		}
		first, err := give(orders.BuyAndGive{ClientID: "tap", Grams: 600 * kg, Haulage: 200_00})
		first = get(t, first, err)
		again, err := give(orders.BuyAndGive{ClientID: "tap", Grams: 600 * kg, Haulage: 200_00})
		if again = get(t, again, err); again.Order.ID != first.Order.ID || again.Campaign.ID != first.Campaign.ID {
			t.Error("the second tap made a second gift")
		}
		if c := first.Campaign; c.Title != "免费送给Union" || c.GoalFen != 3_600_00+200_00 || c.GoalGrams != 600*kg || first.Order.Campaign != c.ID || first.Order.Invoice != 3_600_00 {
			t.Errorf("%+v %+v", c, first.Order)
		}
		w.pay(first.Campaign.Reference, 3_800_00)
		_, err = w.orders.Confirm(w.ctx, liulin, first.Order.ID)
		get(t, 0, err)
		if escrow, fund := w.fen(orders.Escrow(first.Order.ID)), w.fen(market.CampaignFund(first.Campaign.ID)); escrow != 3_600_00 || fund != 200_00 {
			t.Errorf("escrow %s, fund %s", escrow, fund)
		}
	})
}

// A trip that its carrier gives is shown at its price and takes nothing out of the fund.
func TestDonatedHaulage(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 100_00)
		for range 2 {
			s.do(func(tx store.Tx) error {
				return s.orders.PayHaulage(s.ctx, tx, finance, orders.Haulage{ClientID: "t1", Campaign: s.campaign.ID, Order: s.appleOrder.ID, Carrier: "haulier", Trip: "t1", Fen: 3_000_00, Given: true, At: s.now()})
			})
		}
		g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		if m := get(t, g, err).Money; m.HaulageGiven != 3_000_00 || m.Haulage != 0 || s.fen(orders.Payable("haulier")) != 0 {
			t.Errorf("%+v", m)
		}
	})
}

// Every sum has one receipt, and the numbers of a year have no holes, whoever asks and however often.
func TestReceiptsOfAGift(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 30_000_00)
		s.pay(s.onionOrder.Reference, 50_000_01)
		s.pay(s.campaign.Reference, 12_00)
		var numbers []string
		for range 2 {
			for _, by := range []struct {
				who   auth.Actor
				party string
			}{{donor, "donor"}, {firm, "firm"}} {
				list, err := s.orders.IssueReceipts(s.ctx, by.who, s.campaign.ID, by.party)
				for _, r := range get(t, list, err) {
					numbers = append(numbers, r.Number()+" "+r.Fen.String())
				}
			}
		}
		want := "2020-000001 30000.00, 2020-000002 12.00, 2020-000003 50000.01"
		if got := strings.Join(numbers, ", "); got != want+", "+want {
			t.Errorf("got %s", got)
		}
		_, err := s.orders.IssueReceipts(s.ctx, firm, s.campaign.ID, "donor")
		wantFault(t, err, "not_found", "")
		_, err = s.orders.ReceiptByNumber(s.ctx, firm, "2020-000001")
		wantFault(t, err, "not_found", "")
		r, err := s.orders.ReceiptByNumber(s.ctx, auditor, "2020-000001")
		if r = get(t, r, err); r.DonorName != "Donor A" || r.NamedUse != s.campaign.NamedUse {
			t.Errorf("%+v", r)
		}
	})
}

// A gift that its payer's bank took back has no receipt, and a receipt that was issued before holds no more; won, it holds again.
func TestReceiptsOfADisputedGift(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		fake := connect(t, s.world)
		c := &till{world: s.world, fake: fake}
		gift := func() string {
			v, err := s.orders.Checkout(s.ctx, firm, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: "firm", Fen: 5_000_00, Lang: "en"})
			v = get(t, v, err)
			c.payOn(v.Session, fakepay.How{})
			c.settleDown()
			return v.Session
		}
		dispute := func(session string) string {
			id, err := fake.Dispute(session)
			c.settleDown()
			return get(t, id, err)
		}
		judge := func(id string, won bool) {
			if err := fake.Judge(id, won); err != nil {
				t.Fatal(err)
			}
			c.settleDown()
		}
		want := func(when string, receipts ...string) {
			t.Helper()
			list, err := s.orders.IssueReceipts(s.ctx, firm, s.campaign.ID, "firm")
			got := []string{}
			for _, r := range get(t, list, err) {
				got = append(got, fmt.Sprintf("%s %s, back %s", r.Number(), r.Fen, r.TakenBack))
			}
			if !slices.Equal(got, receipts) {
				t.Errorf("%s: %q, want %q", when, got, receipts)
			}
		}
		first := gift()
		d := dispute(first)
		want("taken back before any receipt")
		judge(d, true)
		want("won", "2020-000001 5000.00, back 0.00")
		second := gift()
		want("another", "2020-000001 5000.00, back 0.00", "2020-000002 5000.00, back 0.00")
		d = dispute(second)
		want("disputed since", "2020-000001 5000.00, back 0.00", "2020-000002 5000.00, back 5000.00")
		judge(d, false)
		want("lost", "2020-000001 5000.00, back 0.00", "2020-000002 5000.00, back 5000.00")
		r, err := s.orders.ReceiptByNumber(s.ctx, auditor, "2020-000002")
		if r = get(t, r, err); r.TakenBack != 5_000_00 {
			t.Errorf("by its number %s are back", r.TakenBack)
		}
	})
}

// A transfer that finance took back as a mistake was no gift.
func TestReceiptOfAnUndoneTransfer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 76_000_00) // the whole of both orders: what comes later stays in the fund
		table := "日期,附言,金额,流水号\n2020-02-01," + s.campaign.Reference + ",3000,S1\n"
		st, err := s.statement("s.csv", table)
		st = get(t, st, err)
		list, err := s.orders.IssueReceipts(s.ctx, donor, s.campaign.ID, "donor")
		if list = get(t, list, err); len(list) != 2 || list[1].TakenBack != 0 {
			t.Fatalf("%+v", list)
		}
		must(t)(s.orders.UndoStatement(s.ctx, finance, st.ID))
		list, err = s.orders.IssueReceipts(s.ctx, donor, s.campaign.ID, "donor")
		if list = get(t, list, err); len(list) != 2 || list[0].TakenBack != 0 || list[1].TakenBack != 3_000_00 {
			t.Errorf("%+v", list)
		}
	})
}

// Who gives by card or wallet is a donor: counted under no name, and asked when the goods are to go elsewhere.
func TestWhoGivesByCardIsADonor(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		c := &till{world: s.world, fake: connect(t, s.world)}
		before := s.giftReport()
		v, err := s.orders.Checkout(s.ctx, giver, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: "giver", Fen: 5_000_00, Lang: "en"})
		v = get(t, v, err)
		if now := s.giftReport(); now.Silent != before.Silent {
			t.Error("who has not paid is counted")
		}
		c.payOn(v.Session, fakepay.How{})
		c.settleDown()
		now := s.giftReport()
		if now.Silent != before.Silent+1 || len(now.Donors) != len(before.Donors) || !slices.Contains(now.Campaign.Donors, "giver") {
			t.Errorf("%d donors without a name, %d with, all %q", now.Silent, len(now.Donors), now.Campaign.Donors)
		}
		_, err = s.market.AskUseChange(s.ctx, donor, s.campaign.ID, "for the community", "the wards have enough", nil)
		get(t, 0, err)
		_, err = s.market.AnswerUseChange(s.ctx, giver, s.campaign.ID, false)
		get(t, 0, err)
		if now = s.giftReport(); now.Campaign.NamedUse == "for the community" {
			t.Error("the use changed against the word of one who gave")
		}
	})
}

// A giver by card is shown under its name where it said so, and what is left of its part goes where it said last.
func TestWhatAGiverByCardWishes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		c := &till{world: s.world, fake: connect(t, s.world)}
		give := func(unspent market.Unspent, named bool) orders.CheckoutView {
			t.Helper()
			v, err := s.orders.Checkout(s.ctx, giver, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: "giver", Fen: 5_000_00, Lang: "en", Unspent: unspent, Named: named})
			return get(t, v, err)
		}
		first := give(market.UnspentBack, false)
		if same := give(market.UnspentBack, false); same.ID != first.ID {
			t.Error("a second click opens a second page")
		}
		other := give(market.UnspentNext, true)
		if other.ID == first.ID {
			t.Error("the page of other wishes is given again")
		}
		c.payOn(other.Session, fakepay.How{})
		c.settleDown()
		if now := s.giftReport(); !slices.ContainsFunc(now.Donors, func(p market.Party) bool { return p.ID == "giver" }) {
			t.Errorf("the giver is not among %+v", now.Donors)
		}
		s.endUnspent()
		next, err := s.market.OpenCampaign(s.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "Onions", NamedUse: "onions for Union", GoalFen: 10_000_00, Demands: []string{s.onionU.ID}})
		next = get(t, next, err)
		shares, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, next.ID)
		if shares = get(t, shares, err); len(shares) != 1 || shares[0].To != market.UnspentNext || shares[0].Fen != 5_000_00 {
			t.Errorf("%+v", shares)
		}
	})
}

// endUnspent calls the orders of the story's campaign off and ends it.
func (s *story) endUnspent() {
	s.t.Helper()
	must(s.t)(s.orders.Cancel(s.ctx, donor, s.appleOrder.ID, "the road is closed"))
	must(s.t)(s.orders.Cancel(s.ctx, firm, s.onionOrder.ID, "the road is closed"))
	must(s.t)(s.market.FailCampaign(s.ctx, operator, s.campaign.ID))
}

// A gift by card is held to what a pledge is: no more than the goal asks for, nothing when it is over. A pledge of its own giver takes no
// room from it, and another's payment that is on its way holds nobody up.
func TestGiftsByCardKeepToTheGoal(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		c := &till{world: s.world, fake: connect(t, s.world)}
		give := func(by auth.Actor, payer string, fen measure.Fen) (orders.CheckoutView, error) {
			return s.orders.Checkout(s.ctx, by, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: payer, Fen: fen, Lang: "en"})
		}
		_, err := s.market.Pledge(s.ctx, giver, "", market.PledgeInput{Campaign: s.campaign.ID, Donor: "giver", Fen: 70_000_00})
		get(t, 0, err)
		_, err = give(firm, "firm", 6_000_01)
		wantFault(t, err, "goal_reached", "amount")
		v, err := give(firm, "firm", 6_000_00)
		v = get(t, v, err)
		c.payOn(v.Session, fakepay.How{Method: "wechat_pay", Later: true})
		c.settleDown()
		_, err = give(firm, "firm", 1_00)
		wantFault(t, err, "pay_on_way", "")
		_, err = give(giver, "giver", 70_000_00)
		get(t, 0, err)
		s.endUnspent()
		_, err = give(firm, "firm", 1_00)
		wantFault(t, err, "campaign_ended", "")
	})
}

// giftReport is the public report of the story's campaign.
func (s *story) giftReport() orders.Gift {
	s.t.Helper()
	g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
	return get(s.t, g, err)
}
