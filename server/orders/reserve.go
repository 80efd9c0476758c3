package orders

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// ReservePlan is a budget unit's promise to buy a share of its year's food from poor counties (预留份额).
type ReservePlan struct {
	Party    string
	Year     int
	Budget   measure.Fen // for food, the whole year
	PerMille int         // of the budget
	Until    time.Month  // the last one in which it buys
	SetAt    measure.Millis
	SetBy    string
}

// Reserved is the promised sum, rounded up to the fen.
func (p ReservePlan) Reserved() measure.Fen {
	return (p.Budget*measure.Fen(p.PerMille) + 999) / 1000
}

// Target is what has to be bought by the end of a month: even parts from January to the last month of the plan.
func (p ReservePlan) Target(m time.Month) measure.Fen {
	if m >= p.Until {
		return p.Reserved()
	}
	return p.Reserved() * measure.Fen(m) / measure.Fen(p.Until)
}

// maxBudget is the largest yearly budget for food that is believed: 10,000 million yuan.
const maxBudget measure.Fen = 1_000_000_000_000

// check faults a plan that can't be; least is the smallest share that the rule of the year allows, in 1/1000.
func (p ReservePlan) check(least int) error {
	switch {
	case p.Year < 2019 || p.Year > 2100:
		return fault.At("year", "bad_year", "Plans are made for the years from 2019 to 2100.")
	case p.Budget <= 0 || p.Budget > maxBudget:
		return fault.At("budget", "bad_budget", "The year's budget for food must lie above zero and at most at 10,000 million yuan.")
	case p.PerMille < least || p.PerMille > 1000:
		return fault.At("share_per_mille", "share_too_small", "At least %d and at most 1000 thousandths of the budget are reserved.", least)
	case p.Until < time.January || p.Until > time.December:
		return fault.At("until_month", "bad_month", "A month is a number from 1 to 12.")
	}
	return nil
}

// CoachCode says in one word where a buyer stands with its reserved share.
type CoachCode string

// What the coach says.
const (
	CoachNoPlan  CoachCode = "no_plan"  // nothing was promised yet
	CoachDone    CoachCode = "done"     // Fen above the promise is bought
	CoachCovered CoachCode = "covered"  // bought and on the way together make the promise
	CoachOnTrack CoachCode = "on_track" // Fen above the target of the end of Month
	CoachBehind  CoachCode = "behind"   // Fen is still to be bought by the end of Month
	CoachLate    CoachCode = "late"     // the last month, Month, is over and Fen is missing
)

// Coach is one sentence of advice, as a code with its numbers.
type Coach struct {
	Code  CoachCode
	Fen   measure.Fen
	Month time.Month // 0: of none
}

// ReservedOrder is one purchase that counts towards a reserved share.
type ReservedOrder struct {
	Order     string
	Seller    string
	Fen       measure.Fen    // accepted goods once settled, else as ordered
	SettledAt measure.Millis // 0: on the way
}

// ReservedShare is how a plan stands.
type ReservedShare struct {
	Plan    ReservePlan // without a Budget: none was made
	Used    measure.Fen // goods with the poverty mark, settled in the year
	Coming  measure.Fen // confirmed and not settled
	ByMonth [12]measure.Fen
	Orders  []ReservedOrder // newest first
	Coach   Coach
	Offers  []ReservedOffer // that would fill what is missing
}

// ToBuy is what neither was bought nor is on the way.
func (r ReservedShare) ToBuy() measure.Fen { return max(0, r.Plan.Reserved()-r.Used-r.Coming) }

// ReservedOffer is an offer with the poverty mark, and how much of it would fill the gap.
type ReservedOffer struct {
	market.Listing
	Grams measure.Grams
	Fen   measure.Fen
}

// coach says where a plan stands on a day of its year, or after it.
func coach(p ReservePlan, used, coming measure.Fen, now time.Time) Coach {
	day := now.In(china)
	month := day.Month()
	if day.Year() > p.Year {
		month = time.December + 1
	} else if day.Year() < p.Year {
		month = time.January
	}
	reserved, sum := p.Reserved(), used+coming
	switch {
	case p.Budget == 0:
		return Coach{Code: CoachNoPlan}
	case used >= reserved:
		return Coach{Code: CoachDone, Fen: used - reserved}
	case sum >= reserved:
		return Coach{Code: CoachCovered, Fen: coming}
	case month > p.Until:
		return Coach{Code: CoachLate, Fen: reserved - sum, Month: p.Until}
	}
	target := p.Target(month)
	if sum >= target {
		return Coach{Code: CoachOnTrack, Fen: sum - target, Month: month}
	}
	return Coach{Code: CoachBehind, Fen: target - sum, Month: month}
}

// SetReserve makes or changes a buyer's plan of a year. The share can't be below what the rule asks for.
func (s *Service) SetReserve(ctx context.Context, by auth.Actor, p ReservePlan, least int) (ReservePlan, error) {
	by, err := by.ActFor(p.Party, auth.ActOrders)
	if err != nil {
		return p, err
	}
	if err = p.check(least); err != nil {
		return p, err
	}
	p.SetAt, p.SetBy = s.millis(ctx), by.ID()
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := reservePlan(ctx, tx, p.Party, p.Year)
		if err != nil {
			return err
		}
		if err = setReservePlan(ctx, tx, p); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "reserve.set", subject: "party/" + p.Party, at: p.SetAt, before: before, after: p})
	})
	return p, err
}

