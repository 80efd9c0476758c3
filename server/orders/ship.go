package orders

import (
	"context"
	"errors"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Take moves a part of an allocation onto a trip that is being planned. The same consignment with the same content again
// has no effect.
func (s *Service) Take(ctx context.Context, tx store.Tx, by auth.Actor, t Taking) error {
	old, err := takingByID(ctx, tx, t.Consignment)
	if err == nil {
		if old.Allocation == t.Allocation && old.Grams == t.Grams && old.UntakenAt == 0 {
			return nil
		}
		return fault.New(fault.Conflict, "consignment_reused", "This consignment is known with other goods.")
	}
	if err = ignoreNoRows(err); err != nil {
		return err
	}
	a, o, err := s.takeable(ctx, tx, t)
	if err != nil {
		return err
	}
	err = insertTaking(ctx, tx, taking{
		Consignment: t.Consignment, Allocation: a.ID, Order: a.Order, Line: a.Line, Lot: a.Lot, Demand: a.Demand, Grams: t.Grams, TakenAt: t.At,
	})
	if err != nil {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "take/" + t.Consignment, At: t.At, Actor: by.ID(), Kind: "taken", Subject: "order/" + a.Order,
		Note:     map[string]string{"consignment": t.Consignment},
		Postings: []ledger.Posting{inGrams(AllocAllocated(a.ID), ConsignAllocated(t.Consignment), t.Grams)},
	})
	if err != nil {
		return err
	}
	return s.told(ctx, tx, by, "consignment.take", t.Consignment, o.Campaign, a.Lot, a.Demand, t.At, t)
}

// takeable reads what a taking is of, and faults goods that nobody may haul.
func (s *Service) takeable(ctx context.Context, tx store.Tx, t Taking) (allocationRow, Order, error) {
	if t.Consignment == "" || t.Grams <= 0 {
		return allocationRow{}, Order{}, fault.At("weight", "bad_weight", "A part must weigh more than nothing and at most as much as the line.")
	}
	a, err := allocationByID(ctx, tx, t.Allocation)
	if err != nil {
		return a, Order{}, found(err, "allocation")
	}
	o, err := ByID(ctx, tx, a.Order)
	if err != nil {
		return a, o, err
	}
	d, err := market.DemandByID(ctx, tx, a.Demand)
	if err != nil {
		return a, o, err
	}
	if o.Act != Confirmed || o.SettledAt > 0 {
		return a, o, fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", "take", string(o.Act))
	}
	lacks, err := depositLacks(ctx, tx, o.ID)
	if err != nil {
		return a, o, err
	}
	if lacks {
		return a, o, fault.New(fault.Conflict, "deposit_lacks", "A deposit that was agreed for this order is not paid in yet: goods set out once it is.")
	}
	if !wanted(d) {
		return a, o, fault.New(fault.Conflict, "need_not_verified", "Nobody has called the receiver back yet, or no more is wanted there.")
	}
	return a, o, nil
}

// wanted reports whether goods may set out for a need: somebody called back, and the receiver still wants them.
func wanted(d market.Demand) bool {
	return d.Verified() && (d.Act == market.DemandPosted || d.Act == market.DemandVerified)
}

// told writes a step of a consignment into the audit and tells search what it changed.
func (s *Service) told(ctx context.Context, tx store.Tx, by auth.Actor, act, consignment, campaign, lot, demand string, at measure.Millis, after any) error {
	if err := s.Market.LotsChanged(ctx, tx, lot); err != nil {
		return err
	}
	if err := s.Market.DemandChanged(ctx, tx, demand); err != nil {
		return err
	}
	if err := s.campaignMoved(ctx, tx, campaign); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: act, subject: "consignment/" + consignment, at: at, after: after})
}

// Untake gives back what a cancelled trip would have loaded.
func (s *Service) Untake(ctx context.Context, tx store.Tx, by auth.Actor, consignment string, at measure.Millis) error {
	t, err := takingByID(ctx, tx, consignment)
	if err != nil {
		return found(err, "consignment")
	}
	if t.UntakenAt > 0 {
		return nil
	}
	if t.LoadedAt > 0 {
		return fault.New(fault.Conflict, "already_loaded", "These goods are loaded already.")
	}
	if err = setUntaken(ctx, tx, consignment, at); err != nil {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "untake/" + consignment, At: at, Actor: by.ID(), Kind: "untaken", Subject: "order/" + t.Order,
		Postings: []ledger.Posting{inGrams(ConsignAllocated(consignment), AllocAllocated(t.Allocation), t.Grams)},
	})
	if err != nil {
		return err
	}
	return s.consigned(ctx, tx, by, "consignment.untake", t, at, nil)
}

