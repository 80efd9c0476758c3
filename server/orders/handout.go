package orders

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Handout (分发) is what a receiver handed out to one of its wards of what it accepted for a need.
type Handout struct {
	ID       string
	Demand   string
	Ward     string // a ward or a department, never a person
	Grams    measure.Grams
	At       measure.Millis
	UndoneAt measure.Millis // it was a mistake, and the goods are back in the store
}

const maxWard = 60

// HandOut writes down what a ward got: never more than was accepted and is not handed out, by the ledger. The goods that came first go first.
func (s *Service) HandOut(ctx context.Context, by auth.Actor, clientID, demand, ward string, g measure.Grams) (Handout, error) {
	h := Handout{ID: store.NewID(), Demand: demand, Ward: strings.TrimSpace(ward), Grams: g, At: s.millis(ctx)}
	if err := h.check(); err != nil {
		return h, err
	}
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		d, acting, err := receiving(ctx, tx, by, demand)
		if err != nil {
			return err
		}
		before, err := market.Once(ctx, tx, clientID, h.ID)
		if err != nil {
			return err
		}
		if before != "" {
			h, err = handoutByID(ctx, tx, demand, before)
			return err
		}
		if err = postHandout(ctx, tx, acting, h); err != nil {
			return err
		}
		if err = insertHandout(ctx, tx, h, acting.ID()); err != nil {
			return err
		}
		return s.recordHandout(ctx, tx, acting, d, "demand.hand_out", h)
	})
	return h, err
}

func (h Handout) check() error {
	if h.Ward == "" {
		return fault.At("ward", "required", "This can't be empty.")
	}
	if utf8.RuneCountInString(h.Ward) > maxWard {
		return fault.At("ward", "too_long", "At most %d characters, please.", maxWard)
	}
	if h.Grams <= 0 {
		return fault.At("weight", "required", "This can't be empty.")
	}
	return nil
}

// receiving gives a need of the actor's own, and the actor as it acts for its receiver.
func receiving(ctx context.Context, q store.Querier, by auth.Actor, demand string) (market.Demand, auth.Actor, error) {
	d, err := market.DemandByID(ctx, q, demand)
	if err != nil {
		return d, by, found(err, "need")
	}
	acting, err := by.ActFor(d.Party, auth.ActReceive)
	if err != nil {
		return d, by, notFound("need")
	}
	return d, acting, nil
}

func postHandout(ctx context.Context, tx store.Tx, by auth.Actor, h Handout) error {
	takings, err := takingsOfDemand(ctx, tx, h.Demand)
	if err != nil {
		return err
	}
	e := ledger.Entry{ClientID: "handout/" + h.ID, At: h.At, Actor: by.ID(), Kind: "handed_out", Subject: "demand/" + h.Demand, Note: map[string]string{"ward": h.Ward}}
	left := h.Grams
	for _, t := range takings {
		have, err := grams(ctx, tx, ConsignAccepted(t.Consignment))
		if err != nil {
			return err
		}
		if part := min(have, left); part > 0 {
			e.Postings = append(e.Postings, inGrams(ConsignAccepted(t.Consignment), ConsignHandedOut(t.Consignment), part))
			left -= part
		}
	}
	if left > 0 {
		return fault.At("weight", "not_in_store", "Only %s of it is here and not handed out.", h.Grams-left)
	}
	_, _, err = ledger.Post(ctx, tx, e)
	return err
}

// UndoHandout takes back a handout that was written down by mistake.
func (s *Service) UndoHandout(ctx context.Context, by auth.Actor, demand, id string) (Handout, error) {
	var h Handout
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		d, acting, err := receiving(ctx, tx, by, demand)
		if err != nil {
			return err
		}
		if h, err = handoutByID(ctx, tx, demand, id); err != nil {
			return found(err, "handout")
		}
		if h.UndoneAt > 0 {
			return nil
		}
		h.UndoneAt = s.millis(ctx)
		if err = postBack(ctx, tx, acting, h); err != nil {
			return err
		}
		if err = store.Exec(ctx, tx, `UPDATE handouts SET undone_at = $1 WHERE id = $2`, int64(h.UndoneAt), id); err != nil {
			return err
		}
		return s.recordHandout(ctx, tx, acting, d, "demand.undo_hand_out", h)
	})
	return h, err
}