// Reserve tells how a buyer's plan of a year stands: for its own people, finance, operators and auditors.
func (s *Service) Reserve(ctx context.Context, by auth.Actor, party string, year int) (ReservedShare, error) {
	if !by.MayActFor(party, auth.ActOrders) && !by.Can(auth.Finance, "") && !by.Can(auth.Operator, "") && !by.Can(auth.Auditor, "") {
		return ReservedShare{}, auth.NoSuchParty()
	}
	q := s.DB.Read()
	var r ReservedShare
	var err error
	if r.Plan, err = reservePlan(ctx, q, party, year); err != nil {
		return r, err
	}
	list, err := reservedPurchases(ctx, q, party, year)
	if err != nil {
		return r, err
	}
	r.add(list)
	r.Coach = coach(r.Plan, r.Used, r.Coming, s.Now(ctx))
	if r.ToBuy() > 0 {
		r.Offers, err = s.reservedOffers(ctx, q, r.ToBuy())
	}
	return r, err
}

// add sums purchases up, by month and by order.
func (r *ReservedShare) add(list []purchase) {
	for _, p := range list {
		if p.SettledAt == 0 {
			r.Coming += p.Fen
		} else {
			r.Used += p.Fen
			r.ByMonth[time.UnixMilli(int64(p.SettledAt)).In(china).Month()-1] += p.Fen
		}
		i := slices.IndexFunc(r.Orders, func(o ReservedOrder) bool { return o.Order == p.Order })
		if i < 0 {
			r.Orders = append(r.Orders, p.ReservedOrder)
		} else {
			r.Orders[i].Fen += p.Fen
		}
	}
}

// mostOffers is how many offers the coach names.
const mostOffers = 5

// reservedOffers names offers that fill a gap: with the poverty mark, for sale now, and not above the market's band, so that a quota is
// no reason to pay more. Those that fill most of it come first.
func (s *Service) reservedOffers(ctx context.Context, q store.Querier, gap measure.Fen) ([]ReservedOffer, error) {
	list, err := s.Market.PovertyListings(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []ReservedOffer
	for _, l := range list {
		band, known := s.Band(l.Lot.Produce, dayOf(s.Now(ctx)))
		if known && l.Offer.Price > band.High {
			continue
		}
		out = append(out, fill(l, gap))
	}
	slices.SortStableFunc(out, func(a, b ReservedOffer) int { return int(min(1, max(-1, b.Fen-a.Fen))) })
	return out[:min(len(out), mostOffers)], nil
}

// fill says how much of an offer fills a gap: whole kilograms, rounded up, at most what is left, at least the smallest order.
func fill(l market.Listing, gap measure.Fen) ReservedOffer {
	price := l.Offer.Price
	perKg := measure.Fen(price) / 100 // 1/10000 yuan to fen
	grams := l.Available
	if perKg > 0 {
		grams = min(grams, measure.Grams((gap+perKg-1)/perKg)*measure.Kilogram)
	}
	grams = max(grams, l.Offer.Min)
	return ReservedOffer{l, grams, l.Offer.PriceFor(grams).Times(grams)}
}

// reservePlan gives a plan; one without a Budget where none was made.
func reservePlan(ctx context.Context, q store.Querier, party string, year int) (ReservePlan, error) {
	p := ReservePlan{Party: party, Year: year}
	err := q.QueryRowContext(ctx, `SELECT budget_fen, per_mille, until_month, set_at, set_by FROM reserve_plans WHERE party_id = $1 AND year = $2`, party, year).
		Scan(&p.Budget, &p.PerMille, &p.Until, &p.SetAt, &p.SetBy)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	return p, err
}

func setReservePlan(ctx context.Context, tx store.Tx, p ReservePlan) error {
	return store.Exec(ctx, tx, `INSERT INTO reserve_plans (party_id, year, budget_fen, per_mille, until_month, set_at, set_by) VALUES (`+store.Marks(1, 7)+`)
		ON CONFLICT (party_id, year) DO UPDATE SET budget_fen = excluded.budget_fen, per_mille = excluded.per_mille, until_month = excluded.until_month,
			set_at = excluded.set_at, set_by = excluded.set_by`,
		p.Party, p.Year, int64(p.Budget), p.PerMille, int(p.Until), int64(p.SetAt), p.SetBy)
}

// purchase is one order line with the poverty mark.
type purchase struct{ ReservedOrder }

// reservedPurchases lists what counts towards a buyer's share of a year: accepted goods of orders settled in it, and goods of orders
// confirmed in it and still on the way.
func reservedPurchases(ctx context.Context, q store.Querier, buyer string, year int) ([]purchase, error) {
	from := time.Date(year, time.January, 1, 0, 0, 0, 0, china)
	begin, end := from.UnixMilli(), from.AddDate(1, 0, 0).UnixMilli()
	return store.All(ctx, q, func(row store.Scanner) (purchase, error) {
		var p purchase
		var grams measure.Grams
		var price measure.PriceE4
		err := row.Scan(&p.Order, &p.Seller, &p.SettledAt, &grams, &price)
		p.Fen = price.Times(grams)
		return p, err
	}, `SELECT o.id, o.seller_id, o.settled_at, s.grams, s.price_e4
		FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.poverty
		JOIN settlement_lines s ON s.order_id = o.id AND s.line_id = l.id AND s.kind = 'goods'
		WHERE o.buyer_id = $1 AND o.settled_at >= $2 AND o.settled_at < $3
		UNION ALL
		SELECT o.id, o.seller_id, o.settled_at, l.grams, l.price_e4
		FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.poverty
		WHERE o.buyer_id = $1 AND o.settled_at = 0 AND o.act = 'confirmed' AND o.confirmed_at >= $2 AND o.confirmed_at < $3
		ORDER BY 1 DESC`, buyer, begin, end)
}
