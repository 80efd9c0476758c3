package orders

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// A deposit is paid in like any money that quotes a reference, or by card and wallet, and is held in an account of its own:
//
//	world/bank or world/stripe -> deposit/<deposit> -> refund/<who put it up>, or to the other side's account by the rule

// depositTime is how long both sides have to pay in.
const depositTime = 48 * time.Hour

// SetDepositTerms says what the two sides of the orders of an offer put up. The seller says it before the offer is on sale, so that whoever
// orders has agreed to it.
func (s *Service) SetDepositTerms(ctx context.Context, by auth.Actor, t DepositTerms) (DepositTerms, error) {
	if err := t.check(); err != nil {
		return t, err
	}
	return t, s.DB.InTx(ctx, func(tx store.Tx) error {
		o, err := market.OfferByID(ctx, tx, t.Offer)
		if err != nil {
			return found(err, "offer")
		}
		acting, err := by.ActFor(o.Seller, auth.ActOffers)
		if err != nil {
			return notFound("offer")
		}
		before, err := depositTerms(ctx, tx, t.Offer)
		if err != nil || before == t { // said again
			return err
		}
		if o.Act != market.OfferDraft {
			return fault.New(fault.Conflict, "deposit_fixed", "The deposits of an offer are fixed once it is on sale: withdraw it and make another.")
		}
		if err = setDepositTerms(ctx, tx, t, s.millis(ctx), acting.ID()); err != nil {
			return err
		}
		return record(ctx, tx, acting, deed{act: "offer.deposit", subject: "offer/" + t.Offer, at: s.millis(ctx), before: before, after: t})
	})
}

// DepositTermsOf gives what the two sides of an offer's orders put up; nothing where nobody said so. Whoever may see the offer may see it.
func (s *Service) DepositTermsOf(ctx context.Context, offer string) (DepositTerms, error) {
	return depositTerms(ctx, s.DB.Read(), offer)
}

// AskDeposit asks for a deposit, in the transaction of the promise. Of d the promise, the parties, the account of the other side, the amount
// and the time are given; the rest is made here.
func (s *Service) AskDeposit(ctx context.Context, tx store.Tx, by auth.Actor, d Deposit) (Deposit, error) {
	d.ID, d.Reference, d.AskedAt = store.NewID(), payment.NewReference(), s.millis(ctx)
	if err := insertDeposit(ctx, tx, d); err != nil {
		return d, err
	}
	return d, record(ctx, tx, by, deed{act: "deposit.ask", subject: "deposit/" + d.ID, at: d.AskedAt, after: d})
}

// askDeposits asks both sides of a confirmed order for what was agreed with its offers.
func (s *Service) askDeposits(ctx context.Context, tx store.Tx, by auth.Actor, o Order) error {
	offers := make([]string, len(o.Lines))
	for i, l := range o.Lines {
		offers[i] = l.Offer
	}
	terms, err := depositTermsOf(ctx, tx, unique(offers)...)
	if err != nil {
		return err
	}
	var buyer, seller measure.Fen
	for _, l := range o.Lines {
		t := terms[l.Offer]
		buyer, seller = buyer+t.of(l, t.Buyer), seller+t.of(l, t.Seller)
	}
	until := millis(s.Now(ctx).Add(depositTime))
	if buyer > 0 && !o.ByFund() {
		if _, err := s.AskDeposit(ctx, tx, by, Deposit{For: ForOrder, ForID: o.ID, Party: o.Buyer, Other: o.Seller, OtherAccount: Payable(o.Seller), Fen: buyer, Until: until}); err != nil {
			return err
		}
	}
	if seller == 0 {
		return nil
	}
	_, err = s.AskDeposit(ctx, tx, by, Deposit{For: ForOrder, ForID: o.ID, Party: o.Seller, Other: o.Buyer, OtherAccount: Refund(o.Buyer), Fen: seller, Until: until})
	return err
}

// DepositEnd says how a promise ended.
type DepositEnd struct {
	ForID  string
	Broken string // the party that broke it; "" when it was kept
	Mille  int    // of that party's deposit to the other side, in 1/1000: DepositRule.Forfeits
	// Unsettled: who broke it is not settled. What is held stays until an operator decides (RuleDeposit); what is not all there goes back.
	Unsettled bool
	Why       string // a stable word, or an operator's reason
	At        measure.Millis
}

// EndDeposits ends the deposits of a promise, in its transaction: what the party that broke it loses goes to the other side, all else back
// the way it came. It gives what was forfeited by party. Called again it does nothing.
func (s *Service) EndDeposits(ctx context.Context, tx store.Tx, by auth.Actor, end DepositEnd) (map[string]measure.Fen, error) {
	list, err := openDeposits(ctx, tx, end.ForID)
	forfeited := map[string]measure.Fen{}
	for _, d := range list {
		if err != nil {
			break
		}
		mille := 0
		if d.Party == end.Broken {
			mille = end.Mille
		}
		var left bool
		if left, err = s.leave(ctx, tx, by, d, end); left || err != nil {
			continue
		}
		var lost measure.Fen
		lost, err = s.endDeposit(ctx, tx, by, d, mille, end.Why, end.At)
		forfeited[d.Party] += lost
	}
	return forfeited, err
}

