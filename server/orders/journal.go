package orders

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/store"
)

// The journal and the audit say what each household got. Who may not see that reads them by the rule of the settlement: whole atoms, and
// what is of none in the cooperative's part. What a payout or a setoff moved is left out, for the sums of many settlements in it don't
// follow the atoms.

// JournalEntry is an entry of the ledger as its reader is shown it.
type JournalEntry struct {
	ledger.Entry
	Withheld bool // some of its postings are left out
}

// Journal lists the entries about a subject, of an account, or about one that move the other, after the one with an id, oldest first, 500 at
// most: for auditors, finance and operators.
func (s *Service) Journal(ctx context.Context, by auth.Actor, subject, account, after string) ([]JournalEntry, error) {
	single := SeesHouseholds(by, "")
	if !single && !by.Can(auth.Operator, "") {
		return nil, auditorsOnly()
	}
	if !single && strings.HasPrefix(account, Benefit("")) {
		return nil, fault.At("account", "household_account", "What a single household got is for auditors and finance.")
	}
	q := s.DB.Read()
	list, err := ledger.EntriesOf(ctx, q, subject, account, after)
	out := make([]JournalEntry, len(list))
	for i, e := range list {
		out[i].Entry = e
	}
	if err != nil || single {
		return out, err
	}
	return out, withoutSingle(ctx, q, out)
}

func auditorsOnly() error {
	return fault.New(fault.Forbidden, "auditors_only", "Only auditors and operators read the audit.")
}

// withoutSingle takes out of entries what would tell a single household's part.
func withoutSingle(ctx context.Context, q store.Querier, list []JournalEntry) error {
	settled, err := settledEntries(ctx, q, settledIn(list))
	for i := range list {
		e := &list[i]
		order, _ := strings.CutPrefix(e.Subject, "order/")
		switch e.Kind {
		case "settled":
			e.Postings = settled[order].shown(e.Postings)
		case "set_off", "payout_begun", "payout_done", "payout_failed":
			e.Postings, e.Withheld = nil, true
		case "corrected":
			grams := slices.DeleteFunc(slices.Clone(e.Postings), func(p ledger.Posting) bool { return p.Unit == ledger.Fen })
			e.Withheld, e.Postings = len(grams) < len(e.Postings), grams
		}
	}
	return err
}

func settledIn(list []JournalEntry) (ids []string) {
	for _, e := range list {
		if order, ok := strings.CutPrefix(e.Subject, "order/"); ok && e.Kind == "settled" {
			ids = append(ids, order)
		}
	}
	return ids
}

// shown are the entry's postings with whole atoms in place of what the settlement paid to single households.
func (e settledEntry) shown(all []ledger.Posting) (out []ledger.Posting) {
	for _, l := range summed(e.paid) {
		if l.Fen > 0 {
			out = append(out, inFen(e.From, l.Account, l.Fen))
		}
	}
	paid := len(slices.DeleteFunc(slices.Clone(e.paid), func(l SettlementLine) bool { return l.Fen == 0 }))
	return append(out, all[paid:]...)
}

// Audit shows who did what to one thing, oldest first: to auditors and operators.
func (s *Service) Audit(ctx context.Context, by auth.Actor, subject string) ([]ledger.Event, error) {
	if !by.Can(auth.Auditor, "") && !by.Can(auth.Operator, "") {
		return nil, auditorsOnly()
	}
	events, err := ledger.Events(ctx, s.DB.Read(), subject)
	for i := range events {
		if err == nil && !SeesHouseholds(by, "") {
			err = maskEvent(&events[i])
		}
	}
	return events, err
}

// maskEvent takes single households out of what an act changed.
func maskEvent(e *ledger.Event) error {
	switch {
	case e.Act == "order.settle":
		return edit(e, func(st *Settlement) { st.Lines = summed(st.Lines) })
	case e.Act == "order.correct":
		return edit(e, func(c *Correction) { c.Setoffs = withoutHouseholds(c.Setoffs) })
	case strings.HasPrefix(e.Act, "payout."):
		e.Before, e.After = nil, nil
	}
	return nil
}

// edit changes what an event says of its subject afterwards, where it says something.
func edit[T any](e *ledger.Event, change func(*T)) error {
	if len(e.After) == 0 {
		return nil
	}
	var v T
	if err := json.Unmarshal(e.After, &v); err != nil {
		return err
	}
	change(&v)
	var err error
	e.After, err = json.Marshal(v)
	return err
}
