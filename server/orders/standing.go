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
	StandingActive StandingState = "active" // a draft is made on each of its days
	StandingPaused StandingState = "paused"
	StandingEnded  StandingState = "ended"
)

// StandingStep is one allowed change of a standing order's state.
type StandingStep market.Step[StandingState]

// StandingSteps are all changes of a standing order's state.
var StandingSteps = []StandingStep{
	{StandingActive, "draft", StandingActive, ByClock, "on its day of the week or month; the cheapest open offer that has enough; a person sends the draft or drops it"},
	{StandingActive, "draft", StandingEnded, ByClock, "as above, when its next day would be after its last"},
	{StandingActive, "pause", StandingPaused, ByBuyer, ""},
	{StandingActive, "change", StandingActive, ByBuyer, "weight, highest price and last day, of the drafts to come; its next day is not after its last"},
	{StandingPaused, "change", StandingPaused, ByBuyer, "as above"},
	{StandingPaused, "resume", StandingActive, ByBuyer, "from its next day on, which is not after its last; missed ones are not made up"},
	{StandingActive, "end", StandingEnded, ByBuyer, ""},
	{StandingPaused, "end", StandingEnded, ByBuyer, ""},
}

// StandingEnds are the states nothing leads out of.
var StandingEnds = []StandingState{StandingEnded}

// Every is how often a standing order makes a draft.
type Every string

// How often there may be a draft.
const (
	EveryWeek  Every = "week"  // on a day of the week
	EveryMonth Every = "month" // on a day of the month
)

// Standing is a purchase that is made again every week or month.
type Standing struct {
	ID       string
	Buyer    string
	Seller   string
	Produce  string
	Grams    measure.Grams
	Most     measure.PriceE4 // no draft at a higher price; 0: any
	Every    Every
	Weekday  time.Weekday // of EveryWeek, in China, at 06:00
	MonthDay int          // of EveryMonth, 1 to 28
	From     string       // 2006-01-02, the first day that may have a draft; "": at once
	Until    string       // the last such day; "": until somebody ends it
	Demand   string       // where it goes, "": the buyer says later
	Act      StandingState
	NextAt   measure.Millis // of an active one
	MadeBy   string         // user
	MadeAt   measure.Millis
	Runs     []StandingRun // newest first
}

// StandingRun is what became of one day.
type StandingRun struct {
	Day   string // 2006-01-02
	Order string // the draft, "" for none
	State State  // of the order, where one standing order is shown
	Note  string // stable word for why there is none: "no_offer"
}

// draftHour is the hour of the day at which drafts are made, before the canteen's own begins.
const draftHour = 6

// next is the first moment after now at which there is to be a draft. Where none is left before the last day it faults.
func (st Standing) next(now time.Time) (measure.Millis, error) {
	at := now.In(china)
	if first, err := time.ParseInLocation(time.DateOnly, st.From, china); err == nil && at.Before(first) {
		at = first
	}
	next := time.Date(at.Year(), at.Month(), at.Day(), draftHour, 0, 0, 0, china)
	for !st.falls(next) || !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return millis(next), st.within(millis(next))
}

// within faults a day that comes after the last.
func (st Standing) within(next measure.Millis) error {
	if st.Until != "" && dayOf(time.UnixMilli(int64(next))) > st.Until {
		return fault.At("until", "no_day_left", "No day of this order is left before its last.")
	}
	return nil
}

// falls reports whether a day is one for a draft.
func (st Standing) falls(day time.Time) bool {
	if st.Every == EveryMonth {
		return day.Day() == st.MonthDay
	}
	return day.Weekday() == st.Weekday
}

// StandingInput is what a buyer wants every week or month.
type StandingInput struct {
	ClientID string
	Buyer    string
	Seller   string
	Produce  string
	Grams    measure.Grams
	Most     measure.PriceE4
	Every    Every // "": every week
	Weekday  int   // 0 Sunday to 6 Saturday
	MonthDay int
	From     string
	Until    string
	Demand   string
}

