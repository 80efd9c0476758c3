package orders

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// StandingState is where a standing order stands.
type StandingState string

// The states of a standing order.
const (
	StandingActive StandingState = "active" // a draft is made each week
	StandingPaused StandingState = "paused"
	StandingEnded  StandingState = "ended"
)

// StandingStep is one allowed change of a standing order's state.
type StandingStep market.Step[StandingState]

// StandingSteps are all changes of a standing order's state.
var StandingSteps = []StandingStep{
	{StandingActive, "draft", StandingActive, ByClock, "weekly; the cheapest open offer that has enough; a person sends the draft or drops it"},
	{StandingActive, "pause", StandingPaused, ByBuyer, ""},
	{StandingPaused, "resume", StandingActive, ByBuyer, "from the next day of the week on; missed weeks are not made up"},
	{StandingActive, "end", StandingEnded, ByBuyer, ""},
	{StandingPaused, "end", StandingEnded, ByBuyer, ""},
}

// StandingEnds are the states nothing leads out of.
var StandingEnds = []StandingState{StandingEnded}

// Standing is a purchase that is made again every week.
type Standing struct {
	ID      string
	Buyer   string
	Seller  string
	Produce string
	Grams   measure.Grams
	Most    measure.PriceE4 // no draft at a higher price; 0: any
	Weekday time.Weekday    // in China, at 06:00
	Demand  string          // where it goes, "": the buyer says later
	Act     StandingState
	NextAt  measure.Millis
	MadeBy  string // user
	MadeAt  measure.Millis
	Runs    []StandingRun // newest first
}

// StandingRun is what became of one week.
type StandingRun struct {
	Day   string // 2006-01-02
	Order string // the draft, "" for none
	Note  string // stable word for why there is none: "no_offer"
}

// draftHour is the hour of the day at which drafts are made, before the canteen's own begins.
const draftHour = 6

// nextRun is the first moment after now at the hour of drafts on the weekday.
func nextRun(weekday time.Weekday, now time.Time) time.Time {
	at := now.In(china)
	next := time.Date(at.Year(), at.Month(), at.Day(), draftHour, 0, 0, 0, china)
	for next.Weekday() != weekday || !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

// StandingInput is what a buyer wants every week.
type StandingInput struct {
	ClientID string
	Buyer    string
	Seller   string
	Produce  string
	Grams    measure.Grams
	Most     measure.PriceE4
	Weekday  int // 0 Sunday to 6 Saturday
	Demand   string
}

// MakeStanding writes a standing order down. Nothing is bought by it: each week a draft is made, which a person sends.
func (s *Service) MakeStanding(ctx context.Context, by auth.Actor, in StandingInput) (Standing, error) {
	by, err := by.ActFor(in.Buyer, auth.ActOrders)
	if err != nil {
		return Standing{}, err
	}
	if in.Produce, err = s.Market.ProduceOf(in.Produce); err != nil {
		return Standing{}, err
	}
	ask := AskInput{Buyer: in.Buyer, Sellers: []string{in.Seller}, Produce: in.Produce, Grams: in.Grams, Demand: in.Demand}
	switch {
	case in.Weekday < 0 || in.Weekday > 6:
		return Standing{}, fault.At("weekday", "bad_weekday", "A day of the week is a number from 0 (Sunday) to 6.")
	case in.Most < 0 || in.Most > market.MaxPrice:
		return Standing{}, fault.At("most", "bad_price", "A price lies above zero and at most at 1,000 yuan per kilogram.")
	}
	if err = ask.check(s.Now(ctx)); err != nil {
		return Standing{}, err
	}
	st := Standing{
		ID: store.NewID(), Buyer: in.Buyer, Seller: in.Seller, Produce: in.Produce, Grams: in.Grams, Most: in.Most, Weekday: time.Weekday(in.Weekday),
		Demand: in.Demand, Act: StandingActive, NextAt: millis(nextRun(time.Weekday(in.Weekday), s.Now(ctx))), MadeBy: by.User, MadeAt: s.millis(ctx),
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := market.Once(ctx, tx, in.ClientID, st.ID)
		if err != nil {
			return err
		}
		if before != "" {
			st, err = standingByID(ctx, tx, before)
			return err
		}
		if err = checkAsked(ctx, tx, ask, s.Now(ctx)); err != nil {
			return err
		}
		if err = insertStanding(ctx, tx, st); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "standing.make", subject: "standing/" + st.ID, at: st.MadeAt, after: st})
	})
	return st, err
}

