package dispatch

import (
	"context"
	"slices"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// Diversion sends what is still to be unloaded at a stop to another demand.
type Diversion struct {
	Demand string      `json:"demand"`
	Place  orders.Stop `json:"place"`
	Party  string      `json:"party"`
	Reason string      `json:"reason"`
	Way    *Detour     `json:"way,omitempty"` // nil where nobody knows it: kilometres and times stay as they were planned
}

// DivertAsk is a diversion that somebody has to agree to: who will receive the goods, and whose gift or purchase they are.
// No answer in time is a no.
type DivertAsk struct {
	Diversion
	Needs    []string       `json:"needs"` // parties, each of whom has to say yes
	Gift     []string       `json:"gift"`  // campaigns to which the demand is added by their donors' yes
	AnswerBy measure.Millis `json:"answer_by"`
	Stop     int            `json:"-"`
	Yes      []string       `json:"-"` // parties that agreed so far
	No       string         `json:"-"` // the party that did not
}

// DivertSay is one party's answer.
type DivertSay struct {
	Party string `json:"party"`
	Yes   bool   `json:"yes"`
}

// DivertState is where the last diversion asked for stands.
type DivertState string

// The states of a diversion.
const (
	DivertAsked   DivertState = "asked"
	DivertAgreed  DivertState = "agreed"
	DivertRefused DivertState = "refused"
	DivertSilent  DivertState = "no_answer" // which is a no
)

// divertAnswerTime is how long a truck on the road can wait for an answer.
const divertAnswerTime = 2 * hour

// State says where the diversion stands at an instant.
func (a DivertAsk) State(now measure.Millis) DivertState {
	switch {
	case a.No != "":
		return DivertRefused
	case len(a.Yes) == len(a.Needs):
		return DivertAgreed
	case now > a.AnswerBy:
		return DivertSilent
	}
	return DivertAsked
}

// waits gives the parties that have not answered.
func (a DivertAsk) waits() []string {
	return slices.DeleteFunc(slices.Clone(a.Needs), func(p string) bool { return slices.Contains(a.Yes, p) })
}

func (t *Trip) said(a DivertSay) {
	if !a.Yes {
		t.asked.No = a.Party
		return
	}
	t.asked.Yes = append(t.asked.Yes, a.Party)
}

// turn sends what is for a stop to where the diversion goes, with the last yes at an instant.
func (t *Trip) turn(stop int, d Diversion, agreed measure.Millis) {
	t.Outline.Stops[stop].Place, t.Outline.Stops[stop].Party = d.Place, d.Party
	for i, c := range t.Consignments {
		if c.UnloadStop == stop {
			t.Consignments[i].Load.Demand, t.Consignments[i].Load.Receiver = d.Demand, d.Party
		}
	}
	if d.Way != nil {
		t.extra = append(t.extra, extraWay{stop: stop, more: d.Way.More(), before: t.Outline.Stops})
		t.Outline = t.Outline.detour(stop, d.Way, agreed)
	}
}

// Diversion gives the diversion that was asked for last.
func (t Trip) Diversion() (DivertAsk, bool) {
	if t.asked == nil {
		return DivertAsk{}, false
	}
	return *t.asked, true
}

// AskDivert asks whether what is on board for a stop may go to another need.
func (s *Service) AskDivert(ctx context.Context, by auth.Actor, trip string, stop int, demand, reason string, r Report) (Trip, error) {
	var way *Detour
	if plans(by) {
		var err error
		if way, err = s.detourAfter(ctx, trip, stop, demand); err != nil {
			return Trip{}, err
		}
	}
	return s.report(ctx, by, trip, r, happening{kind: EventDivertAsk, stop: stop, sent: map[string]string{"demand": demand, "reason": reason},
		may: func(Trip) bool { return plans(by) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := t.divertible(stop, e.SyncedAt); err != nil {
				return nil, err
			}
			if reason == "" || utf8.RuneCountInString(reason) > 300 {
				return nil, fault.At("reason", "required", "Say why the goods go elsewhere.")
			}
			ask, err := s.askOf(ctx, tx, t, stop, demand)
			if err != nil {
				return nil, err
			}
			ask.Reason, ask.Way, ask.AnswerBy = reason, way, e.SyncedAt+divertAnswerTime
			for _, party := range ask.Needs {
				if err = insertTripParty(ctx, tx, t.ID, party); err != nil {
					return nil, err
				}
			}
			return ask, nil
		}})
}

func (t Trip) divertible(stop int, now measure.Millis) error {
	if err := t.stop(stop, UnloadStop); err != nil {
		return err
	}
	if t.delivered[stop] {
		return fault.New(fault.Conflict, "delivered_already", "This stop's delivery was reported already.")
	}
	if t.asked != nil && t.asked.State(now) == DivertAsked {
		return fault.New(fault.Conflict, "diversion_waits", "Another diversion waits for its answers.")
	}
	return nil
}

// askOf works out who has to agree that what is for a stop goes to a need.
func (s *Service) askOf(ctx context.Context, tx store.Tx, t Trip, stop int, demand string) (DivertAsk, error) {
	to, err := market.DemandByID(ctx, tx, demand)
	if err != nil {
		return DivertAsk{}, found(err, "no_such_demand", "demand")
	}
	if !to.Verified() {
		return DivertAsk{}, fault.New(fault.Conflict, "demand_not_verified", "The receiver has not said yes: the need is not verified.")
	}
	numbers, err := orders.Books{}.OfDemands(ctx, tx, demand)
	if err != nil {
		return DivertAsk{}, err
	}
	ask := DivertAsk{Needs: []string{to.Party}}
	ask.Demand, ask.Party, ask.Place = demand, to.Party, stopOf(to.Place.Name, to.Place.Adcode, to.Place.Point)
	for _, c := range t.at(stop, UnloadStop) {
		if c.Load.Demand == demand {
			return ask, fault.At("demand", "same_demand", "The goods are for this need already.")
		}
		if c.Load.Produce != to.Produce && to.Produce != "" {
			return ask, fault.At("demand", "need_other_produce", "This need is for something else.")
		}
		if err = ask.addOwners(ctx, tx, c); err != nil {
			return ask, err
		}
	}
	if open, limited := to.Open(numbers[demand]); limited && open == 0 {
		return ask, fault.At("demand", "need_full", "All that this need asks for is there, or on its way.")
	}
	slices.Sort(ask.Needs)
	ask.Needs = slices.Compact(ask.Needs)
	return ask, nil
}

// addOwners adds those whose gift, purchase or own goods a consignment is. Donors who named the need before need not be asked again.
func (a *DivertAsk) addOwners(ctx context.Context, tx store.Tx, c Consignment) error {
	if c.Load.Posted != "" {
		a.Needs = append(a.Needs, c.Load.Seller)
		return nil
	}
	if c.Load.Campaign == "" {
		o, err := orders.ByID(ctx, tx, c.Load.Order)
		if err != nil {
			return found(err, "no_such_order", "order")
		}
		a.Needs = append(a.Needs, o.Buyer)
		return nil
	}
	gift, err := market.CampaignByID(ctx, tx, c.Load.Campaign)
	if err != nil {
		return found(err, "no_such_campaign", "campaign")
	}
	if slices.Contains(gift.Demands, a.Demand) {
		return nil
	}
	a.Needs = append(append(a.Needs, gift.Donor), gift.Donors...)
	if !slices.Contains(a.Gift, gift.ID) {
		a.Gift = append(a.Gift, gift.ID)
	}
	return nil
}

// SayDivert is the answer of a party that was asked. With the last yes the truck goes elsewhere.
func (s *Service) SayDivert(ctx context.Context, by auth.Actor, trip string, yes bool, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDivertSay, stop: -1, sent: yes,
		may: func(t Trip) bool { return t.asked != nil && len(t.asked.ofActor(by)) > 0 },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if state := t.asked.State(e.SyncedAt); state != DivertAsked {
				return nil, fault.New(fault.Conflict, "no_answer_awaited", "Nobody waits for this answer any more: %s.", string(state))
			}
			say := DivertSay{Party: t.asked.ofActor(by)[0], Yes: yes}
			if !slices.Contains(t.asked.waits(), say.Party) {
				return nil, fault.New(fault.Conflict, "already_answered", "You have answered already.")
			}
			return say, nil
		},
		then: s.concludeDivert(by)})
}

