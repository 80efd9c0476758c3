package market

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// DemandView is a demand with its numbers and its receiver.
type DemandView struct {
	Demand
	Numbers  DemandNumbers
	Receiver Party
}

// CreateDemand posts a need.
func (s *Service) CreateDemand(ctx context.Context, by auth.Actor, clientID string, in DemandInput) (Demand, error) {
	by, err := by.ActFor(in.Party, auth.ActDemands)
	if err != nil {
		return Demand{}, err
	}
	if in.Produce, err = s.produce(in.Produce); err != nil {
		return Demand{}, err
	}
	if err = in.check(s.time(ctx)); err != nil {
		return Demand{}, err
	}
	now := s.millis(ctx)
	d := Demand{
		ID: store.NewID(), Party: in.Party, Produce: in.Produce, Kind: in.Kind, Grams: in.Grams, By: in.By, Why: in.Why, Relief: in.Relief,
		Storage: in.Storage, UnloadFrom: in.UnloadFrom, UnloadTo: in.UnloadTo, NoForklift: in.NoForklift, Act: DemandPosted, ConfirmedAt: now,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		p, err := PartyByID(ctx, tx, in.Party)
		if err != nil {
			return fault.OfField(found(err, "party"), "party")
		}
		if d.Place, err = s.place("place", in.Place.orElse(p.Place)); err != nil {
			return err
		}
		before, err := Once(ctx, tx, clientID, d.ID)
		if err != nil {
			return err
		}
		if before != "" {
			d, err = DemandByID(ctx, tx, before)
			return err
		}
		if err = insertDemand(ctx, tx, d, by.ID()); err != nil {
			return err
		}
		if err = s.changed(ctx, tx, DemandKind, d.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "demand.post", "demand/"+d.ID, "", nil, d)
	})
	return d, err
}

// Call is what an operator learnt when calling the receiver back. Fields left out stay as they were.
type Call struct {
	How        string // number called, official link, letter
	Kind       AmountKind
	Grams      measure.Grams
	UnloadFrom int
	UnloadTo   int
	HasUnload  bool
	NoForklift *bool
	Storage    string
}

// VerifyDemand writes down the operator's call: the need is real, and this much.
func (s *Service) VerifyDemand(ctx context.Context, by auth.Actor, id string, c Call) (DemandView, error) {
	if !by.Can(auth.Operator, "") {
		return DemandView{}, fault.New(fault.Forbidden, "operators_only", "Only an operator verifies a need.")
	}
	if err := checkText("how", c.How, 1, 200); err != nil {
		return DemandView{}, err
	}
	return s.moveDemand(ctx, by, id, "verify", c.How, func(d *Demand) error {
		if c.Kind != "" {
			if err := checkAmount(c.Kind, c.Grams); err != nil {
				return err
			}
			d.Kind, d.Grams = c.Kind, c.Grams
		}
		if c.HasUnload {
			d.UnloadFrom, d.UnloadTo = c.UnloadFrom, c.UnloadTo
		}
		if c.NoForklift != nil {
			d.NoForklift = *c.NoForklift
		}
		if c.Storage != "" {
			d.Storage = c.Storage
		}
		check := DemandInput{Produce: d.Produce, Kind: d.Kind, Grams: d.Grams, Storage: d.Storage, UnloadFrom: d.UnloadFrom, UnloadTo: d.UnloadTo}
		d.VerifiedAt, d.VerifiedBy, d.VerifiedHow = s.millis(ctx), by.ID(), c.How
		d.ConfirmedAt = d.VerifiedAt
		return check.check(s.time(ctx))
	})
}

// ActOnDemand does one act of the receiver in DemandSteps: confirm (still needed), refuse_more, close, cancel.
func (s *Service) ActOnDemand(ctx context.Context, by auth.Actor, id, act, reason string) (DemandView, error) {
	return s.moveDemand(ctx, by, id, act, reason, func(d *Demand) error {
		if act == "confirm" {
			d.ConfirmedAt = s.millis(ctx)
		}
		return nil
	})
}

func (s *Service) moveDemand(ctx context.Context, by auth.Actor, id, act, reason string, change func(*Demand) error) (DemandView, error) {
	var v DemandView
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := DemandByID(ctx, tx, id)
		if err != nil {
			return found(err, "need")
		}
		if act != "verify" {
			if by, err = by.ActFor(before.Party, auth.ActDemands); err != nil {
				return fault.New(fault.NotFound, "not_found", "There is no such %s, or it is not open to you.", "need")
			}
		}
		if v, err = s.demandView(ctx, tx, before); err != nil {
			return err
		}
		to, err := next(DemandSteps, v.State(v.Numbers, s.time(ctx)), act, DemandEnds)
		if err != nil {
			return err
		}
		if to == DemandVerified && before.VerifiedAt == 0 && act == "confirm" {
			to = DemandPosted
		}
		if to != DemandPartMet { // part_met is worked out, never written
			v.Act = to
		}
		if err = change(&v.Demand); err != nil {
			return err
		}
		v.UpdatedAt = s.millis(ctx)
		ok, err := updateDemand(ctx, tx, v.Demand, before.Version)
		if err != nil {
			return err
		}
		if !ok {
			return changedMeanwhile()
		}
		v.Version = before.Version + 1
		if err = s.changed(ctx, tx, DemandKind, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "demand."+act, "demand/"+id, reason, before, v.Demand)
	})
	return v, err
}

func (s *Service) demandView(ctx context.Context, q store.Querier, d Demand) (DemandView, error) {
	views, err := s.demandViews(ctx, q, []Demand{d})
	if err != nil {
		return DemandView{}, err
	}
	return views[0], nil
}

func (s *Service) demandViews(ctx context.Context, q store.Querier, list []Demand) ([]DemandView, error) {
	var ids, parties []string
	for _, d := range list {
		ids, parties = append(ids, d.ID), append(parties, d.Party)
	}
	numbers, err := s.Books.OfDemands(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	partyOf, err := PartiesByID(ctx, q, parties...)
	if err != nil {
		return nil, err
	}
	out := make([]DemandView, len(list))
	for i, d := range list {
		out[i] = DemandView{d, numbers[d.ID], partyOf[d.Party]}
	}
	return out, nil
}

// Demand gives one need. Posted needs are public.
func (s *Service) Demand(ctx context.Context, id string) (DemandView, error) {
	q := s.DB.Read()
	d, err := DemandByID(ctx, q, id)
	if err != nil {
		return DemandView{}, found(err, "need")
	}
	return s.demandView(ctx, q, d)
}

// NeedsWanted narrows a list of needs; empty fields don't.
type NeedsWanted struct {
	Party   string
	Produce string // its code
	Open    bool   // those that nobody has ended or said enough of
	After   string // the last id of the page before
}

// Demands lists needs, newest first.
func (s *Service) Demands(ctx context.Context, want NeedsWanted) ([]DemandView, error) {
	q := s.DB.Read()
	list, err := demandsPage(ctx, q, want, pageSize)
	if err != nil {
		return nil, err
	}
	return s.demandViews(ctx, q, list)
}

// DemandChanged tells search that a need's numbers changed. Orders and dispatch call it in the transaction of the change.
func (s *Service) DemandChanged(ctx context.Context, tx store.Tx, id string) error {
	if err := bumpDemand(ctx, tx, id, s.millis(ctx)); err != nil {
		return err
	}
	return s.changed(ctx, tx, DemandKind, id)
}