// ActOnStanding does one act of StandingSteps: pause, resume or end.
func (s *Service) ActOnStanding(ctx context.Context, by auth.Actor, id, act string) (Standing, error) {
	var st Standing
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if st, err = standingByID(ctx, tx, id); err != nil {
			return found(err, "standing order")
		}
		by, err := by.ActFor(st.Buyer, auth.ActOrders)
		if err != nil {
			return notFound("standing order")
		}
		i := slices.IndexFunc(StandingSteps, func(p StandingStep) bool { return p.From == st.Act && p.Act == act && p.Who == ByBuyer })
		if i < 0 {
			return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", act, string(st.Act))
		}
		before := st
		st.Act, st.NextAt = StandingSteps[i].To, millis(nextRun(st.Weekday, s.Now(ctx)))
		if err = setStanding(ctx, tx, st); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "standing." + act, subject: "standing/" + id, at: s.millis(ctx), before: before.Act, after: st.Act})
	})
	return st, err
}

// DraftStanding makes the drafts of the standing orders whose time has come, one each, however many weeks were missed. It may
// run as often as one likes and tells how many it made.
func (s *Service) DraftStanding(ctx context.Context) (int, error) {
	due, err := dueStanding(ctx, s.DB.Read(), s.millis(ctx))
	if err != nil {
		return 0, err
	}
	made := 0
	for _, st := range due {
		err = s.DB.InTx(ctx, func(tx store.Tx) error {
			now, err := standingByID(ctx, tx, st.ID)
			if err != nil || now.NextAt != st.NextAt || now.Act != StandingActive {
				return err // somebody else was quicker
			}
			return s.draftStanding(ctx, tx, now)
		})
		if err != nil {
			return made, err
		}
		made++
	}
	return made, nil
}

func (s *Service) draftStanding(ctx context.Context, tx store.Tx, st Standing) error {
	now := s.Now(ctx)
	by := auth.System("standing")
	run := StandingRun{Day: dayOf(time.UnixMilli(int64(st.NextAt)))}
	o, err := s.weeklyOrder(ctx, tx, st)
	switch {
	case fault.Of(err) != nil:
		run.Note = fault.Of(err).Code
	case err != nil:
		return err
	default:
		run.Order = o.ID
		if err = insertOrder(ctx, tx, o, by.ID()); err != nil {
			return err
		}
	}
	st.NextAt = millis(nextRun(st.Weekday, now))
	if err = setStanding(ctx, tx, st); err != nil {
		return err
	}
	if err = insertRun(ctx, tx, st.ID, run); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "standing.draft", subject: "standing/" + st.ID, at: millis(now), after: run})
}

// weeklyOrder makes this week's draft of the seller's cheapest open offer that has enough.
func (s *Service) weeklyOrder(ctx context.Context, tx store.Tx, st Standing) (Order, error) {
	offers, err := s.Market.OpenOffers(ctx, tx, st.Seller, st.Produce)
	if err != nil {
		return Order{}, err
	}
	fits := slices.DeleteFunc(offers, func(l market.Listing) bool {
		price := l.Offer.PriceFor(st.Grams)
		return l.Available < st.Grams || l.Offer.Min > st.Grams || st.Most > 0 && price > st.Most
	})
	if len(fits) == 0 {
		return Order{}, fault.New(fault.Conflict, "no_offer", "The seller has no open offer that fits.")
	}
	best := slices.MinFunc(fits, func(a, b market.Listing) int {
		return cmp.Or(cmp.Compare(a.Offer.PriceFor(st.Grams), b.Offer.PriceFor(st.Grams)), cmp.Compare(a.Offer.ID, b.Offer.ID))
	})
	line := LineInput{Offer: best.Offer.ID, Grams: st.Grams}
	if st.Demand != "" {
		line.To = []ToInput{{Demand: st.Demand, Grams: st.Grams}}
	}
	d := draft{service: s, tx: tx, now: s.Now(ctx), in: Input{Buyer: st.Buyer, Lines: []LineInput{line}}}
	o, err := d.order(ctx, store.NewID())
	o.Act, o.Standing = Draft, st.ID
	return o, err
}