// ofActor gives the parties that were asked and that the actor speaks for, those that have not answered first.
func (a DivertAsk) ofActor(by auth.Actor) []string {
	var out []string
	for _, p := range append(a.waits(), a.Yes...) {
		if by.MayActFor(p, auth.ActReceive) || by.MayActFor(p, auth.ActCampaigns) || by.MayActFor(p, auth.ActOrders) || by.MayActFor(p, auth.ActLots) {
			out = append(out, p)
		}
	}
	return out
}

// WaitsFor gives the diversion that waits for the actor's word at an instant.
func (t Trip) WaitsFor(by auth.Actor, now measure.Millis) (DivertAsk, bool) {
	if t.asked == nil || t.asked.State(now) != DivertAsked {
		return DivertAsk{}, false
	}
	ours := t.asked.ofActor(by)
	return *t.asked, len(ours) > 0 && slices.Contains(t.asked.waits(), ours[0])
}

// concludeDivert turns the truck once everybody agreed: the goods count for the new need from now on.
func (s *Service) concludeDivert(by auth.Actor) func(context.Context, store.Tx, Trip, Event) (*Event, error) {
	return func(ctx context.Context, tx store.Tx, t Trip, e Event) (*Event, error) {
		if t.asked.State(e.SyncedAt) != DivertAgreed {
			return nil, nil
		}
		for _, id := range t.asked.Gift {
			if err := market.AddCampaignDemand(ctx, tx, id, t.asked.Demand); err != nil {
				return nil, err
			}
		}
		for _, c := range t.at(t.asked.Stop, UnloadStop) {
			if err := s.books.Divert(ctx, tx, by, c.ID, t.asked.Demand, e.At()); err != nil {
				return nil, err
			}
		}
		body, err := bodyOf(t.asked.Diversion, nil)
		next := Event{ID: store.NewID(), Trip: t.ID, Stop: t.asked.Stop, Kind: EventDivert, ActedAt: e.ActedAt, SyncedAt: e.SyncedAt, ClockOff: e.ClockOff, By: e.By, Body: body}
		next.ClientID = next.ID
		return &next, err
	}
}