// leave leaves a deposit that is held to an operator, where it is not settled who broke the promise.
func (s *Service) leave(ctx context.Context, tx store.Tx, by auth.Actor, d Deposit, end DepositEnd) (left bool, err error) {
	if !end.Unsettled {
		return false, nil
	}
	n, err := NumbersOfDeposit(ctx, tx, d)
	if state := d.State(n); err != nil || state != DepositHeld {
		return state == DepositUndecided, err
	}
	if err = leaveDeposit(ctx, tx, d.ID, end.At, end.Why); err != nil {
		return false, err
	}
	return true, record(ctx, tx, by, deed{act: "deposit.leave", subject: "deposit/" + d.ID, reason: end.Why, at: end.At, before: d})
}

func (s *Service) endDeposit(ctx context.Context, tx store.Tx, by auth.Actor, d Deposit, mille int, why string, at measure.Millis) (lost measure.Fen, err error) {
	ok, err := endDeposit(ctx, tx, d.ID, at, why)
	if err != nil || !ok {
		return 0, err
	}
	held, err := fen(ctx, tx, Held(d.ID))
	if err != nil {
		return 0, err
	}
	lost = d.lost(held, mille)
	if lost > 0 {
		if err = s.postDeposit(ctx, tx, by, d, "deposit_forfeited", d.OtherAccount, lost, at); err != nil {
			return 0, err
		}
	}
	if held > lost {
		err = s.postDeposit(ctx, tx, by, d, "deposit_released", Refund(d.Party), held-lost, at)
	}
	if err != nil {
		return 0, err
	}
	return lost, record(ctx, tx, by, deed{act: "deposit.end", subject: "deposit/" + d.ID, reason: why, at: at, before: d, after: map[string]measure.Fen{"forfeited": lost, "released": held - lost}})
}

func (s *Service) postDeposit(ctx context.Context, tx store.Tx, by auth.Actor, d Deposit, kind, to string, amount measure.Fen, at measure.Millis) error {
	e := ledger.Entry{
		ClientID: "deposit/" + d.ID + "/" + kind, At: at, Actor: by.ID(), Kind: kind, Subject: "deposit/" + d.ID,
		Note: map[string]string{string(d.For): d.ForID, "party": d.Party}, Postings: []ledger.Posting{inFen(Held(d.ID), to, amount)},
	}
	return s.postAndSendBack(ctx, tx, payer{d.Party, d.ID}, e)
}

// intoDeposit holds what came for a deposit, as much as it lacks. The rest is owed back.
func (s *Service) intoDeposit(ctx context.Context, tx store.Tx, in incoming) error {
	d, err := DepositByID(ctx, tx, in.id)
	if err != nil {
		return err
	}
	held, err := fen(ctx, tx, Held(d.ID))
	if err != nil {
		return err
	}
	into := min(max(0, d.Fen-held), in.fen)
	if d.EndedAt > 0 {
		into = 0
	}
	if into > 0 {
		in.entry.Postings = append(in.entry.Postings, inFen(in.from, Held(d.ID), into))
	}
	if rest := in.fen - into; rest > 0 {
		in.entry.Postings = append(in.entry.Postings, inFen(in.from, Refund(d.Party), rest))
	}
	return s.postAndSendBack(ctx, tx, payer{d.Party, d.ID}, in.entry)
}

// RuleDeposit is an operator's word on a deposit whose sides don't agree who broke the promise: so much of it, in 1/1000, goes to the other
// side, the rest back.
func (s *Service) RuleDeposit(ctx context.Context, by auth.Actor, id string, mille int, reason string) (DepositView, error) {
	if !by.Can(auth.Operator, "") {
		return DepositView{}, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
	}
	if err := checkReason(reason); err != nil {
		return DepositView{}, err
	}
	if mille < 0 || mille > 1000 {
		return DepositView{}, fault.At("forfeit_permille", "bad_deposit_share", "The share lies between nothing and the whole.")
	}
	var v DepositView
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		d, err := DepositByID(ctx, tx, id)
		if err != nil {
			return found(err, "deposit")
		}
		n, err := NumbersOfDeposit(ctx, tx, d)
		if err != nil {
			return err
		}
		if state := d.State(n); state != DepositHeld && state != DepositUndecided {
			return fault.New(fault.Conflict, "deposit_state", "This can't be done (%s) while the deposit is %s.", "rule", string(state))
		}
		if _, err = s.endDeposit(ctx, tx, by, d, mille, reason, s.millis(ctx)); err != nil {
			return err
		}
		if d, err = DepositByID(ctx, tx, id); err != nil {
			return err
		}
		v, err = depositView(ctx, tx, d)
		return err
	})
	return v, err
}