// SubmitDraft sends a draft that a standing order made. Prices, stock and credit are looked at anew, and a yes that the seller
// said beforehand holds for it as for any order.
func (s *Service) SubmitDraft(ctx context.Context, by auth.Actor, id string) (Order, error) {
	return s.move(ctx, by, id, ByBuyer, "submit", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		in := Input{Buyer: o.Buyer, Campaign: o.Campaign}
		for _, l := range o.Lines {
			line := LineInput{Offer: l.Offer, Grams: l.Grams}
			for _, a := range l.To {
				line.To = append(line.To, ToInput{Demand: a.Demand, Grams: a.Grams})
			}
			in.Lines = append(in.Lines, line)
		}
		d := draft{service: s, tx: tx, now: s.Now(ctx), in: in}
		fresh, err := d.order(ctx, id)
		if err != nil {
			return err
		}
		if err = dropLines(ctx, tx, id); err != nil {
			return err
		}
		if err = insertLines(ctx, tx, id, fresh.Lines...); err != nil {
			return err
		}
		o.Act, o.Lines, o.Invoice, o.Warnings = Submitted, fresh.Lines, fresh.Invoice, fresh.Warnings
		o.SubmittedAt, o.AnswerUntil = fresh.SubmittedAt, fresh.AnswerUntil
		seller, err := s.send(ctx, tx, by, o)
		if err != nil {
			return err
		}
		if err = setWarnings(ctx, tx, *o); err != nil {
			return err
		}
		if err = s.openCases(ctx, tx, by, fresh.watched); err != nil {
			return err
		}
		if seller == "" {
			return nil
		}
		return reserveAtOnce(ctx, tx, *o, seller)
	})
}

// Standings lists the standing orders of the actor's parties with their runs.
func (s *Service) Standings(ctx context.Context, by auth.Actor) ([]Standing, error) {
	parties := actable(by, auth.ActOrders)
	if len(parties) == 0 {
		return nil, nil
	}
	list, err := standingsOf(ctx, s.DB.Read(), parties)
	for i := range list {
		if err == nil {
			list[i].Runs, err = runsOf(ctx, s.DB.Read(), list[i].ID)
		}
	}
	return list, err
}

const standingColumns = `id, buyer_id, seller_id, produce, grams, most_e4, weekday, demand_id, act, next_at, made_by, made_at`

func scanStanding(row store.Scanner) (st Standing, err error) {
	return st, row.Scan(&st.ID, &st.Buyer, &st.Seller, &st.Produce, &st.Grams, &st.Most, &st.Weekday, &st.Demand, &st.Act, &st.NextAt, &st.MadeBy, &st.MadeAt)
}

func insertStanding(ctx context.Context, tx store.Tx, st Standing) error {
	return store.Exec(ctx, tx, `INSERT INTO standing_orders (`+standingColumns+`) VALUES (`+store.Marks(1, 12)+`)`,
		st.ID, st.Buyer, st.Seller, st.Produce, int64(st.Grams), int64(st.Most), int(st.Weekday), st.Demand, string(st.Act), int64(st.NextAt), st.MadeBy, int64(st.MadeAt))
}

func standingByID(ctx context.Context, q store.Querier, id string) (Standing, error) {
	return scanStanding(q.QueryRowContext(ctx, `SELECT `+standingColumns+` FROM standing_orders WHERE id = $1`, id))
}

func standingsOf(ctx context.Context, q store.Querier, buyers []string) ([]Standing, error) {
	return store.All(ctx, q, scanStanding, `SELECT `+standingColumns+` FROM standing_orders WHERE buyer_id IN (`+store.Marks(1, len(buyers))+`) ORDER BY id DESC LIMIT 100`, store.Args(buyers)...)
}

func dueStanding(ctx context.Context, q store.Querier, now measure.Millis) ([]Standing, error) {
	return store.All(ctx, q, scanStanding, `SELECT `+standingColumns+` FROM standing_orders WHERE act = 'active' AND next_at <= $1 ORDER BY id`, int64(now))
}

func setStanding(ctx context.Context, tx store.Tx, st Standing) error {
	return store.Exec(ctx, tx, `UPDATE standing_orders SET act = $1, next_at = $2 WHERE id = $3`, string(st.Act), int64(st.NextAt), st.ID)
}

func insertRun(ctx context.Context, tx store.Tx, standing string, r StandingRun) error {
	return store.Exec(ctx, tx, `INSERT INTO standing_runs (standing_id, day, order_id, note) VALUES ($1, $2, $3, $4)`, standing, r.Day, r.Order, r.Note)
}

func runsOf(ctx context.Context, q store.Querier, standing string) ([]StandingRun, error) {
	return store.All(ctx, q, func(row store.Scanner) (r StandingRun, err error) {
		return r, row.Scan(&r.Day, &r.Order, &r.Note)
	}, `SELECT day, order_id, note FROM standing_runs WHERE standing_id = $1 ORDER BY day DESC LIMIT 60`, standing)
}
