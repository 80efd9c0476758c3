package orders

import (
	"context"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// A setoff is written down as a debt and taken when its debtor's account holds something that is in no proposed payment:
//
//	world/owed/<debtor> -> setoff/<setoff>                      and at once, or before the next run of payouts:
//	<from> -> world/owed/<debtor> and setoff/<setoff> -> <to>

// setOff writes debts down in the entry that explains them, and takes of them what is there.
func (s *Service) setOff(ctx context.Context, tx store.Tx, by auth.Actor, e ledger.Entry, list []Setoff) error {
	for i := range list {
		list[i].ID = store.NewID()
		if err := insertSetoff(ctx, tx, list[i]); err != nil {
			return err
		}
		e.Postings = append(e.Postings, inFen(Owed(list[i].Debtor), SetoffAccount(list[i].ID), list[i].amount()))
	}
	if len(e.Postings) == 0 {
		return nil
	}
	if _, _, err := ledger.Post(ctx, tx, e); err != nil {
		return err
	}
	for _, o := range list {
		if err := s.takeSetoffs(ctx, tx, by, o.From); err != nil {
			return err
		}
	}
	return nil
}

// takeSetoffs takes out of an account what its holder owes others, as far as it holds that and it is in no proposed payment.
func (s *Service) takeSetoffs(ctx context.Context, tx store.Tx, by auth.Actor, account string) error {
	lines, err := setoffsFrom(ctx, tx, account)
	if err != nil || len(lines) == 0 {
		return err
	}
	have, err := free(ctx, tx, account)
	for _, l := range lines {
		if err == nil && l.byHousehold() {
			err = s.takeTogether(ctx, tx, by, l)
			continue
		}
		part := min(have, l.Open)
		if err != nil || part <= 0 {
			break
		}
		have -= part
		err = s.takeSetoff(ctx, tx, by, l, part)
	}
	return err
}

// takeTogether takes what the households of a correction got too much, when each of them holds all of its part: what came back one by one
// would tell single parts to whoever it comes back to.
func (s *Service) takeTogether(ctx context.Context, tx store.Tx, by auth.Actor, one Setoff) error {
	list, err := setoffsBy(ctx, tx, one.Order, one.Ref)
	list = slices.DeleteFunc(list, func(o Setoff) bool { return !o.byHousehold() || o.Open == 0 })
	for _, o := range list {
		var have measure.Fen
		if err == nil {
			have, err = free(ctx, tx, o.From)
		}
		if err != nil || have < o.Open {
			return err
		}
	}
	for _, o := range list {
		if err == nil {
			err = s.takeSetoff(ctx, tx, by, o, o.Open)
		}
	}
	return err
}

func (s *Service) takeSetoff(ctx context.Context, tx store.Tx, by auth.Actor, l Setoff, part measure.Fen) error {
	e := ledger.Entry{
		ClientID: "setoff/" + l.ID + "/" + store.NewID(), At: s.millis(ctx), Actor: by.ID(), Kind: "set_off", Subject: "setoff/" + l.ID,
		Postings: []ledger.Posting{inFen(l.From, Owed(l.Debtor), part), inFen(SetoffAccount(l.ID), l.To, part)},
	}
	for _, account := range []string{l.From, l.To} {
		if c, ok := market.FundOf(account); ok {
			e.Use = market.Use(c)
		}
	}
	if _, _, err := ledger.Post(ctx, tx, e); err != nil {
		return err
	}
	if c, ok := market.FundOf(l.To); ok {
		return s.campaignMoved(ctx, tx, c)
	}
	return nil
}

// takeAllSetoffs takes them out of every account that holds something again: before a run of payouts.
func (s *Service) takeAllSetoffs(ctx context.Context, tx store.Tx, by auth.Actor) error {
	accounts, err := accountsToTake(ctx, tx)
	for _, account := range accounts {
		if err == nil {
			err = s.takeSetoffs(ctx, tx, by, account)
		}
	}
	return err
}

// free is what an account holds and no proposed run is to pay.
func free(ctx context.Context, q store.Querier, account string) (measure.Fen, error) {
	held, err := fen(ctx, q, account)
	if err != nil || held == 0 || !isOwed(account) {
		return held, err
	}
	d, err := debt(ctx, q, account, held)
	return d.Fen, err
}

func isOwed(account string) bool {
	for _, family := range owedFrom {
		if strings.HasPrefix(account, family) {
			return true
		}
	}
	return false
}

// Setoffs lists those of an order, for whoever may see its settlement. What single households get is for those who see it there.
func (s *Service) Setoffs(ctx context.Context, by auth.Actor, order string) ([]Setoff, error) {
	v, err := s.Order(ctx, by, order)
	if err != nil {
		return nil, err
	}
	list, err := setoffsOf(ctx, s.DB.Read(), order)
	if !SeesHouseholds(by, v.Seller) {
		list = withoutHouseholds(list)
	}
	return list, err
}

// withoutHouseholds adds the lines of households to the seller's of the same correction, also where they are many: a correction opens no
// atom. With a household's part in it all is open until all of it is taken, for what is taken first would tell the rest.
func withoutHouseholds(list []Setoff) []Setoff {
	var out []Setoff
	sums, mixed := map[string]int{}, map[int]bool{} // by correction; those with a household's part in them
	for _, o := range list {
		if o.Kind != BenefitLine && o.Kind != CoopLine {
			out = append(out, o)
			continue
		}
		i, ok := sums[o.Ref]
		if !ok {
			i, out = len(out), append(out, Setoff{ID: o.Ref, Order: o.Order, Why: o.Why, Ref: o.Ref, Kind: CoopLine})
			sums[o.Ref] = i
		}
		out[i].Fen, out[i].Open = out[i].Fen+o.Fen, out[i].Open+o.Open
		mixed[i] = mixed[i] || o.Kind == BenefitLine
	}
	for i := range mixed {
		if mixed[i] && out[i].Open > 0 && out[i].Why == ByCorrection {
			out[i].Open = out[i].amount()
		}
	}
	return out
}
