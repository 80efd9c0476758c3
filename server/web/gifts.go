package web

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/orders"
)

// GiftLot is what was bought of one lot.
type GiftLot struct {
	ID          string `json:"id"`
	ProduceName string `json:"produce_name"`
	Produce     string `json:"produce"`
	Grade       string `json:"grade,omitempty"`
	SellerName  string `json:"seller_name"`
	Place       string `json:"place"`
	Grams       int64  `json:"grams" doc:"loaded, as weighed"`
	PriceE4     int64  `json:"price_e4"`
	Certificate string `json:"certificate,omitempty"`
}

// GiftTrip is one truck.
type GiftTrip struct {
	ID       string             `json:"id"`
	Plate    string             `json:"plate"`
	State    dispatch.TripState `json:"state"`
	Loaded   int64              `json:"loaded_grams"`
	Received int64              `json:"received_grams"`
	Given    []GivenHaulage     `json:"haulage_given" doc:"by carriers that drive for nothing"`
}

// GiftWard is what one receiver got of one produce.
type GiftWard struct {
	Name         string  `json:"name"`
	Produce      string  `json:"produce"`
	Loaded       int64   `json:"loaded_grams"`
	Received     int64   `json:"received_grams"`
	Accepted     int64   `json:"accepted_grams"`
	Rejected     int64   `json:"rejected_grams"`
	RejectReason string  `json:"reject_reason,omitempty"`
	Lost         int64   `json:"lost_grams"`
	At           Instant `json:"at,omitempty"`
	Photo        string  `json:"photo,omitempty"`

	HandedOut []HandedOut `json:"handed_out" doc:"what its wards got, as the receiver wrote down"`
}

// HandedOut is what one ward got.
type HandedOut struct {
	Ward  string `json:"ward"`
	Grams int64  `json:"grams"`
}

// GiftLoss sums what was lost by one cause, or rejected.
type GiftLoss struct {
	Cause string `json:"cause"`
	Grams int64  `json:"grams"`
}

// GiftPart is where a part of the money went.
type GiftPart struct {
	Kind string `json:"kind" enum:"goods,benefit,haulage,fee,rounding,in_fund,in_escrow,given_back,moved_on"`
	Fen  int64  `json:"fen"`
}

// GiftProof says whether the books behind the report are right.
type GiftProof struct {
	Verified bool   `json:"verified"`
	Seals    int    `json:"seals"`
	Entries  int    `json:"entries"`
	Wrong    string `json:"wrong,omitempty"`
}

// GiftView is the public report: yuan, lots, trucks, wards. It names no household.
type GiftView struct {
	Campaign   string               `json:"campaign"`
	Title      string               `json:"title"`
	NamedUse   string               `json:"named_use"`
	DonorName  string               `json:"donor_name"`
	State      market.CampaignState `json:"state"`
	Reference  string               `json:"reference"`
	ReportedAt Instant              `json:"reported_at,omitempty"`
	GoalFen    int64                `json:"goal_fen"`
	Paid       int64                `json:"paid_fen"`
	Spent      int64                `json:"spent_fen"`
	Given      int64                `json:"haulage_given_fen" doc:"what trips would have cost that carriers gave; no money"`
	Silent     int                  `json:"silent_donors" doc:"donors who are not named"`
	Corrected  int64                `json:"corrected_grams,omitempty" doc:"by which weights were corrected after the settlement; they stand corrected in the trips"`
	ToCome     int64                `json:"to_come_fen,omitempty" doc:"paid too much by such a weight, and taken from the next payouts"`
	Households int                  `json:"households" doc:"how many poor households got the benefit: those of order lines with three or more, for what fewer got is in the goods"`
	Lots       []GiftLot            `json:"lots"`
	Trips      []GiftTrip           `json:"trips"`
	Wards      []GiftWard           `json:"wards"`
	Losses     []GiftLoss           `json:"losses"`
	Split      []GiftPart           `json:"split"`
	Changes    []UseChangeView      `json:"use_changes"`
	Proof      GiftProof            `json:"proof"`
}