// DepositView is a deposit with its numbers and its state.
type DepositView struct {
	Deposit
	DepositNumbers
	State DepositState
}

func depositView(ctx context.Context, q store.Querier, d Deposit) (DepositView, error) {
	n, err := NumbersOfDeposit(ctx, q, d)
	return DepositView{d, n, d.State(n)}, err
}

// DepositsOf lists the deposits of promises, for their two sides and the platform's people. To others there are none.
func (s *Service) DepositsOf(ctx context.Context, by auth.Actor, promises ...string) ([]DepositView, error) {
	var list, part []Deposit
	var err error
	for _, id := range promises {
		if part, err = DepositsFor(ctx, s.DB.Read(), id); err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	list = slices.DeleteFunc(list, func(d Deposit) bool { return !reads(by) && !standsIn(by, d.Party) && !standsIn(by, d.Other) })
	return s.depositViews(ctx, list)
}

// Deposits lists deposits, newest first, after an id: those that the actor's parties put up or would get, the platform's people all. Open:
// those that are not over.
func (s *Service) Deposits(ctx context.Context, by auth.Actor, open bool, after string) ([]DepositView, error) {
	var parties []string
	if !reads(by) {
		if parties = slices.DeleteFunc(by.Parties(), func(p string) bool { return !standsIn(by, p) }); len(parties) == 0 {
			return nil, nil
		}
	}
	list, err := depositsPage(ctx, s.DB.Read(), parties, open, after, pageSize)
	if err != nil {
		return nil, err
	}
	return s.depositViews(ctx, list)
}

func (s *Service) depositViews(ctx context.Context, list []Deposit) ([]DepositView, error) {
	out := make([]DepositView, 0, len(list))
	for _, d := range list {
		v, err := depositView(ctx, s.DB.Read(), d)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// UndecidedDeposits lists the deposits that wait for an operator's word, the oldest first. To others there are none.
func (s *Service) UndecidedDeposits(ctx context.Context, by auth.Actor) ([]Deposit, error) {
	if !by.Can(auth.Operator, "") {
		return nil, nil
	}
	return undecidedDeposits(ctx, s.DB.Read())
}

// LackingDeposits lists what the actor's parties were asked to put up and have not paid in whole, the soonest due first.
func (s *Service) LackingDeposits(ctx context.Context, by auth.Actor) ([]DepositView, error) {
	parties := slices.DeleteFunc(by.Parties(), func(p string) bool { return !standsIn(by, p) })
	if len(parties) == 0 {
		return nil, nil
	}
	list, err := depositsAskedOf(ctx, s.DB.Read(), parties)
	if err != nil {
		return nil, err
	}
	views, err := s.depositViews(ctx, list)
	return slices.DeleteFunc(views, func(d DepositView) bool { return d.State != DepositAsked }), err
}

// standsIn reports whether the actor may put up a deposit in the name of a party.
func standsIn(by auth.Actor, party string) bool {
	for _, act := range []auth.Act{auth.ActOrders, auth.ActOffers, auth.ActHaul} {
		if by.MayActFor(party, act) {
			return true
		}
	}
	return false
}

// lapseDeposits ends confirmed orders whose deposits did not come in time, while nothing is on a trip. It tells how many it ended.
func (s *Service) lapseDeposits(ctx context.Context) (ended int, err error) {
	late, err := lateDeposits(ctx, s.DB.Read(), s.millis(ctx))
	for _, d := range late {
		if err != nil {
			break
		}
		var done bool
		if done, err = s.lapse(ctx, d.ForID); done {
			ended++
		}
	}
	return ended, err
}

// lapse ends one of them; done is false when its deposits came meanwhile or it can't be called off any more. Who did not pay loses nothing,
// who did gets it back.
func (s *Service) lapse(ctx context.Context, order string) (done bool, err error) {
	by := auth.System("clock")
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		done = false
		before, err := ByID(ctx, tx, order)
		if err != nil {
			return err
		}
		n, err := numbersOf(ctx, tx, before)
		if err != nil {
			return err
		}
		lacks, err := depositLacks(ctx, tx, order)
		if err != nil || !lacks || n.Planned > 0 || may(before.State(n, s.Now(ctx)), "lapse", ByClock) != nil {
			return err
		}
		o := before
		o.Act, o.Reason, o.EndedAt, o.EndedBy = Cancelled, "deposit_not_paid", s.millis(ctx), ByClock
		if err = release(ctx, tx, by, o, "cancel", o.EndedAt); err != nil {
			return err
		}
		if err = s.giveBack(ctx, tx, by, o, n, 0); err != nil {
			return err
		}
		if _, err = s.EndDeposits(ctx, tx, by, DepositEnd{ForID: order, Why: "not_paid_in_time", At: o.EndedAt}); err != nil {
			return err
		}
		done = true
		return s.acted(ctx, tx, by, "lapse", "", before, o)
	})
	return done, err
}