func (s *Service) consigned(ctx context.Context, tx store.Tx, by auth.Actor, act string, t taking, at measure.Millis, after any) error {
	o, err := ByID(ctx, tx, t.Order)
	if err != nil {
		return err
	}
	return s.told(ctx, tx, by, act, t.Consignment, o.Campaign, t.Lot, t.Demand, at, after)
}

// Loaded writes down the weighing at the ramp. More than was planned comes from the lot, which must have it; less stays
// with the allocation.
func (s *Service) Loaded(ctx context.Context, tx store.Tx, by auth.Actor, l Loading) error {
	t, err := takingByID(ctx, tx, l.Consignment)
	if err != nil {
		return found(err, "consignment")
	}
	if err = l.fits(t); err != nil {
		return err
	}
	if t.LoadedAt > 0 {
		return againSame(t.LoadedClient == l.ClientID, t.LoadedGrams == l.Grams, "already_loaded", "These goods are loaded already.")
	}
	if err = setLoaded(ctx, tx, l); err != nil {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "load/" + l.ClientID + "/" + l.Consignment, At: l.At, Actor: by.ID(), Kind: "loaded", Subject: "order/" + t.Order,
		Note: map[string]string{"consignment": t.Consignment}, Postings: l.postings(t),
	})
	if err != nil {
		return err
	}
	return s.consigned(ctx, tx, by, "consignment.load", t, l.At, l)
}

// fits faults a loading that is not of the consignment as it was taken.
func (l Loading) fits(t taking) error {
	switch {
	case l.ClientID == "":
		return fault.At("client_id", "required", "This can't be empty.")
	case l.Allocation != "" && l.Allocation != t.Allocation, l.Lot != "" && l.Lot != t.Lot, t.UntakenAt > 0:
		return fault.New(fault.Conflict, "not_on_this_trip", "These goods are not on this trip.")
	case l.Grams <= 0 || l.Grams > market.MaxLot:
		return market.BadWeight("weight")
	}
	return nil
}

func (l Loading) postings(t taking) []ledger.Posting {
	out := []ledger.Posting{inGrams(ConsignAllocated(t.Consignment), ConsignOnTruck(t.Consignment), min(l.Grams, t.Grams))}
	switch d := l.Grams - t.Grams; {
	case d > 0:
		out = append(out, inGrams(market.LotAvailable(t.Lot), ConsignOnTruck(t.Consignment), d))
	case d < 0:
		out = append(out, inGrams(ConsignAllocated(t.Consignment), AllocAllocated(t.Allocation), -d))
	}
	return out
}

// againSame answers for something that was done before: harmless when the same device says the same.
func againSame(client, content bool, code, text string) error {
	switch {
	case client && content:
		return nil
	case client:
		return fault.New(fault.Conflict, "client_id_reused", "This was already sent with other content; nothing was changed.")
	}
	return fault.New(fault.Conflict, code, "%s", text)
}

// Received writes down a proof of delivery. What was received and what was lost must be what is on the truck, to the gram.
func (s *Service) Received(ctx context.Context, tx store.Tx, by auth.Actor, r Receipt) error {
	t, err := takingByID(ctx, tx, r.Consignment)
	if err != nil {
		return found(err, "consignment")
	}
	if err = r.check(); err != nil {
		return err
	}
	n, err := consigned(ctx, tx, r.Consignment)
	if err != nil {
		return err
	}
	if t.ReceivedAt > 0 && t.ReceivedClient != r.ClientID {
		return fault.New(fault.Conflict, "already_received", "This delivery is signed for already.")
	}
	if t.ReceivedAt > 0 {
		_, _, err = ledger.Post(ctx, tx, r.entry(by, t)) // repeated: harmless with the same content, else a conflict
		return err
	}
	if n.OnTruck == 0 {
		return fault.New(fault.Conflict, "not_loaded", "Nothing of this consignment is on a truck.")
	}
	if got := r.Received + r.Returned + sum(r.Lost); got != n.OnTruck {
		return fault.At("received", "weights_dont_add", "Received %s and lost %s make %s, but %s is on the truck.", r.Received, sum(r.Lost), got, n.OnTruck)
	}
	if err = setReceived(ctx, tx, r); err != nil {
		return err
	}
	if _, _, err = ledger.Post(ctx, tx, r.entry(by, t)); err != nil {
		return err
	}
	return s.consigned(ctx, tx, by, "consignment.receive", t, r.At, r)
}