type giftPath struct {
	Campaign string `path:"campaign" maxLength:"64"`
}

func registerGifts(api huma.API, s Services) {
	openGet(api, "/gifts/{campaign}", "The public report of a gift: yuan, lots, trucks, wards", func(ctx context.Context, _ auth.Actor, in *giftPath) (GiftView, error) {
		g, err := s.Orders.GiftReport(ctx, in.Campaign)
		if err != nil {
			return GiftView{}, err
		}
		return s.giftView(ctx, g)
	})
}

func (s Services) giftView(ctx context.Context, g orders.Gift) (GiftView, error) {
	c := g.Campaign
	v := GiftView{Campaign: c.ID, Title: c.Title, NamedUse: c.NamedUse, State: g.State, Reference: c.Reference, ReportedAt: Instant(c.ReportedAt),
		GoalFen: int64(c.GoalFen), Paid: int64(g.Money.Paid), Households: g.Money.Households, Split: giftSplit(g.Money), Given: int64(g.Money.HaulageGiven), Silent: g.Silent, Corrected: int64(g.Corrected), ToCome: int64(g.Money.ToCome),
		Changes: mapped(g.Changes, func(u market.UseChange) UseChangeView { return publicChange(ctx, g, u) })}
	v.Spent = int64(g.Money.Goods + g.Money.Benefit + g.Money.Haulage + g.Money.Fee + g.Money.Rounding)
	v.DonorName = strings.Join(mapped(g.Donors, func(d market.Party) string { return d.Name }), map[string]string{"en": ", ", "zh": "、"}[languageOf(ctx)])
	v.Lots, v.Wards, v.Losses = s.giftLots(ctx, g.Rows), s.giftWards(ctx, g), giftLosses(g.Rows)
	if err := s.giftTrips(ctx, &v, g.Rows); err != nil {
		return v, err
	}
	report, err := ledger.Verify(ctx, s.DB)
	v.Proof = GiftProof{Verified: report.OK(), Seals: report.Seals, Entries: report.Entries}
	if !report.OK() {
		v.Proof.Wrong = report.Public().Wrong[0].String()
	}
	return v, err
}

func giftSplit(m orders.GiftMoney) []GiftPart {
	return []GiftPart{{"goods", int64(m.Goods)}, {"benefit", int64(m.Benefit)}, {"haulage", int64(m.Haulage)}, {"fee", int64(m.Fee)},
		{"rounding", int64(m.Rounding)}, {"in_escrow", int64(m.InEscrow)}, {"in_fund", int64(m.InFund)}, {"given_back", int64(m.GivenBack)}, {"moved_on", int64(m.MovedOn)}}
}

// publicChange shows the answers of those donors alone that may be named.
func publicChange(ctx context.Context, g orders.Gift, u market.UseChange) UseChangeView {
	return useChangeView(ctx, g.Campaign, u, mapped(g.Donors, func(p market.Party) string { return p.ID }))
}

func (s Services) giftLots(ctx context.Context, rows []orders.GiftRow) []GiftLot {
	out := []GiftLot{}
	for _, r := range rows {
		i := slices.IndexFunc(out, func(l GiftLot) bool { return l.ID == r.Lot })
		if i < 0 {
			i = len(out)
			out = append(out, GiftLot{ID: r.Lot, Produce: r.Produce, ProduceName: s.produceName(ctx, r.Produce), Grade: r.Grade, SellerName: r.Seller,
				Place: r.Origin, PriceE4: int64(r.Price), Certificate: r.Certificate})
		}
		out[i].Grams += int64(r.Numbers.Loaded)
	}
	return out
}