// check faults what can be seen without looking anything up.
func (in StandingInput) check() error {
	switch {
	case in.Every != EveryWeek && in.Every != EveryMonth:
		return fault.At("every", "bad_every", "A standing order is made every week or every month.")
	case in.Weekday < 0 || in.Weekday > 6:
		return fault.At("weekday", "bad_weekday", "A day of the week is a number from 0 (Sunday) to 6.")
	case in.Every == EveryMonth && (in.MonthDay < 1 || in.MonthDay > 28):
		return fault.At("month_day", "bad_month_day", "A day that every month has is a number from 1 to 28.")
	}
	return StandingTerms{in.Grams, in.Most, in.Until}.check()
}

// StandingTerms are what its buyer may write anew while a standing order runs. What was drafted or ordered keeps its own.
type StandingTerms struct {
	Grams measure.Grams
	Most  measure.PriceE4 // 0: any
	Until string          // "": until somebody ends it
}

func (t StandingTerms) check() error {
	if t.Grams <= 0 || t.Grams > market.MaxLot {
		return market.BadWeight("weight")
	}
	if t.Most < 0 || t.Most > market.MaxPrice {
		return fault.At("most", "bad_price", "A price lies above zero and at most at 1,000 yuan per kilogram.")
	}
	return nil
}

// MakeStanding writes a standing order down. Nothing is bought by it: on each of its days a draft is made, which a person
// sends.
func (s *Service) MakeStanding(ctx context.Context, by auth.Actor, in StandingInput) (Standing, error) {
	by, err := by.ActFor(in.Buyer, auth.ActOrders)
	if err != nil {
		return Standing{}, err
	}
	if in.Produce, err = s.Market.ProduceOf(in.Produce); err != nil {
		return Standing{}, err
	}
	in.Every = cmp.Or(in.Every, EveryWeek)
	if err = in.check(); err != nil {
		return Standing{}, err
	}
	ask := AskInput{Buyer: in.Buyer, Sellers: []string{in.Seller}, Produce: in.Produce, Grams: in.Grams, Demand: in.Demand}
	if err = ask.check(s.Now(ctx)); err != nil {
		return Standing{}, err
	}
	st := Standing{
		ID: store.NewID(), Buyer: in.Buyer, Seller: in.Seller, Produce: in.Produce, Grams: in.Grams, Most: in.Most, Every: in.Every, Weekday: time.Weekday(in.Weekday),
		MonthDay: in.MonthDay, From: in.From, Until: in.Until, Demand: in.Demand, Act: StandingActive, MadeBy: by.User, MadeAt: s.millis(ctx),
	}
	if st.NextAt, err = st.next(s.Now(ctx)); err != nil {
		return Standing{}, err
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
	return s.moveStanding(ctx, by, id, act, func(st *Standing) (was, is any, err error) {
		before := st.where()
		i := slices.IndexFunc(StandingSteps, func(p StandingStep) bool { return p.From == st.Act && p.Act == act && p.Who == ByBuyer })
		if st.Act = StandingSteps[i].To; st.Act == StandingActive {
			st.NextAt, err = st.next(s.Now(ctx))
		}
		return before, st.where(), err
	})
}

// where is what of a standing order its pause, end or resuming changes, for the audit: its state, and the day of its next draft.
func (st Standing) where() map[string]string {
	out := map[string]string{"act": string(st.Act)}
	if st.Act == StandingActive {
		out["next"] = dayOf(time.UnixMilli(int64(st.NextAt)))
	}
	return out
}

// ChangeStanding writes the terms of a standing order anew, for the drafts to come. A day that has come and has no draft yet is one of them.
func (s *Service) ChangeStanding(ctx context.Context, by auth.Actor, id string, in StandingTerms) (Standing, error) {
	if err := in.check(); err != nil {
		return Standing{}, err
	}
	return s.moveStanding(ctx, by, id, "change", func(st *Standing) (was, is any, err error) {
		before := StandingTerms{st.Grams, st.Most, st.Until}
		st.Grams, st.Most, st.Until = in.Grams, in.Most, in.Until
		if st.Act == StandingPaused {
			_, err = st.next(s.Now(ctx))
		} else {
			err = st.within(st.NextAt)
		}
		return before, in, err
	})
}

// moveStanding runs one step of a buyer's in StandingSteps: do changes the standing order and says what of it was, and is, for the audit.
func (s *Service) moveStanding(ctx context.Context, by auth.Actor, id, act string, do func(st *Standing) (was, is any, err error)) (Standing, error) {
	var st Standing
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if st, err = standingByID(ctx, tx, id); err != nil {
			return found(err, "standing order")
		}
		by, err := by.ActFor(st.Buyer, auth.ActOrders)
		if err != nil {
			return notFound("standing order")
		}
		if !slices.ContainsFunc(StandingSteps, func(p StandingStep) bool { return p.From == st.Act && p.Act == act && p.Who == ByBuyer }) {
			return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", act, string(st.Act))
		}
		was, is, err := do(&st)
		if err != nil {
			return err
		}
		if err = setStanding(ctx, tx, st); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "standing." + act, subject: "standing/" + id, at: s.millis(ctx), before: was, after: is})
	})
	return st, err
}