func (r Receipt) check() error {
	if r.ClientID == "" {
		return fault.At("client_id", "required", "This can't be empty.")
	}
	if r.Received < 0 || r.Received > market.MaxLot {
		return market.BadWeight("received")
	}
	if r.Returned < 0 || r.Returned > 0 && r.Received > 0 {
		return market.BadWeight("received")
	}
	if r.Rejected < 0 || r.Rejected > r.Received {
		return fault.At("rejected", "rejected_too_much", "Between nothing and all of the %s received can be rejected.", r.Received)
	}
	if r.Rejected > 0 && r.RejectReason == "" {
		return fault.At("reject_reason", "reason_needed", "Say why goods are rejected.")
	}
	for cause, g := range r.Lost {
		if !validCause(cause) {
			return fault.At("lost", "unknown_cause", "Goods are lost by moisture, rot, missing or theft.")
		}
		if g < 0 || g > market.MaxLot {
			return market.BadWeight("lost")
		}
	}
	return nil
}

func validCause(c LossCause) bool {
	for _, known := range LossCauses {
		if c == known {
			return true
		}
	}
	return false
}

// entry is what the receipt posts. A receipt sent again makes the same one.
func (r Receipt) entry(by auth.Actor, t taking) ledger.Entry {
	return ledger.Entry{
		ClientID: "receive/" + r.ClientID + "/" + r.Consignment, At: r.At, Actor: by.ID(), Kind: "received", Subject: "order/" + t.Order,
		Note: map[string]string{"consignment": r.Consignment, "reject_reason": r.RejectReason}, Postings: r.postings(),
	}
}

func (r Receipt) postings() []ledger.Posting {
	var out []ledger.Posting
	add := func(to string, g measure.Grams) {
		if g > 0 {
			out = append(out, inGrams(ConsignOnTruck(r.Consignment), to, g))
		}
	}
	add(ConsignAccepted(r.Consignment), r.Received-r.Rejected)
	add(ConsignRejected(r.Consignment), r.Rejected)
	add(ConsignReturned(r.Consignment), r.Returned)
	for _, cause := range LossCauses {
		add(ConsignLost(r.Consignment, cause), r.Lost[cause])
	}
	return out
}

// PayHaulage pays a carrier for a trip: out of the campaign's fund, or out of the order's escrow when there is none. A trip that
// the carrier gives moves no money; its value is kept to be shown.
func (s *Service) PayHaulage(ctx context.Context, tx store.Tx, by auth.Actor, h Haulage) error {
	if h.ClientID == "" || h.Carrier == "" || h.Fen <= 0 {
		return fault.At("amount", "haulage_names_carrier", "A payment for haulage names the carrier and an amount above zero.")
	}
	if h.Given {
		return s.haulageGiven(ctx, tx, by, h)
	}
	from, subject, use := Escrow(h.Order), "order/"+h.Order, ""
	if h.Campaign != "" {
		from, subject, use = market.CampaignFund(h.Campaign), "campaign/"+h.Campaign, market.Use(h.Campaign)
	}
	if err := s.fillEscrow(ctx, tx, by, h); err != nil {
		return err
	}
	_, repeated, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "haulage/" + h.ClientID, At: h.At, Actor: by.ID(), Kind: haulagePaid, Subject: subject, Use: use,
		Note:     map[string]string{"trip": h.Trip, "order": h.Order, "carrier": h.Carrier},
		Postings: []ledger.Posting{inFen(from, Payable(h.Carrier), h.Fen)},
	})
	var short *ledger.InsufficientError
	if errors.As(err, &short) {
		return fault.New(fault.Conflict, "fund_short", "The haulage costs %s yuan, but only %s yuan is there to pay it.", h.Fen, measure.Fen(short.Have))
	}
	if err != nil || repeated {
		return err
	}
	if err = s.campaignMoved(ctx, tx, h.Campaign); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "haulage.pay", subject: subject, at: h.At, after: h})
}

// fillEscrow takes into an order's escrow what its haulage costs beyond it, out of what its buyer paid on top: an invoice names the goods alone.
func (s *Service) fillEscrow(ctx context.Context, tx store.Tx, by auth.Actor, h Haulage) error {
	if h.Campaign != "" {
		return nil
	}
	have, err := fen(ctx, tx, Escrow(h.Order))
	if err != nil || have >= h.Fen {
		return err
	}
	over, err := fen(ctx, tx, Overpaid(h.Order))
	part := min(over, h.Fen-have)
	if err != nil || part <= 0 {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "haulage/" + h.ClientID + "/on_top", At: h.At, Actor: by.ID(), Kind: "funded", Subject: "order/" + h.Order,
		Postings: []ledger.Posting{inFen(Overpaid(h.Order), Escrow(h.Order), part)},
	})
	return err
}

// haulagePaid is the kind of the ledger entries of PayHaulage.
const haulagePaid = "haulage"
