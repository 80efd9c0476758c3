package market

import (
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
)

// OfferState is where an offer stands.
type OfferState string

// The states of an offer.
const (
	OfferDraft        OfferState = "draft"         // seen by the seller alone
	OfferPendingCheck OfferState = "pending_check" // the county office checks the poverty mark
	OfferLive         OfferState = "live"          // may be found and ordered
	OfferPaused       OfferState = "paused"        // the seller holds it back
	OfferSoldOut      OfferState = "sold_out"      // less is left than the smallest order
	OfferClosed       OfferState = "closed"
	OfferExpired      OfferState = "expired" // its last day has passed
	OfferWithdrawn    OfferState = "withdrawn"
)

// OfferSteps are all changes of an offer's state.
var OfferSteps = []Step[OfferState]{
	{OfferDraft, "publish", OfferLive, BySeller, "without a poverty mark"},
	{OfferDraft, "ask_check", OfferPendingCheck, BySeller, "with a poverty mark"},
	{OfferDraft, "change", OfferDraft, BySeller, "other terms"},
	{OfferPendingCheck, "approve", OfferLive, ByOffice, "the mark is right"},
	{OfferPendingCheck, "send_back", OfferDraft, ByOffice, "with a reason"},
	{OfferLive, "pause", OfferPaused, BySeller, "takes no orders; what was ordered stays"},
	{OfferPaused, "resume", OfferLive, BySeller, ""},
	{OfferLive, "change", OfferLive, BySeller, "other terms from now on, by who read the last; what was ordered or quoted keeps its own"},
	{OfferLive, "change", OfferPendingCheck, BySeller, "as above, another price or benefit of an offer with a poverty mark, or the mark itself"},
	{OfferPaused, "change", OfferPaused, BySeller, "as above"},
	{OfferPaused, "change", OfferPendingCheck, BySeller, "as above, with a poverty mark"},
	{OfferSoldOut, "change", OfferSoldOut, BySeller, "as above"},
	{OfferSoldOut, "change", OfferLive, BySeller, "as above, a smallest order of which there is enough"},
	{OfferSoldOut, "change", OfferPendingCheck, BySeller, "as above, with a poverty mark"},
	{OfferLive, "sell_out", OfferSoldOut, ByLedger, "less is left of the lot than the smallest order"},
	{OfferPaused, "sell_out", OfferSoldOut, ByLedger, "as above"},
	{OfferSoldOut, "restock", OfferLive, ByLedger, "goods came back to the lot"},
	{OfferSoldOut, "close", OfferClosed, BySeller, ""},
	{OfferLive, "expire", OfferExpired, ByClock, "its last day is over"},
	{"*", "withdraw", OfferWithdrawn, BySeller, "from any state that is not an end; what was ordered stays"},
}

// OfferEnds are the states nothing leads out of.
var OfferEnds = []OfferState{OfferClosed, OfferExpired, OfferWithdrawn}

// Offer is a lot on sale or for a gift.
type Offer struct {
	ID        string
	Lot       string
	Seller    string
	Price     measure.PriceE4 // 0 when Gift
	Gift      bool
	Benefit   measure.PriceE4 // part of the price, per kg, that goes to the poor households of the lot
	Min       measure.Grams   // smallest order, 0: none
	Pickup    measure.Window  // when the goods can be fetched; a zero To is open
	Orders    measure.Window  // when orders are taken; a zero end is open
	Tiers     []Tier          // lower prices for more, by rising weight
	Loss      LossTerms       // what both sides agree to by an order
	ExpiresAt measure.Millis  // 0: never
	Poverty   bool            // carries the poverty mark
	SentBack  string          // why the county office sent it back last; "" when it did not, or found it right since
	Act       OfferState      // what people last did: draft, pending_check, live, paused, closed or withdrawn
	Version   int64
	Mandate   string
	CreatedAt measure.Millis
	UpdatedAt measure.Millis
}

// State is the offer's state, given what is left of the lot.
func (o Offer) State(available measure.Grams, now time.Time) OfferState {
	if o.Act != OfferLive && o.Act != OfferPaused {
		return o.Act
	}
	if available < max(o.Min, 1) {
		return OfferSoldOut
	}
	if o.Act == OfferLive && o.ExpiresAt > 0 && now.UnixMilli() > int64(o.ExpiresAt) {
		return OfferExpired
	}
	return o.Act
}

// OfferInput is what is typed in about an offer.
type OfferInput struct {
	Lot       string
	Price     measure.PriceE4
	Gift      bool
	Benefit   measure.PriceE4
	Min       measure.Grams
	Pickup    measure.Window
	Orders    measure.Window
	Tiers     []Tier
	Loss      *LossTerms // nil: by the rule of the day, the carrier answers
	ExpiresAt measure.Millis
	Poverty   bool
}

