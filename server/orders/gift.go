package orders

import (
	"context"
	"maps"
	"slices"
	"strings"

	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Gift is the public report of a campaign: from the yuan to the ward. It names no household.
type Gift struct {
	Campaign market.Campaign
	State    market.CampaignState
	Donors   []market.Party     // who may be named: the opener, those who ordered, and those who pledged under their name
	Silent   int                // donors who are not named
	Shares   []DonorShare       // what is whose, donors in the order of their ids; not for everybody's eyes
	Changes  []market.UseChange // every change of use that the donors were asked about
	Money    GiftMoney
	Rows     []GiftRow
	Wards    []WardPart // what the receivers handed out of these rows

	Corrected measure.Grams // by how much weights were corrected after the settlement, below zero: less was accepted; it is in Rows already
}

// GiftMoney tells where the money of a campaign is. Paid = Goods + Benefit + Haulage + Fee + Rounding + InFund + InEscrow +
// GivenBack + MovedOn. HaulageGiven is no money: it is what trips would have cost that carriers gave.
type GiftMoney struct {
	Paid       measure.Fen // came in
	Goods      measure.Fen // to the sellers, by accepted weight
	Benefit    measure.Fen // to registered poor households, out of the price, from order lines with three of them or more; the rest is in Goods
	Households int         // how many they are
	Haulage    measure.Fen
	Fee        measure.Fen
	Rounding   measure.Fen
	InFund     measure.Fen // not spent
	InEscrow   measure.Fen // held for orders that are not settled
	GivenBack  measure.Fen // not spent, owed back to donors who wanted it so
	MovedOn    measure.Fen // not spent, gone to another campaign with the yes of those whose it was

	HaulageGiven measure.Fen
	ToCome       measure.Fen // of Goods and Benefit: paid too much by a weight that was corrected since, and to be taken from the next payouts
}

// GiftRow is one part of a lot on one truck for one ward.
type GiftRow struct {
	Order, Lot, Produce, Grade, Certificate string
	Demand                                  string
	Seller, Origin                          string // names
	Price                                   measure.PriceE4
	Consignment                             string
	Ward                                    string // name of the receiver
	Planned                                 measure.Grams
	Numbers                                 ConsignNumbers
	RejectReason                            string
	LoadedAt, ReceivedAt                    measure.Millis
}

// GiftReport makes the report of a campaign. It needs no sign-in.
func (s *Service) GiftReport(ctx context.Context, campaign string) (Gift, error) {
	q := s.DB.Read()
	c, err := market.CampaignByID(ctx, q, campaign)
	if err != nil {
		return Gift{}, found(err, "campaign")
	}
	g := Gift{Campaign: c}
	n, err := Books{}.OfCampaign(ctx, q, campaign)
	if err != nil {
		return g, err
	}
	if g.Changes, err = market.UseChanges(ctx, q, campaign); err != nil {
		return g, err
	}
	for _, u := range g.Changes {
		n.UseAsked = n.UseAsked || u.Outcome(c.Donors, s.Now(ctx)) == market.Asked
	}
	g.State = c.State(n)
	g.Money.Paid, g.Money.InFund = n.Paid, n.Fund
	if err = g.fill(ctx, q); err != nil {
		return g, err
	}
	if err = g.addUnspent(ctx, q); err != nil {
		return g, err
	}
	if err = g.addDonors(ctx, q); err != nil {
		return g, err
	}
	if err = g.addWards(ctx, q); err != nil {
		return g, err
	}
	g.Shares, err = g.shares(ctx, q)
	return g, err
}

// addWards finds which wards the goods of this gift went to. A need may be met by others, too: theirs is left out.
func (g *Gift) addWards(ctx context.Context, q store.Querier) error {
	ours := map[string]bool{}
	demands := map[string]bool{}
	for _, r := range g.Rows {
		ours[r.Consignment], demands[r.Demand] = true, true
	}
	parts, err := wardParts(ctx, q, slices.Sorted(maps.Keys(demands))...)
	g.Wards = slices.DeleteFunc(parts, func(w WardPart) bool { return !ours[w.Consignment] || w.Grams == 0 })
	return err
}

func (g *Gift) fill(ctx context.Context, q store.Querier) error {
	list, err := ordersOfCampaign(ctx, q, g.Campaign.ID)
	if err != nil {
		return err
	}
	known, err := lookUpShipping(ctx, q, list)
	if err != nil {
		return err
	}
	got := households{}
	for _, o := range list {
		if err = g.addRows(ctx, q, o, known); err != nil {
			return err
		}
		if err = g.addMoney(ctx, q, o, got); err != nil {
			return err
		}
	}
	g.Money.Households = len(got)
	if g.Money.HaulageGiven, err = haulageGivenFor(ctx, q, g.Campaign.ID); err != nil {
		return err
	}
	return g.addHaulage(ctx, q)
}

func (g *Gift) addRows(ctx context.Context, q store.Querier, o Order, known shippingFacts) error {
	takings, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil {
		return err
	}
	lines := map[string]Line{}
	for _, l := range o.Lines {
		lines[l.ID] = l
	}
	for _, t := range takings {
		if t.UntakenAt > 0 {
			continue
		}
		lot := known.lots[t.Lot]
		row := GiftRow{
			Order: o.ID, Lot: t.Lot, Demand: t.Demand, Produce: lot.Produce, Grade: lot.Grade, Certificate: lot.Certificate, Seller: known.parties[o.Seller].Name,
			Origin: lot.Place.Name, Price: lines[t.Line].Price, Consignment: t.Consignment, Ward: known.parties[known.demands[t.Demand].Party].Name,
			Planned: t.Grams, RejectReason: t.RejectReason, LoadedAt: t.LoadedAt, ReceivedAt: t.ReceivedAt,
		}
		if row.Numbers, err = consigned(ctx, q, t.Consignment); err != nil {
			return err
		}
		g.Rows = append(g.Rows, row)
	}
	return nil
}

// addMoney adds what the order's money became, and who got a benefit that is told.
func (g *Gift) addMoney(ctx context.Context, q store.Querier, o Order, got households) error {
	escrow, err := fen(ctx, q, Escrow(o.ID))
	if err != nil {
		return err
	}
	g.Money.InEscrow += escrow
	st, err := settlementOf(ctx, q, o.ID)
	for _, of := range householdsByLine(st.Lines) {
		if of.enough() {
			maps.Copy(got, of)
		}
	}
	for _, l := range summed(st.Lines) {
		switch l.Kind {
		case CoopLine:
			g.Money.Goods += l.Fen
		case BenefitLine:
			g.Money.Benefit += l.Fen
		case FeeLine:
			g.Money.Fee += l.Fen
		case RoundingLine:
			g.Money.Rounding += l.Fen
		}
	}
	if err != nil {
		return err
	}
	return g.addCorrections(ctx, q, o)
}

// addCorrections adds what corrected weights moved since the settlement, as far as it is moved: the households' part to the goods, for it
// is of no atom.
func (g *Gift) addCorrections(ctx context.Context, q store.Querier, o Order) error {
	list, err := correctionsOf(ctx, q, o.ID)
	for _, c := range list {
		g.Corrected += c.Grams
		for _, s := range c.Setoffs {
			switch s.Kind {
			case FeeLine:
				g.Money.Fee += s.Moved()
			case RoundingLine:
				g.Money.Rounding += s.Moved()
			default:
				g.Money.Goods += s.Moved()
			}
			if s.Fen < 0 {
				g.Money.ToCome += s.Open
			}
		}
	}
	return err
}

func (g *Gift) addHaulage(ctx context.Context, q store.Querier) error {
	entries, err := ledger.Entries(ctx, q, "campaign/"+g.Campaign.ID)
	for _, e := range entries {
		for _, p := range e.Postings {
			if e.Kind == haulagePaid && strings.HasPrefix(p.To, "payable/") {
				g.Money.Haulage += measure.Fen(p.Amount)
			}
		}
	}
	return err
}