// DraftStanding makes the drafts of the standing orders whose time has come, one each, however many were missed. It may
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
	o, err := s.standingDraft(ctx, tx, st)
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
	if next, err := st.next(now); err == nil {
		st.NextAt = next
	} else {
		st.Act = StandingEnded
	}
	if err = setStanding(ctx, tx, st); err != nil {
		return err
	}
	if err = insertRun(ctx, tx, st.ID, run); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "standing.draft", subject: "standing/" + st.ID, at: millis(now), after: run})
}

// standingDraft makes the day's draft of the seller's cheapest open offer that has enough.
func (s *Service) standingDraft(ctx context.Context, tx store.Tx, st Standing) (Order, error) {
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

// Standings lists standing orders as "buyer" or "seller", newest first, after an id, as far as the actor sees them. With role "" they are
// both, and the platform's people get all.
func (s *Service) Standings(ctx context.Context, by auth.Actor, role, after string) ([]Standing, error) {
	list, err := standingsPage(ctx, s.DB.Read(), tradesOf(by, role), after, pageSize)
	for i := range list {
		if err == nil {
			list[i], err = shownStanding(ctx, s.DB.Read(), by, list[i])
		}
	}
	return list, err
}

// shownStanding is a standing order as an actor sees it. Its seller sees the days whose order was sent, not the highest price nor what
// was drafted or could not be.
func shownStanding(ctx context.Context, q store.Querier, by auth.Actor, st Standing) (Standing, error) {
	whole := reads(by) || by.MayActFor(st.Buyer, auth.ActOrders)
	if !whole {
		st.Most = 0
	}
	var err error
	st.Runs, err = runsOf(ctx, q, st.ID, !whole)
	return st, err
}

// StandingOrder shows a standing order with its runs, and where each one's order stands, to its buyer, its seller and the platform's
// people, to each as far as Standings does.
func (s *Service) StandingOrder(ctx context.Context, by auth.Actor, id string) (Standing, error) {
	q := s.DB.Read()
	st, err := standingByID(ctx, q, id)
	if err != nil {
		return st, found(err, "standing order")
	}
	if !reads(by) && !by.MayActFor(st.Buyer, auth.ActOrders) && !by.MayActFor(st.Seller, auth.ActOffers) {
		return Standing{}, notFound("standing order")
	}
	if st, err = shownStanding(ctx, q, by, st); err != nil {
		return st, err
	}
	for i, run := range st.Runs {
		if run.Order == "" {
			continue
		}
		o, err := s.Order(ctx, by, run.Order)
		if err != nil {
			return st, err
		}
		st.Runs[i].State = o.State
	}
	return st, nil
}