// LossTerms say beforehand how a loss between the weighing at the ramp and the one at the receiver is charged: a part that dries out
// is nobody's fault, for the rest one side answers.
type LossTerms struct {
	MoisturePerMille int        // of the loaded weight; ByRule: what the rule of the day allows
	Bearer           LossBearer // of all else
}

// LossBearer is who answers for losses on the road.
type LossBearer string

// Who may answer for losses.
const (
	CarrierBears LossBearer = "carrier"
	SellerBears  LossBearer = "seller"
)

// ByRule leaves the moisture allowed to the rule of the day on which an order is sent.
const ByRule = -1

// maxMoisture is the most that may be agreed to dry out: a tenth.
const maxMoisture = 100

// loss gives the terms of the input.
func (in OfferInput) loss() LossTerms {
	if in.Loss == nil {
		return LossTerms{ByRule, CarrierBears}
	}
	return *in.Loss
}

func (t LossTerms) check() error {
	if t.MoisturePerMille < ByRule || t.MoisturePerMille > maxMoisture {
		return fault.At("loss.moisture_per_mille", "bad_moisture", "Between nothing and %d thousandths may be agreed to dry out.", maxMoisture)
	}
	if t.Bearer != CarrierBears && t.Bearer != SellerBears {
		return fault.At("loss.bearer", "bad_bearer", "The carrier or the seller answers for losses on the road.")
	}
	return nil
}

// Tier is the price from a weight on.
type Tier struct {
	From  measure.Grams   `json:"from_grams"`
	Price measure.PriceE4 `json:"price_e4"`
}

// maxTiers is how many steps a price may have.
const maxTiers = 10

// PriceFor is the price per kilogram of so much: of the highest tier reached, else the offer's own.
func (o Offer) PriceFor(g measure.Grams) measure.PriceE4 {
	price := o.Price
	for _, t := range o.Tiers {
		if g >= t.From {
			price = t.Price
		}
	}
	return price
}

// Takes reports whether orders are taken at a time.
func (o Offer) Takes(now time.Time) bool {
	at := measure.Millis(now.UnixMilli())
	return at >= o.Orders.From && (o.Orders.To == 0 || at <= o.Orders.To)
}

// checkTiers faults tiers that don't go up in weight and down in price, or leave less than the households' part.
func checkTiers(in OfferInput) error {
	if len(in.Tiers) > maxTiers || in.Gift && len(in.Tiers) > 0 {
		return fault.At("tiers", "bad_tiers", "A price has at most %d tiers, a gift none.", maxTiers)
	}
	from, price := max(in.Min, 0), in.Price
	for i, t := range in.Tiers {
		field := indexed("tiers", i)
		if t.From <= from || t.From > MaxLot {
			return fault.At(field+".from", "tier_weight", "Each tier begins at a higher weight than the one before and than the smallest order.")
		}
		if t.Price <= 0 || t.Price >= price || t.Price < in.Benefit {
			return fault.At(field+".price", "tier_price", "Each tier is cheaper than the one before, and not below the benefit for the households.")
		}
		from, price = t.From, t.Price
	}
	return nil
}

// MaxPrice is the highest price per kilogram that is believed: 1,000 yuan.
const MaxPrice measure.PriceE4 = 10_000_000

// check gives the fault of the input, or nil.
func (in OfferInput) check() error {
	if in.Lot == "" {
		return fault.At("lot", "required", "Say which lot is on offer.")
	}
	if in.Gift && in.Price != 0 {
		return fault.At("price", "gift_with_price", "A gift has no price.")
	}
	if !in.Gift && (in.Price <= 0 || in.Price > MaxPrice) {
		return fault.At("price", "bad_price", "A price lies above zero and at most at 1,000 yuan per kilogram.")
	}
	if in.Benefit < 0 || in.Benefit > in.Price {
		return fault.At("benefit", "bad_benefit", "The benefit for poor households is a part of the price: between zero and the price.")
	}
	if in.Min < 0 || in.Min > MaxLot {
		return fault.At("min_weight", "bad_weight", "The smallest order can't be below zero or above 1,000 t.")
	}
	if err := checkTiers(in); err != nil {
		return err
	}
	if err := in.loss().check(); err != nil {
		return err
	}
	if err := checkWindow("orders", in.Orders); err != nil {
		return err
	}
	return checkWindow("pickup", in.Pickup)
}

// checkEnds faults an offer that nobody could order of any more; a zero end is open.
func (in OfferInput) checkEnds(now measure.Millis) error {
	over := func(end measure.Millis) bool { return end != 0 && end <= now }
	field := "until"
	if over(in.Orders.To) {
		field = "orders.to"
	} else if !over(in.ExpiresAt) {
		return nil
	}
	return fault.At(field, "end_past", "This time has passed already.")
}

// checkWindow faults a window that ends before it begins; a zero one is open.
func checkWindow(field string, w measure.Window) error {
	if w.From < 0 || w.To < 0 || w.To != 0 && w.To < w.From {
		return fault.At(field+".to", "bad_window", "A time span must end after it begins.")
	}
	return nil
}