// postBack turns the postings of a handout round. What a claim took out of the ward meanwhile can't go back.
func postBack(ctx context.Context, tx store.Tx, by auth.Actor, h Handout) error {
	entries, err := ledger.Entries(ctx, tx, "demand/"+h.Demand)
	if err != nil {
		return err
	}
	back := ledger.Entry{ClientID: "handout/" + h.ID + "/undone", At: h.UndoneAt, Actor: by.ID(), Kind: "handed_back", Subject: "demand/" + h.Demand, Note: map[string]string{"ward": h.Ward}}
	for _, e := range entries {
		if e.ClientID != "handout/"+h.ID {
			continue
		}
		for _, p := range e.Postings {
			p.From, p.To = p.To, p.From
			back.Postings = append(back.Postings, p)
		}
	}
	_, _, err = ledger.Post(ctx, tx, back)
	var short *ledger.InsufficientError
	if errors.As(err, &short) {
		return fault.New(fault.Conflict, "handout_claimed", "A part of it was claimed back meanwhile; it can't be undone.")
	}
	return err
}

func (s *Service) recordHandout(ctx context.Context, tx store.Tx, by auth.Actor, d market.Demand, act string, h Handout) error {
	if err := record(ctx, tx, by, deed{act: act, subject: "demand/" + d.ID, at: s.millis(ctx), after: h}); err != nil {
		return err
	}
	return s.News.Tell(ctx, tx, webhooks.Event{Kind: act, ID: d.ID, At: s.millis(ctx), Parties: []string{d.Party}})
}

// Handouts lists what was handed out for a need, oldest first, to its receiver and to those who check.
func (s *Service) Handouts(ctx context.Context, by auth.Actor, demand string) ([]Handout, error) {
	if _, _, err := receiving(ctx, s.DB.Read(), by, demand); err != nil && !reads(by) {
		return nil, err
	}
	return store.All(ctx, s.DB.Read(), scanHandout, `SELECT `+handoutColumns+` FROM handouts WHERE demand_id = $1 ORDER BY id`, demand)
}

const handoutColumns = `id, demand_id, ward, grams, at, undone_at`

func scanHandout(row store.Scanner) (Handout, error) {
	var h Handout
	err := row.Scan(&h.ID, &h.Demand, &h.Ward, &h.Grams, &h.At, &h.UndoneAt)
	return h, err
}

func insertHandout(ctx context.Context, tx store.Tx, h Handout, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO handouts (`+handoutColumns+`, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		h.ID, h.Demand, h.Ward, int64(h.Grams), int64(h.At), int64(h.UndoneAt), by)
}

func handoutByID(ctx context.Context, q store.Querier, demand, id string) (Handout, error) {
	h, err := scanHandout(q.QueryRowContext(ctx, `SELECT `+handoutColumns+` FROM handouts WHERE id = $1`, id))
	if err == nil && h.Demand != demand {
		err = sql.ErrNoRows
	}
	return h, err
}

// WardPart is what one ward got of one consignment.
type WardPart struct {
	Consignment, Ward string
	Grams             measure.Grams
}

// wardParts reads off the ledger what wards got of the goods of needs, by consignment and ward in the order of the first handout.
func wardParts(ctx context.Context, q store.Querier, demands ...string) ([]WardPart, error) {
	var out []WardPart
	for _, d := range demands {
		entries, err := ledger.Entries(ctx, q, "demand/"+d)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			for _, p := range e.Postings {
				switch e.Kind {
				case "handed_out":
					out = addWard(out, p.From, e.Note["ward"], measure.Grams(p.Amount))
				case "handed_back":
					out = addWard(out, p.To, e.Note["ward"], -measure.Grams(p.Amount))
				}
			}
		}
	}
	return out, nil
}

func addWard(list []WardPart, account, ward string, g measure.Grams) []WardPart {
	consignment := strings.TrimSuffix(strings.TrimPrefix(account, "consign/"), "/accepted")
	for i, w := range list {
		if w.Consignment == consignment && w.Ward == ward {
			list[i].Grams += g
			return list
		}
	}
	return append(list, WardPart{consignment, ward, g})
}