func (s Services) giftWards(ctx context.Context, g orders.Gift) []GiftWard {
	out := []GiftWard{}
	for _, r := range g.Rows {
		produce := s.produceName(ctx, r.Produce)
		i := slices.IndexFunc(out, func(w GiftWard) bool { return w.Name == r.Ward && w.Produce == produce })
		if i < 0 {
			i = len(out)
			out = append(out, GiftWard{Name: r.Ward, Produce: produce, HandedOut: []HandedOut{}})
		}
		w := &out[i]
		w.Loaded += int64(r.Numbers.Loaded)
		w.Received += int64(r.Numbers.Received)
		w.Accepted += int64(r.Numbers.Accepted)
		w.Rejected += int64(r.Numbers.Rejected)
		for _, g := range r.Numbers.Lost {
			w.Lost += int64(g)
		}
		w.RejectReason = orText(w.RejectReason, r.RejectReason)
		w.At = max(w.At, Instant(r.ReceivedAt))
		w.handOut(r.Consignment, g.Wards)
	}
	return out
}

// handOut adds what wards got of one consignment.
func (w *GiftWard) handOut(consignment string, parts []orders.WardPart) {
	for _, p := range parts {
		if p.Consignment != consignment {
			continue
		}
		i := slices.IndexFunc(w.HandedOut, func(h HandedOut) bool { return h.Ward == p.Ward })
		if i < 0 {
			i = len(w.HandedOut)
			w.HandedOut = append(w.HandedOut, HandedOut{Ward: p.Ward})
		}
		w.HandedOut[i].Grams += int64(p.Grams)
	}
}

func giftLosses(rows []orders.GiftRow) []GiftLoss {
	sums := map[string]int64{}
	for _, r := range rows {
		sums["rejected"] += int64(r.Numbers.Rejected)
		for cause, g := range r.Numbers.Lost {
			sums[string(cause)] += int64(g)
		}
	}
	out := []GiftLoss{}
	for cause, g := range sums {
		if g > 0 {
			out = append(out, GiftLoss{cause, g})
		}
	}
	slices.SortFunc(out, func(a, b GiftLoss) int { return cmp.Compare(b.Grams, a.Grams) })
	return out
}

// giftTrips finds the trucks that carried the rows, and the photos that receivers took.
func (s Services) giftTrips(ctx context.Context, v *GiftView, rows []orders.GiftRow) error {
	v.Trips = []GiftTrip{}
	byConsignment := map[string]orders.GiftRow{}
	for _, r := range rows {
		byConsignment[r.Consignment] = r
	}
	trips, err := s.Dispatch.TripsWith(ctx, slices.Collect(maps.Keys(byConsignment))...)
	if err != nil {
		return err
	}
	for _, t := range trips {
		if err = s.addGiftTrip(ctx, v, t, byConsignment); err != nil {
			return err
		}
	}
	return nil
}

func (s Services) addGiftTrip(ctx context.Context, v *GiftView, t dispatch.Trip, rows map[string]orders.GiftRow) error {
	given, err := s.givenFor(ctx, v.Campaign, t)
	trip := GiftTrip{Given: given, ID: t.ID, Plate: t.Outline.Truck.Vehicle.Plate, State: s.Dispatch.State(ctx, t)}
	for _, c := range t.Consignments {
		r, ok := rows[c.ID]
		if !ok {
			continue
		}
		trip.Loaded += int64(r.Numbers.Loaded)
		trip.Received += int64(r.Numbers.Received)
		for i := range v.Wards {
			if v.Wards[i].Name == r.Ward && v.Wards[i].Produce == s.produceName(ctx, r.Produce) {
				v.Wards[i].Photo = orText(photoOf(t, c.UnloadStop), v.Wards[i].Photo)
			}
		}
	}
	v.Trips = append(v.Trips, trip)
	return err
}

// photoOf gives the photo of the proof of delivery at a stop.
func photoOf(t dispatch.Trip, stop int) string {
	for _, e := range t.Events {
		var d dispatch.Delivery
		if e.Kind == dispatch.EventDeliver && e.Stop == stop && json.Unmarshal(e.Body, &d) == nil {
			return d.Photo
		}
	}
	return ""
}
